import { AuditLog } from '../../src/audit/audit-log.service.js'
import type { GroupView } from '../../src/groups/groups.dto.js'
import type { GroupMail } from '../../src/groups/mails.dto.js'
import type { MemberView } from '../../src/groups/members.dto.js'
import { startApp, type TestApp } from '../support/app.js'
import type { Visitor } from '../support/visitor.js'

interface Route {
  readonly method: string
  readonly path: string
}

/** Every route of the running application, as Express knows it. */
function routesOf(app: TestApp): Route[] {
  const express = app.app.getHttpAdapter().getInstance() as {
    router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] }
  }
  return express.router.stack.flatMap(({ route }) =>
    route ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: route.path })) : [],
  )
}

describe('a group and somebody outside it', () => {
  let app: TestApp
  let outsider: Visitor
  let inside: Awaited<ReturnType<typeof makeRiver>>
  const makeRiver = () =>
    app.makeGroup({ name: 'River' }, [
      { name: 'Ana', roles: ['admin', 'editor'] },
      { name: 'Ben', roles: ['reviewer'] },
    ])
  beforeAll(async () => {
    app = await startApp({ ticking: false })
    inside = await makeRiver()
    await app.makeGroup({ name: 'Hill' }, [{ name: 'Hugo', roles: ['admin', 'editor', 'reviewer'] }])
    outsider = await app.signedIn('hugo@example.org')
  })
  afterAll(() => app?.close())

  it('nobody from outside gets anything but "there is no such group", on any route, and nothing changes', async () => {
    const routes = routesOf(app).filter((route) => route.path.includes(':groupId'))
    expect(routes.length).toBeGreaterThanOrEqual(14)
    const before = await app.everything()
    const answers: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const { method, path } of routes) {
      for (const group of [inside.group.id, inside.group.slug]) {
        const address = path.replace(':groupId', group).replace(/:\w+/g, inside.members[0].id)
        const name = `${method} ${path} by ${group === inside.group.id ? 'id' : 'slug'}`
        const { status, body } = await outsider.ask(method, address, method === 'GET' ? undefined : {})
        answers[name] = [status, body['code']]
        expected[name] = [404, 'no-such-group']
      }
    }
    expect(answers).toEqual(expected)
    expect(await app.everything()).toEqual(before)
  })

  it('nobody who has not signed in gets anything, on any route', async () => {
    const answers = new Set<string>()
    for (const { method, path } of routesOf(app).filter((route) => route.path.includes(':groupId'))) {
      const address = path.replace(':groupId', inside.group.id).replace(/:\w+/g, inside.members[0].id)
      const { status, body } = await app.visitor().ask(method, address, method === 'GET' ? undefined : {})
      answers.add(`${status} ${String(body['code'])}`)
    }
    expect([...answers]).toEqual(['401 not-signed-in'])
  })

  it('a member of another group is not reached through one’s own', async () => {
    const stranger = inside.members[1].id
    const refused = await outsider.patch(`/api/groups/hill/members/${stranger}`, { roles: ['admin'] })
    expect(refused.status).toBe(404)
    expect(refused.body['code']).toBe('no-such-member')
    const { body } = await outsider.get<MemberView[]>('/api/groups/hill/members')
    expect(body.map((member) => member.name)).toEqual(['Hugo'])
  })

  it('asks for the marker that no form of another site can send', async () => {
    const ana = await app.signedIn('ana@example.org')
    const refused = await ana.send<Record<string, unknown>>(
      'PATCH',
      '/api/groups/river',
      JSON.stringify({ name: 'X' }),
      {
        'Content-Type': 'application/json',
      },
    )
    expect(refused.status).toBe(403)
    expect(refused.body['code']).toBe('forged-request')
  })
})

describe('the people of a group', () => {
  let app: TestApp
  let ana: Visitor
  let ben: Visitor
  let people: Awaited<ReturnType<typeof makeRiver>>
  const makeRiver = () =>
    app.makeGroup({ name: 'River' }, [
      { name: 'Ana', roles: ['admin', 'editor'] },
      { name: 'Ben', roles: ['reviewer'] },
    ])
  beforeAll(async () => {
    app = await startApp({ ticking: false })
    people = await makeRiver()
    ana = await app.signedIn('ana@example.org')
    ben = await app.signedIn('ben@example.org')
  })
  afterAll(() => app?.close())

  it('see the group and each other', async () => {
    const group = await ben.get<GroupView>('/api/groups/river')
    expect(group.body).toMatchObject({
      name: 'River',
      timeZone: 'Europe/London',
    })
    expect(group.body.noticeboardUrl).toMatch(/\/noticeboard\/river$/)
    const { body } = await ben.get<MemberView[]>(`/api/groups/${people.group.id}/members`)
    expect(body.map(({ name, roles, you }) => ({ name, roles, you }))).toEqual([
      { name: 'Ana', roles: ['admin', 'editor'], you: false },
      { name: 'Ben', roles: ['reviewer'], you: true },
    ])
  })

  it('are changed by admins only; everybody else is told who may', async () => {
    const attempts = [
      await ben.patch('/api/groups/river', { name: 'Ours' }),
      await ben.post('/api/groups/river/members', { name: 'Cleo', email: 'cleo@example.org', roles: ['admin'] }),
      await ben.patch(`/api/groups/river/members/${people.members[1].id}`, { roles: ['admin'] }),
      await ben.get('/api/groups/river/mails'),
      await ben.post('/api/groups', { name: 'Mine', timeZone: 'UTC' }),
    ]
    expect(attempts.map((attempt) => [attempt.status, attempt.body['code']])).toEqual(
      Array(5).fill([403, 'wrong-role']),
    )
    expect(attempts[0]?.body['detail']).toBe(
      'Only an admin of River may do this, and you are a reviewer. Ask an admin of the group.',
    )
    expect(attempts[0]?.headers.get('content-type')).toContain('application/problem+json')
  })

  it('are invited by mail and belong to the group at once', async () => {
    const invited = await ana.post<MemberView>('/api/groups/river/members', {
      name: 'Cleo',
      email: ' Cleo@Example.org',
      roles: ['reviewer', 'editor'],
    })
    expect(invited.status).toBe(201)
    expect(invited.body).toMatchObject({
      email: 'cleo@example.org',
      roles: ['editor', 'reviewer'],
      status: 'active',
      joined: false,
    })
    const mail = await app.mailTo('cleo@example.org', 'invitation')
    expect(mail.subject).toBe('Ana has added you to River')
    expect(mail.text).toContain('Writes posts and reviews what others wrote.')
    expect(mail.text).toContain(`${app.origin}/sign-in\n`)

    const mails = await ana.get<GroupMail[]>('/api/groups/river/mails')
    expect(mails.body.map(({ to, kind, state }) => ({ to, kind, state }))).toEqual([
      { to: 'cleo@example.org', kind: 'invitation', state: 'waiting' },
    ])
    expect((await ana.post(`/api/groups/river/mails/${mails.body[0]!.id}/retry`)).status).toBe(200)
    const session = await (await app.signedIn('cleo@example.org')).get<{ groups: unknown[] }>('/api/session')
    expect(session.body.groups).toHaveLength(1)
  })

  it('are invited once, and told what to do otherwise', async () => {
    await app.makeGroup({ name: 'Hill' }, [{ name: 'Dora', roles: ['editor'] }])
    const dora = { name: 'Dora', email: 'dora@example.org', roles: ['editor'] }
    const emails = ['dora@example.org', 'DORA@example.org', ' dora@example.org', 'Dora@Example.org', 'dora@example.ORG']
    const answers = await Promise.all(emails.map((email) => ana.post('/api/groups/river/members', { ...dora, email })))
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409])
    expect(answers.find((answer) => answer.status === 409)?.body['detail']).toContain('is a member of River already')
    expect(await app.mailsTo('dora@example.org')).toHaveLength(1)
  })

  it('have at least one role, and only roles that exist', async () => {
    for (const roles of [[], ['owner'], 'admin']) {
      const refused = await ana.post('/api/groups/river/members', { name: 'Eve', email: 'eve@example.org', roles })
      expect(refused.status).toBe(422)
    }
    expect(await app.query(`select 1 from people where email = 'eve@example.org'`)).toEqual([])
  })

  it('are shut out the moment they are suspended', async () => {
    const url = `/api/groups/river/members/${people.members[1].id}`
    expect((await ana.patch(url, { status: 'suspended' })).status).toBe(200)
    const refused = await ben.get('/api/groups/river')
    expect(refused.status).toBe(403)
    expect(refused.body['detail']).toContain('suspended')
    expect((await ana.patch(url, { status: 'left' })).status).toBe(200)
    // Whoever belongs nowhere any more is signed out.
    expect((await ben.get('/api/groups/river')).status).toBe(401)
    expect((await ana.patch(url, { status: 'active' })).status).toBe(200)
    ben = await app.signedIn('ben@example.org')
    expect((await ben.get('/api/groups/river')).status).toBe(200)
  })

  it('always have two admins once they had them, whoever takes leave first', async () => {
    const { id: anaId } = people.members[0]
    const { id: benId } = people.members[1]
    expect((await ana.patch(`/api/groups/river/members/${benId}`, { roles: ['admin', 'reviewer'] })).status).toBe(200)
    const answers = await Promise.all([
      ana.patch(`/api/groups/river/members/${benId}`, { roles: ['reviewer'] }),
      ben.patch(`/api/groups/river/members/${anaId}`, { status: 'suspended' }),
    ])
    for (const answer of answers) {
      expect(answer.status).toBe(409)
      expect(answer.body['code']).toBe('last-admins')
      expect(answer.body['detail']).toContain('River keeps at least two active admins')
    }
  })

  it('have every change in a log that is whole', async () => {
    const verification = await app.app.get(AuditLog).verify(people.group.id)
    expect(verification.kind).toBe('whole')
    const rows = await app.query<{ kind: string }>(
      `select distinct payload::json ->> 'kind' as kind from audit_entries where group_id = $1 order by 1`,
      [people.group.id],
    )
    expect(rows.map((row) => row.kind)).toEqual(
      expect.arrayContaining(['channel-connected', 'group-made', 'member-added', 'member-changed']),
    )
    const payloads = await app.query<{ payload: string }>('select payload from audit_entries')
    expect(JSON.stringify(payloads)).not.toMatch(/example\.org|Cleo/)
  })
})

describe('a group’s settings', () => {
  let app: TestApp
  let ana: Visitor
  beforeAll(async () => {
    app = await startApp({ ticking: false })
    await app.makeGroup({ name: 'River' }, [{ name: 'Ana', roles: ['admin'] }])
    ana = await app.signedIn('ana@example.org')
  })
  afterAll(() => app?.close())

  it('can be changed, within what makes sense', async () => {
    const changed = await ana.patch<GroupView>('/api/groups/river', {
      name: 'River and Sea',
      timeZone: 'Europe/Paris',
    })
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({
      slug: 'river',
      name: 'River and Sea',
      timeZone: 'Europe/Paris',
    })
    const refusals = [
      await ana.patch('/api/groups/river', { timeZone: '+01:00' }),
      await ana.patch('/api/groups/river', { name: '  ' }),
      await ana.patch('/api/groups/river', { coolingMinutes: 0 }),
      await ana.patch('/api/groups/river', { approvals: 1 }),
    ]
    expect(refusals.map((refusal) => refusal.status)).toEqual([422, 422, 422, 422])
    expect((await ana.get<GroupView>('/api/groups/river')).body).toEqual(changed.body)
  })

  it('an admin makes further groups, each with an address of its own', async () => {
    const first = await ana.post<GroupView>('/api/groups', { name: 'Hill!', timeZone: 'Europe/London' })
    const second = await ana.post<GroupView>('/api/groups', { name: 'Hill', timeZone: 'Europe/London' })
    expect([first.status, first.body.slug, second.body.slug]).toEqual([201, 'hill', 'hill-2'])
    expect((await ana.get<MemberView[]>('/api/groups/hill-2/members')).body).toMatchObject([
      { name: 'Ana', roles: ['admin', 'editor', 'reviewer'], you: true },
    ])
  })
})
