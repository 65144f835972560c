import type { ChannelView, NetworkView } from '../../src/channels/channels.dto.js'
import { ChannelsService } from '../../src/channels/channels.service.js'
import type { CameView, ConsentView } from '../../src/channels/consents.dto.js'
import { PlatformRegistry } from '../../src/platforms/platform-registry.js'
import { ConsentNetwork } from '../platforms/consent-network.js'
import { startApp, type TestApp } from '../support/app.js'
import { forgetLimits } from '../support/group-fixture.js'
import type { Answer, Visitor } from '../support/visitor.js'

// Connecting by agreeing at a network, against a consent server on loopback.

let app: TestApp
let network: ConsentNetwork
let ana: Visitor
let groupId: string

const secret = 'the-secret-of-our-app'
const typed = () => ({ server: network.origin, clientId: 'our-app', clientSecret: secret })

const begin = (by = ana, more: object = {}) =>
  by.post<ConsentView>(`/api/groups/${groupId}/channels/consent`, { network: 'bluesky', answers: typed(), ...more })
const back = (came: { state: string; code?: string; error?: string; errorDescription?: string }, by = ana) =>
  by.post<CameView & Record<string, unknown>>(`/api/groups/${groupId}/channels/consent/back`, {
    state: came.state,
    ...(came.code === undefined ? {} : { code: came.code }),
    ...(came.error === undefined ? {} : { error: came.error }),
    ...(came.errorDescription === undefined ? {} : { errorDescription: came.errorDescription }),
  })
async function agreed(more: object = {}) {
  return network.agree((await begin(ana, more)).body.url)
}
async function channels(): Promise<ChannelView[]> {
  const { body } = await ana.get<ChannelView[]>(`/api/groups/${groupId}/channels`)
  return body.filter((each) => each.network === 'bluesky')
}
async function connected(): Promise<ChannelView> {
  const { channel } = (await back(await agreed())).body
  if (!channel) throw new Error('not connected')
  return channel
}
const codeOf = (answer: Answer<object>) => [answer.status, (answer.body as { code?: string }).code]

let number = 0
beforeAll(async () => {
  app = await startApp({ ticking: false, settings: { PRIVATE_HOSTS: '127.0.0.1' } })
  network = await ConsentNetwork.start(() => app.clock.now().toISO() ?? '')
  const registry = app.app.get(PlatformRegistry)
  const real = registry.get.bind(registry)
  const platform = network.as('bluesky', real('noticeboard'))
  registry.get = (name) => (name === 'bluesky' ? platform : real(name))
  const all = registry.all.bind(registry)
  registry.all = () => all().map((each) => (each.rules.network === 'bluesky' ? platform : each))
})
beforeEach(async () => {
  await forgetLimits(app)
  network.accounts = [{ id: 'river', handle: '@river' }]
  network.consentUntil = undefined
  network.trades.length = 0
  network.asked.length = 0
  number += 1
  const { group } = await app.makeGroup({ name: `River ${number}` }, [
    { name: `Ana ${number}`, roles: ['admin'] },
    { name: `Ben ${number}`, roles: ['admin'] },
    { name: `Cleo ${number}`, roles: ['editor'] },
  ])
  groupId = group.id
  ana = await app.signedIn(`ana.${number}@example.org`)
})
afterAll(async () => {
  await app?.close()
  await network?.stop()
})

describe('the way to a network and back', () => {
  it('connects the account that somebody agreed to, with everything secret sealed', async () => {
    const { url } = (await begin()).body
    const asked = new URL(url).searchParams
    expect(asked.get('redirect_uri')).toBe(`${app.origin}/connect/back`)
    expect(asked.get('code_challenge_method')).toBe('S256')
    const came = await network.agree(url)
    const answer = await back(came)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ choice: null, channel: { handle: '@river', state: 'connected' } })
    expect(network.trades).toEqual([expect.objectContaining({ code: came.code, client_id: 'our-app' })])
    const { credentials } = await app.app.get(ChannelsService).connection(groupId, answer.body.channel?.id ?? '')
    expect(credentials).toMatchObject({ clientSecret: secret, refreshToken: `refresh-${network.granted}` })
    const kept = JSON.stringify(await app.everything())
    for (const word of [
      secret,
      came.code,
      came.state,
      `refresh-${network.granted}`,
      network.trades[0]?.['code_verifier'] ?? '?',
    ])
      expect(kept).not.toContain(word)
  })

  it('is not gone by merely opening the page of the way back, as scanners of links do', async () => {
    const came = await agreed()
    const before = await app.everything()
    for (const visitor of [ana, app.visitor()]) await visitor.get(came.path)
    expect(await app.everything()).toEqual(before)
    expect(network.trades).toEqual([])
    expect((await back(came)).body.channel).not.toBeNull()
  })

  it('trades a code once, also when the page is loaded twice at the same moment', async () => {
    const came = await agreed()
    const answers = await Promise.all([back(came), back(came)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect(codeOf(await back(came))).toEqual([409, 'consent-used'])
    expect(network.trades).toHaveLength(1)
    expect(await channels()).toHaveLength(1)
  })

  it('is for the member and the browser that began it', async () => {
    const came = await agreed()
    const ben = await app.signedIn(`ben.${number}@example.org`)
    const cleo = await app.signedIn(`cleo.${number}@example.org`)
    const otherBrowser = await app.signedIn(`ana.${number}@example.org`)
    expect(codeOf(await back(came, ben))).toEqual([403, 'consent-elsewhere'])
    expect(codeOf(await back(came, otherBrowser))).toEqual([403, 'consent-elsewhere'])
    expect(codeOf(await back(came, cleo))).toEqual([403, 'wrong-role'])
    expect(codeOf(await back(came, app.visitor()))).toEqual([401, 'not-signed-in'])
    expect(network.trades).toEqual([])
    // and none of them has used it up
    expect((await back(came)).status).toBe(200)
  })

  it('is refused with a state that nobody was given, and with a code of another network', async () => {
    const came = await agreed()
    expect(codeOf(await back({ ...came, state: `${groupId}.${'A'.repeat(43)}` }))).toEqual([410, 'consent-unknown'])
    expect(codeOf(await back({ ...came, code: 'made-up' }))).toEqual([422, 'connection-refused'])
    expect(await channels()).toEqual([])
  })

  it('is over after a quarter of an hour', async () => {
    const came = await agreed()
    await app.letPass({ minutes: 16 })
    expect(codeOf(await back(came))).toEqual([410, 'consent-expired'])
    expect(network.trades).toEqual([])
  })

  it('needs the verifier that fits to the challenge', async () => {
    const { url } = (await begin()).body
    const other = new URL(url)
    other.searchParams.set('code_challenge', 'A'.repeat(43))
    expect(codeOf(await back(await network.agree(other.href)))).toEqual([422, 'connection-refused'])
    expect(await channels()).toEqual([])
  })

  it('says what to do when somebody did not agree, or the network refuses, and takes the answers along once more', async () => {
    const { state } = await agreed()
    const denied = await back({ state, error: 'access_denied', errorDescription: 'The user <b>denied</b>' })
    expect(codeOf(denied)).toEqual([422, 'consent-denied'])
    expect(denied.body['detail']).toContain('You did not agree at')
    const again = await ana.post<ConsentView>(
      `/api/groups/${groupId}/channels/consent/${String(denied.body['consentId'])}/again`,
    )
    network.refuseNext = 'invalid_grant'
    const refused = await back(await network.agree(again.body.url))
    expect(refused.body).toMatchObject({ code: 'connection-refused', network: 'bluesky', channelId: null })
    const third = await ana.post<ConsentView>(
      `/api/groups/${groupId}/channels/consent/${String(refused.body['consentId'])}/again`,
    )
    expect((await back(await network.agree(third.body.url))).body.channel).toMatchObject({ handle: '@river' })
    expect(network.asked).toEqual([typed(), typed(), typed()])
  })

  it('leads to https only, unless the operator named the server', async () => {
    expect(codeOf(await begin(ana, { answers: { ...typed(), server: 'http://network.example' } }))).toEqual([
      422,
      'connection-refused',
    ])
  })

  it('is for admins, with a fresh proof', async () => {
    const cleo = await app.signedIn(`cleo.${number}@example.org`)
    expect(codeOf(await begin(cleo))).toEqual([403, 'wrong-role'])
    await app.query(`update sign_in_sessions set "provedAt" = now() - interval '1 day'`)
    expect(codeOf(await begin())).toEqual([403, 'step-up-needed'])
  })
})

describe('a consent that opens several accounts', () => {
  beforeEach(() => {
    network.accounts = [
      { id: 'page-1', handle: 'River walks' },
      { id: 'page-2', handle: 'River choir' },
    ]
  })

  it('asks which, and connects those that are chosen, each once', async () => {
    const { choice } = (await back(await agreed())).body
    expect(choice?.accounts.map(({ handle }) => handle)).toEqual(['River walks', 'River choir'])
    expect(JSON.stringify(choice)).not.toContain('refresh-')
    const choose = (remoteAccountId: string, by = ana) =>
      by.post(`/api/groups/${groupId}/channels/consent/${choice?.consentId}/choose`, { remoteAccountId })
    const ben = await app.signedIn(`ben.${number}@example.org`)
    expect(codeOf(await choose('page-1', ben))).toEqual([403, 'consent-elsewhere'])
    expect(codeOf(await choose('page-3'))).toEqual([404, 'no-such-account'])
    expect((await choose('page-2')).body).toMatchObject({ handle: 'River choir' })
    expect(codeOf(await choose('page-2'))).toEqual([409, 'already-connected'])
    expect((await choose('page-1')).status).toBe(201)
    expect(await channels()).toHaveLength(2)
    const later = await back(await agreed())
    expect(later.body.choice?.accounts.map((each) => each.connected)).toEqual([true, true])
  })
})

describe('connecting again', () => {
  it('takes the channel’s own account among several without asking, and keeps the app’s secret', async () => {
    const { id } = await connected()
    network.accounts = [
      { id: 'page-1', handle: 'River walks' },
      { id: 'river', handle: '@river-renamed' },
    ]
    const answers = { server: network.origin, clientId: '', clientSecret: '' }
    const { channel } = (await back(await agreed({ reconnect: id, answers }))).body
    expect(channel).toMatchObject({ id, handle: '@river-renamed' })
    expect(network.asked.at(-1)).toEqual(typed())
  })

  it('gives no kept secret to another server', async () => {
    const { id } = await connected()
    const answers = { server: 'https://elsewhere.example', clientId: '', clientSecret: '' }
    expect((await begin(ana, { reconnect: id, answers })).body).toMatchObject({
      code: 'missing-answer',
      field: 'clientId',
    })
    expect(network.asked).toHaveLength(1)
  })

  it('takes another account only when that is said, and the new channel is that account', async () => {
    const { id } = await connected()
    network.accounts = [{ id: 'sea', handle: '@sea' }]
    const { choice } = (await back(await agreed({ reconnect: id }))).body
    expect(choice).toMatchObject({ channelId: id, channelName: '@river' })
    const path = `/api/groups/${groupId}/channels/consent/${choice?.consentId}/choose`
    expect(codeOf(await ana.post(path, { remoteAccountId: 'sea' }))).toEqual([409, 'other-account'])
    expect(await channels()).toMatchObject([{ handle: '@river' }])
    expect((await ana.post(path, { remoteAccountId: 'sea', otherAccount: true })).body).toMatchObject({
      handle: '@sea',
    })
    expect(codeOf(await ana.post(path, { remoteAccountId: 'sea', otherAccount: true }))).toEqual([
      404,
      'no-such-account',
    ])
  })

  it('is not done with fields alone where the network wants consent', async () => {
    const { id } = await connected()
    const answers = typed()
    expect(codeOf(await ana.post(`/api/groups/${groupId}/channels/${id}/reconnect`, { answers }))).toEqual([
      409,
      'needs-consent',
    ])
    expect(codeOf(await ana.post(`/api/groups/${groupId}/channels`, { network: 'bluesky', answers }))).toEqual([
      409,
      'needs-consent',
    ])
  })
})

describe('an app that the installation has brought', () => {
  afterEach(() => {
    delete app.config.networkApps
  })

  it('is asked of nobody, and told to nobody but the network', async () => {
    app.config.networkApps = JSON.stringify({ bluesky: { clientId: 'the-app-of-all', clientSecret: secret } })
    const { body } = await ana.get<NetworkView[]>('/api/networks')
    expect(JSON.stringify(body)).not.toContain(secret)
    expect(body.find((each) => each.network === 'bluesky')?.fields.map(({ name }) => name)).toEqual(['server'])
    const answers = { server: network.origin, clientId: 'another', clientSecret: 'another' }
    await begin(ana, { answers })
    expect(network.asked).toEqual([{ ...typed(), clientId: 'the-app-of-all' }])
  })
})

describe('a network', () => {
  it('says whether one has to agree there, and the address that it sends the browser back to', async () => {
    const { body } = await ana.get<NetworkView[]>('/api/networks')
    expect(body.find((each) => each.network === 'bluesky')).toMatchObject({
      consent: true,
      redirectUri: `${app.origin}/connect/back`,
    })
    expect(body.find((each) => each.network === 'noticeboard')).toMatchObject({ consent: false, redirectUri: null })
    // an app of the group's own is made at X; a Mastodon server is told the address by itself
    expect(body.find((each) => each.network === 'x')?.redirectUri).toBe(`${app.origin}/connect/back`)
    expect(body.find((each) => each.network === 'mastodon')).toMatchObject({ consent: true, redirectUri: null })
  })

  it('says what can be chosen where an answer is not free', async () => {
    const { body } = await ana.get<NetworkView[]>('/api/networks')
    const fields = body.find((each) => each.network === 'instagram')?.fields
    expect(fields?.map(({ choices }) => choices?.map(({ value }) => value) ?? null)).toEqual([
      null,
      null,
      ['instagram', 'facebook'],
    ])
  })
})
