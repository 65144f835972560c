import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { barriers, launchBrowser, settled, sideways } from '../support/browser.js'
import { Instance, type WaitingMail } from '../support/instance.js'
import { until } from '../support/until.js'

let instance: Instance
let browser: Browser

beforeAll(async () => {
  // Browsers have passkeys for names, not for numbers.
  ;[instance, browser] = await Promise.all([Instance.start({}, 'localhost'), launchBrowser()])
  const given = { groupName: 'River', timeZone: 'Europe/London', name: 'Rita', email: 'rita@example.org' }
  expect((await instance.visitor().post('/api/set-up', given)).status).toBe(201)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  expect(await instance?.stop()).toBe(0)
})

/** A browser whose device checks its owner's finger, and finds it right. */
async function phone(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, reducedMotion: 'reduce' })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  const protocol = await context.newCDPSession(page)
  await protocol.send('WebAuthn.enable')
  await protocol.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return page
}

/** The newest mail of this kind to this person, waited for. */
function mail(name: string, kind: string): Promise<WaitingMail> {
  return until(`a mail ${kind}`, async () =>
    (await instance.mails()).find((each) => each.to.startsWith(name) && each.kind === kind),
  )
}

/** Signs in by the link in a mail, and comes to the queue. */
async function enter(page: Page, { links }: WaitingMail): Promise<void> {
  await page.goto(links.find((link) => link.includes('/sign-in/confirm'))!)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/g/river/queue')
}

/** From inside a page of ours, as the workspace asks. */
async function api<Body = { id: string }>(page: Page, method: string, path: string, body?: unknown): Promise<Body> {
  const headers = { 'X-Seconder': '1', 'Content-Type': 'application/json' }
  const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const answer = await page.evaluate<{ status: number; text: string }>(
    `fetch('/api${path}', ${JSON.stringify(request)}).then(async (answer) => ({ status: answer.status, text: await answer.text() }))`,
  )
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
  return (answer.text === '' ? {} : JSON.parse(answer.text)) as Body
}

/** Rita invites Ben, and sends him a post. */
async function askBen(): Promise<void> {
  const rita = await phone()
  await enter(rita, await mail('rita', 'sign-in'))
  const group = '/groups/river'
  await api(rita, 'POST', `${group}/members`, { name: 'Ben', email: 'ben@example.org', roles: ['reviewer'] })
  const [board] = await api<{ id: string }[]>(rita, 'GET', `${group}/channels`)
  const post = await api<{ id: string; version: number }>(rita, 'POST', `${group}/posts`, {
    content: {
      text: 'The ferry is back.',
      link: null,
      language: 'en-GB',
      channels: [{ channelId: board!.id, text: null }],
      pictures: [],
    },
    wish: { kind: 'as_soon_as_approved' },
    usefulUntil: null,
    labels: [],
    notes: '',
  })
  await api(rita, 'POST', `${group}/posts/${post.id}/send-for-review`, { version: post.version })
  await rita.context().close()
}

it('a reviewer with a passkey proves by it who answers, in the place of the code from the mail', async () => {
  await askBen()
  const page = await phone()
  await instance.visitor().post('/api/sign-in', { email: 'ben@example.org' })
  await enter(page, await mail('ben', 'sign-in'))
  await page.getByRole('button', { name: 'You: Ben' }).click()
  await page.getByRole('button', { name: 'Your sign-in' }).click()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name').fill('My phone')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('heading', { name: 'My phone' }).waitFor()
  await api(page, 'POST', '/sign-out')

  const { links } = await mail('ben', 'review-request')
  await page.goto(links.find((link) => link.includes('/r/'))!)
  for (const tick of await page.getByRole('checkbox').all()) await tick.check()
  await page.getByRole('button', { name: 'Approve: let it go out' }).click()
  const usePasskey = page.getByRole('button', { name: 'Use your passkey' })
  await usePasskey.waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await sideways(page)).toEqual([])
  const folder = process.env['SECONDER_SCREENSHOTS']
  if (folder) {
    mkdirSync(folder, { recursive: true })
    await settled(page)
    await page.screenshot({ path: join(folder, 'review-passkey.png'), fullPage: true })
  }
  await usePasskey.click()
  await page.getByRole('heading', { level: 1, name: 'Thank you: you approved version 1' }).waitFor()
}, 120_000)
