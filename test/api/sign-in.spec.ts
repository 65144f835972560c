import { ClockShift } from '../../src/groups/clock-shift.service.js'
import type { Session } from '../../src/groups/sign-in/session.dto.js'
import { SignInService } from '../../src/groups/sign-in/sign-in.service.js'
import { startApp, type TestApp } from '../support/app.js'
import { until } from '../support/until.js'
import type { Visitor } from '../support/visitor.js'

const admin = { name: 'Ana', roles: ['admin', 'editor'] } as const
const reviewer = { name: 'Ben', roles: ['reviewer'] } as const

/** Asks for a link and reads its path out of the mail. */
async function mailedLink(app: TestApp, email: string): Promise<string> {
  const before = (await app.mailsTo(email)).length
  expect((await app.visitor().post('/api/sign-in', { email })).status).toBe(202)
  const mail = await until('a new sign-in mail', async () => (await app.mailsTo(email)).slice(before).at(-1))
  const [link] = /https?:\/\/\S+\/sign-in\/confirm\?token=[\w-]+/.exec(mail.text) ?? []
  const { pathname, search } = new URL(link!)
  return `${pathname}${search}`
}

async function sessionOf(visitor: Visitor): Promise<Session> {
  return (await visitor.get<Session>('/api/session')).body
}

describe('signing in by a mailed link', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ ticking: false })
    await app.makeGroup({ name: 'River' }, [admin, reviewer])
  })
  afterAll(() => app?.close())

  it('goes from the mail over one press to the workspace', async () => {
    const visitor = app.visitor()
    const opened = await visitor.get(await mailedLink(app, 'ana@example.org'))
    expect(opened.status).toBe(303)
    expect(opened.headers.get('location')).toBe('/sign-in/confirm')
    expect(opened.headers.get('referrer-policy')).toBe('no-referrer')
    expect(opened.headers.get('cache-control')).toBe('no-store')

    const page = await visitor.get<string>('/sign-in/confirm')
    expect(page.status).toBe(200)
    expect(page.body).toContain('ana@example.org')
    expect((await sessionOf(visitor)).person).toBeNull()

    const pressed = await visitor.submit('/sign-in/confirm')
    expect(pressed.status).toBe(303)
    expect(pressed.headers.get('location')).toBe('/')
    const session = await sessionOf(visitor)
    expect(session.person).toMatchObject({ name: 'Ana', email: 'ana@example.org' })
    expect(session.groups).toEqual([
      expect.objectContaining({ slug: 'river', roles: ['admin', 'editor'], demo: false }),
    ])
  })

  it('is noted at the member and in the audit log', async () => {
    const [joined] = await app.query<{ joined: boolean }>(
      `select m.joined_at is not null as joined from members m join people p on p.id = m.person_id where p.name = 'Ana'`,
    )
    expect(joined).toEqual({ joined: true })
    const payloads = await app.query<{ payload: string }>('select payload from audit_entries order by seq')
    expect(payloads.at(-1)?.payload).toContain('"kind":"signed-in"')
  })

  it('changes nothing by opening the link, however often a scanner does', async () => {
    const link = await mailedLink(app, 'ben@example.org')
    const before = await app.everything()
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
      const scanner = app.visitor()
      expect((await scanner.ask(method, link)).status).toBe(303)
      expect((await scanner.ask(method, '/sign-in/confirm')).status).toBe(200)
    }
    expect(await app.everything()).toEqual(before)

    const visitor = app.visitor()
    await visitor.get(link)
    await visitor.submit('/sign-in/confirm')
    expect((await sessionOf(visitor)).person?.name).toBe('Ben')
  })

  it('works once, even for fifteen presses at the same moment', async () => {
    const link = await mailedLink(app, 'ben@example.org')
    const visitors = Array.from({ length: 15 }, () => app.visitor())
    await Promise.all(visitors.map((visitor) => visitor.get(link)))
    const statuses = await Promise.all(
      visitors.map(async (visitor) => (await visitor.submit('/sign-in/confirm')).status),
    )
    expect(statuses.filter((status) => status === 303)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(14)
  })

  it('ends after 15 minutes, with a page that says so', async () => {
    const link = await mailedLink(app, 'ben@example.org')
    await app.query(`update sign_in_verifications set "expiresAt" = clock_timestamp() - interval '1 second'`)
    const visitor = app.visitor()
    await visitor.get(link)
    const page = await visitor.get<string>('/sign-in/confirm')
    expect(page.status).toBe(410)
    expect(page.body).toContain('Ask for a new link')
    expect((await visitor.submit('/sign-in/confirm')).status).toBe(410)
    expect((await sessionOf(visitor)).person).toBeNull()
  })

  it('is not started by a form of another site', async () => {
    const visitor = app.visitor()
    await visitor.get(await mailedLink(app, 'ana@example.org'))
    const forged = await visitor.send('POST', '/sign-in/confirm', new URLSearchParams(), {
      Origin: 'https://evil.example',
    })
    expect(forged.status).toBe(403)
    expect((await sessionOf(visitor)).person).toBeNull()
  })

  it('keeps neither the token of a link nor a link in the clear', async () => {
    const link = await mailedLink(app, 'ana@example.org')
    const token = new URL(link, app.origin).searchParams.get('token')!
    expect(token.length).toBeGreaterThanOrEqual(43)
    expect(JSON.stringify(await app.everything())).not.toContain(token)
  })

  it('answers the same for an address that nobody has, and mails nothing', async () => {
    const known = await app.visitor().post('/api/sign-in', { email: 'ana@example.org' })
    const unknown = await app.visitor().post('/api/sign-in', { email: 'eve@example.org' })
    expect(unknown.status).toBe(known.status)
    expect(unknown.body).toEqual({ message: String(known.body['message']).replace('ana@', 'eve@') })
    expect(await app.mailsTo('eve@example.org')).toEqual([])
  })
})

describe('signing out', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ ticking: false })
    await app.makeGroup({ name: 'River' }, [admin])
  })
  afterAll(() => app?.close())

  it('ends this session and no other', async () => {
    const [phone, laptop] = [await app.signedIn('ana@example.org'), await app.signedIn('ana@example.org')]
    const kept = phone.cookieHeader
    expect((await phone.post('/api/sign-out')).status).toBe(204)
    expect((await sessionOf(phone)).person).toBeNull()
    expect((await sessionOf(laptop)).person?.name).toBe('Ana')
    const thief = app.visitor()
    thief.keep([kept])
    expect((await sessionOf(thief)).person).toBeNull()
  })

  it('everywhere ends every session, and links that wait in the mail', async () => {
    const [phone, laptop] = [await app.signedIn('ana@example.org'), await app.signedIn('ana@example.org')]
    const link = await mailedLink(app, 'ana@example.org')
    expect((await phone.post('/api/sign-out-everywhere')).status).toBe(204)
    expect((await sessionOf(phone)).person).toBeNull()
    expect((await sessionOf(laptop)).person).toBeNull()
    const late = app.visitor()
    await late.get(link)
    expect((await late.submit('/sign-in/confirm')).status).toBe(410)
  })

  it('everywhere needs to be signed in', async () => {
    const refused = await app.visitor().post('/api/sign-out-everywhere')
    expect(refused.status).toBe(401)
    expect(refused.body['code']).toBe('not-signed-in')
  })
})

describe('somebody who asks for links again and again', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ ticking: false })
    await app.makeGroup({ name: 'River' }, [admin])
  })
  afterAll(() => app?.close())

  it('fills nobody’s mailbox and is slowed down', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 12; count += 1) {
      statuses.push((await app.visitor().post('/api/sign-in', { email: 'ana@example.org' })).status)
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(202))
    expect(statuses.slice(10)).toEqual([429, 429])
    // Waits for what is under way.
    await app.app.get(SignInService).onModuleDestroy()
    expect(await app.mailsTo('ana@example.org')).toHaveLength(5)
  })
})

describe('setting up', () => {
  let app: TestApp
  const given = { groupName: 'Food Bank', timeZone: 'Europe/London', name: 'Ana', email: 'Ana@Example.org ' }
  beforeAll(async () => {
    app = await startApp({ ticking: false })
  })
  afterAll(() => app?.close())

  it('refuses a time zone that does not exist, and makes nothing', async () => {
    expect((await sessionOf(app.visitor())).setUpNeeded).toBe(true)
    const refused = await app.visitor().post('/api/set-up', { ...given, timeZone: 'Europe/Atlantis' })
    expect(refused.status).toBe(422)
    expect(refused.body['detail']).toContain('"Europe/Atlantis"')
    expect(await app.query('select 1 from people')).toEqual([])
  })

  it('happens once, even for two who try at the same moment', async () => {
    const answers = await Promise.all([
      app.visitor().post('/api/set-up', given),
      app.visitor().post('/api/set-up', given),
    ])
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409])
    expect((await sessionOf(app.visitor())).setUpNeeded).toBe(false)
  })

  it('mails the first admin a link that works', async () => {
    const mail = await app.mailTo('ana@example.org', 'sign-in')
    const [, path] = /https?:\/\/[^/\s]+(\/sign-in\/confirm\?token=[\w-]+)/.exec(mail.text) ?? []
    const visitor = app.visitor()
    await visitor.get(path!)
    await visitor.submit('/sign-in/confirm')
    const { groups } = await sessionOf(visitor)
    expect(groups).toEqual([expect.objectContaining({ slug: 'food-bank', roles: ['admin', 'editor', 'reviewer'] })])
  })
})

describe('the demonstration', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ ticking: false, settings: { DEMO: 'yes' } })
  })
  afterAll(() => app?.close())

  it('can be entered as any of its people, and its time moved on', async () => {
    const { members } = await app.makeGroup({ name: 'Demo', demo: true }, [admin, reviewer])
    const visitor = app.visitor()
    const { demo, setUpNeeded } = await sessionOf(visitor)
    expect(setUpNeeded).toBe(true)
    expect(demo?.people.map((person) => [person.name, person.about])).toEqual([
      ['Ana', 'Runs the group and writes posts'],
      ['Ben', 'Reviews what others wrote'],
    ])
    expect((await visitor.post('/api/demo/enter', { memberId: members[1].id })).status).toBe(204)
    expect((await sessionOf(visitor)).person?.name).toBe('Ben')

    const before = app.clock.now()
    const moved = await visitor.post<{ now: string }>('/api/demo/clock', { minutes: 90 })
    expect(moved.status).toBe(200)
    expect(Date.parse(moved.body.now)).toBeGreaterThanOrEqual(before.plus({ minutes: 90 }).toMillis())
    const [database] = await app.query<{ near: boolean }>(
      `select abs(extract(epoch from clock() - $1::timestamptz)) < 60 as near`,
      [app.clock.now().toISO()],
    )
    expect(database).toEqual({ near: true })
  })

  it('is no way into a real group, whose time stands', async () => {
    const { members } = await app.makeGroup({ name: 'Real' }, [{ name: 'Rita', roles: ['admin'] }])
    const visitor = await app.signedIn('ana@example.org')
    expect((await visitor.post('/api/demo/enter', { memberId: members[0].id })).status).toBe(404)
    const refused = await visitor.post('/api/demo/clock', { minutes: 5 })
    expect(refused.status).toBe(409)
    expect(refused.body['detail']).toContain('real group')
  })
})

describe('in production', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp({ ticking: false, production: true })
  })
  afterAll(() => app?.close())

  it('there is no demonstration, even if somebody left its group in the database', async () => {
    const { members } = await app.makeGroup({ name: 'Demo', demo: true }, [admin])
    const session = await sessionOf(app.visitor())
    expect(session.demo).toBeNull()
    expect(session.production).toBe(true)
    const visitor = app.visitor()
    const refused = await visitor.post('/api/demo/enter', { memberId: members[0].id })
    expect(refused.status).toBe(404)
    expect(refused.body['code']).toBe('no-demo')
    expect(visitor.cookieHeader).toBe('')
  })

  it('the session’s cookie belongs to this host alone, and no script reads it', async () => {
    await app.makeGroup({ name: 'River' }, [reviewer])
    const visitor = app.visitor()
    const headers = { 'Content-Type': 'application/json', 'X-Seconder': '1', Origin: 'https://seconder.test' }
    await visitor.send('POST', '/api/sign-in', JSON.stringify({ email: 'ben@example.org' }), headers)
    const mail = await app.mailTo('ben@example.org', 'sign-in')
    const [, path] = /https:\/\/seconder\.test(\/sign-in\/confirm\?token=[\w-]+)/.exec(mail.text) ?? []
    const opened = await visitor.get(path!)
    expect(opened.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-seconder-link=[\w-]+; Max-Age=900; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ])
    const pressed = await visitor.send('POST', '/sign-in/confirm', new URLSearchParams(), {
      Origin: 'https://seconder.test',
    })
    const cookie = pressed.headers.getSetCookie().find((line) => line.startsWith('__Host-seconder='))!
    for (const flag of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=2592000']) {
      expect(cookie.toLowerCase()).toContain(flag.toLowerCase())
    }
    expect(cookie).not.toMatch(/domain=/i)
  })

  it('a database whose clock was moved is refused', async () => {
    await app.query('update clock_settings set shift_ms = 60000')
    await expect(app.app.get(ClockShift).onModuleInit()).rejects.toThrow('The clock of this database was moved')
    await app.query('update clock_settings set shift_ms = 0')
  })
})
