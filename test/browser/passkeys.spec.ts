import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { barriers, cutOff, launchBrowser, settled, sideways } from '../support/browser.js'
import { Instance, type WaitingMail } from '../support/instance.js'
import { until } from '../support/until.js'

const address = 'rita@example.org'

let instance: Instance
let browser: Browser

beforeAll(async () => {
  // Browsers have passkeys for names, not for numbers.
  ;[instance, browser] = await Promise.all([Instance.start({}, 'localhost'), launchBrowser()])
  const given = { groupName: 'River', timeZone: 'Europe/London', name: 'Rita', email: address }
  expect((await instance.visitor().post('/api/set-up', given)).status).toBe(201)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  expect(await instance?.stop()).toBe(0)
})

/** Where `SECONDER_SCREENSHOTS` asks for pictures. */
const screenshots = process.env['SECONDER_SCREENSHOTS']

/** Looks at the page as it is now, in light and dark. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await settled(page)
    expect({ [name]: await barriers(page) }).toEqual({ [name]: [] })
    expect({ [name]: [...(await sideways(page)), ...(await cutOff(page))] }).toEqual({ [name]: [] })
    if (!screenshots) continue
    mkdirSync(screenshots, { recursive: true })
    await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}.png`), fullPage: true })
  }
}

/** The newest mail of this kind, waited for until it is another than `before`. */
function mail(kind: string, before?: WaitingMail): Promise<WaitingMail> {
  return until(`a mail ${kind}`, async () => {
    const newest = (await instance.mails()).find((each) => each.to.includes(address) && each.kind === kind)
    return newest && newest.id !== before?.id ? newest : null
  })
}

async function open(page: Page, { links }: WaitingMail): Promise<void> {
  await page.goto(links.find((link) => link.includes('/sign-in/confirm'))!)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/g/river/queue')
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'You: Rita' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
}

/** A browser of a phone whose device checks its owner's finger, and finds it right. */
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

it('a passkey of a real browser is added, signs in, and answers when it is asked whether it is really you', async () => {
  const page = await phone()
  const first = await mail('sign-in')
  await open(page, first)
  await page.getByRole('button', { name: 'You: Rita' }).click()
  await page.getByRole('button', { name: 'Your sign-in' }).click()
  await page.getByText('This device').waitFor()
  await look(page, 'own-sign-in-without-passkey')

  // As a quarter of an hour after signing in.
  const wanted = { status: 403, code: 'step-up-needed', detail: 'Prove it.', by: 'code' }
  await page.route('**/api/account/passkeys/start', (route) => route.fulfill({ status: 403, json: wanted }), {
    times: 1,
  })
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name').fill('My phone')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Mail me a code' }).waitFor()
  await look(page, 'step-up-by-code')
  await page.getByRole('button', { name: 'Mail me a code' }).click()
  const [code] = /\b\d{6}\b/.exec((await mail('step-up-code')).text)!
  await page.getByLabel('Code from the mail').fill(code)
  await look(page, 'step-up-code-sent')
  await page.getByRole('button', { name: 'Go on' }).last().click()
  await page.getByRole('heading', { name: 'My phone' }).waitFor()
  await look(page, 'own-sign-in')

  await signOut(page)
  await look(page, 'sign-in-with-passkey')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL('**/g/river/queue')

  // Whoever has a passkey proves it by that, and not by a mail.
  await signOut(page)
  await instance.visitor().post('/api/sign-in', { email: address })
  await open(page, await mail('sign-in', first))
  await page.goto(new URL('/g/river/settings/people', page.url()).href)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByLabel('Name').fill('Ben')
  await page.getByLabel('E-mail address').fill('ben@example.org')
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await page.getByRole('button', { name: 'Use your passkey' }).waitFor()
  await look(page, 'step-up-by-passkey')
  await page.getByRole('button', { name: 'Use your passkey' }).click()
  await page.getByRole('heading', { name: 'Ben' }).waitFor()
}, 120_000)
