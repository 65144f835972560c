import type { NestExpressApplication } from '@nestjs/platform-express'
import type { DurationLikeObject } from 'luxon'

import type { ChannelView } from '../../src/channels/channels.dto.js'
import { ChannelsService } from '../../src/channels/channels.service.js'
import type { CameView, ConsentView } from '../../src/channels/consents.dto.js'
import { KeepingService } from '../../src/channels/keeping.service.js'
import { ClockShift } from '../../src/groups/clock-shift.service.js'
import { PlatformRegistry } from '../../src/platforms/platform-registry.js'
import { ConsentNetwork } from '../platforms/consent-network.js'
import { startApp, type TestApp } from '../support/app.js'
import { forgetLimits } from '../support/group-fixture.js'
import type { Visitor } from '../support/visitor.js'

// Credentials that wear out, on a network that takes a refresh token once only.

let app: TestApp
/** A second process on the same database. */
let second: NestExpressApplication
let network: ConsentNetwork
let ana: Visitor
let groupId: string
let number = 0

function useNetwork(of: Pick<TestApp, 'app'>): void {
  const registry = of.app.get(PlatformRegistry)
  const real = registry.get.bind(registry)
  const platform = network.as('bluesky', real('noticeboard'))
  registry.get = (name) => (name === 'bluesky' ? platform : real(name))
}

/** For both processes. */
async function pass(time: DurationLikeObject): Promise<void> {
  await app.letPass(time)
  await second.get(ClockShift).refresh()
}

async function connected(): Promise<ChannelView> {
  const answers = { server: network.origin, clientId: 'our-app', clientSecret: 'of our app' }
  const path = `/api/groups/${groupId}/channels/consent`
  const { url } = (await ana.post<ConsentView>(path, { network: 'bluesky', answers })).body
  const { state, code } = await network.agree(url)
  const { channel } = (await ana.post<CameView>(`${path}/back`, { state, code })).body
  if (!channel) throw new Error('not connected')
  network.trades.length = 0
  return channel
}

async function see(id: string): Promise<ChannelView | undefined> {
  const { body } = await ana.get<ChannelView[]>(`/api/groups/${groupId}/channels`)
  return body.find((each) => each.id === id)
}

async function keep(of: Pick<TestApp, 'app'> = app): Promise<void> {
  await of.app.get(KeepingService).renewAndAsk()
  await of.app.get(KeepingService).lookAtConsents()
}
const connectionOf = (id: string, of: Pick<TestApp, 'app'> = app) => of.app.get(ChannelsService).connection(groupId, id)
const mailed = async (kind: string) =>
  (await app.mailsTo(`ana.${number}@example.org`)).filter((mail) => mail.kind === kind)
async function entries(kind: string): Promise<number> {
  const [row] = await app.query<{ count: number }>(
    `select count(*)::integer as count from audit_entries where group_id = $1 and payload like '%"kind":"' || $2 || '"%'`,
    [groupId, kind],
  )
  return row?.count ?? 0
}

beforeAll(async () => {
  app = await startApp({ ticking: false, settings: { PRIVATE_HOSTS: '127.0.0.1' } })
  const { createApp } = await import('../../src/start.js')
  second = await createApp(app.config, app.database, { quiet: true, ticking: false })
  await second.init()
  // What is refused on purpose is not worth a line in the report of a test run.
  app.app.useLogger(false)
  network = await ConsentNetwork.start(() => app.clock.now().toISO() ?? '')
  useNetwork(app)
  useNetwork({ app: second })
})
beforeEach(async () => {
  await forgetLimits(app)
  await app.query('update channels set removed_at = clock() where removed_at is null')
  Object.assign(network, { duringTrade: null, refuseNext: null, limits: null, consentUntil: undefined })
  number += 1
  const { group } = await app.makeGroup({ name: `River ${number}` }, [
    { name: `Ana ${number}`, roles: ['admin'] },
    { name: `Ben ${number}`, roles: ['editor'] },
  ])
  groupId = group.id
  ana = await app.signedIn(`ana.${number}@example.org`)
})
afterAll(async () => {
  await second?.close()
  await app?.close()
  await network?.stop()
})

describe('a token that can be used once', () => {
  it('is traded once, however many want it at the same moment in two processes, and all get the new one', async () => {
    const { id } = await connected()
    const connections = await Promise.all(
      [app, { app: second }, app, { app: second }, app].map((of) => connectionOf(id, of)),
    )
    const tokens = await Promise.all(connections.map((connection) => network.renew(connection)))
    expect(network.trades).toHaveLength(1)
    expect(new Set(tokens)).toEqual(new Set([`access-${network.granted}`]))
    // somebody who still has the first one is given what there is now
    expect(await network.renew(connections[0]!)).toBe(`access-${network.granted}`)
    expect(network.trades).toHaveLength(1)
    expect(await entries('channel-renewed')).toBe(1)
  })

  it('is stored before anybody uses it, so that the next renewal goes by the new one', async () => {
    const { id } = await connected()
    for (let round = 0; round < 3; round += 1)
      await network.renew(await connectionOf(id, round % 2 ? { app: second } : app))
    const last = network.granted
    expect(network.trades.map((form) => form['refresh_token'])).toEqual(
      [last - 3, last - 2, last - 1].map((each) => `refresh-${each}`),
    )
    expect(JSON.stringify(await app.everything())).not.toContain('refresh-')
  })

  it('stays what it was when the trade fails, and the next one gets through', async () => {
    const { id } = await connected()
    network.refuseNext = 'temporarily_unavailable'
    await expect(network.renew(await connectionOf(id))).rejects.toThrow('temporarily_unavailable')
    expect(await entries('channel-renewed')).toBe(0)
    expect(await network.renew(await connectionOf(id))).toBe(`access-${network.granted}`)
  })

  it('is stored once the database is back, when that went away in the middle of the trade', async () => {
    const { id } = await connected()
    network.duringTrade = async () => {
      network.duringTrade = null
      // waited for, since until then its locks stay
      const ended = await app.query(
        `select pg_terminate_backend(pid, 60000) from pg_stat_activity
          where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()`,
      )
      expect(ended).toHaveLength(1)
    }
    expect(await network.renew(await connectionOf(id))).toBe(`access-${network.granted}`)
    expect(network.trades).toHaveLength(1)
    expect(await network.renew(await connectionOf(id, { app: second }))).toBe(`access-${network.granted}`)
    expect(await entries('channel-renewed')).toBe(2)
  })

  it('makes the channel well again that another process gave up meanwhile, with what was worn by then', async () => {
    const { id } = await connected()
    await pass({ minutes: network.lastsMinutes })
    network.duringTrade = async () => {
      network.duringTrade = null
      await app.query(
        `select pg_terminate_backend(pid, 60000) from pg_stat_activity
          where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()`,
      )
      network.refuseNext = 'invalid_grant'
      await keep({ app: second })
      expect(await see(id)).toMatchObject({ state: 'to_reconnect' })
    }
    expect(await network.renew(await connectionOf(id))).toBe(`access-${network.granted}`)
    expect(await see(id)).toMatchObject({ state: 'connected', cause: null })
    expect(await network.renew(await connectionOf(id, { app: second }))).toBe(`access-${network.granted}`)
  })

  it('holds up claims of its own channel while it is traded, and neither other channels nor planning', async () => {
    const { id } = await connected()
    const other = (await app.app.get(ChannelsService).list(groupId)).find((each) => each.network === 'noticeboard')!
    const seen: string[][] = []
    network.duringTrade = async () => {
      // as claims lock (`for no key update ... skip locked`), and as a row that names the channel does
      const rows = await app.query<{ id: string }>(
        'select id from channels where group_id = $1 and removed_at is null for no key update skip locked',
        [groupId],
      )
      seen.push(rows.map((row) => row.id))
      await app.query('select 1 from channels where id = $1 for key share nowait', [id])
    }
    await network.renew(await connectionOf(id))
    expect(seen).toEqual([[other.id]])
  })
})

describe('the round that keeps channels', () => {
  it('renews ahead of the end, once by whichever process comes first, and writes it down', async () => {
    const { id } = await connected()
    await keep()
    expect(network.trades).toEqual([])
    await pass({ minutes: network.lastsMinutes })
    await Promise.all([keep(), keep({ app: second })])
    expect(network.trades).toHaveLength(1)
    expect(await entries('channel-renewed')).toBe(1)
    await keep()
    expect(network.trades).toHaveLength(1)
    expect(await see(id)).toMatchObject({ state: 'connected' })
  })

  it('tries again later when the network does not renew now, and soon forgets that it did not', async () => {
    const { id } = await connected()
    await pass({ minutes: network.lastsMinutes })
    for (const minutes of [0, 1, 2, 3, 4]) {
      network.refuseNext = 'temporarily_unavailable'
      await pass({ minutes })
      await keep()
    }
    // after two minutes and after four more: the others came too early
    expect(network.trades).toHaveLength(3)
    network.refuseNext = null
    await pass({ minutes: 30 })
    await keep()
    expect(await see(id)).toMatchObject({ state: 'connected' })
    expect(await app.query('select renew_failed from channels where id = $1', [id])).toEqual([{ renew_failed: 0 }])
  })

  it('ends with a mail to the admins when the permission was taken back; and the channel is asked no more', async () => {
    const { id } = await connected()
    await pass({ minutes: network.lastsMinutes })
    network.refuseNext = 'invalid_grant'
    await keep()
    expect(await see(id)).toMatchObject({ state: 'to_reconnect', cause: 'The permission was taken back.' })
    const [mail, ...more] = await mailed('publication-to-reconnect')
    expect(more).toEqual([])
    expect(mail?.text).toContain('The permission was taken back.')
    expect(await app.mailsTo(`ben.${number}@example.org`)).toEqual([])
    expect(await entries('channel-not-renewed')).toBe(1)
    await pass({ days: 1 })
    await keep()
    expect(network.trades).toHaveLength(1)
  })

  it('does not end a channel whose credentials are others by the time the no arrives', async () => {
    const { id } = await connected()
    const platform = app.app.get(PlatformRegistry).get('bluesky')
    const real = platform.keepAlive
    Object.assign(platform, {
      keepAlive: async () => {
        await network.renew(await connectionOf(id, { app: second }))
        return { kind: 'unauthorized', cause: 'Too late.' }
      },
    })
    await pass({ minutes: network.lastsMinutes })
    await keep()
    Object.assign(platform, { keepAlive: real })
    expect(await see(id)).toMatchObject({ state: 'connected', cause: null })
    expect(await mailed('publication-to-reconnect')).toEqual([])
  })
})

describe('a consent that ends', () => {
  it('is told to the admins 14, 7 and 2 days before, once each, with what to click', async () => {
    network.consentUntil = app.clock.now().plus({ days: 60 }).toISO() ?? ''
    const { id } = await connected()
    const told: [number, number][] = []
    let left = 60
    for (const days of [0, 45, 2, 4, 3, 5, 2]) {
      await pass({ days })
      left -= days
      // its tokens are kept alive all the while
      await Promise.all([keep(), keep({ app: second })])
      told.push([left, (await mailed('channel-consent-ends')).length])
    }
    expect(told).toEqual([
      [60, 0],
      [15, 0],
      [13, 1],
      [9, 1],
      [6, 2],
      [1, 3],
      [-1, 3],
    ])
    const [mail] = await mailed('channel-consent-ends')
    expect(mail?.text).toContain('press “Connect again”')
    expect(mail?.text).toContain(`/settings/channels?again=${id}`)
    expect((await see(id))?.consentUntil).toBe(network.consentUntil)
  })

  it('stops its channel with one mail when it is over, until somebody has agreed again', async () => {
    network.consentUntil = app.clock.now().plus({ days: 1 }).toISO() ?? ''
    const { id } = await connected()
    await pass({ hours: 23 })
    await keep()
    expect(await see(id)).toMatchObject({ state: 'connected' })
    await pass({ hours: 1 })
    await Promise.all([keep(), keep({ app: second })])
    const cause = expect.stringContaining('has ended. Press “Connect again”')
    expect(await see(id)).toMatchObject({ state: 'to_reconnect', cause })
    expect(await mailed('publication-to-reconnect')).toHaveLength(1)
    expect(await entries('channel-consent-ended')).toBe(1)
    await pass({ days: 2 })
    await keep()
    expect(await mailed('publication-to-reconnect')).toHaveLength(1)
  })

  it('stops nothing when a renewal has moved its end in the same minute', async () => {
    network.consentUntil = app.clock.now().plus({ minutes: network.lastsMinutes }).toISO() ?? ''
    const { id } = await connected()
    network.consentUntil = app.clock.now().plus({ days: 60 }).toISO() ?? ''
    await pass({ minutes: network.lastsMinutes })
    await keep()
    expect(network.trades).toHaveLength(1)
    expect(await see(id)).toMatchObject({ state: 'connected', cause: null })
    expect(await mailed('publication-to-reconnect')).toEqual([])
  })
})

describe('limits', () => {
  const limits = { textLimit: 10_000, pictures: 8, pictureBytes: 1_000_000, altText: null, pictureTypes: ['image/png'] }

  it('are asked for when the account is connected, and told to the workspace and the adapter', async () => {
    network.limits = limits
    const channel = await connected()
    expect(channel.limits).toMatchObject({ textLimit: 10_000, pictures: 8 })
    expect((await connectionOf(channel.id)).limits).toEqual(limits)
  })

  it('are asked for again after a day, and an hour after the network did not answer', async () => {
    const { id, limits: own } = await connected()
    network.limits = limits
    network.limitsAsked = 0
    await pass({ hours: 23 })
    await keep()
    expect(network.limitsAsked).toBe(0)
    await pass({ hours: 2 })
    await Promise.all([keep(), keep({ app: second })])
    expect(network.limitsAsked).toBe(1)
    expect((await see(id))?.limits.textLimit).toBe(10_000)
    expect(own.textLimit).not.toBe(10_000)
  })
})
