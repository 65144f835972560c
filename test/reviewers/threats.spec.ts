import type { Browser, Page } from 'playwright-core'

import { RemindersService } from '../../src/reviewers/asking/reminders.service.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import { launchBrowser } from '../support/browser.js'
import {
  allTicks,
  forgetLimits,
  type OpenPage,
  sentences,
  setClock,
  startOver,
  startQuietApp,
  TestGroup,
} from '../support/group-fixture.js'
import { Visitor } from '../support/visitor.js'

let app: TestApp
let river: TestGroup
/** All that the application wrote into its log. */
const logged: string[] = []

beforeAll(async () => {
  ;({ app } = await startQuietApp())
  const write = (...words: unknown[]) => void logged.push(JSON.stringify(words))
  app.app.useLogger({ log: write, error: write, warn: write, debug: write, verbose: write, fatal: write })
})
beforeEach(async () => {
  await startOver(app)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

/** A browser inside an app: it keeps no cookies at all. */
class Forgetful extends Visitor {
  override keep(): void {
    // Every cookie is dropped.
  }
}

function verdicts(post: { id: string }): Promise<{ kind: string; via: string }[]> {
  return app.query('select kind, via from verdicts where post_id = $1 order by seq', [post.id])
}

const inTwoDays = { kind: 'exact', at: '2026-11-25T18:00' }

/** Every path of this server in every mail that waits. */
async function everyLink(): Promise<string[]> {
  const paths = new Set<string>()
  for (const name of ['Ana', 'Ben', 'Cleo', 'Dee', 'Eli']) {
    for (const mail of await app.mailsTo(`${name.toLowerCase()}@example.org`)) {
      for (const [address] of `${mail.text} ${mail.html}`.matchAll(/https?:\/\/[^\s"'<>)]+/g)) {
        if (address.startsWith(app.origin)) paths.add(address.slice(app.origin.length))
      }
    }
  }
  return [...paths]
}

describe('a mail scanner follows links', () => {
  it('and GET and HEAD of every link, twice each and through every redirect, leave every table as it was', async () => {
    const post = await river.sent({ wish: inTwoDays })
    await river.decide(post, 'Cleo', 'approve')
    await river.sent({ text: 'It waits.', wish: { ...inTwoDays, at: '2026-11-23T18:00' } })
    await setClock(app, '2026-11-23T14:00:00Z')
    await app.app.get(RemindersService).remind()
    const links = await everyLink()
    expect(links.filter((path) => path.startsWith('/r/')).length).toBeGreaterThanOrEqual(4)
    const before = await app.everything()
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
      for (const visitor of [app.visitor(), new Forgetful(app.origin)]) {
        for (const link of links) {
          let path: string | null = link
          for (let hops = 0; path !== null && hops < 5; hops += 1) {
            path = (await visitor.ask(method, path)).headers.get('location')
          }
        }
      }
    }
    expect(await app.everything()).toEqual(before)
  })
})

describe('a scanner runs scripts and posts forms', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  }, 300_000)
  afterAll(() => browser?.close())

  /** Fills in everything and presses the button with this number; false when there is none. */
  async function pressNumber(page: Page, number: number): Promise<boolean> {
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    for (const box of await page.getByRole('textbox').all()) await box.fill('123456')
    const buttons = await page.locator('button:visible:not(.v)').all()
    const button = buttons[number]
    if (!button) return false
    await button.click()
    await page.waitForLoadState('load')
    return true
  }

  it('and a browser that ticks and presses everything gives no verdict, because it is nobody', async () => {
    const post = await river.sent({ wish: inTwoDays })
    const link = await river.link(post, 'Ben')
    const page = await (await browser.newContext()).newPage()
    let pressed = 0
    for (let number = 0; number < 12; number += 1) {
      await page.goto(`${app.origin}${link}`)
      if (!(await pressNumber(page, number))) break
      pressed += 1
      // The page that asks for the code.
      if ((await page.getByLabel('The code from the mail').count()) > 0) await pressNumber(page, 0)
    }
    expect(pressed).toBeGreaterThanOrEqual(4)
    expect(pressed).toBeLessThan(12)
    expect(await verdicts(post)).toEqual([])
    expect(await river.see(post)).toMatchObject({ state: 'in_review', held: false })
    expect((await river.see(post)).asked.map((each) => each.answer)).toEqual([null, null])
    expect(await app.query('select 1 from comments where group_id = $1', [river.id])).toEqual([])
    await page.context().close()
  }, 300_000)

  it('nor does one that keeps no cookies', async () => {
    const post = await river.sent({ wish: inTwoDays })
    const page = await openWithoutCookies(post)
    for (const decision of ['approve', 'changes', 'stop', 'hand_over']) {
      expect((await pressWithoutCookies(page, decision, { note: 'x' })).status).toBe(200)
    }
    expect(await verdicts(post)).toEqual([])
  })
})

describe('a mail is forwarded to the author', () => {
  it('who is told that it was sent to somebody else, which is written down, and offered the way out', async () => {
    const post = await river.sent({ wish: inTwoDays })
    const anas = await river.as('Ana')
    const page = await river.open(post, 'Ben', anas)
    expect(sentences(page.html)).toContain('You are signed in as Ana; this review was sent to Ben.')
    expect((await river.press(page, 'approve', { hash: 'a'.repeat(64) })).status).toBe(403)
    expect(await river.audit('link-refused')).toEqual([
      expect.objectContaining({ member: river.memberId('Ben'), person: river.members['Ana']!.personId }),
    ])
    expect(await river.mails('Ben', 'review-code')).toEqual([])

    // Ben is at this device now.
    const left = await anas.send('POST', `${page.path}/sign-out`, new URLSearchParams({ csrf: page.csrf }), {
      Origin: app.origin,
    })
    expect(left.status).toBe(303)
    const bens = await river.page(anas, page.path)
    expect(bens.status).toBe(200)
    expect(sentences(bens.html)).toContain('Ana asks you, Ben')
    expect((await anas.get(river.path('queue'))).status).toBe(401)
    expect(await verdicts(post)).toEqual([])
  })

  it('who, signed in nowhere, would need the code from the reviewer’s inbox', async () => {
    const post = await river.sent({ wish: inTwoDays })
    const page = await river.open(post, 'Ben')
    expect((await river.press(page, 'approve')).status).toBe(200)
    expect(await river.mails('Ana', 'review-code')).toEqual([])
    expect(await river.mails('Ben', 'review-code')).toHaveLength(1)
    expect(await verdicts(post)).toEqual([])
  })
})

describe('a form is sent again: replay, double tap', () => {
  it('and of twenty-five at once one counts, with cookies and without', async () => {
    const first = await river.sent({ wish: inTwoDays })
    const page = await river.open(first, 'Ben')
    await river.press(page, 'approve')
    const code = await river.code('Ben')
    await forgetLimits(app)
    await Promise.all(Array.from({ length: 20 }, () => river.type(page, 'approve', code)))
    expect(await verdicts(first)).toEqual([{ kind: 'approve', via: 'code' }])
    // The device is confirmed by now.
    await Promise.all(Array.from({ length: 25 }, () => river.press(page, 'approve')))
    expect(await verdicts(first)).toHaveLength(1)

    const second = await river.sent({ text: 'Another.', wish: { ...inTwoDays, at: '2026-11-25T20:00' } })
    const bare = await openWithoutCookies(second)
    await pressWithoutCookies(bare, 'approve')
    const other = await river.code('Ben')
    await forgetLimits(app)
    await Promise.all(Array.from({ length: 20 }, () => pressWithoutCookies(bare, 'approve', { code: other })))
    expect(await verdicts(second)).toEqual([{ kind: 'approve', via: 'code' }])
  })
})

describe('the post is edited while it is approved', () => {
  it('and version 2 is not approved once version 3 is sealed; the reason is said', async () => {
    const one = await river.sent({ wish: inTwoDays })
    const two = await river.send((await river.save(one, { text: 'Version two.', wish: inTwoDays })).body)
    const page = await river.open(two, 'Ben', await river.as('Ben'))
    const edited = (await river.save(two, { text: 'Version three.', wish: inTwoDays })).body
    await Promise.all([river.press(page, 'approve'), river.send(edited)])
    const late = await river.press(page, 'approve')
    expect([409, 410]).toContain(late.status)
    expect(sentences(late.body)).toContain('A newer version has replaced this one')
    const seen = await river.see(one)
    expect(seen.state).toBe('in_review')
    expect(await verdicts(one)).toEqual([])
  })
})

describe('guessing by brute force', () => {
  it('locks the link with the fifth wrong code: the sixth, right or wrong, is not looked at', async () => {
    const post = await river.sent({ wish: inTwoDays })
    const page = await river.open(post, 'Ben')
    await river.press(page, 'approve')
    const right = await river.code('Ben')
    for (let tries = 0; tries < 5; tries += 1) await river.type(page, 'approve', wrongFor(right))
    const sixth = await river.type(page, 'approve', right)
    expect(sixth.status).toBe(410)
    expect(sentences(sixth.body)).toContain('Five wrong codes were typed, so the link was locked.')
    expect(await verdicts(post)).toEqual([])
  })

  it('is limited for each member over all their links: after fifteen wrong codes in a day none counts', async () => {
    const pages: OpenPage[] = []
    for (const hour of [10, 12, 14, 16]) {
      const post = await river.sent({ text: `At ${hour}.`, wish: { ...inTwoDays, at: `2026-11-25T${hour}:00` } })
      pages.push(await river.open(post, 'Ben'))
    }
    for (const page of pages.slice(0, 3)) {
      await forgetLimits(app)
      await river.press(page, 'approve')
      const right = await river.code('Ben')
      for (let tries = 0; tries < 5; tries += 1) await river.type(page, 'approve', wrongFor(right))
    }
    await forgetLimits(app)
    const last = pages[3]!
    await river.press(last, 'approve')
    const refused = await river.type(last, 'approve', await river.code('Ben'))
    expect(refused.status).toBe(429)
    expect(sentences(refused.body)).toContain('codes count no more until tomorrow')
    // It is the codes that are over, and not Ben’s right to answer.
    expect((await river.press(await river.page(await river.as('Ben'), last.path), 'approve')).status).toBe(303)
  })

  it('is limited for each address: twenty codes a minute, and a hundred and twenty pages', async () => {
    const post = await river.sent({ wish: inTwoDays })
    const page = await river.open(post, 'Ben')
    const typed = []
    for (let tries = 0; tries < 21; tries += 1) typed.push((await river.type(page, 'approve', '000000')).status)
    expect(typed.at(-1)).toBe(429)
    await forgetLimits(app)
    const guess = (number: number) => `/r/${String(number).padStart(43, 'x')}`
    const guessed = await Promise.all(Array.from({ length: 121 }, (_, number) => app.visitor().get(guess(number))))
    expect(guessed.filter((answer) => answer.status === 429).length).toBeGreaterThanOrEqual(1)
  })
})

describe('a browser inside an app, which keeps no cookies', () => {
  it('comes from the link to the verdict with a press more, and no secret in the address or the page', async () => {
    const picture = await river.upload()
    const post = await river.sent({ wish: inTwoDays, pictures: [{ mediaId: picture.id, alt: 'The river.' }] })
    const token = (await river.link(post, 'Ben')).slice('/r/'.length)
    const page = await openWithoutCookies(post)
    expect(sentences(page.html)).toContain('Ana asks you, Ben, to look at version 1')
    expect(page.html).not.toContain(token)
    const [source] = /\/review\/[^"]+\/pictures\/[^"]+/.exec(page.html) ?? []
    expect((await new Forgetful(app.origin).get(source!)).status).toBe(200)
    expect((await new Forgetful(app.origin).get(source!.replace(/.\?/, '_?'))).status).toBe(404)

    const missing = await pressWithoutCookies(page, 'approve', { ticks: [] })
    expect(missing.status).toBe(422)
    expect(missing.body).toContain('name="pass"')
    const asked = await pressWithoutCookies(page, 'approve')
    expect(sentences(asked.body)).toContain('is it you?')
    const counted = await pressWithoutCookies(page, 'approve', { code: await river.code('Ben') })
    expect(counted.status).toBe(200)
    expect(sentences(counted.body)).toContain('Thank you: you approved version 1')
    expect(await verdicts(post)).toEqual([{ kind: 'approve', via: 'code' }])
    expect(await app.query('select 1 from review_devices where member_id = $1', [river.memberId('Ben')])).toEqual([])

    // Changed their mind: Stop is on the same page, and asks who it is again.
    await pressWithoutCookies(page, 'stop')
    await pressWithoutCookies(page, 'stop', { code: await river.code('Ben') })
    expect((await river.see(post)).held).toBe(true)
  })

  it('has an hour from page to answer; its pass opens no other post', async () => {
    const post = await river.sent({ wish: inTwoDays })
    const other = await river.sent({ text: 'Another.', wish: { ...inTwoDays, at: '2026-11-25T20:00' } })
    const page = await openWithoutCookies(post)
    const elsewhere = await openWithoutCookies(other)
    expect((await pressWithoutCookies({ ...elsewhere, pass: page.pass }, 'stop')).status).toBe(404)
    expect((await pressWithoutCookies({ ...page, pass: `${page.pass}x` }, 'stop')).status).toBe(404)
    await app.letPass({ minutes: 61 })
    expect((await pressWithoutCookies(page, 'stop')).status).toBe(404)
    expect(await verdicts(post)).toEqual([])
  })
})

describe('a group that wants a passkey or a full sign-in', () => {
  it('counts neither code nor confirmed device, and says so on the page and in the mail', async () => {
    const first = await river.open(await river.sent({ wish: inTwoDays }), 'Ben')
    await river.press(first, 'stop')
    await river.type(first, 'stop', await river.code('Ben'))
    await app.query(
      `insert into policies (group_id, number, content, made_by, state, weaker)
       select group_id, 2, content || '{"proof": "strict"}', $2, 'in_force', false from policies where group_id = $1 and number = 1`,
      [river.id, river.memberId('Dee')],
    )
    const post = await river.sent({ text: 'Strict.', wish: { ...inTwoDays, at: '2026-11-25T20:00' } })
    expect((await river.mails('Ben', 'review-request', post))[0]!.text).toContain('you sign in or use a passkey')
    const page = await river.open(post, 'Ben', first.visitor)
    const codes = (await river.mails('Ben', 'review-code')).length
    const asked = await river.press(page, 'approve')
    expect(asked.status).toBe(200)
    expect(sentences(asked.body)).toContain('River asks for more than a code')
    expect((await river.type(page, 'approve', await river.code('Ben'))).status).toBe(200)
    expect(await river.mails('Ben', 'review-code')).toHaveLength(codes)
    expect(await verdicts(post)).toEqual([])
    await river.decide(post, 'Ben', 'approve')
    expect(await verdicts(post)).toEqual([{ kind: 'approve', via: 'session' }])
  })
})

describe('an answered link', () => {
  it('shows the post for a day to whoever has it, and later to the reviewer alone; Stop stays until it is out', async () => {
    const post = await river.sent({ text: 'Words to keep.', wish: inTwoDays })
    await river.decide(post, 'Ben', 'approve')
    const early = await river.open(post, 'Ben')
    expect(early.html).toContain('Words to keep.')
    await app.letPass({ hours: 25 })
    const late = await river.open(post, 'Ben')
    expect(sentences(late.html)).toContain('Thank you: you approved version 1')
    expect(late.html).not.toContain('Words to keep.')
    expect((await river.page(await river.as('Ben'), late.path)).html).toContain('Words to keep.')
    await river.press(late, 'stop')
    expect((await river.type(late, 'stop', await river.code('Ben'))).status).toBe(303)
    expect((await river.see(post)).held).toBe(true)
  })
})

describe('referrer, history and logs', () => {
  it('of this whole run hold no secret: links, passes, codes, devices', async () => {
    const log = logged.join('\n')
    const hashes = new Set(
      (await app.query<{ hash: string }>('select token_hash as hash from review_requests')).map((row) => row.hash),
    )
    expect(hashes.size).toBeGreaterThan(20)
    expect(log).not.toMatch(/\/r\/[\w-]{43}/)
    expect(log).not.toMatch(/name="?pass|"pass":/)
    expect(log).not.toMatch(/\b(ben|cleo)@example\.org/)
    const path = await river.sent({ wish: inTwoDays }).then((post) => river.link(post, 'Ben'))
    for (const visitor of [app.visitor(), new Forgetful(app.origin)]) {
      const answers = [await visitor.get(path), await visitor.get(`${path}?kept=1`)]
      for (const { headers } of answers) {
        expect(headers.get('referrer-policy')).toBe('no-referrer')
        expect(headers.get('cache-control')).toBe('no-store')
      }
    }
  })
})

interface BarePage {
  readonly path: string
  readonly html: string
  readonly pass: string
  readonly csrf: string
  readonly hash: string
}

/** From the mailed link to the page, in a browser that keeps no cookies. */
async function openWithoutCookies(post: PostDetail, name = 'Ben'): Promise<BarePage> {
  const visitor = new Forgetful(app.origin)
  const first = await visitor.get(await river.link(post, name))
  const asked = await visitor.get<string>(first.headers.get('location')!)
  expect(asked.status).toBe(200)
  const path = /action="(\/review\/[^"]+)\/open"/.exec(asked.body)![1]!
  const opened = await bare(`${path}/open`, { pass: field(asked.body, 'pass') })
  expect(opened.status).toBe(200)
  const html = opened.body
  return { path, html, pass: field(html, 'pass'), csrf: field(html, 'csrf'), hash: field(html, 'hash') }
}

function pressWithoutCookies(
  page: BarePage,
  decision: string,
  { ticks = allTicks, note = '', code }: { ticks?: readonly string[]; note?: string; code?: string } = {},
) {
  const { pass, csrf, hash } = page
  const fields = { pass, csrf, hash, decision, note, ...(code === undefined ? {} : { code }) }
  return bare(code === undefined ? page.path : `${page.path}/code`, fields, decision === 'approve' ? ticks : [])
}

/** As an old browser inside an app sends a form: no cookie, and no word of where it comes from. */
function bare(path: string, fields: Record<string, string>, ticks: readonly string[] = []) {
  const form = new URLSearchParams(fields)
  for (const tick of ticks) form.append('tick', tick)
  return new Forgetful(app.origin).send<string>('POST', path, form, { Origin: 'null' })
}

function field(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
}

function wrongFor(right: string): string {
  return right === '000000' ? '111111' : '000000'
}
