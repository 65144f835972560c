// `npm run journey -- [--origin URL]`: the main job as three people would do it, over HTTP and the mail only.
// Needs a running instance with the demonstration; one line a step, the seconds at the end, exit status 0 when all held.
import { parseArgs } from 'node:util'
import { deflateSync } from 'node:zlib'

const { values } = parseArgs({ options: { origin: { type: 'string', default: 'http://localhost:3000' } } })
const origin = values.origin.replace(/\/$/, '')
const started = performance.now()
const say = (line) => process.stdout.write(`${line}\n`)

/** One person's browser: its cookies, and nothing of anybody else's. */
class Visitor {
  #cookies = new Map()

  async request(path, { method = 'GET', body, form, api = true, redirect = 'manual' } = {}) {
    const headers = { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    if (api) headers['x-seconder'] = '1'
    let payload = body
    if (form) {
      payload = new URLSearchParams(form).toString()
      headers['content-type'] = 'application/x-www-form-urlencoded'
    } else if (body !== undefined && !(body instanceof FormData)) {
      payload = JSON.stringify(body)
      headers['content-type'] = 'application/json'
    }
    const response = await fetch(new URL(path, origin), { method, headers, body: payload, redirect })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair] = cookie.split(';')
      const cut = pair.indexOf('=')
      const value = pair.slice(cut + 1)
      if (value === '' || /max-age=0/i.test(cookie)) this.#cookies.delete(pair.slice(0, cut))
      else this.#cookies.set(pair.slice(0, cut), value)
    }
    return response
  }

  async json(path, options = {}) {
    const response = await this.request(path, options)
    const text = await response.text()
    if (!response.ok)
      throw new Error(`${options.method ?? 'GET'} ${path} answered ${response.status}: ${text.slice(0, 400)}`)
    return text === '' ? null : JSON.parse(text)
  }

  /** Follows a link as a browser does, and gives the last page. */
  async page(path) {
    let response = await this.request(path, { api: false })
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 5; hops += 1) {
      response = await this.request(response.headers.get('location'), { api: false })
    }
    return { status: response.status, html: await response.text() }
  }

  submit(path, form) {
    return this.request(path, { method: 'POST', form, api: false })
  }
}

const step = async (title, work) => {
  const from = performance.now()
  try {
    const said = await work()
    say(`ok    ${seconds(from).padStart(6)} s  ${title}${said ? `: ${said}` : ''}`)
  } catch (error) {
    say(
      `FAIL  ${seconds(from).padStart(6)} s  ${title}\n      ${error instanceof Error ? error.message : String(error)}`,
    )
    say(`journey: failed after ${seconds(started)} s`)
    process.exit(1)
  }
}
const seconds = (from) => ((performance.now() - from) / 1000).toFixed(2)
const check = (holds, sentence) => {
  if (!holds) throw new Error(sentence)
}
/** Asks again until it holds. */
const until = async (what, ask, most = 30) => {
  const deadline = performance.now() + most * 1000
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    check(performance.now() < deadline, `Waited ${most} seconds for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
const field = (html, name) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? ''
const anyone = new Visitor()
const mails = () => anyone.json('/mailbox.json')
const mail = (id) => anyone.json(`/mailbox/${id}.json`)
const newMail = (seen, fits) =>
  until('a mail', async () => (await mails()).find((each) => !seen.has(each.id) && fits(each)))
const seenNow = async () => new Set((await mails()).map((each) => each.id))

const marker = `journey ${Date.now().toString(36)}`
const text = `Meet us at the library on Saturday at ten, and help to save the 42 bus. (${marker})`
const alt = 'A green square with a lighter stripe, drawn for this journey'
const editor = new Visitor()
const reviewer = new Visitor()
let group, people, post, seen, link, request, page, slot

await step('the instance is ready and in demonstration', async () => {
  const server = `Seconder at ${origin}. Start it with \`npm start\`, or name another address with --origin.`
  await until(server, async () => (await anyone.request('/health/ready').catch(() => null))?.ok, 5)
  const session = await anyone.json('/api/session')
  check(session.demo, 'This instance has no demonstration. Start one with `npm start` on an empty data directory.')
  check(session.mailboxOpen, 'This instance sends its mails away; the journey reads them at /mailbox.')
  people = session.demo.people
})

await step('the editor enters', async () => {
  const person = people.find((each) => each.roles.includes('editor') && !each.roles.includes('admin'))
  await editor.json('/api/demo/enter', { method: 'POST', body: { memberId: person.memberId } })
  group = (await editor.json('/api/session')).groups.find((each) => each.demo)
  return person.name
})

await step('the editor writes a post with a picture and its description', async () => {
  const channels = await editor.json(`/api/groups/${group.id}/channels`)
  const noticeboard = channels.find((each) => each.network === 'noticeboard')
  const upload = new FormData()
  upload.append('file', new Blob([picture()], { type: 'image/png' }), 'square.png')
  const media = await editor.json(`/api/groups/${group.id}/media`, { method: 'POST', body: upload })
  post = await editor.json(`/api/groups/${group.id}/posts`, {
    method: 'POST',
    body: {
      content: {
        text,
        link: null,
        language: 'en-GB',
        channels: [{ channelId: noticeboard.id, text: null }],
        pictures: [{ mediaId: media.id, alt }],
      },
      wish: { kind: 'queue' },
      usefulUntil: null,
      labels: ['journey'],
      notes: '',
    },
  })
})

await step('the editor sends it for review, and the queue finds a time', async () => {
  seen = await seenNow()
  post = await editor.json(`/api/groups/${group.id}/posts/${post.id}/send-for-review`, {
    method: 'POST',
    body: { version: post.version },
  })
  check(post.state === 'in_review', `The post is ${post.state}`)
  slot = post.publications[0]
  check(slot.windowName && slot.reasons.length > 0, 'No window or no reason for the slot')
  return `${slot.slotText}; ${slot.reasons[0]}`
})

await step('the reviewer gets a mail with a link', async () => {
  const found = await newMail(seen, (each) => each.kind === 'review-request')
  const full = await mail(found.id)
  check(full.text.includes(marker) && full.html.includes(marker), 'The mail does not show the post')
  link = full.links.find((each) => each.includes('/r/'))
  check(link, 'The mail has no review link')
  request = found
  return found.subject
})

await step('a scanner that follows every link with GET and HEAD changes nothing', async () => {
  const before = JSON.stringify(await editor.json(`/api/groups/${group.id}/posts/${post.id}`))
  const { links } = await mail(request.id)
  for (const each of [...links, ...links]) {
    for (const method of ['HEAD', 'GET'])
      await new Visitor().request(new URL(each).pathname, { method, api: false, redirect: 'follow' })
  }
  const after = JSON.stringify(await editor.json(`/api/groups/${group.id}/posts/${post.id}`))
  check(before === after, 'Something changed')
  return `${links.length} links, four times each`
})

await step('the author is refused on the reviewer’s link', async () => {
  const { html } = await editor.page(new URL(link).pathname)
  check(html.includes('sent to somebody else'), 'The page does not say whom it was sent to')
  const id = (await editor.request(new URL(link).pathname, { api: false })).headers.get('location').split('/').at(-1)
  const answer = await editor.submit(`/review/${id}`, {
    decision: 'approve',
    tick: 'kind',
    note: '',
    hash: '0'.repeat(64),
    csrf: '',
  })
  check(answer.status === 403, `The author's answer got ${answer.status}`)
})

await step('the reviewer opens the link on a phone and sees exactly the post', async () => {
  page = await reviewer.page(new URL(link).pathname)
  check(
    page.status === 200 && page.html.includes(marker) && page.html.includes(alt),
    'The page does not show text and description',
  )
  check(!page.html.includes('<script'), 'The page has scripts')
  return `${(Buffer.byteLength(page.html) / 1024).toFixed(1)} KB`
})

await step('the reviewer approves, and proves it with the code from the inbox', async () => {
  seen = await seenNow()
  const form = [
    ...['kind', 'right', 'agreed'].map((tick) => ['tick', tick]),
    ['decision', 'approve'],
    ['note', ''],
    ['hash', field(page.html, 'hash')],
    ['csrf', field(page.html, 'csrf')],
  ]
  const action = /action="(\/review\/[^"]+)"/.exec(page.html)[1]
  const asked = await reviewer.submit(action, form)
  check(asked.status === 200, `Asking for a code answered ${asked.status}`)
  const code = /\b\d{6}\b/.exec((await mail((await newMail(seen, (each) => each.kind === 'review-code')).id)).text)[0]
  const done = await reviewer.submit(`${action}/code`, [...form, ['code', code]])
  check(done.status === 303, `The code answered ${done.status}`)
  const after = await editor.json(`/api/groups/${group.id}/posts/${post.id}`)
  check(after.state === 'approved', `The post is ${after.state}`)
})

await step('the post goes out in its window', async () => {
  await moveClockTo(slot.slot)
  const out = await until('the post to go out', async () => {
    const now = await editor.json(`/api/groups/${group.id}/posts/${post.id}`)
    return now.publications[0].state === 'published' && now
  })
  check(out.publications[0].publishedAt >= slot.slot, 'It went out before its slot')
  post = out
  return out.publications[0].slotText
})

await step('it is on the Noticeboard page and in both feeds, with the description', async () => {
  const { pathname } = new URL(post.publications[0].url)
  const board = pathname.split('/').slice(0, 3).join('/')
  for (const path of [pathname, board, `${board}/feed.xml`, `${board}/feed.json`]) {
    const { status, html } = await anyone.page(path)
    check(status === 200 && html.includes(marker), `${path} does not show it`)
  }
  check((await anyone.page(pathname)).html.includes(alt), 'The description is missing')
  const useful = await anyone.submit(`${pathname}/useful`, {})
  check(useful.status < 400, `“Useful” answered ${useful.status}`)
  return board
})

await step('the weekly summary arrives with its counters', async () => {
  seen = await seenNow()
  await moveClockBy(49 * 60)
  await until(
    'the counters',
    async () => (await editor.json(`/api/groups/${group.id}/posts/${post.id}`)).publications[0].counters,
  )
  await moveClockBy(7 * 24 * 60)
  const isSummary = (each) => each.kind === 'weekly-summary'
  await newMail(seen, isSummary)
  // two, when a Monday came before the counters
  const found = (await mails()).filter((each) => isSummary(each) && !seen.has(each.id))
  const words = await Promise.all(found.map(async (each) => (await mail(each.id)).text))
  check(
    words.some((each) => /\d reactions?, \d+ views?/.test(each)),
    'No summary has counters',
  )
  return found[0].subject
})

say(`journey: done in ${seconds(started)} s`)

async function moveClockTo(instant) {
  const { now } = (await editor.json('/api/session')).demo
  await moveClockBy(Math.max(1, Math.ceil((Date.parse(instant) - Date.parse(now)) / 60_000) + 1))
}

function moveClockBy(minutes) {
  return editor.json('/api/demo/clock', { method: 'POST', body: { minutes } })
}

/** A PNG of 64 by 64 pixels, made here so that the journey needs no file. */
function picture() {
  const side = 64
  const rows = Buffer.alloc(side * (1 + side * 3))
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1)
      rows.set(y > 24 && y < 40 ? [160, 220, 180] : [20, 110, 70], y * (1 + side * 3) + 1 + x * 3)
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const size = Buffer.alloc(4)
    size.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([size, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc(bytes) {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}
