import { DateTime } from 'luxon'
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import sharp from 'sharp'

import { launchBrowser, settled, sideways, troubleOf } from '../support/browser.js'
import { Instance } from '../support/instance.js'
import { until } from '../support/until.js'
import type { Visitor } from '../support/visitor.js'

const words = 'Meet us at the library on Saturday at ten, and help to save the 42 bus. Bring a friend.'
const description = 'People waiting for the 42 bus on a wet morning, in a queue that reaches round the corner'
const mostBytes = 50 * 1024

let instance: Instance
let browser: Browser
let editor: Page
let reviewer: Page
let admin: Page
const trouble: string[][] = []

beforeAll(async () => {
  ;[instance, browser] = await Promise.all([Instance.start(), launchBrowser()])
  await beginOnTuesday()
  editor = await browserOfSomebody({ viewport: { width: 1280, height: 800 } })
  reviewer = await browserOfSomebody({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false })
  admin = await browserOfSomebody({ viewport: { width: 1280, height: 800 } })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  expect(await instance?.stop()).toBe(0)
})

async function browserOfSomebody(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ baseURL: instance.origin, ...options })
  context.setDefaultTimeout(30_000)
  trouble.push(troubleOf(context))
  return context.newPage()
}

/** Lets time pass until the next Tuesday, 09:00, so that the same happens on whatever day the test runs. */
async function beginOnTuesday(): Promise<void> {
  const dora = await instance.enter('Dora')
  const { body } = await dora.get<{ demo: { now: string } }>('/api/session')
  const now = DateTime.fromISO(body.demo.now, { zone: 'Europe/London' })
  const days = (((2 - now.weekday) % 7) + 7) % 7
  const tuesday = now.plus({ days: now.hour < 9 ? days : days || 7 }).set({ hour: 9, minute: 0 })
  const { status } = await dora.post('/api/demo/clock', { minutes: Math.round(tuesday.diff(now, 'minutes').minutes) })
  expect(status).toBe(200)
}

/** A photo as from a phone, so that it has to be made small: 1,600 by 1,200 pixels of soft noise. */
function aPhoto(): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
  return sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#88aa99', noise } })
    .blur(1.2)
    .jpeg({ quality: 92 })
    .toBuffer()
}

/** Presses Tab until the link or button `name` has the focus; past the last one it is the page as a whole that has it. */
async function tabTo(page: Page, name: string): Promise<void> {
  await until(`the focus on “${name}”`, async () => {
    await page.keyboard.press('Tab')
    return page.evaluate(
      `document.activeElement.matches('a, button') && document.activeElement.textContent.includes(${JSON.stringify(name)})`,
    )
  })
}

/** Opens the newest mail in the mailbox whose line says `about`. */
async function openMail(page: Page, about: string | RegExp): Promise<void> {
  await page.goto('/mailbox')
  await page.getByRole('listitem').filter({ hasText: about }).first().getByRole('link').click()
  await page.frameLocator('iframe').getByRole('heading').first().waitFor()
}

describe('a post on its way through three browsers', () => {
  it('starts with somebody who enters by keyboard alone', async () => {
    await editor.goto('/')
    await editor.getByRole('heading', { level: 1 }).waitFor()
    await tabTo(editor, 'Enter as Ana')
    await editor.keyboard.press('Enter')
    await editor.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
    await tabTo(editor, 'Write a post')
    await editor.keyboard.press('Enter')
    await editor.getByRole('heading', { level: 1, name: 'Write a post' }).waitFor()
  })

  it('is written with a picture and its description, seen as it will look, counted, and given a time', async () => {
    await editor.getByRole('textbox', { name: 'Words' }).fill(words)
    await editor
      .locator('input[type=file]')
      .setInputFiles({ name: 'queue.jpg', mimeType: 'image/jpeg', buffer: await aPhoto() })
    await editor.getByLabel('Describe picture 1').fill(description)
    const preview = editor.getByRole('region', { name: 'How it will look' })
    await preview.getByText(words).waitFor()
    await preview.getByRole('img', { name: description }).waitFor()
    await editor.getByText(`${5000 - words.length} characters left`).waitFor()
    await editor.getByRole('list', { name: 'When it would go out' }).getByText('Europe/London').waitFor()
    await editor.getByText('Saved', { exact: true }).last().waitFor()
  })

  it('is sent for review after saying who will be asked, and waits for them', async () => {
    await editor.getByRole('button', { name: 'Send for review' }).click()
    const dialog = editor.getByRole('dialog', { name: 'Send for review' })
    await dialog.getByText('Nothing goes out until they have agreed to exactly this.').waitFor()
    await dialog.getByText('Europe/London').waitFor()
    await dialog.getByRole('button', { name: 'Send for review' }).click()
    await editor.getByRole('heading', { level: 1, name: words.slice(0, 30) }).waitFor()
    await editor.getByText('has been asked').first().waitFor()
  })

  it('reaches the reviewer as a mail, whose link opens a light page that needs no script', async () => {
    await openMail(reviewer, 'please check a post')
    const mail = reviewer.frameLocator('iframe')
    await mail.getByText(words).waitFor()
    const transferred: Promise<number>[] = []
    const count = (request: Request) => transferred.push(bytesOf(request))
    reviewer.on('requestfinished', count)
    const picture = reviewer.waitForEvent('requestfinished', (request) => request.url().includes('/pictures/'))
    await mail.getByRole('link', { name: 'Look and decide' }).click()
    await reviewer.waitForURL('**/review/*')
    await reviewer.getByRole('img', { name: description }).scrollIntoViewIfNeeded()
    await picture
    await reviewer.getByRole('article').getByText(words).waitFor()
    await reviewer.getByText(`Description: ${description}`).waitFor()
    expect(await sideways(reviewer)).toEqual([])
    expect(new URL(reviewer.url()).pathname).toMatch(/^[/]review[/][^/]+$/)
    reviewer.off('requestfinished', count)
    const sizes = await Promise.all(transferred)
    // the redirect, the page and the picture
    expect(sizes.length).toBeGreaterThanOrEqual(3)
    expect(sizes.reduce((all, each) => all + each, 0)).toBeLessThanOrEqual(mostBytes)
  })

  it('is approved by a person who looked and who is who they say: three ticks, and a code from the mailbox', async () => {
    const approve = reviewer.getByRole('button', { name: 'Approve: let it go out' })
    await approve.click()
    await reviewer.getByRole('alert').getByText('please tick').waitFor()
    for (const tick of await reviewer.getByRole('checkbox').all()) await tick.check()
    await approve.click()
    const code = reviewer.getByLabel('The code from the mail')
    await code.waitFor()
    // another tab, as on a phone
    const inbox = await reviewer.context().newPage()
    await openMail(inbox, 'the code for your answer')
    const digits = inbox.frameLocator('iframe').getByText(/^[0-9]{6}$/)
    await code.fill(await digits.innerText())
    await inbox.close()
    await reviewer.getByRole('button', { name: 'Confirm' }).click()
    await reviewer.getByRole('heading', { level: 1, name: 'Thank you: you approved version 1' }).waitFor()
    await reviewer.getByText('each get a receipt by e-mail').waitFor()
    await openMail(reviewer, 'you approved version 1')
  })

  it('goes out in its window while the editor lets time pass', async () => {
    await editor.reload()
    await editor.getByText(/^\S+ \S+ approved$/).waitFor()
    const where = editor.getByRole('region', { name: 'Where and when' })
    const open = where.getByRole('link', { name: /^See it on/ })
    await letTimePass(editor, '+1 day', () => open.isVisible())
    await where.getByText('Went out').waitFor()
    const viewed = editor.waitForResponse((response) => response.url().endsWith('/views'))
    await open.click()
    await viewed
  })

  it('is public on the Noticeboard, where a reader says that it was useful', async () => {
    await editor.getByText(words).waitFor()
    await editor.getByRole('img', { name: description }).waitFor()
    await editor.getByRole('button', { name: 'This was useful' }).click()
    await editor.getByRole('status').getByText('This was counted').waitFor()
    await editor.goBack()
    await editor.goBack()
  })

  it('is counted after two days, for everybody in the group', async () => {
    const counted = editor.getByText('1 reaction')
    await letTimePass(editor, '+1 day', () => counted.isVisible(), 3)
    await editor.getByText('seen 1 time').waitFor()
  })

  it('comes back on Monday in the admin’s weekly summary, as a mail and as a page', async () => {
    const before = (await summaries()).length
    await letTimePass(editor, '+1 day', async () => (await summaries()).length > before, 8)
    await openMail(admin, 'weekly summary')
    const mail = admin.frameLocator('iframe')
    await mail
      .getByRole('listitem')
      .filter({ hasText: words.slice(0, 30) })
      .getByText('1 reaction, 1 view')
      .waitFor()

    await admin.goto('/')
    await admin.getByRole('button', { name: 'Enter as Dora' }).click()
    await admin.getByRole('heading', { level: 1, name: 'Queue' }).waitFor()
    await openMail(admin, 'weekly summary')
    await mail.getByRole('link', { name: 'See the whole week' }).click()
    await admin.getByRole('heading', { level: 1, name: 'Engagement' }).waitFor()
    const top = admin.getByRole('region', { name: 'What people responded to most' })
    const first = top.getByRole('listitem').filter({ has: admin.getByRole('link', { name: words.slice(0, 30) }) })
    await first.getByText('1 reaction', { exact: true }).waitFor()
    await first.getByText('seen 1 time', { exact: true }).waitFor()
  })
})

describe('a post in the week that somebody wants elsewhere', () => {
  let ana: Visitor
  let group: string
  let monday: DateTime
  let week: Page

  beforeAll(async () => {
    ana = await instance.enter('Ana')
    const { body } = await ana.get<{ groups: { id: string }[]; demo: { now: string } }>('/api/session')
    group = `/api/groups/${body.groups[0]!.id}`
    monday = DateTime.fromISO(body.demo.now, { zone: 'Europe/London' }).plus({ weeks: 1 }).startOf('week')
    week = await browserOfSomebody({ viewport: { width: 1280, height: 1000 } })
    const [name = '', value = ''] = ana.cookieHeader.split(/=(.*)/)
    await week.context().addCookies([{ name, value, url: instance.origin }])
  })

  /** Written by Ana over HTTP, and waiting for its reviewers. */
  async function waiting(text: string, wish: object): Promise<string> {
    const { body: channels } = await ana.get<{ id: string }[]>(`${group}/channels`)
    const content = { text, link: null, language: 'en-GB', pictures: [] }
    const { body: post } = await ana.post<{ id: string; version: number }>(`${group}/posts`, {
      content: { ...content, channels: channels.map(({ id }) => ({ channelId: id, text: null })) },
      wish,
      usefulUntil: null,
      labels: [],
      notes: '',
    })
    const { status } = await ana.post(`${group}/posts/${post.id}/send-for-review`, { version: post.version })
    expect(status).toBe(200)
    return post.id
  }

  /** Wall time in the group's zone. */
  async function planned(postId: string): Promise<string> {
    const [row] = await instance.query<{ slot: Date }>('select slot from publications where post_id = $1', [postId])
    return DateTime.fromJSDate(row!.slot, { zone: 'Europe/London' }).toFormat('ccc HH:mm')
  }

  const item = (text: string) => week.locator('.s-movable').filter({ hasText: text })
  const windowOf = (row: RegExp, day: number) =>
    week.getByRole('row', { name: row }).getByRole('cell').nth(day).locator('.s-cell')

  async function openWeek(): Promise<void> {
    await week.goto(`/g/riverside/week?from=${monday.toISODate()}`)
    await week.getByRole('row', { name: /^lunch/i }).waitFor()
  }

  it('is dragged into a window inside what its reviewers saw: it moves at once, and can be taken back', async () => {
    const notBefore = monday.plus({ days: 1 }).toFormat("yyyy-MM-dd'T'HH:mm")
    const post = await waiting('The choir sings at the stop.', { kind: 'queue', notBefore })
    await openWeek()
    const before = await planned(post)
    await item('The choir sings').dragTo(windowOf(/^lunch/i, 3))
    const said = week.getByRole('alert').filter({ hasText: 'The choir sings' })
    await said.getByText(/Thursday/).waitFor()
    expect(await planned(post)).toMatch(/^Thu 1[23]:/)
    await windowOf(/^lunch/i, 3)
      .getByRole('link', { name: 'The choir sings' })
      .waitFor()
    await said.getByRole('button', { name: 'Undo' }).click()
    await week.getByText('It is back').waitFor()
    expect(await planned(post)).toBe(before)
  })

  it('is dragged outside what they saw: it moves only after that was said and confirmed', async () => {
    const at = monday.plus({ days: 1, hours: 17, minutes: 41 }).toFormat("yyyy-MM-dd'T'HH:mm")
    const post = await waiting('The hall is open tonight.', { kind: 'exact', at })
    await openWeek()
    await item('The hall is open').dragTo(windowOf(/^lunch/i, 4))
    const dialog = week.getByRole('dialog')
    await dialog.getByText('they are asked again, about the time only').waitFor()
    expect(await planned(post)).toBe('Tue 17:41')
    await dialog.getByRole('button', { name: 'Move it and ask again' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await planned(post)).toMatch(/^Fri 1[23]:/)
    await windowOf(/^lunch/i, 4)
      .getByRole('link', { name: 'The hall is open' })
      .waitFor()
  })

  it('moves by keyboard alone, through the dialog that every post in the week has', async () => {
    const at = monday.plus({ days: 2, hours: 17, minutes: 23 }).toFormat("yyyy-MM-dd'T'HH:mm")
    const post = await waiting('The river is low.', { kind: 'exact', at })
    await openWeek()
    await item('The river is low').getByRole('link').focus()
    await tabTo(week, 'Move…')
    await week.keyboard.press('Enter')
    const dialog = week.getByRole('dialog')
    await dialog.getByRole('radio').first().waitFor()
    await until('the focus on the choices', async () => {
      await week.keyboard.press('Tab')
      return week.evaluate<boolean>("document.activeElement?.getAttribute('type') === 'radio'")
    })
    await week.keyboard.press('Space')
    await dialog.getByText('they are asked again, about the time only').waitFor()
    const chosen = await dialog.getByRole('radio', { checked: true }).getAttribute('value')
    await tabTo(week, 'Move it and ask again')
    await week.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    const focused = () => week.evaluate<string>('document.activeElement.textContent')
    await until('the focus to be back where it was', async () => /^(Move…|Week)/.test(await focused()))
    const [row] = await instance.query<{ slot: Date }>('select slot from publications where post_id = $1', [post])
    expect(row!.slot.toISOString()).toBe(DateTime.fromISO(chosen!, { zone: 'Europe/London' }).toUTC().toISO())
    expect(await planned(post)).not.toBe('Wed 17:23')
  })
})

describe('all of it', () => {
  it('leaves no error behind in any of the browsers', () => {
    expect(trouble.flat().filter((each) => !/^422 POST [/]review[/]/.test(each))).toEqual([])
  })
})

/** What a request and its answer took on the wire. */
async function bytesOf(request: Request): Promise<number> {
  const { requestHeadersSize, requestBodySize, responseHeadersSize, responseBodySize } = await request.sizes()
  return requestHeadersSize + requestBodySize + responseHeadersSize + responseBodySize
}

async function summaries(): Promise<string[]> {
  const { body } = await instance.visitor().get<{ id: string; kind: string }[]>('/mailbox.json')
  return body.filter(({ kind }) => kind === 'weekly-summary').map(({ id }) => id)
}

/** Presses a button of the demonstration's clock until `happened`. */
async function letTimePass(page: Page, step: string, happened: () => Promise<boolean>, most = 5): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    const passed = page.waitForResponse((response) => response.url().endsWith('/api/demo/clock'))
    await page.getByRole('button', { name: step }).click()
    expect((await passed).status()).toBe(200)
    // the page lets nobody press again before it has fetched what is new
    await page.getByRole('button', { name: step, disabled: false }).waitFor()
    await settled(page)
    if (await happened()) return
  }
  throw new Error(`It did not happen within ${most} times ${step}`)
}
