import type { ChannelView } from '../../src/channels/channels.dto.js'
import type { CameView, ConsentView } from '../../src/channels/consents.dto.js'
import type { Extras } from '../../src/drafts/content.js'
import { SamplingService } from '../../src/engagement/sampling.service.js'
import { sha256 } from '../../src/kernel/ids.js'
import type { Network } from '../../src/platforms/platform.js'
import { platformRules } from '../../src/platforms/rules.js'
import type { CheckResult } from '../../src/workspace/post-views.dto.js'
import { startApp, type TestApp } from '../support/app.js'
import { fakeBluesky, mondayMorning, runDue, setClock, TestGroup } from '../support/group-fixture.js'
import type { PublicPost } from './contract.js'
import { FacebookServer } from './facebook/facebook-server.js'
import { InstagramServer } from './instagram/instagram-server.js'
import { LinkedInFake } from './linkedin/linkedin-fake.js'
import { FakeMastodon, mastodon45 } from './mastodon/fake-mastodon.js'
import { TelegramServer } from './telegram/telegram-server.js'
import { ThreadsServer } from './threads/threads-server.js'
import { Receiver } from './webhook/receiver.js'
import { XFake } from './x/x-fake.js'

// Each network as an admin, an editor and a reviewer meet it: connected in the workspace, written for, approved, public.

/** The address at which the stand-ins for Meta know the installation. */
const publicOrigin = 'https://queue.example.org'
const text = 'The ferry is back. Bring the children!'

let app: TestApp
let river: TestGroup
const mastodon = new FakeMastodon(mastodon45)
const threads = new ThreadsServer()
const instagram = new InstagramServer()
const facebook = new FacebookServer()
let x: XFake
let linkedin: LinkedInFake
let telegram: TelegramServer
let receiver: Receiver

beforeAll(async () => {
  ;[x, linkedin, telegram, receiver] = await Promise.all([
    XFake.start(),
    LinkedInFake.start(),
    TelegramServer.start(),
    Receiver.start(),
  ])
  await Promise.all([mastodon.start(), threads.start(), instagram.start(), facebook.start()])
  const settings = {
    PRIVATE_HOSTS: '127.0.0.1',
    X_API_URL: x.url,
    X_CONSENT_URL: `${x.url}/i/oauth2/authorize`,
    LINKEDIN_API_URL: linkedin.url,
    LINKEDIN_SITE_URL: linkedin.url,
    THREADS_API_URL: threads.url,
    THREADS_SITE_URL: threads.url,
    INSTAGRAM_API_URL: instagram.url,
    INSTAGRAM_TOKEN_URL: instagram.url,
    INSTAGRAM_SITE_URL: instagram.url,
    FACEBOOK_API_URL: facebook.url,
    FACEBOOK_SITE_URL: facebook.url,
  }
  app = await startApp({ ticking: false, settings })
  fakeBluesky(app)
  await setClock(app, mondayMorning)
  app.config.publicOrigin = publicOrigin
  receiver.now = () => app.clock.now().toMillis()
  for (const server of [threads, instagram]) {
    server.outside = { named: publicOrigin, at: app.origin }
    server.preparing = 0
  }
  river = await TestGroup.make(app, 'River')
}, 120_000)
afterAll(async () => {
  await app?.close()
  await Promise.all(
    [x, linkedin, telegram, receiver, mastodon, threads, instagram, facebook].map((server) => server?.stop()),
  )
})

interface Stand {
  /** What the admin types. */
  answers(): Record<string, string>
  /** What the admin does at the network, where it asks for consent. */
  agree?(url: string): Promise<{ code: string; state: string }>
  /** The name of the account to choose, where several are offered. */
  choose?: string
  published(account: string): PublicPost[]
}

/** Presses the button on the network's page, and comes back with what the address has. */
async function follow(url: string): Promise<{ code: string; state: string }> {
  const response = await fetch(url, { redirect: 'manual' })
  const back = new URL(response.headers.get('location') ?? '')
  expect(`${back.origin}${back.pathname}`).toBe(`${publicOrigin}/connect/back`)
  return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' }
}

/** Ana asks for it to be taken down, and the network does so at once. */
async function takeDown(post: { id: string }): Promise<void> {
  const { id } = await river.publication(post)
  const ana = await river.as('Ana')
  const taken = await ana.post(river.path(`publications/${id}/retract`), { reason: 'It is not saved yet.' })
  expect(taken.status).toBeLessThan(300)
  expect(await river.publication(post)).toMatchObject({ state: 'retracted' })
}

const stands: Partial<Record<Network, Stand>> = {
  mastodon: {
    answers: () => ({ server: mastodon.url }),
    agree: (url) => Promise.resolve(mastodon.allow(url) as { code: string; state: string }),
    published: () =>
      mastodon.statuses.map(({ id, text: said, media, under }) => ({
        remoteId: id,
        text: said,
        alts: media.map(({ description }) => description),
        pictures: media.map(({ bytes }) => sha256(bytes)),
        ...(under === null ? {} : { under }),
      })),
  },
  x: {
    answers: () => ({ clientId: x.app.clientId, clientSecret: x.app.clientSecret }),
    agree: follow,
    published: (account) =>
      x.posts
        .filter(({ author }) => author === account)
        .map(({ id, text: said, media, under }) => ({
          remoteId: id,
          text: said,
          alts: media.map((each) => x.alt(each)),
          pictures: media.map((each) => x.fileOf(each).sha256),
          ...(under === null ? {} : { under }),
        })),
  },
  threads: {
    answers: () => ({ appId: threads.app.id, appSecret: threads.app.secret }),
    agree: (url) => {
      threads.addUser('river')
      return follow(url)
    },
    published: (account) => threads.published(account),
  },
  instagram: {
    answers: () => ({ appId: instagram.app.id, appSecret: instagram.app.secret, login: 'instagram' }),
    agree: (url) => {
      instagram.addUser('river')
      return follow(url)
    },
    published: (account) => instagram.published(account),
  },
  facebook: {
    answers: () => ({ appId: facebook.facebookApp.id, appSecret: facebook.facebookApp.secret }),
    agree: (url) => {
      for (const name of ['River', 'Somewhere else']) {
        const id = facebook.addPage(name)
        if (!facebook.pages.some((page) => page.id === id)) facebook.pages.push({ id, name })
      }
      return follow(url)
    },
    choose: 'River',
    published: (account) => facebook.published(account),
  },
  linkedin: {
    answers: () => ({ ...linkedin.app, pages: 'yes' }),
    agree: (url) => {
      linkedin.product = 'community'
      return follow(url)
    },
    choose: 'River Group',
    published: (account) =>
      linkedin.posts
        .filter(({ author }) => author === account)
        .map(({ urn, text: said, content }) => {
          const image = (content as { media: { id: string; altText: string } }).media
          return { remoteId: urn, text: said, alts: [image.altText], pictures: [linkedin.pictureOf(image.id) ?? ''] }
        }),
  },
  telegram: {
    answers: () => ({ token: telegram.token, channel: '@riverside', server: telegram.url }),
    published: (account) => telegram.published(Number(account)),
  },
  webhook: {
    answers: () => ({ address: `${receiver.url}/posts`, secret: receiver.secret }),
    published: () => receiver.published(),
  },
}

async function connect(network: Network, stand: Stand): Promise<ChannelView> {
  const eli = await river.as('Eli')
  const answers = stand.answers()
  if (!stand.agree) {
    const { status, body } = await eli.post<ChannelView>(river.path('channels'), { network, answers })
    expect([status, body]).toEqual([201, expect.objectContaining({ network, state: 'connected' })])
    return body
  }
  const begun = await eli.post<ConsentView>(river.path('channels/consent'), { network, answers })
  expect([begun.status, begun.body]).toEqual([201, { url: expect.stringContaining('http') }])
  const { code, state } = await stand.agree(begun.body.url)
  const came = await eli.post<CameView>(river.path('channels/consent/back'), { code, state })
  expect([came.status, came.body]).toEqual([200, expect.anything()])
  const { channel, choice } = came.body
  if (channel) return channel
  const account = choice?.accounts.find((each) => each.handle === stand.choose)
  if (!choice || !account) throw new Error(`nothing to choose: ${JSON.stringify(came.body)}`)
  const chosen = await eli.post<ChannelView>(river.path(`channels/consent/${choice.consentId}/choose`), {
    remoteAccountId: account.remoteAccountId,
  })
  expect([chosen.status, chosen.body]).toEqual([201, expect.objectContaining({ network, handle: stand.choose })])
  return chosen.body
}

describe.each(Object.entries(stands) as [Network, Stand][])('%s, from connecting to the public', (network, stand) => {
  it('is connected, and makes public just what was approved', async () => {
    const channel = await connect(network, stand)
    const [row] = await app.query<{ remote_account_id: string; sealed_credentials: string }>(
      'select remote_account_id, sealed_credentials from channels where id = $1',
      [channel.id],
    )
    const account = row?.remote_account_id ?? ''
    for (const secret of Object.values(stand.answers()))
      if (secret.length > 15) expect(row?.sealed_credentials).not.toContain(secret)

    const picture = await river.upload('Ana', 400)
    const { threads: parts, altText } = platformRules[network].capabilities
    const extras: Extras = parts ? { thread: [{ text: 'And it sails at ten.', link: null, pictures: [] }] } : {}
    const pictures = [{ mediaId: picture.id, alt: 'A white ferry at the pier.' }]
    const wanted = { text, channels: [channel.id], pictures, extras }
    const ana = await river.as('Ana')
    const { body: check } = await ana.post<CheckResult>(river.path('posts/check'), river.input(wanted))
    const cost = network === 'x' ? 'X charges about $0.035 for this, in 2 posts.' : null
    expect(check.channels).toMatchObject([{ problems: [], cost }])
    const post = await river.approved(wanted)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)

    const [publication] = (await river.see(post)).publications
    expect(publication).toMatchObject({ state: 'published', url: expect.stringMatching(/^https?:\/\//) })
    const [{ sha256: approved } = { sha256: '' }] = await app.query<{ sha256: string }>(
      'select sha256 from media where id = $1',
      [picture.id],
    )
    const seen = stand.published(account)
    const first = seen.find((each) => each.text === text)
    expect(first).toMatchObject({ pictures: [approved], alts: altText ? ['A white ferry at the pier.'] : [] })
    expect(seen.map((each) => each.text).toSorted()).toEqual(parts ? ['And it sails at ten.', text] : [text])
    if (parts) expect(seen.find((each) => each !== first)).toMatchObject({ under: first?.remoteId })

    // a second look at what is due sends nothing
    expect(await runDue(app)).toBe(0)
    expect(stand.published(account)).toHaveLength(seen.length)
  })
})

/** The channel that was connected above. */
async function channelOn(network: Network): Promise<ChannelView> {
  const { body } = await (await river.as('Eli')).get<ChannelView[]>(river.path('channels'))
  return body.find((each) => each.network === network)!
}
const onMastodon = () => channelOn('mastodon')

describe('an answer on Mastodon', () => {
  it('is sealed with what it answers, and public below it', async () => {
    const channel = await onMastodon()
    const theirs = mastodon.say('Does the <ferry> sail?', 'stranger')
    const { url: target } = mastodon.show(theirs)
    const post = await river.approved({ text: '@stranger It does.', channels: [channel.id], extras: { target } })
    const { revisions } = await river.see(post)
    expect(revisions[0]!.content.channels[0]!.target).toEqual({
      author: 'The stranger (@stranger)',
      address: target,
      text: 'Does the <ferry> sail?',
      manner: 'answer',
    })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
    expect(mastodon.statuses.find((status) => status.text === '@stranger It does.')).toMatchObject({ under: theirs.id })

    const late = await river.sent({ text: '@stranger At ten.', channels: [channel.id], extras: { target } })
    await river.decide(late, 'Ben', 'approve')
    Object.assign(theirs, { text: 'Shall it be sold?' })
    await river.toSlot(late)
    await runDue(app)
    expect((await river.publication(late)).state).toBe('failed')
    expect(mastodon.statuses.some((status) => status.text === '@stranger At ten.')).toBe(false)
  })

  it('is refused, in words, for what is not public or on another network', async () => {
    const { id: on } = await onMastodon()
    const psst = mastodon.show(mastodon.say('@group psst', 'stranger', { visibility: 'direct' })).url
    for (const [target, said] of [
      [psst, 'That post is not public'],
      ['https://bsky.app/profile/ana.example/post/3k', 'a post on Bluesky, which cannot be answered from Mastodon'],
    ] as const) {
      const { body } = await river.trySend(await river.write({ channels: [on], extras: { target } }))
      expect(body['detail']).toContain(said)
      expect(JSON.stringify(body)).not.toContain('psst')
    }
  })
})

describe('a post that passes somebody’s on, on Mastodon', () => {
  const repost = { targetUse: 'repost' } as const
  const boosts = () => mastodon.statuses.filter(({ by, reblogOf }) => by === 'group' && reblogOf !== null)

  beforeAll(() => {
    // A server and the product look at the same clock.
    mastodon.ahead = app.clock.now().toMillis() - Date.now()
  })

  it('is one boost, shown where it was written, counted as nobody’s, and taken back', async () => {
    const { id: on } = await onMastodon()
    const theirs = mastodon.say('The <ferry> is saved!', 'stranger')
    const { url: target } = mastodon.show(theirs)
    const post = await river.approved({ text: '', channels: [on], extras: { target, ...repost } })
    expect((await river.see(post)).revisions[0]!.content.channels[0]!.target).toEqual({
      author: 'The stranger (@stranger)',
      address: target,
      text: 'The <ferry> is saved!',
      manner: 'repost',
    })
    await river.toSlot(post)
    mastodon.ahead = app.clock.now().toMillis() - Date.now()
    expect(await runDue(app)).toBe(1)
    expect(boosts()).toMatchObject([{ reblogOf: theirs.id, text: '' }])
    const publication = await river.publication(post)
    expect(publication).toMatchObject({ state: 'published', url: target })

    await app.letPass({ hours: 2 })
    await app.app.get(SamplingService).sampleDue()
    const counted = await app.query<{ reactions: number | null; reposts: number | null }>(
      'select reactions, reposts from engagement_samples where publication_id = $1',
      [publication.id],
    )
    expect(counted).toEqual([{ reactions: null, reposts: null }])

    const again = await river.trySend(await river.write({ text: '', channels: [on], extras: { target, ...repost } }))
    expect(again.body).toMatchObject({ detail: expect.stringContaining('passed that post on already') })

    await takeDown(post)
    expect(boosts()).toEqual([])
    expect(mastodon.statuses).toContainEqual(theirs)
  })

  it('is a quote with words of ours, and goes out neither once theirs were edited nor for other networks', async () => {
    const { id: on } = await onMastodon()
    const theirs = mastodon.say('The ferry sails at ten.', 'stranger')
    const { url: target } = mastodon.show(theirs)
    const quote = await river.approved({ text: 'Come along!', channels: [on], extras: { target, ...repost } })
    await river.toSlot(quote)
    expect(await runDue(app)).toBe(1)
    expect(mastodon.statuses.filter((status) => status.text === 'Come along!')).toMatchObject([
      { quoted: theirs.id, under: null },
    ])

    const late = await river.approved({ text: '', channels: [on], extras: { target, ...repost } })
    Object.assign(theirs, { text: 'The ferry is sold.' })
    await river.toSlot(late)
    await runDue(app)
    expect((await river.publication(late)).state).toBe('failed')
    expect(boosts()).toEqual([])
  })

  it('is left out, in words, where a network passes nothing on from here', async () => {
    const { body } = await (await river.as('Eli')).get<ChannelView[]>(river.path('channels'))
    const target = mastodon.show(mastodon.say('The ferry sails.', 'stranger')).url
    for (const [network, said] of [
      ['linkedin', 'Posts on LinkedIn cannot be looked up by their address'],
      ['threads', 'Threads lets nobody pass other people’s posts on from here'],
      ['telegram', 'Telegram lets nobody pass other people’s posts on from here'],
    ] as const) {
      const channel = body.find((each) => each.network === network)!
      expect(channel.capabilities.repost).toBe(false)
      const post = await river.write({ text: '', channels: [channel.id], extras: { target, ...repost } })
      expect((await river.trySend(post)).body['detail']).toContain(said)
    }
  })
})

describe('a post that passes somebody’s on, on X', () => {
  const repost = { targetUse: 'repost' } as const
  const reposts = () => x.posts.filter(({ retweets }) => retweets !== undefined)
  const addressOf = ({ id }: { id: string }) => `https://x.com/neighbour/status/${id}`

  beforeAll(() => {
    // X and the product look at the same clock.
    x.ahead = app.clock.now().toMillis() - Date.now()
    x.addUser('neighbour')
  })

  it('is one repost, said to cost what it costs, shown where it was written, and taken back', async () => {
    const { id: on, capabilities } = await channelOn('x')
    expect(capabilities).toMatchObject({ target: false, repost: true, quote: false })
    const theirs = x.write('neighbour', 'The <ferry> is saved!')
    const target = addressOf(theirs)
    const wanted = { text: '', channels: [on], extras: { target: `${target}?s=20`, ...repost } }
    const { body } = await (await river.as('Ana')).post<CheckResult>(river.path('posts/check'), river.input(wanted))
    expect(body.channels).toMatchObject([
      { problems: [], cost: expect.stringContaining('$0.045'), target: { manner: 'repost' } },
    ])
    const post = await river.approved(wanted)
    expect((await river.see(post)).revisions[0]!.content.channels[0]!.target).toEqual({
      author: 'The neighbour (@neighbour)',
      address: target,
      text: 'The <ferry> is saved!',
      manner: 'repost',
    })
    await river.toSlot(post)
    x.ahead = app.clock.now().toMillis() - Date.now()
    expect(await runDue(app)).toBe(1)
    expect(reposts()).toMatchObject([{ retweets: theirs.id, author: expect.not.stringMatching(theirs.author) }])
    const publication = await river.publication(post)
    expect(publication).toMatchObject({ state: 'published', url: `https://x.com/i/web/status/${theirs.id}` })

    await takeDown(post)
    expect(reposts()).toEqual([])
    expect(x.posts).toContainEqual(theirs)
  })

  it('goes out again once it is undone, also when the answer is lost, and once at a time', async () => {
    const { id: on } = await channelOn('x')
    const wanted = {
      text: '',
      channels: [on],
      extras: { target: addressOf(x.write('neighbour', 'It is saved after all!')), ...repost },
    }
    let post: { id: string } = { id: '' }
    const pass = async () => {
      post = await river.approved(wanted)
      await river.toSlot(post)
      x.ahead = app.clock.now().toMillis() - Date.now()
      await runDue(app)
      return river.publication(post)
    }
    const undo = async ({ id }: { id: string }) =>
      (await river.as('Ana')).post(river.path(`publications/${id}/retract`), { reason: 'Not yet.' })
    const first = await pass()
    expect(first.state).toBe('published')
    expect(await pass()).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('another publication from here'),
    })
    await undo(first)
    expect(reposts()).toEqual([])
    await app.letPass({ hours: 1 })
    Object.assign(x, { brokenReposts: 1, lag: 0 })
    const again = await pass()
    expect(again.state).toBe('in_doubt')
    await app.letPass({ minutes: 3 })
    x.ahead = app.clock.now().toMillis() - Date.now()
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'published', cause: null })
    await undo(again)
    expect(reposts()).toEqual([])
    x.lag = 1
  })

  it('does not go out once what it passes on was edited or is shown to followers only', async () => {
    const { id: on } = await channelOn('x')
    const [edited, hidden] = [x.write('neighbour', 'At ten.'), x.write('neighbour', 'At eleven.')]
    const posts = []
    for (const theirs of [edited, hidden])
      posts.push(await river.approved({ text: '', channels: [on], extras: { target: addressOf(theirs), ...repost } }))
    x.edit(edited, 'Never.')
    await river.toSlot(posts[0]!)
    await runDue(app)
    const neighbour = x.users.get('neighbour')!
    neighbour.protected = true
    await river.toSlot(posts[1]!)
    await runDue(app)
    neighbour.protected = false
    const causes = ['says something else than when this was approved', 'is not there any more']
    for (const [index, post] of posts.entries())
      expect(await river.publication(post)).toMatchObject({
        state: 'failed',
        cause: expect.stringContaining(causes[index]!),
      })
    expect(reposts()).toEqual([])
  })

  it('is refused with anything of our own, and as an answer, in words', async () => {
    const { id: on } = await channelOn('x')
    const target = addressOf(x.write('neighbour', 'The ferry sails.'))
    const refusal = async (wanted: Parameters<TestGroup['input']>[0]) =>
      String((await river.trySend(await river.write({ channels: [on], ...wanted }))).body['detail'])
    const alone =
      'X takes no quotes from ordinary apps. Pass it on with no words, link, picture or film of your own on X'
    const passing = { text: '', extras: { target, ...repost } }
    expect(await refusal({ ...passing, text: 'Come along!' })).toContain(alone)
    expect(await refusal({ ...passing, link: 'https://example.org' })).toContain(alone)
    expect(await refusal({ text: 'It does.', extras: { target } })).toContain(
      'X lets ordinary apps answer only people who mentioned or quoted the account',
    )
    expect(await refusal({ ...passing, extras: { target: 'https://example.org/@ana/1', ...repost } })).toContain(
      'This is no address of a post on X',
    )
    expect(await refusal({ ...passing, wish: { kind: 'evergreen' } })).toContain('goes out once')
  })
})
