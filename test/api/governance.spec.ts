import { DataSource } from 'typeorm'

import { GovernanceResealing } from '../../src/governance/governance-resealing.service.js'
import type { GovernanceView, HandOverView } from '../../src/governance/governance.dto.js'
import { RoleEndsService } from '../../src/governance/role-ends.service.js'
import { Sealing } from '../../src/kernel/sealing.js'
import { emailOf, startApp, type TestApp } from '../support/app.js'
import { sentences, setClock, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import type { Answer } from '../support/visitor.js'

let app: TestApp
let river: TestGroup

beforeAll(async () => {
  ;({ app } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app)
  river = await TestGroup.make(app, 'River', [{ name: 'Fay', roles: ['admin'] }])
})
afterAll(() => app?.close())

const governance = async (name = 'Dee', of = river): Promise<GovernanceView> =>
  (await (await of.as(name)).get<GovernanceView>(of.path('governance'))).body

async function put(name: string, path: string, body: object): Promise<Answer<Record<string, unknown>>> {
  return (await river.as(name)).put(river.path(`governance/${path}`), body)
}

const anaReed = { name: 'Ana Reed', role: 'Treasurer', email: 'ana.reed@example.org', telephone: '+44 7700 900123' }
const benOkoro = { name: 'Ben Okoro', role: 'Secretary', email: 'ben.okoro@example.org', telephone: '+44 7700 900456' }

describe('the two accountable managers', () => {
  it('are asked for, named by admins, shown whole to them and to others by name only', async () => {
    expect((await governance('Ben')).notices[0]).toMatch(/^Nobody is named yet/)
    expect((await put('Ben', 'managers/1', anaReed)).status).toBe(403)
    expect((await put('Dee', 'managers/1', anaReed)).status).toBe(204)
    expect((await put('Dee', 'managers/2', benOkoro)).status).toBe(204)
    const forAdmins = await governance('Dee')
    expect(forAdmins.notices).toEqual([])
    expect(forAdmins.managers[0]).toEqual({
      place: 1,
      name: 'Ana Reed',
      details: {
        role: 'Treasurer',
        email: 'ana.reed@example.org',
        telephone: '+44 7700 900123',
        confirmedAt: expect.stringMatching(/^2026-11-23T09:30/),
        unconfirmed: false,
      },
    })
    const forOthers = await governance('Ben')
    expect(forOthers.managers.map(({ name, details }) => [name, details])).toEqual([
      ['Ana Reed', null],
      ['Ben Okoro', null],
    ])
    expect(JSON.stringify(forOthers)).not.toMatch(/900123|ana\.reed@/)
  })

  it('lie sealed in the database, and neither name nor address is in the log', async () => {
    await put('Dee', 'managers/1', anaReed)
    const everything = JSON.stringify(await app.everything())
    expect(everything).not.toMatch(/Ana Reed|ana\.reed@|7700 900123/)
    expect(await river.audit('accountable-manager-named')).toEqual([
      { kind: 'accountable-manager-named', place: 1, by: river.memberId('Dee') },
    ])
  })

  it('are two people: the same name, address or human being twice is said so', async () => {
    await put('Dee', 'managers/1', anaReed)
    await put('Dee', 'managers/2', { ...benOkoro, email: 'ANA.REED@example.org' })
    expect((await governance('Ben')).notices).toEqual([
      'Ana Reed and Ben Okoro have the same e-mail address here. Each needs one of their own.',
    ])
    // Two people of another group who turn out to be one.
    const { members } = await app.makeGroup({ name: 'Twins' }, [
      { name: 'Tess', roles: ['editor'] },
      { name: 'Tessa', roles: ['editor'] },
    ])
    await app.query('update people set same_as = $1 where id = $2', [members[0].personId, members[1].personId])
    await put('Dee', 'managers/1', { ...anaReed, email: emailOf('Tess') })
    await put('Dee', 'managers/2', { ...benOkoro, email: emailOf('Tessa') })
    expect((await governance('Ben')).notices).toEqual([
      'Both places name Ana Reed. Two different people have to answer for the accounts.',
    ])
  })

  it('are asked about after a year, and one press says that they are still right', async () => {
    await put('Dee', 'managers/1', anaReed)
    await put('Dee', 'managers/2', benOkoro)
    await setClock(app, '2027-11-23T09:31:00Z')
    expect((await governance('Eli')).notices).toHaveLength(2)
    await (await river.as('Eli')).post(river.path('governance/managers/1/confirm'))
    const { notices, managers } = await governance('Eli')
    expect(notices).toEqual([
      'What is written here about Ben Okoro was last confirmed on 23 November 2026. Is it still right?',
    ])
    expect(managers.map((each) => each.details?.unconfirmed)).toEqual([false, true])
  })

  it('have a name, a place in the organisation, an address and a number; there is no third', async () => {
    expect((await put('Dee', 'managers/1', { ...anaReed, telephone: 'ask me' })).status).toBe(422)
    expect((await put('Dee', 'managers/3', anaReed)).body).toMatchObject({ code: 'no-such-place' })
    const empty = await (await river.as('Dee')).post(river.path('governance/managers/2/confirm'))
    expect(empty.body).toMatchObject({ code: 'no-such-manager' })
  })
})

describe('accountable managers and a new secret', () => {
  it('are sealed anew at the start, so that the old secret is needed no more', async () => {
    const before = 'the secret of before, long enough to be taken'
    const now = 'the secret of now, which is long enough as well'
    const other = await startApp({ settings: { SECRET: now, SECRET_PREVIOUS: before }, ticking: false })
    try {
      const { group, members } = await other.makeGroup({ name: 'Hill' }, [{ name: 'Hal', roles: ['admin'] }])
      const purpose = 'accountable managers'
      const sealed = new Sealing(before).seal(JSON.stringify(anaReed), purpose)
      await other.query(
        `insert into accountable_managers values ($1, 1, $2, clock(), $3), ($1, 2, 'closed', clock(), $3)`,
        [group.id, sealed, members[0].id],
      )
      await other.app.get(GovernanceResealing).onApplicationBootstrap()
      const [one, two] = await other.query<{ sealed_details: string }>(
        'select sealed_details from accountable_managers order by place',
      )
      expect(JSON.parse(new Sealing(now).open(one!.sealed_details, purpose))).toEqual(anaReed)
      expect(two!.sealed_details).toBe('closed')
    } finally {
      await other.close()
    }
  })
})

describe('a role with a last day', () => {
  const endOf = (name: string, role: string, endsOn: string | null) =>
    put('Dee', `role-ends/${river.memberId(name)}`, { role, endsOn })
  const runAt = async (at: string) => {
    await setClock(app, at)
    await app.app.get(RoleEndsService).run()
  }
  const rolesOf = async (name: string): Promise<string[]> => {
    const [row] = await app.query<{ roles: string[] }>('select roles from members where group_id = $1 and id = $2', [
      river.id,
      river.memberId(name),
    ])
    return row!.roles
  }

  it('is set by admins, for roles that are held, from today on', async () => {
    expect((await put('Ben', `role-ends/${river.memberId('Ben')}`, { role: 'reviewer', endsOn: null })).status).toBe(
      403,
    )
    expect((await endOf('Ben', 'editor', '2026-12-20')).body).toMatchObject({ code: 'role-not-held' })
    for (const day of ['2026-11-22', '2026-02-30', 'soon', '2036-12-31']) {
      expect((await endOf('Ben', 'reviewer', day)).body).toMatchObject({ code: 'bad-day' })
    }
    expect((await endOf('Ben', 'reviewer', '2026-12-20')).status).toBe(204)
    expect((await governance('Cleo')).roleEnds).toEqual([
      { memberId: river.memberId('Ben'), name: 'Ben', role: 'reviewer', endsOn: '2026-12-20', kept: false },
    ])
    expect((await endOf('Ben', 'reviewer', null)).status).toBe(204)
    expect((await governance()).roleEnds).toEqual([])
  })

  it('is reminded of 14 days and 2 days before, the person and the admins, each once', async () => {
    await endOf('Ben', 'reviewer', '2026-12-20')
    for (const at of ['2026-12-05T12:00:00Z', '2026-12-06T12:00:00Z', '2026-12-07T12:00:00Z', '2026-12-18T12:00:00Z']) {
      await runAt(at)
      await app.app.get(RoleEndsService).run()
    }
    for (const name of ['Ben', 'Dee', 'Eli', 'Fay']) {
      const mails = await river.mails(name, 'role-ends-soon')
      expect(mails.map((mail) => mail.subject)).toEqual(
        Array(2).fill('Ben is a reviewer until Sunday 20 December 2026'),
      )
    }
    expect(await rolesOf('Ben')).toEqual(['reviewer'])
  })

  it('ends at the start of the next day of the group, once however many processes look, and is written down', async () => {
    await endOf('Ben', 'reviewer', '2026-12-20')
    await runAt('2026-12-20T23:59:00Z')
    expect(await rolesOf('Ben')).toEqual(['reviewer'])
    await setClock(app, '2026-12-21T00:00:30Z')
    const ends = app.app.get(RoleEndsService)
    await Promise.all([ends.run(), ends.run(), ends.run()])
    expect(await rolesOf('Ben')).toEqual([])
    expect(await river.audit('role-ended')).toEqual([
      { kind: 'role-ended', memberId: river.memberId('Ben'), role: 'reviewer', endsOn: '2026-12-20' },
    ])
    expect(await river.mails('Ben', 'role-ended')).toHaveLength(1)
    expect(await river.mails('Fay', 'role-ended')).toHaveLength(1)
  })

  it('of a reviewer ends their open requests with it, as a role that an admin takes away', async () => {
    const post = await river.sent({ wish: { kind: 'exact', at: '2026-12-22T12:00', reason: 'The walk' } })
    await endOf('Ben', 'reviewer', '2026-11-24')
    await runAt('2026-11-25T08:00:00Z')
    const requests = await app.query<{ ended: boolean }>(
      `select revoked_at is not null as ended from review_requests where post_id = $1 and member_id = $2`,
      [post.id, river.memberId('Ben')],
    )
    expect(requests).toEqual([{ ended: true }])
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect((await river.press(page, 'approve')).status).not.toBe(303)
  })

  it('has no last day any more once it was taken away and given again', async () => {
    await endOf('Ben', 'reviewer', '2026-12-20')
    const change = async (roles: string[]) =>
      (await river.as('Dee')).patch(river.path(`members/${river.memberId('Ben')}`), { roles })
    await change(['editor'])
    await change(['reviewer'])
    await runAt('2026-12-21T12:00:00Z')
    expect(await rolesOf('Ben')).toEqual(['reviewer'])
  })

  it('of an admin is refused when fewer than two admins without an end would be left', async () => {
    expect((await endOf('Fay', 'admin', '2026-12-20')).status).toBe(204)
    const { status, body } = await endOf('Eli', 'admin', '2027-12-20')
    expect([status, body['code']]).toEqual([409, 'last-admins'])
    expect(body['detail']).toMatch(/two admins whose role has no end/)
    const two = await TestGroup.make(app, 'Brook')
    const refused = await (
      await two.as('Dee')
    ).put<Record<string, unknown>>(two.path(`governance/role-ends/${two.memberId('Eli')}`), {
      role: 'admin',
      endsOn: '2026-12-20',
    })
    expect(refused.body['code']).toBe('last-admins')
  })

  it('of one of the last two admins stays, every admin is told once, and it ends when there is another', async () => {
    await endOf('Fay', 'admin', '2026-12-20')
    const dee = await river.as('Dee')
    await dee.patch(river.path(`members/${river.memberId('Eli')}`), { roles: ['editor'] })
    await runAt('2026-12-21T12:00:00Z')
    await runAt('2026-12-22T12:00:00Z')
    expect(await rolesOf('Fay')).toEqual(['admin'])
    for (const name of ['Dee', 'Fay']) {
      const [mail, ...more] = await river.mails(name, 'role-kept')
      expect(mail?.subject).toBe('Fay stays an admin for now')
      expect(more).toEqual([])
    }
    expect((await governance()).roleEnds).toMatchObject([{ name: 'Fay', kept: true }])
    await dee.patch(river.path(`members/${river.memberId('Ana')}`), { roles: ['admin'] })
    await runAt('2026-12-22T12:10:00Z')
    expect(await rolesOf('Fay')).toEqual([])
  })
})

describe('two admins, whoever tries', () => {
  // People of their own: those of the other tests are in many groups, each with admins to keep.
  let made = 0
  let members: Record<string, { id: string; personId: string }>
  let groupId: string
  async function make(): Promise<void> {
    made += 1
    const names = ['Ben', 'Cleo', 'Dee', 'Eli', 'Fay'] as const
    const { group, members: all } = await app.makeGroup(
      { name: 'Two admins' },
      names.map((name) => ({ name: `${name} ${made}`, roles: name < 'D' ? ['reviewer'] : ['admin'] })),
    )
    groupId = group.id
    members = Object.fromEntries(names.map((name, index) => [name, all[index]!]))
  }
  beforeEach(make)
  const sql = (text: string, ...parameters: unknown[]) => app.query(text, parameters)
  const personOf = (name: string) => members[name]!.personId
  const dropRole = (name: string) =>
    sql(`update members set roles = '{editor}' where group_id = $1 and id = $2`, groupId, members[name]!.id)
  const merge = (name: string, into: string) =>
    sql('update people set same_as = $2 where id = $1', personOf(name), personOf(into))
  const endSql = `insert into role_ends (group_id, member_id, role, ends_on, set_by, set_at)
    values ($1, $2, 'admin', '2026-12-20', $2, clock())`
  const end = (name: string) => sql(endSql, groupId, members[name]!.id)
  const admins = async () => {
    const [row] = await app.query<{ count: number }>(
      `select count(distinct root_person(person_id))::integer as count from members
       where group_id = $1 and status = 'active' and 'admin' = any (roles)`,
      [groupId],
    )
    return row!.count
  }

  it('all three taking the role from each other at the same moment leave two', async () => {
    const results = await Promise.allSettled(['Dee', 'Eli', 'Fay'].map(dropRole))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await admins()).toBe(2)
  })

  it.each(['a role taken away', 'a merge', 'a last day'])(
    'wait for %s that is not committed yet, and count it',
    async (first) => {
      const runner = app.app.get(DataSource).createQueryRunner()
      await runner.startTransaction()
      try {
        if (first === 'a role taken away') {
          const parameters = [groupId, members['Fay']!.id]
          await runner.query(`update members set roles = '{editor}' where group_id = $1 and id = $2`, parameters)
        } else if (first === 'a merge') {
          await runner.query('update people set same_as = $2 where id = $1', [personOf('Fay'), personOf('Eli')])
        } else await runner.query(endSql, [groupId, members['Fay']!.id])
        const second = (first === 'a last day' ? end('Dee') : dropRole('Dee')).then(
          () => 'done',
          () => 'refused',
        )
        // Time enough for a count that does not wait.
        await app.query('select pg_sleep(0.1)')
        await runner.commitTransaction()
        expect(await second).toBe('refused')
      } finally {
        await runner.release()
      }
    },
  )

  it('who turn out to be one human being count once', async () => {
    await merge('Fay', 'Eli')
    await expect(dropRole('Dee')).rejects.toThrow('keeps at least two active admins')
    await dropRole('Fay')
  })

  it('stay two people: a merge that leaves one is refused, in a chain as well', async () => {
    await dropRole('Fay')
    await expect(merge('Eli', 'Dee')).rejects.toThrow('cannot be one person')
    await expect(merge('Dee', 'Eli')).rejects.toThrow('cannot be one person')
    await merge('Eli', 'Ben')
    await expect(merge('Dee', 'Ben')).rejects.toThrow('cannot be one person')
    await expect(merge('Ben', 'Dee')).rejects.toThrow('cannot be one person')
    expect(await admins()).toBe(2)
  })

  it('stay when one is merged while another loses the role', async () => {
    for (let round = 0; round < 8; round += 1) {
      await make()
      const results = await Promise.allSettled([merge('Fay', 'Eli'), dropRole('Dee')])
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await admins()).toBe(2)
    }
  })

  it('stay when a row of members is given to another person or taken away', async () => {
    await dropRole('Fay')
    await sql(`delete from members where group_id = $1 and id = $2`, groupId, members['Cleo']!.id)
    for (const statement of [
      `update members set person_id = (select person_id from members m where m.group_id = $1 and m.id <> $2 and 'admin' = any (m.roles) limit 1) where group_id = $1 and id = $2`,
      `update members set status = 'left' where group_id = $1 and id = $2`,
      `delete from members where group_id = $1 and id = $2`,
    ]) {
      await expect(sql(statement, groupId, members['Dee']!.id)).rejects.toThrow(
        /keeps at least two active admins|members_person_unique/,
      )
    }
  })

  it('have no end set beside the application either, nor by two at the same moment', async () => {
    const results = await Promise.allSettled([end('Dee'), end('Eli'), end('Fay')])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('the code of ethics', () => {
  it('comes with the group, is changed by admins in versions, and never rewritten', async () => {
    const { ethics } = await governance('Ben')
    expect([ethics.number, ethics.madeBy, ethics.points.length]).toEqual([1, null, 11])
    const text = 'Be kind.\n\nBe true.'
    expect((await put('Ben', 'ethics', { text, number: 1 })).status).toBe(403)
    expect((await put('Dee', 'ethics', { text: ' \n', number: 1 })).body).toMatchObject({ code: 'empty-code' })
    expect((await put('Dee', 'ethics', { text: 'a'.repeat(2501), number: 1 })).body).toMatchObject({
      code: 'code-too-long',
    })
    expect((await put('Dee', 'ethics', { text, number: 1 })).status).toBe(204)
    expect((await put('Eli', 'ethics', { text: 'Be brief.', number: 1 })).body).toMatchObject({ code: 'code-changed' })
    expect((await governance('Ben')).ethics).toMatchObject({
      number: 2,
      madeBy: 'Dee',
      points: ['Be kind.', 'Be true.'],
    })
    await expect(
      app.query(`update codes_of_ethics set text = 'Be quick.' where group_id = $1`, [river.id]),
    ).rejects.toThrow('append-only')
    expect(await river.audit('code-of-ethics-changed')).toHaveLength(1)
  })

  it('is shown at every review, and a verdict notes which version was in force', async () => {
    const post = await river.sent()
    const { html } = await river.open(post, 'Ben')
    expect(sentences(html)).toContain('Issues rather than people.')
    expect(sentences(html)).toContain('The other 8 points (version 1 of 23 November 2026)')
    await put('Dee', 'ethics', { text: 'Be kind.\n\nBe true.', number: 1 })
    const { html: later } = await river.open(post, 'Cleo')
    expect(sentences(later)).toContain('Be kind. Be true. This is version 2 of 23 November 2026.')
    await river.decide(post, 'Ben', 'approve')
    expect(await app.query('select ethics_number from verdicts where post_id = $1', [post.id])).toEqual([
      { ethics_number: 2 },
    ])
  })
})

describe('somebody who leaves', () => {
  const leave = async (name: string) =>
    (await river.as('Dee')).patch(river.path(`members/${river.memberId(name)}`), { status: 'left' })
  const handOver = async (name: string) =>
    (await (await river.as('Dee')).get<HandOverView>(river.path(`governance/hand-overs/${river.memberId(name)}`))).body
  /** Without the devices that somebody uses for the groups of other tests. */
  const keys = (view: HandOverView) => view.items.map((item) => item.key).filter((key) => key !== 'devices')

  it('leaves a list of what is in hand, which is mailed to the admins and can be ticked', async () => {
    const draft = await river.write({ text: 'A draft about the river' }, 'Eli')
    await put('Dee', 'managers/1', { ...anaReed, email: emailOf('Eli') })
    expect((await handOver('Eli')).leftAt).toBeNull()
    const early = await put('Dee', `hand-overs/${river.memberId('Eli')}/ticks`, { item: 'talk', done: true })
    expect(early.body).toMatchObject({ code: 'not-left' })

    expect((await leave('Eli')).status).toBe(200)
    const left = await handOver('Eli')
    expect(keys(left)).toEqual([`channel:${river.bluesky.id}`, 'accountable', `post:${draft.id}`, 'outside', 'talk'])
    expect(left.leftAt).toMatch(/^2026-11-23T09:3/)
    for (const name of ['Dee', 'Fay']) {
      const [mail] = await river.mails(name, 'hand-over')
      expect(mail?.subject).toBe('Eli has left River: what to see to')
      expect(mail?.text).toContain('Change the password there')
    }
    expect(await river.mails('Eli', 'hand-over')).toEqual([])

    const item = `channel:${river.bluesky.id}`
    await put('Dee', `hand-overs/${river.memberId('Eli')}/ticks`, { item, done: true })
    await put('Fay', `hand-overs/${river.memberId('Eli')}/notes`, { notes: 'The key of the hut is with Ben.' })
    const ticked = await handOver('Eli')
    expect(ticked.items[0]!.ticked).toMatchObject({ by: 'Dee' })
    expect(ticked.notes).toBe('The key of the hut is with Ben.')
    expect(await river.audit('hand-over-item-ticked')).toMatchObject([{ item, by: river.memberId('Dee') }])
    expect((await governance('Dee')).handOvers).toMatchObject([{ name: 'Eli', open: left.items.length - 1 }])
    expect((await governance('Ben')).handOvers).toBeNull()

    await put('Dee', `hand-overs/${river.memberId('Eli')}/ticks`, { item, done: false })
    expect((await handOver('Eli')).items[0]!.ticked).toBeNull()
    const gone = await put('Dee', `hand-overs/${river.memberId('Eli')}/ticks`, { item: 'role:editor', done: true })
    expect(gone.body).toMatchObject({ code: 'no-such-item' })
  })

  it('is shut out at once, and their devices are forgotten', async () => {
    river = await TestGroup.make(app, 'Lake', [{ name: 'Hal', roles: ['reviewer'] }])
    const post = await river.sent()
    const browser = await river.as('Hal')
    expect((await browser.get(river.path('queue'))).status).toBe(200)
    await leave('Hal')
    expect((await browser.get('/api/session')).body).toMatchObject({ person: null })
    expect((await handOver('Hal')).items.map((item) => item.key)).toEqual([`request:${post.id}`, 'outside', 'talk'])
  })

  it('stays signed in for another group they are in', async () => {
    const brook = await TestGroup.make(app, 'Brook')
    const browser = await river.as('Ben')
    await leave('Ben')
    expect((await browser.get(river.path('queue'))).status).toBe(404)
    expect((await browser.get(brook.path('queue'))).status).toBe(200)
    const [devices] = (await handOver('Ben')).items
    expect(devices).toMatchObject({ key: 'devices', text: expect.stringContaining('for their other groups') })
  })

  it('is not kept by anything but the two admins', async () => {
    expect((await leave('Fay')).status).toBe(200)
    const { status, body } = await leave('Eli')
    expect([status, (body as Record<string, unknown>)['code']]).toEqual([409, 'last-admins'])
    expect(await river.mails('Dee', 'hand-over')).toHaveLength(1)
  })
})

describe('reviewers who do not answer', () => {
  /** Asks somebody days before the present Monday morning, with nobody answering. */
  const asked = async (post: { id: string }, name: string, days: number) => {
    await app.query(
      `update review_requests set created_at = clock() - $3 * interval '1 day' where group_id = $1 and post_id = $4 and member_id = $2`,
      [river.id, river.memberId(name), days, post.id],
    )
  }
  const unanswered = async (days: readonly number[]) => {
    for (const each of days) {
      const post = await river.sent({ text: `The walk of ${each} days ago` })
      await asked(post, 'Ben', each)
    }
  }

  it('are shown to admins only, from three in a row, in words that blame nobody', async () => {
    await unanswered([9, 6])
    expect((await governance('Dee')).unanswering).toEqual([])
    await unanswered([3])
    expect((await governance('Dee')).unanswering).toEqual([
      {
        memberId: river.memberId('Ben'),
        name: 'Ben',
        sentence:
          'Ben was asked 3 times in the last 28 days and answered 0. Do you want to ask them whether it is too much?',
      },
    ])
    expect((await governance('Ben')).unanswering).toBeNull()
  })

  it('are not asked until a day that they or an admin chose, and are told by whom', async () => {
    await unanswered([9, 6, 3])
    expect((await put('Cleo', `absences/${river.memberId('Ben')}`, { until: '2026-12-01' })).status).toBe(403)
    for (const until of ['2026-11-23', '2027-12-01', 'later'])
      expect((await put('Dee', `absences/${river.memberId('Ben')}`, { until })).body).toMatchObject({ code: 'bad-day' })
    expect((await put('Dee', `absences/${river.memberId('Ben')}`, { until: '2026-12-01' })).status).toBe(204)
    const view = await governance('Dee')
    expect([view.unanswering, view.away]).toEqual([
      [],
      [{ memberId: river.memberId('Ben'), name: 'Ben', until: '2026-12-01' }],
    ])
    expect((await river.mails('Ben', 'asking-paused'))[0]?.text).toContain('Dee has paused asking you')
    const post = await river.sent({ text: 'Who is asked now?' })
    expect(await askedFor(post)).toEqual(['Cleo'])
    expect((await put('Ben', `absences/${river.memberId('Ben')}`, { until: null })).status).toBe(204)
    expect(await askedFor(await river.sent({ text: 'And now?' }))).toEqual(['Ben', 'Cleo'])
  })

  it('are asked again when the day has come, on the clocks of the group', async () => {
    await put('Ben', `absences/${river.memberId('Ben')}`, { until: '2026-11-25' })
    await setClock(app, '2026-11-24T23:59:00Z')
    expect((await governance()).away).toHaveLength(1)
    await setClock(app, '2026-11-25T00:00:30Z')
    expect((await governance()).away).toEqual([])
  })

  it('leave a post that nobody else could look at to be sent another day, and the reason says so', async () => {
    await put('Ben', `absences/${river.memberId('Ben')}`, { until: '2026-12-01' })
    await put('Cleo', `absences/${river.memberId('Cleo')}`, { until: '2026-12-03' })
    const { status, body } = await river.trySend(await river.write())
    expect([status, body['code']]).toEqual([409, 'no-reviewers'])
    expect(body['detail']).toContain('Ben is away until Tuesday 1 December 2026. Cleo is away until')
  })

  async function askedFor(post: { id: string }): Promise<string[]> {
    const rows = await app.query<{ name: string }>(
      `select p.name from review_requests r join members m on m.group_id = r.group_id and m.id = r.member_id
       join people p on p.id = m.person_id where r.group_id = $1 and r.post_id = $2 order by p.name`,
      [river.id, post.id],
    )
    return rows.map(({ name }) => name)
  }
})
