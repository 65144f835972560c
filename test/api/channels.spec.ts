import type { ChannelView, NetworkView, WindowView } from '../../src/channels/channels.dto.js'
import { ChannelsService } from '../../src/channels/channels.service.js'
import { defaultWindows } from '../../src/channels/window.js'
import { Transaction } from '../../src/database/transaction.js'
import { newId } from '../../src/kernel/ids.js'
import { PlatformRegistry } from '../../src/platforms/platform-registry.js'
import type { ConnectOutcome, Platform } from '../../src/platforms/platform.js'
import { startApp, type TestApp } from '../support/app.js'
import type { Visitor } from '../support/visitor.js'

const password = 'wxyz-wxyz-wxyz-wxyz'

describe('channels', () => {
  let app: TestApp
  let ana: Visitor
  let ben: Visitor
  let groupId: string
  let authorId: string
  /** What the network answers next; it stands at the edge of the application. */
  let answer: ConnectOutcome
  let asked: Record<string, string>[]

  const account = (remoteAccountId: string, handle: string): ConnectOutcome => ({
    kind: 'connected',
    remoteAccountId,
    handle,
    url: `https://bsky.app/profile/${handle}`,
    credentials: { password },
  })
  const connect = (answers: Record<string, string> = { handle: 'river.example.org', password }) =>
    ana.post<ChannelView>('/api/groups/river/channels', { network: 'bluesky', answers })

  beforeAll(async () => {
    app = await startApp({ ticking: false })
    const { group, members } = await app.makeGroup({ name: 'River' }, [
      { name: 'Ana', roles: ['admin', 'editor'] },
      { name: 'Ben', roles: ['editor', 'reviewer'] },
    ])
    groupId = group.id
    authorId = members[0].id
    ana = await app.signedIn('ana@example.org')
    ben = await app.signedIn('ben@example.org')
    const registry = app.app.get(PlatformRegistry)
    const real = registry.get.bind(registry)
    const network: Platform = {
      ...real('noticeboard'),
      rules: { ...real('noticeboard').rules, network: 'bluesky' },
      connectSteps: ['Make an app password.'],
      connectFields: [
        { name: 'handle', label: 'Handle', help: '', secret: false },
        { name: 'password', label: 'App password', help: '', secret: true },
        { name: 'service', label: 'Server', help: '', secret: false, optional: true },
      ],
      connect: (_group, answers) => {
        asked.push(answers)
        return Promise.resolve(answer)
      },
    }
    registry.get = (name) => (name === 'bluesky' ? network : real(name))
  })
  beforeEach(() => {
    asked = []
    answer = account('did:plc:river', 'river.example.org')
  })
  afterAll(() => app?.close())

  it('a new group has its own public page and the default windows', async () => {
    const { body } = await ben.get<ChannelView[]>('/api/groups/river/channels')
    expect(body).toHaveLength(1)
    expect(body[0]).toMatchObject({
      network: 'noticeboard',
      name: 'Noticeboard',
      state: 'connected',
      gapMinutes: 30,
      dailyCap: 10,
      quietStart: '21:30',
      quietEnd: '07:00',
      windows: null,
      pausedUntil: null,
      cause: null,
    })
    const windows = await ben.get<WindowView[]>('/api/groups/river/windows')
    expect(windows.body).toHaveLength(defaultWindows().length)
    expect(windows.body).toEqual(expect.arrayContaining(defaultWindows()))
  })

  it('the networks say what to do and what to fill in', async () => {
    const { body } = await ben.get<NetworkView[]>('/api/networks')
    expect(body.map((network) => network.network)).toContain('noticeboard')
    expect((await app.visitor().get('/api/networks')).status).toBe(401)
  })

  it('are connected by admins only', async () => {
    const refused = await ben.post('/api/groups/river/channels', { network: 'bluesky', answers: {} })
    expect(refused.status).toBe(403)
    expect(asked).toEqual([])
  })

  it('are not connected with an empty field, nor when the network refuses', async () => {
    const empty = await connect({ handle: 'river.example.org', password: ' ' })
    expect(empty.body).toMatchObject({ code: 'missing-answer', field: 'password' })
    expect(asked).toEqual([])
    answer = { kind: 'refused', cause: 'This app password is wrong. Make a new one.', field: 'password' }
    const refused = await connect()
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ code: 'connection-refused', field: 'password', detail: answer.cause })
  })

  it('are connected once for each account, with credentials sealed', async () => {
    const connected = await connect({ handle: ' river.example.org ', password, other: 'x' } as Record<string, string>)
    expect(connected.status).toBe(201)
    expect(connected.body).toMatchObject({ network: 'bluesky', handle: 'river.example.org', name: 'river.example.org' })
    expect(JSON.stringify(connected.body)).not.toContain(password)
    expect(asked).toEqual([{ handle: 'river.example.org', password }])
    expect(JSON.stringify(await app.everything())).not.toContain(password)
    const connection = await app.app.get(ChannelsService).connection(groupId, connected.body.id)
    expect(connection).toEqual({
      groupId,
      channelId: connected.body.id,
      remoteAccountId: 'did:plc:river',
      handle: 'river.example.org',
      credentials: { password },
      renew: expect.any(Function) as unknown,
    })
    const again = await connect()
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({ code: 'already-connected' })
  })

  it('are connected again with the same account only', async () => {
    const channel = await bluesky()
    const [{ sealed }] = (await app.query('select sealed_credentials as sealed from channels where id = $1', [
      channel.id,
    ])) as [{ sealed: string }]
    const mark = (by: string) =>
      app.app
        .get(Transaction)
        .run((manager) =>
          app.app
            .get(ChannelsService)
            .markToReconnect(manager, groupId, channel.id, 'The app password was revoked.', by),
        )
    expect(await mark('what it had before')).toBe(false)
    expect(await bluesky()).toMatchObject({ state: 'connected', cause: null })
    expect([await mark(sealed), await mark(sealed)]).toEqual([true, false])
    expect(await bluesky()).toMatchObject({ state: 'to_reconnect', cause: 'The app password was revoked.' })
    const url = `/api/groups/river/channels/${channel.id}/reconnect`
    answer = account('did:plc:other', 'other.example.org')
    const other = await ana.post(url, { answers: { handle: 'other.example.org', password } })
    expect(other.status).toBe(409)
    expect(other.body['detail']).toContain('remove this channel and connect other.example.org as a new one')
    expect(await bluesky()).toMatchObject({ state: 'to_reconnect' })

    answer = account('did:plc:river', 'renamed.example.org')
    const same = await ana.post<ChannelView>(url, { answers: { handle: 'renamed.example.org', password } })
    expect(same.status).toBe(200)
    expect(same.body).toMatchObject({ state: 'connected', cause: null, handle: 'renamed.example.org' })
  })

  it('keep limits that make sense, and can be paused', async () => {
    const url = `/api/groups/river/channels/${(await bluesky()).id}`
    const changed = await ana.patch<ChannelView>(url, {
      name: 'Bluesky',
      gapMinutes: 120,
      dailyCap: 2,
      quietStart: null,
      quietEnd: null,
      paused: true,
    })
    expect(changed.body).toMatchObject({
      name: 'Bluesky',
      gapMinutes: 120,
      dailyCap: 2,
      quietStart: null,
      quietEnd: null,
      state: 'paused',
    })
    const refusals = [
      await ana.patch(url, { quietStart: '22:00' }),
      await ana.patch(url, { quietStart: '22:00', quietEnd: '22:00' }),
      await ana.patch(url, { gapMinutes: -1 }),
      await ana.patch(url, { dailyCap: 0 }),
      await ana.patch(url, { remoteAccountId: 'did:plc:mine' }),
    ]
    expect(refusals.map((refusal) => refusal.status)).toEqual([422, 422, 422, 422, 422])
    expect((await ben.patch(url, { paused: false })).status).toBe(403)
    expect((await ana.patch<ChannelView>(url, { paused: false })).body.state).toBe('connected')
    expect(await bluesky()).toEqual({ ...changed.body, state: 'connected' })
  })

  it('that were paused stay paused when their credentials end, and are connected again before they go on', async () => {
    const { id } = await bluesky()
    const url = `/api/groups/river/channels/${id}`
    await ana.patch(url, { paused: true })
    const [row] = await app.query<{ sealed: string }>(
      'select sealed_credentials as sealed from channels where id = $1',
      [id],
    )
    const mark = () =>
      app.app
        .get(Transaction)
        .run((manager) => app.app.get(ChannelsService).markToReconnect(manager, groupId, id, 'It ended.', row!.sealed))
    await mark()
    expect(await bluesky()).toMatchObject({ state: 'paused', cause: 'It ended.' })
    const resumed = await ana.patch<ChannelView>(url, { paused: false })
    expect(resumed.body).toMatchObject({ state: 'to_reconnect', cause: 'It ended.' })
    expect((await ana.patch(url, { paused: true })).status).toBe(409)
    answer = account('did:plc:river', 'river.example.org')
    await ana.post(`${url}/reconnect`, { answers: { handle: 'river.example.org', password } })
    expect(await bluesky()).toMatchObject({ state: 'connected', cause: null })
  })

  it('say how long the network wants them to keep still', async () => {
    const until = app.clock.now().plus({ hours: 2 })
    const { id } = await bluesky()
    await app.app
      .get(Transaction)
      .run((manager) => app.app.get(ChannelsService).limitUntil(manager, groupId, id, until))
    expect((await bluesky()).pausedUntil).toBe(until.toISO())
    await app.letPass({ hours: 3 })
    expect((await bluesky()).pausedUntil).toBeNull()
  })

  it('have the group’s windows, or their own', async () => {
    const { id } = await bluesky()
    const own = [{ days: [1, 2], start: '08:00', end: '09:00', name: 'early' }]
    const set = await ana.put<ChannelView>(`/api/groups/river/channels/${id}/windows`, { windows: own })
    expect(set.body.windows).toEqual(own)
    expect(await app.app.get(ChannelsService).windowsOf(groupId, id)).toEqual(own)

    const group = [{ days: [7], start: '10:00', end: '24:00', name: 'Sunday' }]
    expect((await ana.put<WindowView[]>('/api/groups/river/windows', { windows: group })).body).toEqual(group)
    expect((await bluesky()).windows).toEqual(own)
    expect(
      (await ana.put<ChannelView>(`/api/groups/river/channels/${id}/windows`, { windows: null })).body.windows,
    ).toBeNull()
    expect(await app.app.get(ChannelsService).windowsOf(groupId, id)).toEqual(group)
  })

  it('refuse windows that overlap, are empty, or are set by others than admins', async () => {
    const noon = { days: [1], start: '12:00', end: '13:00', name: 'noon' }
    const overlapping = await ana.put('/api/groups/river/windows', {
      windows: [noon, { ...noon, start: '12:30', name: 'half past' }],
    })
    expect(overlapping.status).toBe(422)
    expect(overlapping.body['detail']).toContain('overlap on Monday')
    expect((await ana.put('/api/groups/river/windows', { windows: [] })).body['code']).toBe('no-windows')
    expect((await ana.put('/api/groups/river/windows', { windows: [{ ...noon, days: [0] }] })).status).toBe(422)
    expect((await ana.put('/api/groups/river/windows', { windows: [{ ...noon, days: ['Monday'] }] })).status).toBe(422)
    expect((await ana.put('/api/groups/river/windows', {})).status).toBe(422)
    expect((await ben.put('/api/groups/river/windows', { windows: [noon] })).status).toBe(403)
    expect((await ben.get<WindowView[]>('/api/groups/river/windows')).body).toMatchObject([{ name: 'Sunday' }])
  })

  it('are not reached through another group', async () => {
    await app.makeGroup({ name: 'Hill' }, [{ name: 'Hugo', roles: ['admin'] }])
    const hugo = await app.signedIn('hugo@example.org')
    const { id } = await bluesky()
    const attempts = [
      await hugo.patch(`/api/groups/hill/channels/${id}`, { paused: true }),
      await hugo.delete(`/api/groups/hill/channels/${id}`),
      await hugo.put(`/api/groups/hill/channels/${id}/windows`, { windows: null }),
      await hugo.post(`/api/groups/hill/channels/${id}/reconnect`, { answers: {} }),
    ]
    expect(attempts.map((attempt) => [attempt.status, attempt.body['code']])).toEqual(
      Array(4).fill([404, 'no-such-channel']),
    )
  })

  it('stay while posts are planned on them, and then go with their credentials', async () => {
    const { id } = await bluesky()
    const url = `/api/groups/river/channels/${id}`
    const publicationId = await plan(id)
    const refused = await ana.delete(url)
    expect(refused.status).toBe(409)
    expect(refused.body['detail']).toBe(
      '1 post is still in review, planned or on the way on Bluesky. Cancel or move what is planned, wait for the rest, then remove the channel.',
    )
    await app.query(`update publications set state = 'cancelled' where id = $1`, [publicationId])
    expect((await ana.delete(url)).status).toBe(204)
    const { body } = await ana.get<ChannelView[]>('/api/groups/river/channels')
    expect(body.map((channel) => channel.network)).toEqual(['noticeboard'])
    expect((await app.app.get(ChannelsService).connection(groupId, id)).credentials).toEqual({})
    expect((await ana.delete(url)).status).toBe(404)
    expect((await connect()).status).toBe(201)
  })

  async function bluesky(): Promise<ChannelView> {
    const { body } = await ben.get<ChannelView[]>('/api/groups/river/channels')
    const channel = body.find((each) => each.network === 'bluesky')
    if (!channel) throw new Error('not connected yet')
    return channel
  }

  async function plan(channelId: string): Promise<string> {
    const [postId, publicationId] = [newId(0), newId(0)]
    await app.query(
      `insert into posts (group_id, id, author_id, content, wish, created_at, updated_at) values ($1, $2, $3, '{}', '{}', now(), now())`,
      [groupId, postId, authorId],
    )
    await app.query(
      `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, spaced, next_try_at, created_at, updated_at)
       values ($1, $2, $3, $4, now() + interval '9 days', '', '', 'empty', now() + interval '9 days', now(), now())`,
      [groupId, publicationId, postId, channelId],
    )
    return publicationId
  }
})
