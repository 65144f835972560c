import { request as httpRequest } from 'node:http'

import { sha256 } from '../../src/kernel/ids.js'
import type { Connection } from '../../src/platforms/platform.js'
import { describePlatformContract, type PublicPost } from './contract.js'
import { aKey, aPicture, aPost, inTime, publicOrigin, startNoticeboard } from './noticeboard-fixture.js'

interface PublicItem {
  url: string
  content_text: string
  attachments?: { url: string; title?: string }[]
}

describePlatformContract(
  'The noticeboard',
  async () => {
    const subject = await startNoticeboard()
    const connection = await subject.group('contract', 'Contract')
    const here = (url: string) => url.replace(publicOrigin, subject.origin)
    return {
      platform: subject.adapter,
      connection,
      wire: null,
      // as a feed reader finds it
      async published(): Promise<PublicPost[]> {
        const feed = await fetch(`${subject.origin}/noticeboard/contract/feed.json`)
        const { items } = (await feed.json()) as { items: PublicItem[] }
        return Promise.all(
          items.map(async ({ url, content_text: text, attachments = [] }) => ({
            remoteId: url.split('/').at(-1) ?? '',
            text,
            alts: attachments.map(({ title }) => title ?? ''),
            pictures: await Promise.all(
              attachments.map(async (picture) =>
                sha256(new Uint8Array(await (await fetch(here(picture.url))).arrayBuffer())),
              ),
            ),
          })),
        )
      },
      stop: subject.stop,
    }
  },
  { wire: false, because: 'It is a page of this installation: there is no network between that could fail.' },
)

let board: Awaited<ReturnType<typeof startNoticeboard>>
let oaks: Connection
let elms: Connection

beforeAll(async () => {
  board = await startNoticeboard()
  oaks = await board.group('oaks', 'Oaks & Sons <Action>')
  elms = await board.group('elms', 'Elms')
})

afterAll(() => board.stop())

interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** `fetch` may not set Host; this may. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(board.origin + path, { method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const body = Buffer.concat(parts).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers as Record<string, string>, body })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

const open = (path: string) => ask('GET', path)

/** All that the noticeboard keeps, bytes left out. */
const everything = async () =>
  JSON.stringify([
    await board.manager.query('select * from noticeboard_posts order by group_id, id'),
    await board.manager.query(
      'select group_id, post_id, position, sha256, alt from noticeboard_pictures order by 1, 2, 3',
    ),
  ])

const countersOf = async (connection: Connection, id: string) =>
  (await board.adapter.counters(connection, [id], inTime())).get(id)

describe('publishing on the noticeboard', () => {
  it('gives one notice for one key, however often and at once it is sent', async () => {
    const post = aPost({ text: 'Once', pictures: [await aPicture('A tree')] })
    const key = aKey()
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => board.adapter.publish(oaks, post, key, inTime())),
    )
    outcomes.push(await board.adapter.publish(oaks, post, key, inTime()))
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
    expect(outcomes[0]).toMatchObject({ kind: 'published', at: '2026-11-24T17:22:00.000Z' })
    expect(await board.adapter.find(oaks, aPost(), key, inTime())).toEqual({ ...outcomes[0], kind: 'found' })
    const rows: unknown[] = await board.manager.query('select 1 from noticeboard_posts where publish_key = $1', [
      key.key,
    ])
    expect(rows).toHaveLength(1)
  })

  it('refuses another content under a key that was used', async () => {
    const key = aKey()
    const first = await board.adapter.publish(oaks, aPost({ text: 'First' }), key, inTime())
    expect(await board.adapter.publish(oaks, aPost({ text: 'Second' }), key, inTime())).toMatchObject({
      kind: 'rejected',
    })
    expect((await open(new URL(first.kind === 'published' ? first.url : '').pathname)).body).toContain('<p>First</p>')
  })

  it('writes nothing past the deadline', async () => {
    const key = aKey()
    expect(await board.adapter.publish(oaks, aPost(), key, AbortSignal.abort())).toMatchObject({ kind: 'retry' })
    expect(await board.adapter.find(oaks, aPost(), key, inTime())).toEqual({ kind: 'absent' })
  })

  it('refuses what its rules refuse, a link that is no web page, and bytes that nobody approved', async () => {
    const send = (changes: Parameters<typeof aPost>[0]) => board.adapter.publish(oaks, aPost(changes), aKey(), inTime())
    expect(await send({ text: 'x'.repeat(5001) })).toMatchObject({ kind: 'rejected', field: 'text' })
    expect(await send({ link: 'javascript:alert(1)' })).toMatchObject({ kind: 'rejected', field: 'link' })
    const picture = { ...(await aPicture('A tree')), mime: 'image/svg+xml' }
    expect(await send({ pictures: [picture] })).toMatchObject({ kind: 'rejected', field: 'pictures' })
    const other = { ...(await aPicture('A tree')), sha256: '0'.repeat(64) }
    expect(await send({ pictures: [other] })).toMatchObject({ kind: 'rejected', field: 'pictures' })
    expect(await send({ text: 'a\u0000b' })).toMatchObject({ kind: 'rejected' })
  })

  it('refuses the noticeboard of another group, and one that was never connected', async () => {
    const stolen = { ...oaks, groupId: elms.groupId }
    expect(await board.adapter.publish(stolen, aPost(), aKey(), inTime())).toMatchObject({ kind: 'unauthorized' })
    const mistaken = { ...oaks, remoteAccountId: elms.remoteAccountId }
    expect(await board.adapter.publish(mistaken, aPost(), aKey(), inTime())).toMatchObject({ kind: 'unauthorized' })
    const unconnected = await board.group('ashes', 'Ashes', { connected: false })
    expect(await board.adapter.publish(unconnected, aPost(), aKey(), inTime())).toMatchObject({ kind: 'unauthorized' })
    expect((await open('/noticeboard/ashes')).status).toBe(404)
  })

  it('takes a notice down once and for all, and only its own', async () => {
    const key = aKey()
    const post = aPost({ text: 'Taken down', pictures: [await aPicture('A tree')] })
    const outcome = await board.adapter.publish(oaks, post, key, inTime())
    const id = outcome.kind === 'published' ? outcome.remoteId : ''
    expect(await board.adapter.retract(elms, id, inTime())).toEqual({ kind: 'retracted' })
    expect((await open(`/noticeboard/oaks/${id}`)).status).toBe(200)
    expect(await board.adapter.retract(oaks, id, inTime())).toEqual({ kind: 'retracted' })
    expect(await board.adapter.retract(oaks, id, inTime())).toEqual({ kind: 'retracted' })
    expect(await board.adapter.retract(oaks, 'never-was', inTime())).toEqual({ kind: 'retracted' })

    const page = await open(`/noticeboard/oaks/${id}`)
    expect(page.status).toBe(410)
    expect(page.body).toContain('took it down on 24 November 2026.')
    expect(page.body).not.toContain('Taken down')
    expect((await open(`/noticeboard/oaks/${id}/pictures/1`)).status).toBe(410)
    expect((await ask('POST', `/noticeboard/oaks/${id}/useful`)).status).toBe(410)
    expect((await open('/noticeboard/oaks')).body).not.toContain(id)
    expect((await open('/noticeboard/oaks/feed.xml')).body).not.toContain(id)
    expect(await countersOf(oaks, id)).toBeUndefined()
    expect(await board.adapter.publish(oaks, post, key, inTime())).toEqual(outcome)
    expect((await open(`/noticeboard/oaks/${id}`)).status).toBe(410)
  })

  it('tells what it counts, and null for what it cannot know', async () => {
    const id = await board.publish(oaks)
    expect(await countersOf(oaks, id)).toEqual({
      reactions: 0,
      replies: null,
      reposts: null,
      clicks: null,
      impressions: 0,
    })
    expect(await countersOf(elms, id)).toBeUndefined()
    expect(await board.adapter.counters(oaks, ['never-was'], inTime())).toEqual(new Map())
  })
})

describe('the public page', () => {
  it('shows text as text, its links, its pictures with their descriptions, and its language', async () => {
    const id = await board.publish(oaks, {
      text: '<script>alert(1)</script> "quoted"\n\nSee https://example.org/a?b=1&c=2.',
      link: 'https://example.org/agenda',
      language: 'cy',
      pictures: [await aPicture('A "tall" <oak>'), await aPicture('')],
    })
    for (const path of ['/noticeboard/oaks', `/noticeboard/oaks/${id}`]) {
      const { status, headers, body } = await open(path)
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(headers['content-security-policy']).toContain("script-src 'self'; style-src 'unsafe-inline'")
      expect(headers['set-cookie']).toBeUndefined()
      expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot;')
      expect(body.match(/<script/g)).toHaveLength(1)
      expect(body).toContain('<a href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener">')
      expect(body).toContain('<a href="https://example.org/agenda" rel="nofollow ugc noopener"><span class="host">')
      expect(body).toContain('alt="A &quot;tall&quot; &lt;oak&gt;"')
      expect(body).toContain('lang="cy"')
      expect(body).toContain('Oaks &amp; Sons &lt;Action&gt;')
      expect(body).toContain('Tuesday 24 November 2026, 17:22')
      expect(body).toContain('type="application/rss+xml"')
    }
  })

  it('gives previews an Open Graph card whose addresses come from the configuration, not from the request', async () => {
    const id = await board.publish(oaks, { text: 'A card', pictures: [await aPicture('A tree')] })
    const { body } = await ask('GET', `/noticeboard/oaks/${id}`, {
      Host: 'other.localhost',
      'X-Forwarded-Host': 'evil.example',
    })
    expect(body).toContain(`<meta property="og:url" content="${publicOrigin}/noticeboard/oaks/${id}">`)
    expect(body).toContain(`<meta property="og:image" content="${publicOrigin}/noticeboard/oaks/${id}/pictures/1">`)
    expect(body).toContain('<meta property="og:image:alt" content="A tree">')
    expect(body).toContain('<meta property="og:title" content="A card">')
    expect(body).not.toContain('evil.example')
  })

  it('serves pictures that may be kept for ever and are asked for by their hash', async () => {
    const picture = await aPicture('A tree')
    const id = await board.publish(oaks, { pictures: [picture] })
    const path = `/noticeboard/oaks/${id}/pictures/1`
    const response = await fetch(board.origin + path)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(picture.bytes))
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('etag')).toBe(`"${picture.sha256}"`)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await ask('GET', path, { 'If-None-Match': `"${picture.sha256}"` })).status).toBe(304)
    for (const number of ['0', '2', 'x', '1.5']) {
      expect((await open(`/noticeboard/oaks/${id}/pictures/${number}`)).status).toBe(404)
    }
  })

  it('has 20 notices, and leads to all the others exactly once and back', async () => {
    const many = await board.group('many', 'Many')
    const published: string[] = []
    for (let index = 0; index < 45; index += 1) {
      // two at each instant, so that the order does not hang on the time alone
      const minute = String(Math.floor(index / 2)).padStart(2, '0')
      published.push(await board.publish(many, { text: `Notice ${index}` }, `2026-11-20T10:${minute}:00.000Z`))
    }
    const idsIn = (body: string) =>
      [...body.matchAll(/data-views="[^"]*\/([0-9a-f-]{36})\/views"/g)].map((match) => match[1]!)
    const hrefIn = (body: string, name: string) => new RegExp(`class="${name}"[^>]*href="([^"]*)"`).exec(body)?.[1]
    const pages: string[][] = []
    let path: string | undefined = '/noticeboard/many'
    let last = ''
    while (path) {
      last = (await open(path)).body
      pages.push(idsIn(last))
      path = hrefIn(last, 'older')
    }
    expect(pages.map((page) => page.length)).toEqual([20, 20, 5])
    expect(new Set(pages.flat())).toEqual(new Set(published))
    const back = (await open(hrefIn(last, 'newer')!)).body
    expect(idsIn(back)).toEqual(pages[1])
    expect(idsIn((await open(hrefIn(back, 'newer')!)).body)).toEqual(pages[0])
    expect((await open('/noticeboard/many?before=00000000-0000-7000-8000-000000000000')).status).toBe(404)
  })

  it('says what will be there while nothing is', async () => {
    await board.group('new-group', 'New group')
    const { status, body } = await open('/noticeboard/new-group')
    expect(status).toBe(200)
    expect(body).toContain('The first notice of New group will appear on this page.')
  })

  it('answers with a page, not an error, for what never was', async () => {
    const id = await board.publish(oaks)
    const unknown = ['/noticeboard/nobody', '/noticeboard/%00', '/noticeboard/oaks/x', `/noticeboard/elms/${id}`]
    unknown.push(`/noticeboard/elms/${id}/pictures/1`, `/noticeboard/elms?before=${id}`, '/noticeboard/nobody/feed.xml')
    for (const path of unknown) {
      const { status, body } = await open(path)
      expect([path, status]).toEqual([path, 404])
      expect(body).toContain('<h1>Nothing is pinned here</h1>')
    }
    expect((await ask('POST', `/noticeboard/elms/${id}/useful`)).status).toBe(404)
    expect(await countersOf(oaks, id)).toMatchObject({ reactions: 0 })
  })
})

describe('the feeds', () => {
  const text = 'Fish & <chips> ]]> \u000b\u{1f41f}\n\nhttps://example.org/?a=1&b=2'

  it('are RSS 2.0 that any reader can parse', async () => {
    const group = await board.group('rss-group', 'R & "S" <S>')
    const id = await board.publish(group, {
      text,
      link: 'https://example.org/x',
      pictures: [await aPicture('A <fish>')],
    })
    const { headers, body } = await open('/noticeboard/rss-group/feed.xml')
    expect(headers['content-type']).toBe('application/rss+xml; charset=utf-8')
    const rss = parseXml(body)
    const url = `${publicOrigin}/noticeboard/rss-group/${id}`
    expect(rss.text('rss/channel/title')).toEqual(['R & "S" <S>'])
    expect(rss.text('rss/channel/link')).toEqual([`${publicOrigin}/noticeboard/rss-group`])
    expect(rss.attributes('rss/channel/atom:link')).toEqual([
      { href: `${publicOrigin}/noticeboard/rss-group/feed.xml`, rel: 'self', type: 'application/rss+xml' },
    ])
    expect(rss.text('rss/channel/item/guid')).toEqual([url])
    expect(rss.attributes('rss/channel/item/guid')).toEqual([{ isPermaLink: 'true' }])
    expect(rss.text('rss/channel/item/pubDate')).toEqual(['Tue, 24 Nov 2026 17:22:00 +0000'])
    expect(rss.text('rss/channel/item/description')).toEqual([text.replace('\u000b', '')])
    const [content] = rss.text('rss/channel/item/content:encoded')
    expect(content).toContain('<p>Fish &amp; &lt;chips&gt; ]]&gt; \u{1f41f}</p>')
    expect(content).toContain(`<img src="${url}/pictures/1" alt="A &lt;fish&gt;"`)
    expect(rss.attributes('rss/channel/item/enclosure')).toEqual([
      { url: `${url}/pictures/1`, length: expect.stringMatching(/^[1-9]\d*$/), type: 'image/jpeg' },
    ])
  })

  it('are JSON Feed 1.1 with the descriptions of the pictures', async () => {
    const group = await board.group('json-group', 'JSON & group')
    const pictures = [await aPicture('A fish'), await aPicture('')]
    const id = await board.publish(group, { text, pictures })
    const { headers, body } = await open('/noticeboard/json-group/feed.json')
    expect(headers['content-type']).toBe('application/feed+json; charset=utf-8')
    const url = `${publicOrigin}/noticeboard/json-group/${id}`
    expect(JSON.parse(body)).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'JSON & group',
      home_page_url: `${publicOrigin}/noticeboard/json-group`,
      feed_url: `${publicOrigin}/noticeboard/json-group/feed.json`,
      items: [
        {
          id: url,
          url,
          content_html: expect.stringContaining('<p>Fish &amp; &lt;chips&gt;'),
          content_text: expect.stringContaining('Fish & <chips>'),
          date_published: '2026-11-24T17:22:00.000Z',
          language: 'en-GB',
          image: `${url}/pictures/1`,
          attachments: [
            {
              url: `${url}/pictures/1`,
              mime_type: 'image/jpeg',
              size_in_bytes: pictures[0]!.bytes.length,
              title: 'A fish',
            },
            { url: `${url}/pictures/2`, mime_type: 'image/jpeg', size_in_bytes: pictures[1]!.bytes.length },
          ],
        },
      ],
    })
  })

  it('of a new group are whole too', async () => {
    await board.group('quiet', 'Quiet')
    expect(parseXml((await open('/noticeboard/quiet/feed.xml')).body).text('rss/channel/item/guid')).toEqual([])
    expect(JSON.parse((await open('/noticeboard/quiet/feed.json')).body)).toMatchObject({ items: [] })
  })
})

describe('counting without following anybody', () => {
  it('counts "useful" once a visitor and day, and thanks either way', async () => {
    const id = await board.publish(oaks)
    const press = (address: string) => ask('POST', `/noticeboard/oaks/${id}/useful`, { 'X-Forwarded-For': address })
    const first = await press('192.0.2.1')
    expect(first.status).toBe(303)
    expect(first.headers['location']).toBe(`/noticeboard/oaks/${id}?useful=counted#thanks`)
    expect(first.headers['set-cookie']).toBeUndefined()
    expect((await press('192.0.2.1')).headers['location']).toBe(`/noticeboard/oaks/${id}?useful=already#thanks`)
    expect(await countersOf(oaks, id)).toMatchObject({ reactions: 1, impressions: 0 })
    await press('192.0.2.2')
    board.clock.set('2026-11-25T00:00:01Z')
    await press('192.0.2.1')
    expect(await countersOf(oaks, id)).toMatchObject({ reactions: 3 })
    expect((await open(`/noticeboard/oaks/${id}?useful=counted`)).body).toContain('role="status"')
    expect((await open(`/noticeboard/oaks/${id}`)).body).toContain('Useful to 3 so far')
  })

  it('counts a view only when the page says so, once a visitor and day', async () => {
    const id = await board.publish(oaks)
    const seen = (address: string) => ask('POST', `/noticeboard/oaks/${id}/views`, { 'X-Forwarded-For': address })
    expect((await seen('192.0.2.1')).status).toBe(204)
    await seen('192.0.2.1')
    await seen('2001:db8::1')
    expect(await countersOf(oaks, id)).toMatchObject({ reactions: 0, impressions: 2 })
    const script = await open('/noticeboard/count.js')
    expect(script.headers['content-type']).toContain('text/javascript')
    expect(script.body).toContain('sendBeacon')
  })

  it('does not count what another site makes a browser send', async () => {
    const id = await board.publish(oaks)
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect((await ask('POST', `/noticeboard/oaks/${id}/useful`, headers)).status).toBe(403)
    expect(await countersOf(oaks, id)).toMatchObject({ reactions: 0 })
  })

  it('changes nothing by GET or HEAD, whatever is opened', async () => {
    const id = await board.publish(oaks, { pictures: [await aPicture('A tree')] })
    const before = await everything()
    const paths = [
      '',
      '/feed.xml',
      '/feed.json',
      `/${id}`,
      `/${id}?useful=counted`,
      `/${id}/pictures/1`,
      `/${id}/useful`,
      `/${id}/views`,
    ]
    for (const path of [...paths, '?before=' + id].map((rest) => `/noticeboard/oaks${rest}`)) {
      for (const method of ['GET', 'HEAD']) {
        const { status, body } = await ask(method, path)
        expect([path, [200, 404].includes(status)]).toEqual([path, true])
        if (method === 'HEAD') expect(body).toBe('')
      }
    }
    expect(await everything()).toBe(before)
  })
})

/** Strict enough to fail on what an XML parser refuses: nesting, bare `&` and `<`, forbidden characters, double attributes. */
function parseXml(source: string) {
  const elements: { path: string; text: string; attributes: Record<string, string> }[] = []
  const stack: typeof elements = []
  const decode = (text: string) =>
    text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
      const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" }
      if (!whole.endsWith(';') || !(name in known)) throw new Error(`unknown entity ${whole}`)
      return known[name]!
    })
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(source))
    throw new Error('a character that XML forbids')
  if (!source.startsWith('<?xml version="1.0" encoding="utf-8"?>')) throw new Error('no declaration')
  for (const [whole, closing, name, rest, empty, text] of source
    .replace(/^<\?xml[^>]*\?>/, '')
    .matchAll(/<(\/?)([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>|([^<]+)|</g)) {
    const top = stack.at(-1)
    if (text !== undefined) {
      if (top) top.text += decode(text)
      else if (text.trim()) throw new Error(`text outside the root: ${text}`)
    } else if (name === undefined) {
      throw new Error(`a stray ${whole}`)
    } else if (closing) {
      if (stack.pop()?.path.split('/').at(-1) !== name) throw new Error(`</${name}> closes nothing`)
    } else {
      const attributes: Record<string, string> = {}
      for (const [, key, value] of rest!.matchAll(/([\w:]+)="([^"]*)"/g)) {
        if (key! in attributes) throw new Error(`${key} twice`)
        attributes[key!] = decode(value!)
      }
      const element = { path: top ? `${top.path}/${name}` : name, text: '', attributes }
      elements.push(element)
      if (!empty) stack.push(element)
    }
  }
  if (stack.length > 0) throw new Error(`${stack.at(-1)!.path} is not closed`)
  const at = (path: string) => elements.filter((element) => element.path === path)
  return {
    text: (path: string) => at(path).map((element) => element.text),
    attributes: (path: string) =>
      at(path).map(({ attributes }) =>
        Object.fromEntries(Object.entries(attributes).filter(([key]) => !key.startsWith('xmlns'))),
      ),
  }
}
