import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'

import { barriers, cutOff, launchBrowser, settled, sideways, troubleOf } from '../support/browser.js'
import { Instance } from '../support/instance.js'
import type { Visitor } from '../support/visitor.js'
import { arrangeStates, type States } from './states.js'

type Who = 'nobody' | 'ana' | 'ben' | 'cleo' | 'dora'

/** A page in one of its states. */
interface Visit {
  readonly name: string
  readonly who: Who
  /** Gets there. */
  open(page: Page): Promise<void>
  /** Answers that say no and belong to it, such as `404 GET /nowhere`. */
  readonly noes?: RegExp
}

let instance: Instance
let browser: Browser
let states: States
let pages: Record<Who, { page: Page; trouble: string[] }>

beforeAll(async () => {
  ;[instance, browser] = await Promise.all([Instance.start(), launchBrowser()])
  const names = ['ana', 'ben', 'cleo', 'dora'] as const
  const visitors = await Promise.all(names.map((name) => instance.enter(name[0]!.toUpperCase() + name.slice(1))))
  const [ana, ben, cleo, dora] = visitors as [Visitor, Visitor, Visitor, Visitor]
  pages = {
    nobody: await browserOf(null),
    ana: await browserOf(ana),
    ben: await browserOf(ben),
    cleo: await browserOf(cleo),
    dora: await browserOf(dora),
  }
  await pictureForReadme()
  states = await arrangeStates(instance, { ana, ben, cleo, dora })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  expect(await instance?.stop()).toBe(0)
})

async function browserOf(visitor: Visitor | null): Promise<{ page: Page; trouble: string[] }> {
  const context = await browser.newContext({ baseURL: instance.origin, reducedMotion: 'reduce' })
  context.setDefaultTimeout(30_000)
  const cookies = visitor?.cookieHeader.split('; ').map((pair) => {
    const cut = pair.indexOf('=')
    return { name: pair.slice(0, cut), value: pair.slice(cut + 1), url: instance.origin }
  })
  if (cookies) await context.addCookies(cookies)
  return { page: await context.newPage(), trouble: troubleOf(context) }
}

/** Where `SECONDER_SCREENSHOTS` asks for pictures of every page. */
const screenshots = process.env['SECONDER_SCREENSHOTS']

/** The demonstration's queue as it starts, 1,280 by 800 pixels, small enough to keep in the repository. */
async function pictureForReadme(): Promise<void> {
  if (!screenshots) return
  mkdirSync(screenshots, { recursive: true })
  const { page } = pages.ana
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto('/')
  await drawn(page)
  await page.getByRole('img').first().waitFor()
  await page.waitForLoadState('networkidle')
  const picture = await page.screenshot()
  await sharp(picture).png({ palette: true, effort: 10 }).toFile(join(screenshots, 'queue.png'))
}

/** Waits until a page of the workspace has what it asked the server for. */
async function drawn(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  for (const waiting of ['[aria-busy=true]', '.mantine-Skeleton-root'])
    await page.locator(waiting).first().waitFor({ state: 'detached' })
}

/**
 * Takes away what the visit before left: its made-up answers, and what it typed, which the composer would bring back.
 * A visit keeps its answers to its end, since a page may ask again at any time.
 */
async function asNew(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.goto('about:blank')
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Storage.clearDataForOrigin', { origin: instance.origin, storageTypes: 'indexeddb' })
  await devTools.detach()
}

/** A page of the workspace. */
function at(path: (found: States) => string, more?: (page: Page) => Promise<void>): Visit['open'] {
  return async (page) => {
    await page.goto(path(states))
    await drawn(page)
    await more?.(page)
  }
}

/** A page that the server writes. */
function written(path: (found: States) => string, more?: (page: Page) => Promise<void>): Visit['open'] {
  return async (page) => {
    await page.goto(path(states))
    await more?.(page)
  }
}

/** A mail as a mail program shows it. In the mailbox it is in a frame, of which nothing can be asked from outside. */
function asMail(id: (found: States) => string): Visit['open'] {
  return async (page) => {
    const { body } = await instance.visitor().get<{ html: string }>(`/mailbox/${id(states)}.json`)
    await page.goto('about:blank')
    await page.setContent(body.html)
  }
}

const group = (rest: string) => (found: States) => `/g/${found.slug}/${rest}`
const post = (name: keyof States['posts']) => (found: States) => `/g/${found.slug}/posts/${found.posts[name]}`
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()

/** As a network sends somebody back to the group that they are in. */
async function comeBack(page: Page, query: string): Promise<void> {
  const session = (await (await page.request.get('/api/session')).json()) as { groups: { id: string }[] }
  await page.goto(`/connect/back?state=${session.groups[0]?.id ?? ''}.nobody-knows&${query}`)
}

async function spreading(page: Page): Promise<void> {
  await press('Spread a day again')(page)
  await page
    .getByRole('dialog')
    .getByText(/Nothing would move|nobody is asked again/)
    .waitFor()
}

/** Two posts as a table, one of which cannot be sent. */
async function several(page: Page): Promise<void> {
  await page.getByLabel('A table (CSV)').check()
  await page.getByLabel('The posts').fill('text,time\nThe 42 runs again.,\nMeet us at the stop.,tomorrow\n')
  await page.getByLabel('Noticeboard').check()
  await press('Look at them first')(page)
  await page.getByText('1 of 2 are ready to be sent.').waitFor()
}

/** A request for several posts, of which one could not be sent. */
function request(state: 'running' | 'stopped'): object {
  const problems = [{ number: 2, postId: '01a00000-0000-7000-8000-000000000002', problem: 'It has no words.' }]
  const asked = { by: 'Ana Price', startedAt: '2026-11-24T03:00:04Z', mayGoOn: state === 'stopped' }
  return { id: '0', state, total: 5, finished: 2, problems, sentence: '2 of 5 dealt with.', ...asked }
}

/** Posts on their way, with the question before the rest is left. */
async function stopping(page: Page): Promise<void> {
  await page.route(/\/bulk(\/\d+)?$/, (route) => route.fulfill({ json: request('running') }))
  await several(page)
  await press(/^Start with/)(page)
  await press('Stop')(page)
  await page.getByText('the rest is not written').waitFor()
}

/** The dialog that moves a post, with one of its choices made. */
async function moving(page: Page, choice: number): Promise<void> {
  await press('Move…')(page)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio').nth(choice).check()
  if (choice === -1) {
    const session = (await (await page.request.get('/api/session')).json()) as { demo: { now: string } }
    const day = new Date(Date.parse(session.demo.now) + 3 * 86_400_000).toISOString().slice(0, 10)
    await dialog.getByLabel(/^Time \(/).fill(`${day}T15:25`)
  }
  await dialog.getByText(/the approval stays|asked again, about the time only/).waitFor()
}

/** Answers of the API as they would be with something gone wrong on a network, which the demonstration has not. */
async function troubled(page: Page): Promise<void> {
  await page.route('**/api/groups/*/posts/*', async (route) => {
    const response = await route.fetch()
    const body = (await response.json()) as { publications: { id: string }[]; attempts: object[] }
    const [publication] = body.publications
    const wrong = {
      ...publication,
      state: 'in_doubt',
      stateText: 'Not sure whether it went out',
      cause: 'The network did not answer in time.',
      nextStep: 'Look whether it is there, and say so here.',
      counters: null,
      mayAnswer: true,
      mayAcknowledge: true,
      mayAcceptFailure: true,
      failureAccepted: 'Ana left it at that on 3 December 2026.',
      mayRetract: true,
    }
    const [attempt] = body.attempts
    const attempts = [{ ...attempt, part: 2, outcome: 'No answer came', cause: 'It took too long.', detail: '{"e":1}' }]
    const part = { publicationId: publication!.id, channelName: 'Noticeboard', publishedAt: '2026-11-24T03:00:04Z' }
    const parts = [
      { ...part, number: 1, kind: 'post', url: 'https://example.org/1', retracted: false },
      { ...part, number: 2, kind: 'thread', url: null, retracted: true },
    ]
    await route.fulfill({ response, json: { ...body, publications: [wrong], attempts, parts } })
  })
}

/** A second channel, on a network that has all that the noticeboard has not; `quote`, whether quotes, too. */
async function withThreads(page: Page, quote = true): Promise<void> {
  await page.route(/\/channels$/, async (route) => {
    const response = await route.fetch()
    const channels = (await response.json()) as { capabilities: object; limits: object }[]
    const [board] = channels
    const can = {
      ...board!.capabilities,
      name: 'Bluesky',
      threadParts: 5,
      firstComment: true,
      contentWarning: true,
      visibilities: ['public', 'unlisted', 'followers'],
      target: true,
      repost: true,
      quote,
    }
    const other = {
      ...board,
      id: '01a00000-0000-7000-8000-000000000001',
      name: 'Riverside',
      network: 'bluesky',
      limits: { ...board!.limits, textLimit: 300 },
      capabilities: can,
    }
    await route.fulfill({ response, json: [...channels, other] })
  })
}

/** A thread, made of a text that was too long, with all else that goes out with a post. */
async function threading(page: Page): Promise<void> {
  await page.getByLabel('Words for all channels').fill('The 42 runs again, and you made it so. '.repeat(12))
  await press('Split it into a thread')(page)
  await press('Add a part')(page)
  await page.getByRole('textbox', { name: 'Part 3' }).fill('Thank the drivers.')
  await press('Move part 3 up')(page)
  await press('Link for part 2')(page)
  await press('Pictures for part 2')(page)
  await page.getByLabel('First comment').fill('The timetable: https://example.org/42')
  await page.getByLabel('Content warning').fill('Buses')
  await page.getByLabel('Who can see it').selectOption('unlisted')
  await press('Leave it out on Noticeboard')(page)
}

const theirs = 'https://bsky.app/profile/robin.example/post/3kferry'

/** What somebody wrote, as found on a network that has all that the noticeboard has not. */
async function withTheirs(page: Page, manner: 'answer' | 'repost'): Promise<void> {
  await page.route('**/posts/check', async (route) => {
    const response = await route.fetch()
    const body = (await response.json()) as { channels: object[] }
    const [board] = body.channels
    const target = {
      author: 'Robin of the other bank (@robin.example)',
      address: 'https://bsky.app/profile/did:plc:robin/post/3kferry',
      text: 'Does the 42 stop at the library again?\n\nhttps://example.org/a-very-long-address-that-nobody-breaks',
      manner,
    }
    const other = { ...board, channelId: '01a00000-0000-7000-8000-000000000001', problems: [], target }
    await route.fulfill({ response, json: { ...body, channels: [...body.channels, other] } })
  })
}

/** An answer: the board stands by itself. */
async function answering(page: Page): Promise<void> {
  await withTheirs(page, 'answer')
  await page.getByRole('textbox', { name: 'Words' }).fill('It does, from Monday.')
  await page.getByLabel('Address of their post').fill(theirs)
  await page.getByText('Does the 42 stop').first().waitFor()
  await press('Leave it out on Noticeboard')(page)
  await keptAndChecked(page)
}

/** Passed on by the keyboard, without words; the board, which passes nothing on, is still to be decided about. */
async function passingOn(page: Page): Promise<void> {
  await withTheirs(page, 'repost')
  await page.getByLabel('Address of their post').fill(theirs)
  await page.getByRole('radio', { name: 'Answer it' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('radio', { name: 'Pass it on', checked: true }).waitFor()
  await page.getByText('On Riverside it goes out without words of your own: a repost.').waitFor()
  await page.getByText('Does the 42 stop').first().waitFor()
  await page.getByText('cannot pass this post on').waitFor()
  await keptAndChecked(page)
}

/** Passed on where that is possible without words only: said, left out, and taken back once there are none. */
async function passingOnAlone(page: Page): Promise<void> {
  await withTheirs(page, 'repost')
  const alone = page.getByText('Riverside passes this post on only without words')
  await page.getByRole('textbox', { name: 'Words' }).fill('We asked, too.')
  await page.getByLabel('Address of their post').fill(theirs)
  await page.getByRole('radio', { name: 'Pass it on' }).check()
  await alone.waitFor()
  await press('Leave it out on Riverside')(page)
  await page.getByRole('textbox', { name: 'Words' }).fill('')
  await page.getByText('On Riverside it stands by itself').waitFor()
  await press('As on the others')(page)
  await page.getByText('On Riverside it goes out without words of your own: a repost.').waitFor()
  await page.getByRole('textbox', { name: 'Words' }).fill('We asked, too.')
  await alone.waitFor()
  await keptAndChecked(page)
}

async function keptAndChecked(page: Page): Promise<void> {
  await page.getByText('Saved').last().waitFor()
  await page.getByText('Does the 42 stop').nth(1).waitFor()
}

/** Fills the composer to the brim and beyond, until it says `saved`. */
function fillIn(saved: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('textbox', { name: 'Words' }).fill('Two seats are free on the 42 at 8:10. '.repeat(135))
    const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#2f8086' } })
      .png()
      .toBuffer()
    await page.locator('input[type=file]').setInputFiles({ name: 'seats.png', mimeType: 'image/png', buffer: picture })
    await page.getByLabel('Describe picture 1').fill('Two free seats in a bus')
    await page.getByLabel('Link').fill('https://example.org/timetables/42')
    await page.getByRole('radio', { name: 'At an exact time' }).check()
    await page.getByRole('list', { name: 'When it would go out' }).waitFor()
    await page.getByText('characters too many').first().waitFor()
    await page.getByText(saved).last().waitFor()
  }
}

/** A log of which an entry was altered, which the demonstration has not. */
async function brokenLog(page: Page): Promise<void> {
  const at = '2026-11-24T03:00:04Z'
  await page.route('**/log/hold', (route) => route.fulfill({ json: { since: at } }))
  await page.route('**/log/standing', async (route) => {
    const response = await route.fetch()
    const body = (await response.json()) as object
    const broken = { at, entry: 12, reason: 'the content was changed' }
    await route.fulfill({ response, json: { ...body, broken, resumeAskedBy: { memberId: 'another', name: 'Ben' } } })
  })
}

const visits: Visit[] = [
  { name: 'the sign-in page', who: 'nobody', open: at(() => '/sign-in') },
  {
    name: 'the sign-in page after asking for a link',
    who: 'nobody',
    open: at(
      () => '/sign-in',
      async (page) => {
        await page.getByLabel('E-mail address').fill('nobody@example.org')
        await page.getByRole('button', { name: 'Send me a link' }).click()
        await page.locator('[aria-live=polite]').getByText('link').waitFor()
      },
    ),
  },
  { name: 'the set-up', who: 'nobody', open: at(() => '/set-up') },
  { name: 'the page behind a sign-in link', who: 'nobody', open: written((found) => found.links.signIn) },
  {
    name: 'the page behind a used-up sign-in link',
    who: 'nobody',
    open: written(() => '/sign-in/confirm?token=used-up'),
    noes: /^410 GET .sign-in.confirm$/,
  },
  { name: 'the queue of an editor', who: 'ana', open: at(group('queue')) },
  { name: 'the queue of a reviewer', who: 'ben', open: at(group('queue')) },
  {
    name: 'the queue under a menu',
    who: 'ana',
    open: at(group('queue'), press(/You are Ana/)),
  },
  {
    name: 'the queue when the server cannot answer',
    who: 'cleo',
    open: async (page) => {
      await page.route('**/queue', (route) =>
        route.request().resourceType() === 'document' ? route.continue() : route.fulfill({ status: 500, json: {} }),
      )
      await page.goto(group('queue')(states))
      await page.getByRole('button', { name: 'Try again' }).waitFor()
    },
    noes: /^500 GET .*queue$/,
  },
  { name: 'the week', who: 'ana', open: at(group('week')) },
  { name: 'spreading a day again', who: 'ana', open: at(group('week'), spreading) },
  { name: 'several posts at once', who: 'ana', open: at(group('several'), several) },
  { name: 'several posts on their way', who: 'ana', open: at(group('several'), stopping) },
  {
    name: 'several posts that were stopped, for whoever comes back to them',
    who: 'ana',
    open: async (page) => {
      await page.route(/\/bulk$/, (route) => route.fulfill({ json: [request('stopped')] }))
      await page.route(/\/bulk\/\d+$/, (route) => route.fulfill({ json: request('stopped') }))
      await at(group('several'))(page)
      await page.getByRole('link', { name: /^By Ana Price/ }).click()
      await page.getByRole('button', { name: 'Go on with the 3 that are left' }).waitFor()
    },
  },
  {
    name: 'a film in the composer',
    who: 'ana',
    open: at(group('posts/new'), async (page) => {
      const film = join(import.meta.dirname, '..', 'support', 'films', 'meeting.mp4')
      await page.locator('input[type=file]').setInputFiles(film)
      await page.getByLabel('Describe the film').waitFor()
    }),
  },
  {
    name: 'the week with a day that was spread just now',
    who: 'ana',
    open: async (page) => {
      await page.route(/\/week(\?.*)?$/, async (route) => {
        if (route.request().resourceType() === 'document') return route.continue()
        const response = await route.fetch()
        const week = (await response.json()) as { days: object[] }
        const undo = { spreadId: '0', until: '2100-01-01T00:00:00Z' }
        return route.fulfill({ response, json: { ...week, days: week.days.map((day) => ({ ...day, undo })) } })
      })
      await at(group('week'))(page)
      await page
        .getByRole('button', { name: /^Undo the spreading/ })
        .first()
        .waitFor()
    },
  },
  { name: 'moving a post to a free slot', who: 'ana', open: at(post('planned'), (page) => moving(page, 0)) },
  { name: 'moving a post to an exact time', who: 'ana', open: at(post('planned'), (page) => moving(page, -1)) },
  { name: 'the log', who: 'dora', open: at(group('settings/log')) },
  {
    name: 'the log of one topic in which nothing is',
    who: 'dora',
    open: at(group('settings/log?about=posts&to=2020-01-01')),
  },
  {
    name: 'the log when it does not fit',
    who: 'dora',
    open: async (page) => {
      await brokenLog(page)
      await at(group('settings/log'))(page)
      await page.getByText('is not what was written down').waitFor()
    },
  },
  {
    name: 'the queue when the log does not fit',
    who: 'dora',
    open: async (page) => {
      await brokenLog(page)
      await at(group('queue'))(page)
      await page.getByText('Nothing of this group goes out').waitFor()
    },
  },
  { name: 'the composer, empty', who: 'ana', open: at(group('posts/new')) },
  { name: 'the composer, filled', who: 'ana', open: at(group('posts/new'), fillIn('Saved')) },
  {
    name: 'the composer with what a post costs',
    who: 'ana',
    open: async (page) => {
      await page.route(/\/posts\/check$/, async (route) => {
        const response = await route.fetch()
        const body = (await response.json()) as { channels: object[] }
        const cost = 'X charges about $0.20 for this. A post with a link costs $0.20, one without $0.015.'
        await route.fulfill({ response, json: { ...body, channels: body.channels.map((each) => ({ ...each, cost })) } })
      })
      await at(group('posts/new'))(page)
      await page.getByRole('textbox', { name: 'Words' }).fill('The 42 runs on Sunday, too: https://example.org/42')
      await page.getByText('X charges about $0.20').waitFor()
      await page.getByText('Saved').last().waitFor()
    },
  },
  {
    name: 'a thread in the composer',
    who: 'ana',
    open: async (page) => {
      await withThreads(page)
      await at(group('posts/new'), threading)(page)
    },
  },
  {
    name: 'an answer in the composer',
    who: 'ana',
    open: async (page) => {
      await withThreads(page)
      await at(group('posts/new'), answering)(page)
    },
  },
  {
    name: 'a post passed on in the composer',
    who: 'ana',
    open: async (page) => {
      await withThreads(page)
      await at(group('posts/new'), passingOn)(page)
    },
  },
  {
    name: 'a post in the composer that one channel passes on without words only',
    who: 'ana',
    open: async (page) => {
      await withThreads(page, false)
      await at(group('posts/new'), passingOnAlone)(page)
    },
  },
  {
    name: 'a thread of one channel’s own in the composer',
    who: 'ana',
    open: async (page) => {
      await withThreads(page)
      await at(group('posts/new'), threading)(page)
      await page.getByRole('tab', { name: 'Riverside' }).click()
      await press('Change the thread only for')(page)
      await page.getByText('This thread is only for').waitFor()
      await page.getByLabel('Content warning on Riverside').fill('Ferries')
      await press('Take the content warning for all')(page)
      await page.getByLabel('First comment on Riverside').fill('Where: https://example.org/ferry')
      await page.getByLabel('Who can see it on Riverside').selectOption('followers')
    },
  },
  {
    name: 'the composer’s last question',
    who: 'cleo',
    open: at(group('posts/new'), async (page) => {
      await page.getByRole('textbox', { name: 'Words' }).fill('The 42 runs on Sunday, too.')
      await press('Send for review')(page)
      await page.getByRole('dialog').getByText('Nothing goes out until').waitFor()
      await page.getByText('Before you send it: our code of ethics').click()
    }),
  },
  {
    name: 'the composer with what the server did not take',
    who: 'cleo',
    open: async (page) => {
      await page.route('**/posts', (route) => route.fulfill({ status: 503, json: {} }))
      await at(group('posts/new'), fillIn('Something went wrong'))(page)
      await page.unroute('**/posts')
      await at(group('posts/new'))(page)
      await page.getByText('This is what you typed on this device').waitFor()
      await page.getByRole('img', { name: 'Two free seats in a bus' }).waitFor()
    },
    noes: /^503 POST .*posts$/,
  },
  {
    name: 'the composer with a post that was reviewed',
    who: 'ana',
    open: at((found) => `${post('toChange')(found)}/edit`),
  },
  { name: 'the composer for somebody who is no editor', who: 'ben', open: at(group('posts/new')) },
  ...(['draft', 'waiting', 'changed', 'toChange', 'planned', 'held', 'cancelled', 'out'] as const).map((name) => ({
    name: `a post (${name})`,
    who: 'ana' as const,
    open: at(post(name), async (page) => {
      for (const more of await page.locator('details').all()) await more.locator('summary').click()
    }),
  })),
  {
    name: 'words being suggested',
    who: 'ben',
    open: at(post('changed'), press('Suggest other words')),
  },
  { name: 'the question before dismissing a suggestion', who: 'ana', open: at(post('changed'), press(/^Dismiss/)) },
  { name: 'a post that waits for the reader', who: 'ben', open: at(post('waiting')) },
  { name: 'a held post, for a reviewer', who: 'cleo', open: at(post('held')) },
  {
    name: 'a post of which nobody knows whether it went out',
    who: 'ana',
    open: async (page) => {
      await troubled(page)
      await at(post('out'))(page)
      await press('Say whether it is there')(page)
    },
  },
  { name: 'the question before cancelling', who: 'ana', open: at(post('planned'), press('Cancel this post')) },
  {
    name: 'a post that is not there',
    who: 'ana',
    open: at(group('posts/01a00000-0000-7000-8000-000000000000')),
    noes: /^404 GET .*posts.01a0/,
  },
  { name: 'engagement', who: 'ana', open: at(group('engagement')) },
  {
    name: 'engagement of a week before',
    who: 'dora',
    open: at(group('engagement'), async (page) => {
      await page.getByLabel('Week').selectOption({ index: 1 })
      await page.waitForURL(/week=/)
      await drawn(page)
    }),
  },
  { name: 'all about the group', who: 'dora', open: at(group('settings')) },
  ...(['people', 'channels', 'rules', 'windows', 'quiet', 'group', 'mail'] as const).map((part) => ({
    name: `the settings (${part})`,
    who: 'dora' as const,
    open: at(group(`settings/${part}`)),
  })),
  {
    name: 'how the group is run',
    who: 'dora',
    open: at(group('settings/governance'), async (page) => {
      await page.getByRole('heading', { name: 'Ana Reed' }).waitFor()
      await page.getByText('Nobody left three requests').waitFor()
    }),
  },
  { name: 'how the group is run, for somebody who is no admin', who: 'ben', open: at(group('settings/governance')) },
  {
    name: 'the code of ethics being changed',
    who: 'dora',
    open: at(group('settings/governance'), press('Change the code')),
  },
  {
    name: 'an accountable manager being named',
    who: 'dora',
    open: at(group('settings/governance'), press(/^Name somebody/)),
  },
  {
    name: 'a role’s last day being set',
    who: 'dora',
    open: at(group('settings/people'), async (page) => {
      await press(/^More/)(page)
      await press(/^Set a last day/)(page)
    }),
  },
  { name: 'what else can be done about somebody', who: 'dora', open: at(group('settings/people'), press(/^More/)) },
  { name: 'an absence being set', who: 'dora', open: at(group('settings/people'), press(/^Pause asking/)) },
  {
    name: 'what somebody has in hand',
    who: 'dora',
    open: at((found) => `/g/${found.slug}/hand-over/${found.members.ana}`, press(/has left$/)),
  },
  {
    name: 'what somebody left behind',
    who: 'dora',
    open: at((found) => `/g/${found.slug}/hand-over/${found.members.left}`),
  },
  {
    name: 'a hand-over for somebody who is no admin',
    who: 'ben',
    open: at((found) => `/g/${found.slug}/hand-over/${found.members.left}`),
  },
  { name: 'the settings for somebody who is no admin', who: 'ben', open: at(group('settings/people')) },
  { name: 'the review rules for somebody who is no admin', who: 'ben', open: at(group('settings/rules')) },
  {
    name: 'review rules being changed',
    who: 'dora',
    open: at(group('settings/rules'), async (page) => {
      await page.getByRole('button', { name: 'Change the review rules' }).click()
      await page.getByLabel('People who have to approve').selectOption('2')
      await page.getByRole('button', { name: 'Add an extra rule' }).click()
      await page.getByText('An extra rule needs a label or a channel').waitFor()
    }),
  },
  { name: 'a silence being planned', who: 'dora', open: at(group('settings/quiet'), press('Plan a silence')) },
  { name: 'the question before everything is paused', who: 'ben', open: at(group('queue'), press('Pause everything')) },
  {
    name: 'the queue while everything is paused',
    who: 'ben',
    open: async (page) => {
      const pause = { by: 'Ana', since: '2026-11-23T09:30:00Z', reason: 'A bus has crashed.', releaseAskedBy: 'Cleo' }
      await page.route('**/api/groups/*/pause', (route) =>
        route.fulfill({ json: { pause: { ...pause, whyNotRelease: null } } }),
      )
      await at(group('queue'))(page)
      await page.getByRole('button', { name: 'Confirm, and go on' }).waitFor()
    },
  },
  { name: 'roles being changed', who: 'dora', open: at(group('settings/people'), press(/^Change roles/)) },
  { name: 'an invitation', who: 'dora', open: at(group('settings/people'), press('Invite somebody')) },
  { name: 'a channel’s rules', who: 'dora', open: at(group('settings/channels'), press(/^Name and rules/)) },
  { name: 'a channel’s windows', who: 'dora', open: at(group('settings/channels'), press(/^Windows/)) },
  { name: 'the choice of a network', who: 'dora', open: at(group('settings/channels'), press('Connect a channel')) },
  {
    name: 'the connection of Bluesky',
    who: 'dora',
    open: at(group('settings/channels'), async (page) => {
      await press('Connect a channel')(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Bluesky' }).click()
    }),
  },
  {
    name: 'the connection of a network at which one agrees',
    who: 'dora',
    open: at(group('settings/channels'), async (page) => {
      await press('Connect a channel')(page)
      await page.getByRole('dialog').getByRole('button', { name: 'X', exact: true }).click()
      await page.getByText('Redirect address').waitFor()
    }),
  },
  {
    name: 'the connection of a network with something to choose',
    who: 'dora',
    open: at(group('settings/channels'), async (page) => {
      await press('Connect a channel')(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Instagram' }).click()
      await page.getByLabel('Sign in at').waitFor()
    }),
  },
  {
    name: 'the choice among accounts that a network opened',
    who: 'dora',
    open: async (page) => {
      const accounts = ['River walks', 'River choir'].map((handle, index) => ({
        remoteAccountId: handle,
        handle,
        url: `https://network.example/${index}`,
        connected: index === 1,
      }))
      const choice = { consentId: '0', accounts, channelId: null, channelName: null }
      await page.route('**/channels/consent/back', (route) => route.fulfill({ json: { channel: null, choice } }))
      await comeBack(page, 'code=from-the-network')
      await page.getByText('You agreed to several accounts.').waitFor()
    },
  },
  {
    name: 'the way back from a network that was begun long ago',
    who: 'dora',
    open: async (page) => {
      await comeBack(page, 'error=access_denied')
      await page.getByText('Nothing that was begun here fits to this.').waitFor()
    },
    noes: /^410 POST .api.groups.[^ ]+.consent.back$/,
  },
  { name: 'the way back from a network in another browser', who: 'nobody', open: at(() => '/connect/back?state=x.y') },
  {
    name: 'a channel that was looked at',
    who: 'dora',
    open: at(group('settings/channels'), async (page) => {
      await press(/^Check this channel/)(page)
      await page.getByText('They can be opened.').waitFor()
    }),
  },
  { name: 'one’s own sign-in', who: 'dora', open: at(() => '/account') },
  { name: 'an address that does not exist', who: 'ana', open: at(() => '/nowhere') },
  { name: 'a group that one is not in', who: 'ana', open: at(() => '/g/another/queue') },
  { name: 'a review', who: 'ben', open: written((found) => found.reviews.waiting) },
  { name: 'a review of a second version', who: 'ben', open: written((found) => found.reviews.changed) },
  {
    name: 'a review on which words are suggested',
    who: 'ben',
    open: written((found) => found.reviews.changed, press('Suggest other words')),
  },
  {
    name: 'a review after a note on its own',
    who: 'ben',
    open: written((found) => `${found.reviews.changed}?said=comment`),
  },
  {
    name: 'a review with ticks missing',
    who: 'ben',
    open: written((found) => found.reviews.waiting, press('Approve: let it go out')),
    noes: /^422 POST .review.[^/]+$/,
  },
  {
    name: 'the code of a review',
    who: 'nobody',
    open: written(
      (found) => found.links.review,
      async (page) => {
        for (const tick of await page.getByRole('checkbox').all()) await tick.check()
        await press('Approve: let it go out')(page)
        await page.getByLabel('The code from the mail').waitFor()
      },
    ),
  },
  { name: 'a review that was answered', who: 'ben', open: written((found) => found.reviews.approved) },
  { name: 'a review in which changes were asked for', who: 'ben', open: written((found) => found.reviews.answered) },
  {
    name: 'a review of a replaced version',
    who: 'nobody',
    open: written((found) => found.links.replaced),
    noes: /^410 GET .review/,
  },
  {
    name: 'a review that was sent to somebody else',
    who: 'ana',
    open: written((found) => found.links.review),
    noes: /^410 GET .review/,
  },
  {
    name: 'a review link that was cut off',
    who: 'nobody',
    open: written(() => '/r/cut-off'),
    noes: /^404 GET .r.cut-off$/,
  },
  { name: 'the noticeboard', who: 'nobody', open: written((found) => `/noticeboard/${found.slug}`) },
  {
    name: 'a notice that was useful',
    who: 'nobody',
    open: written(
      (found) => found.notice,
      async (page) => {
        await press('This was useful')(page)
        await page.getByRole('status').waitFor()
      },
    ),
  },
  {
    name: 'a notice that is not there',
    who: 'nobody',
    open: written((found) => `/noticeboard/${found.slug}/nothing`),
    noes: /^404 GET .noticeboard/,
  },
  { name: 'the mailbox', who: 'nobody', open: written(() => '/mailbox') },
  { name: 'a mail in the mailbox', who: 'nobody', open: written((found) => `/mailbox/${found.mails.request}`) },
  { name: 'the mail that asks for a review', who: 'nobody', open: asMail((found) => found.mails.request) },
  { name: 'the mail of the weekly summary', who: 'nobody', open: asMail((found) => found.mails.summary) },
  { name: 'the mail about what is said', who: 'nobody', open: asMail((found) => found.mails.conversation) },
  { name: 'the way out of these mails', who: 'nobody', open: written((found) => found.links.unsubscribePost) },
  { name: 'the way out of the weekly summary', who: 'nobody', open: written((found) => found.links.unsubscribe) },
  {
    name: 'a way out that was cut off',
    who: 'nobody',
    open: written(() => '/unsubscribe/cut-off'),
    noes: /^404 GET .unsubscribe/,
  },
]

const looks = [
  ['light', 1280],
  ['dark', 1280],
  ['dark', 320],
  ['light', 320],
] as const

describe('every page, in light and dark, wide and narrow', () => {
  it.each(visits)('has no known barrier and no error, and never scrolls sideways: $name', async (visit) => {
    const { page, trouble } = pages[visit.who]
    await asNew(page)
    trouble.length = 0
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1280, height: 800 })
    await visit.open(page)
    const found: unknown[] = []
    for (const [colorScheme, width] of looks) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await settled(page)
      const here = [...(await barriers(page)), ...(await sideways(page))]
      if (here.length > 0) found.push([colorScheme, width, here])
      if (screenshots) {
        const name = `${visit.name.replaceAll(/\W+/g, '-')}-${colorScheme}-${width}.png`
        await page.screenshot({ path: join(screenshots, name), fullPage: true })
      }
    }
    expect(found).toEqual([])
    expect(trouble.filter((each) => !visit.noes?.test(each))).toEqual([])
    if (visit.noes) expect(trouble).toContainEqual(expect.stringMatching(visit.noes))
  })

  for (const width of [1280, 640]) {
    for (const [name, open] of [
      ['queue', at(group('queue'))],
      ['composer', at(group('posts/new'), fillIn('Saved'))],
    ] as const) {
      it(`loses nothing at 200 % text: the ${name} at ${width} px`, async () => {
        const { page } = pages.ana
        await asNew(page)
        await page.setViewportSize({ width, height: 800 })
        await open(page)
        const size = () =>
          page.evaluate<number>('parseFloat(getComputedStyle(document.querySelector("main p")).fontSize)')
        const before = await size()
        await page.evaluate('document.documentElement.style.fontSize = "200%"')
        await settled(page)
        expect(await size()).toBeCloseTo(before * 2, 0)
        if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-200-${width}.png`), fullPage: true })
        expect([...(await sideways(page)), ...(await cutOff(page))]).toEqual([])
      })
    }
  }
})
