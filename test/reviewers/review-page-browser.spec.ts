import { join } from 'node:path'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'

import type { EnvelopeChannel } from '../../src/drafts/envelope.js'
import { revisionDifference } from '../../src/drafts/revision-difference.js'
import { firstCode, pointsOf } from '../../src/governance/code-of-ethics.js'
import { contentSecurityPolicy } from '../../src/http/security-headers.js'
import { reviewPage } from '../../src/reviewers/page/review-page.js'
import type { ChangesSince, ReviewPage, ReviewView } from '../../src/reviewers/page/review-view.js'
import { barriers, launchBrowser, sideways } from '../support/browser.js'

const origin = 'http://queue.example.org'

const words = (time: string, tag: string) =>
  `Stall this Saturday, ${time}, outside the library. Bring a friend and help us save the 42 bus.\n\n${tag} https://example.org/a-very-long-address/that-would-push-a-narrow-page-sideways?from=bluesky`

/** Version 2 against version 3: something of everything that can change. */
const changes = changesOf(
  [
    part('c1', words('10am', '#SaveTheBus'), ['p0', 'p3', 'p1']),
    part('c2', 'We are out again this Saturday.', []),
    part('c3', 'Only here.', []),
  ],
  [
    { ...part('c1', words('11am', '#SaveOur42'), ['p1', 'p2']), language: 'cy' },
    { ...part('c2', 'We are out again this Saturday.', []), remoteAccountId: 'b' },
  ],
)

function part(channelId: string, text: string, pictures: string[]): EnvelopeChannel {
  const described = pictures.map((sha256) => ({ sha256, mime: 'image/jpeg', alt: `Poster ${sha256}: Save the 42 bus` }))
  const base = { channelId, network: 'bluesky' as const, remoteAccountId: 'a', language: 'en-GB' }
  return { ...base, text, link: 'https://example.org/save-the-42', pictures: described }
}

function changesOf(before: EnvelopeChannel[], after: EnvelopeChannel[]): ChangesSince {
  const window = { days: [1, 2, 3, 4, 5], start: '17:00', end: '19:00', name: 'after work' }
  const queue = (end: string) =>
    ({ kind: 'queue', zone: 'Europe/London', windows: { c1: [{ ...window, end }] } }) as const
  const difference = revisionDifference(
    { version: 1, channels: before, timing: queue('19:00') },
    { version: 1, channels: after, timing: queue('18:30') },
  )
  const address = (hash: string) => ({
    src: `/review/r1/pictures/${hash}`,
    small: `/review/r1/pictures/${hash}?small=2000`,
    width: 1200,
    height: 675,
  })
  return {
    ...difference,
    version: 2,
    because: 'answered',
    channels: difference.channels.map((each) => ({ ...each, channelName: 'Riverside Buses', networkName: 'Bluesky' })),
    pictures: Object.fromEntries(['p0', 'p1', 'p2', 'p3'].map((hash) => [hash, address(hash)])),
  }
}

const view: ReviewView = {
  requestId: 'r1',
  groupName: 'Riverside Bus Campaign',
  authorName: 'Ana',
  reviewerName: 'Ben',
  version: 3,
  hash: '3f9a71c0'.repeat(8),
  csrf: 'csrf',
  pass: null,
  channels: [
    {
      channelId: 'c1',
      network: 'bluesky',
      networkName: 'Bluesky',
      channelName: 'Riverside Buses',
      text: 'Stall this Saturday, 11am, outside the library. Bring a friend and help us save the 42 bus.\n\n#SaveOur42 https://example.org/a-very-long-address/that-would-push-a-narrow-page-sideways?from=bluesky',
      link: null,
      pictures: [
        {
          src: '/review/r1/pictures/p1',
          small: '/review/r1/pictures/p1?small=7000',
          alt: 'Poster: Save the 42 bus, Saturday 11am, Riverside library',
          width: 1200,
          height: 675,
        },
      ],
      length: '172 of 300 characters',
      below: [],
      contentWarning: null,
      visibility: null,
      target: null,
      when: 'Tuesday 24 November, 17:22 (Europe/London), after work',
    },
    {
      channelId: 'c2',
      network: 'noticeboard',
      networkName: 'Noticeboard',
      channelName: 'Riverside noticeboard',
      text: 'We are out again this Saturday at 11am outside Riverside library, collecting signatures to keep the 42 bus. Last week 61 people signed in an hour.\n\nCome and say hello, bring a friend, and pass it on.',
      link: 'https://example.org/save-the-42',
      pictures: [],
      length: '203 of 5000 characters',
      below: [],
      contentWarning: null,
      visibility: null,
      target: null,
      when: 'Tuesday 24 November, 17:41 (Europe/London), after work',
    },
  ],
  deadline: 'Tuesday 24 November, 16:22 (Europe/London)',
  since: changes,
  earlierVersions: [2, 1],
  remarks: [
    {
      name: 'Cleo',
      when: 'Monday 23 November, 09:30',
      version: 2,
      text: 'Is the library open on Saturday? Their page says something else: https://example.org/a-very-long-address/that-would-push-a-narrow-page-sideways',
      suggestion: null,
    },
    {
      name: 'Ben',
      when: 'Monday 23 November, 09:41',
      version: 2,
      text: 'It is easier to find.',
      suggestion: {
        label: 'the text for Riverside Buses',
        state: 'open',
        difference: [
          { kind: 'same', text: 'Stall this Saturday, 10am, outside ' },
          { kind: 'removed', text: 'the library.' },
          { kind: 'added', text: 'Riverside library, beside the bridge.' },
        ],
      },
    },
  ],
  remarksLeftOut: 1,
  noticed: ['“CLP” may not be clear to everyone. Write it out?', 'A similar post went out six days ago.'],
  held: false,
  strict: false,
  needs: 'Needs one approval, from anyone but Ana.',
  ethics: { points: pointsOf(firstCode), number: 1, madeOn: '23 November 2026' },
}

const answers = {
  decision: 'approve',
  ticks: ['kind'],
  note: 'The time is right now, thank you.',
  place: '',
  words: '',
}

const pages: Record<string, ReviewPage> = {
  open: { kind: 'open', view, answers: null, problem: null },
  first: {
    kind: 'open',
    view: { ...view, since: null, earlierVersions: [], noticed: [], deadline: null, channels: view.channels.slice(1) },
    answers: null,
    problem: null,
  },
  problem: {
    kind: 'open',
    view: { ...view, held: true },
    answers,
    problem:
      'Before you approve, please tick: “Names, dates, places and links are right”, “It is in line with what the group has agreed”.',
  },
  code: { kind: 'code', view, answers, problem: null, triesLeft: 5, sentTo: 'b…@example.org', passkey: false },
  wrong: {
    kind: 'code',
    view,
    answers,
    problem: 'That code is not right, or it is too old. Look for the newest mail.',
    triesLeft: 1,
    sentTo: 'b…@example.org',
    passkey: false,
  },
  approved: {
    kind: 'decided',
    view: { ...view, needs: 'Approved by one person other than Ana.' },
    decision: 'approve',
    mayStop: true,
    showPost: true,
    problem: null,
  },
  stopped: { kind: 'decided', view, decision: 'stop', mayStop: false, showPost: true, problem: null },
  suggest: {
    kind: 'suggest',
    view,
    places: [
      { word: 'text', label: 'the text for all channels', words: words('11am', '#SaveOur42'), picture: null },
      {
        word: 'alt:m1',
        label: 'the description of picture 1',
        words: 'Poster: Save the 42 bus',
        picture: view.channels[0]!.pictures[0]!,
      },
    ],
    answers: null,
    problem: 'These are the words that are there already. Change something first.',
  },
  asked: {
    kind: 'decided',
    view: { ...view, remarks: [] },
    decision: 'changes',
    mayStop: true,
    showPost: true,
    problem: null,
    said: 'suggest',
  },
  explained: {
    kind: 'explained',
    groupName: 'Riverside Bus Campaign',
    title: 'A newer version has replaced this one',
    sentences: [
      'It was replaced on Tuesday 24 November, 12:10 (Europe/London). If you were asked again, the newer mail has the right link.',
      'Cleo asked for changes to version 2 on Tuesday 24 November, 11:52 (Europe/London).',
    ],
  },
}

let browser: Browser
let picture: Buffer

beforeAll(async () => {
  browser = await launchBrowser()
  picture = await sharp({ create: { width: 1200, height: 675, channels: 3, background: '#2f8086' } })
    .jpeg()
    .toBuffer()
})

afterAll(async () => {
  await browser?.close()
})

/** A page of the browser that gets our pages as the process would send them; `posted` fills with the bodies of forms. */
async function visitor(
  options: BrowserContextOptions = {},
): Promise<{ page: Page; posted: URLSearchParams[]; refused: string[] }> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const posted: URLSearchParams[] = []
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text())
  })
  await page.route('**/*', async (route) => {
    const request = route.request()
    const { pathname } = new URL(request.url())
    if (request.method() === 'POST') posted.push(new URLSearchParams(request.postData() ?? ''))
    if (pathname.includes('/pictures/')) return route.fulfill({ contentType: 'image/jpeg', body: picture })
    if (pathname === '/favicon.svg')
      return route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' })
    const shown = pages[pathname.slice(1)] ?? pages['approved']!
    return route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': contentSecurityPolicy },
      body: reviewPage(shown),
    })
  })
  return { page, posted, refused }
}

/** Closes the browser, also when it still asks for something. */
async function leave(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.context().close()
}

describe('the review page in a browser', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 1280]) {
      it(`is free of known barriers in ${colorScheme} at ${width} px, never scrolls sideways, and has buttons for thumbs`, async () => {
        const { page, refused } = await visitor({ colorScheme, viewport: { width, height: 900 } })
        for (const name of Object.keys(pages)) {
          await page.goto(`${origin}/${name}`)
          await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true })')
          expect([name, await barriers(page)]).toEqual([name, []])
          expect([name, await sideways(page)]).toEqual([name, []])
          for (const button of await page.getByRole('button').all())
            expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(48)
          await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = false })')
          const folder = process.env['SECONDER_SCREENSHOTS']
          if (folder)
            await page.screenshot({ path: join(folder, `review-${name}-${colorScheme}-${width}.png`), fullPage: true })
        }
        expect(refused).toEqual([])
        await leave(page)
      })
    }
  }

  it('sends ticks, note, hash and the pressed button without any script', async () => {
    const { page, posted } = await visitor({ javaScriptEnabled: false })
    await page.goto(`${origin}/open`)
    for (const tick of await page.getByRole('checkbox').all()) await tick.check()
    await page.getByLabel('Note to Ana').fill('Fine & good')
    await page.getByRole('button', { name: 'Approve: let it go out' }).click()
    await page.getByRole('heading', { level: 1, name: /Thank you/ }).waitFor()
    expect(posted).toHaveLength(1)
    expect(Object.fromEntries(posted[0]!)).toMatchObject({
      csrf: 'csrf',
      hash: view.hash,
      note: 'Fine & good',
      decision: 'approve',
    })
    expect(posted[0]!.getAll('tick')).toEqual(['kind', 'right', 'agreed'])
    await leave(page)
  })

  it('can be sent without ticks, so that asking for changes needs none', async () => {
    const { page, posted } = await visitor({ javaScriptEnabled: false })
    await page.goto(`${origin}/open`)
    await page.getByRole('button', { name: 'Ask for changes' }).click()
    await page.getByRole('heading', { level: 1, name: /Thank you/ }).waitFor()
    expect(posted[0]!.get('decision')).toBe('changes')
    await leave(page)
  })

  it('decides nothing when Enter is pressed in a tick box', async () => {
    const { page, posted } = await visitor()
    await page.goto(`${origin}/open`)
    // WebKit's default is the first button that takes room.
    expect(await page.locator('form button').first().isVisible()).toBe(true)
    const tick = page.getByRole('checkbox').first()
    await tick.check()
    await tick.press('Enter')
    await page.getByRole('button', { name: 'Stop this post' }).click()
    await page.getByRole('heading', { level: 1, name: /Thank you/ }).waitFor()
    expect(posted.map((form) => form.get('decision'))).toEqual(['stop'])
    await leave(page)
  })

  it('marks the button that guards against Enter as hidden, for those who read without styles or by ear', () => {
    const buttons = reviewPage(pages['open']!).match(/<button[^>]*>/g) ?? []
    expect(buttons[0]).toMatch(/formmethod="dialog".* aria-hidden="true" hidden>$/)
    expect(buttons.slice(1).filter((button) => button.includes('hidden'))).toEqual([])
  })

  it('starts at the problem when it comes again', async () => {
    const { page } = await visitor()
    await page.goto(`${origin}/problem`)
    await page.locator('[role=alert]:focus').waitFor()
    expect(await page.getByLabel('Note to Ana').inputValue()).toBe('The time is right now, thank you.')
    await leave(page)
  })

  it('sends the code with Enter, and asks for a new one without typing any', async () => {
    const { page, posted } = await visitor({ javaScriptEnabled: false })
    await page.goto(`${origin}/code`)
    await page.getByLabel('The code from the mail').fill('048151')
    await page.getByLabel('The code from the mail').press('Enter')
    await page.getByRole('heading', { level: 1, name: /Thank you/ }).waitFor()
    await page.goto(`${origin}/code`)
    await page.getByRole('button', { name: 'Send a new code' }).click()
    await page.getByRole('heading', { level: 1, name: /Thank you/ }).waitFor()
    expect(posted.map((form) => [form.get('code'), form.get('again'), form.get('decision')])).toEqual([
      ['048151', null, 'approve'],
      ['', '1', 'approve'],
    ])
    await leave(page)
  })
})
