import { Transaction } from '../../src/database/transaction.js'
import { Clock, SystemClock } from '../../src/kernel/clock.js'
import { newId, sha256 } from '../../src/kernel/ids.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { runDue, setClock, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import { changePolicy } from '../support/policy.js'
import { until } from '../support/until.js'

// Each test tries to break one promise of the product from beside it, with SQL and the rights of the owner.

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app, network)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

const sql = <Row = Record<string, unknown>>(text: string, parameters: unknown[] = []) =>
  app.query<Row>(text, parameters)

/** The same, with ordinary triggers and foreign keys switched off, as a restore or a replica does it. */
const asReplica = (text: string, parameters: unknown[] = []) =>
  app.owner.transaction(async (manager) => {
    await manager.query('set local session_replication_role = replica')
    return manager.query(text, parameters)
  })

/** Takes the post's publication by hand, with the revision that is current. */
const takeByHand = `update publications p set state = 'publishing', publish_key = 'by hand', revision_id = r.id, hash = r.hash
  from posts po join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
  where p.post_id = $1 and po.group_id = p.group_id and po.id = p.post_id`

async function due(post: PostDetail): Promise<PostDetail> {
  await river.toSlot(post)
  return post
}

async function published(): Promise<{ post: PostDetail; publicationId: string }> {
  const post = await due(await river.approved())
  await runDue(app)
  return { post, publicationId: (await river.publication(post)).id }
}

/** A verdict put into the table by hand. */
async function verdict(
  post: { id: string },
  name: string,
  given: { kind?: string; revision?: number; hash?: string; personOf?: string; in?: TestGroup } = {},
) {
  const [revision] = await sql<{ id: string; hash: string }>(
    'select id, hash from revisions where group_id = $1 and post_id = $2 and ($3::int is null or number = $3) order by number desc limit 1',
    [river.id, post.id, given.revision ?? null],
  )
  const member = (given.in ?? river).members[name]!
  return sql(
    `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, note, via, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'by hand', 'session', clock())`,
    [
      river.id,
      newId(Date.now()),
      post.id,
      revision!.id,
      given.hash ?? revision!.hash,
      member.id,
      given.personOf ? river.members[given.personOf]!.personId : member.personId,
      given.kind ?? 'approve',
    ],
  )
}

describe('1: nothing goes out without the valid approvals of exactly that envelope', () => {
  const takeMany = takeByHand.replace('p.post_id = $1', 'p.post_id = any ($1)')
  const pair = async () => {
    const good = await river.approved({ channels: [river.bluesky.id] })
    const other = await river.approved({ channels: [river.board.id] })
    await sql('update publications set slot = clock(), next_try_at = clock() where post_id = any ($1)', [
      [good.id, other.id],
    ])
    await app.letPass({ minutes: 11 })
    return [good, other] as const
  }
  const statesOf = async (posts: readonly { id: string }[]) =>
    (
      await sql<{ state: string }>('select state from publications where post_id = any ($1)', [
        posts.map((post) => post.id),
      ])
    ).map((row) => row.state)

  it.each([
    ['is held', 'update posts set held_at = clock() where id = $1', 'gate: the post is held'],
    ['is changed', 'update posts set editing = true where id = $1', 'gate: not the current sealed revision'],
    ['is objected to', null, 'gate: 0 of 1 approvals'],
    [
      'has another account behind its channel',
      `update channels c set remote_account_id = 'another' from publications p where p.post_id = $1 and c.id = p.channel_id`,
      'gate: another content or account',
    ],
    [
      'has not come to its slot',
      `update publications set slot = clock() + interval '1 second' where post_id = $1`,
      'gate: the slot has not come',
    ],
    [
      'is in a silence',
      `insert into silences (group_id, id, name, from_wall, until_wall, zone, starts_at, ends_at, channel_ids, made_by, made_at)
       select p.group_id, gen_random_uuid(), 'Quiet', '', '', 'UTC', clock() - interval '1 hour', clock() + interval '1 hour',
         array[p.channel_id], po.author_id, clock() from publications p join posts po on po.id = p.post_id where p.post_id = $1`,
      'gate: a silence',
    ],
  ])('of many in one statement none goes when one of them %s', async (_what, spoil, refusal) => {
    const [good, other] = await pair()
    if (spoil === null) await verdict(other, 'Ben', { kind: 'changes' })
    else await sql(spoil, [other.id])
    for (const run of [sql, asReplica]) {
      await expect(run(takeMany, [[good.id, other.id]])).rejects.toThrow(refusal)
      await expect(run(takeMany, [[other.id, good.id]])).rejects.toThrow(refusal)
    }
    expect(await statesOf([good, other])).toEqual(['planned', 'planned'])
    await sql(takeMany, [[good.id]])
  })

  it('of many in one statement all go when each may', async () => {
    const posts = await pair()
    await sql(takeMany, [posts.map((post) => post.id)])
    expect(await statesOf(posts)).toEqual(['publishing', 'publishing'])
  })

  it('no publication takes the key of one that is on its way, and its leave with it', async () => {
    const [good, other] = await pair()
    await sql(takeMany, [[good.id]])
    await sql('update posts set held_at = clock() where id = $1', [other.id])
    const swap = `update publications p set state = case when p.post_id = $1 then 'published' else 'publishing' end, remote_id = 'x',
        id = case when p.post_id = $1 then gen_random_uuid() else (select id from publications where post_id = $1) end,
        publish_key = 'by hand', revision_id = r.id, hash = r.hash
      from posts po join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
      where p.post_id in ($1, $2) and po.group_id = p.group_id and po.id = p.post_id`
    for (const run of [sql, asReplica])
      await expect(run(swap, [good.id, other.id])).rejects.toThrow('a publication keeps its key')
  })

  it('a hold ends with a fresh approval by somebody else, and by no statement', async () => {
    const post = await river.approved()
    const release = 'update posts set held_at = null, held_by = null where id = $1'
    await sql('update posts set held_at = clock() where id = $1', [post.id])
    await expect(sql(release, [post.id])).rejects.toThrow('only a fresh approval')
    await expect(asReplica(release, [post.id])).rejects.toThrow('only a fresh approval')
    // Neither an earlier time nor a forged number makes the approval before the hold a fresh one.
    await sql(`update posts set held_at = held_at - interval '1 day', held_after = 0 where id = $1`, [post.id])
    await expect(sql(release, [post.id])).rejects.toThrow('only a fresh approval')
    await sql('update posts set held_after = 0 where id = $1', [post.id])
    await expect(sql(release, [post.id])).rejects.toThrow('only a fresh approval')
    await verdict(post, 'Cleo', { kind: 'stop' })
    await expect(sql(release, [post.id])).rejects.toThrow('only a fresh approval')
    await verdict(post, 'Cleo')
    await verdict(post, 'Cleo', { kind: 'withdrawn' })
    await expect(sql(release, [post.id])).rejects.toThrow('only a fresh approval')
    await verdict(post, 'Cleo')
    await sql(release, [post.id])
    await sql(takeByHand, [(await due(post)).id])
  })

  it.each([
    ['draft', 'approved'],
    ['draft', 'changes_requested'],
    ['in_review', 'draft'],
    ['approved', 'draft'],
    ['cancelled', 'in_review'],
    ['cancelled', 'draft'],
  ])('a post that is %s does not become %s by a statement', async (from, to) => {
    const post = from === 'draft' ? await river.write() : await river.sent()
    if (from !== 'draft') await sql('update posts set state = $2 where id = $1', [post.id, from])
    const move = 'update posts set state = $2 where id = $1'
    await expect(sql(move, [post.id, to])).rejects.toThrow('a post does not go from')
    await expect(asReplica(move, [post.id, to])).rejects.toThrow('a post does not go from')
  })

  it.each(['cancelled', 'expired'])('what may be out, or is, does not become %s', async (state) => {
    const { post } = await published()
    await expect(sql('update posts set state = $2 where id = $1', [post.id, state])).rejects.toThrow('does not end')
  })

  it('the way by hand works for what was approved and is due, so that the refusals below mean something', async () => {
    const post = await due(await river.approved())
    await sql(takeByHand, [post.id])
    expect((await river.publication(post)).state).toBe('publishing')
  })

  it('not by setting a state', async () => {
    const post = await due(await river.sent())
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
    await expect(asReplica(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
    await expect(
      sql(`update publications set state = 'published', remote_id = 'x' where post_id = $1`, [post.id]),
    ).rejects.toThrow('does not go from planned to published')
    await sql(`update posts set state = 'approved', approved_at = created_at where id = $1`, [post.id])
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
    expect(await runDue(app)).toBe(0)
    expect(network.publicTexts('by hand')).toEqual([])
  })

  it('not by starting a publication in the middle of its life', async () => {
    const post = await due(await river.sent())
    const insert = `insert into publications (group_id, id, post_id, channel_id, state, slot, wall, zone, spaced, next_try_at, created_at, updated_at, publish_key, revision_id, hash, remote_id)
      select p.group_id, $2, p.post_id, $3, $4, p.slot, p.wall, p.zone, p.spaced, p.slot, clock(), clock(), 'x', r.id, r.hash, 'x'
      from publications p join revisions r on r.group_id = p.group_id and r.post_id = p.post_id where p.post_id = $1`
    for (const state of ['publishing', 'published', 'in_doubt', 'unconfirmed', 'failed', 'retracting']) {
      await expect(sql(insert, [post.id, newId(Date.now()), river.board.id, state])).rejects.toThrow(
        'a publication starts planned',
      )
      await expect(asReplica(insert, [post.id, newId(Date.now()), river.board.id, state])).rejects.toThrow(
        'a publication starts planned',
      )
    }
  })

  it('not with the approvals of an earlier version', async () => {
    const first = await river.approved()
    const edited = (await river.save(first, { text: 'Other words.' })).body
    await river.send(edited)
    await due(edited)
    await expect(sql(takeByHand, [first.id])).rejects.toThrow('gate: 0 of 1 approvals')
    await expect(
      sql(
        `update publications p set state = 'publishing', publish_key = 'x', revision_id = r.id, hash = r.hash
         from revisions r where p.post_id = $1 and r.post_id = p.post_id and r.number = 1`,
        [first.id],
      ),
    ).rejects.toThrow('gate: not the current sealed revision')
    await expect(verdict(first, 'Cleo', { revision: 1 })).rejects.toThrow('another revision replaced this one')
  })

  it('not with an earlier approval of somebody whose last word came by a second, now suspended membership', async () => {
    river = await TestGroup.make(app, 'Mere', [{ name: 'Ben Second', roles: ['reviewer'] }])
    const post = await river.approved()
    const [ben, second] = [river.members['Ben']!, river.members['Ben Second']!]
    await sql('update people set same_as = $2 where id = $1', [second.personId, ben.personId])
    await verdict(post, 'Ben Second', { kind: 'stop' })
    await river.suspend('Ben Second')
    await due(post)
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
  })

  it('not with an approval of other content', async () => {
    const post = await river.sent()
    await expect(verdict(post, 'Ben', { hash: sha256('other content') })).rejects.toThrow('verdicts_revision_fkey')
    await expect(
      sql(
        `insert into revisions (group_id, post_id, id, number, envelope, hash, source, sealed_by, sealed_at)
         select group_id, post_id, $2, 2, envelope || ' ', hash, source, sealed_by, clock() from revisions where post_id = $1`,
        [post.id, newId(Date.now())],
      ),
    ).rejects.toThrow('revisions_hash_matches')
  })

  it.each([
    ['held', 'update posts set held_at = clock() where id = $1', 'gate: the post is held'],
    ['being changed', 'update posts set editing = true where id = $1', 'gate: not the current sealed revision'],
    ['cancelled', `update posts set state = 'cancelled' where id = $1`, 'gate: not the current sealed revision'],
    [
      'for another account',
      `update channels set remote_account_id = 'other' where id = (select channel_id from publications where post_id = $1)`,
      'gate: another content or account',
    ],
    [
      'for a channel that was removed',
      'update channels set removed_at = clock() where id = (select channel_id from publications where post_id = $1)',
      'gate: the channel was removed',
    ],
    [
      'not due',
      `update publications set slot = clock() + interval '1 second' where post_id = $1`,
      'gate: the slot has not come',
    ],
    [
      'for a group that wants two',
      `insert into policies (group_id, number, content, made_by)
       select p.group_id, 2, p.content || '{"approvals": 2}',
         (select id from members m where m.group_id = p.group_id and 'admin' = any (m.roles) limit 1)
       from policies p join posts po on po.group_id = p.group_id where po.id = $1`,
      'gate: 1 of 2 approvals',
    ],
  ])('not while it is %s', async (_what, change, reason) => {
    const post = await due(await river.approved())
    await sql(change, [post.id])
    await expect(sql(takeByHand, [post.id])).rejects.toThrow(reason)
    await expect(asReplica(takeByHand, [post.id])).rejects.toThrow(reason)
    await runDue(app)
    expect(network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)).toEqual([])
  })

  it.each([
    ['was suspended', `status = 'suspended'`],
    ['left', `status = 'left'`],
    ['is no reviewer any more', `roles = '{editor}'`],
  ])('not with the approval of somebody who %s', async (_what, change) => {
    const post = await due(await river.approved())
    await sql(`update members set ${change} where group_id = $1 and id = $2`, [river.id, river.memberId('Ben')])
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
  })

  it('not against somebody’s wish for changes, whoever else approved', async () => {
    const post = await due(await river.approved())
    await verdict(post, 'Cleo', { kind: 'changes' })
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: somebody objects')
    await verdict(post, 'Cleo')
    await sql(takeByHand, [post.id])
  })

  it('not with an approval that its giver took back', async () => {
    const post = await due(await river.approved())
    await verdict(post, 'Ben', { kind: 'withdrawn' })
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
  })

  it('a suspension and a claim at the same moment come one after the other', async () => {
    const post = await due(await river.approved())
    const { promise: release, resolve: go } = Promise.withResolvers<void>()
    const { promise: locked, resolve: isLocked } = Promise.withResolvers<void>()
    const suspending = app.app.get(Transaction).run(async (manager) => {
      await manager.query(`update members set status = 'suspended' where group_id = $1 and id = $2`, [
        river.id,
        river.memberId('Ben'),
      ])
      isLocked()
      await release
    })
    await locked
    const claiming = sql(takeByHand, [post.id]).then(
      () => 'claimed',
      (error: Error) => error.message,
    )
    expect(await Promise.race([claiming, new Promise((done) => setTimeout(done, 100, 'waits'))])).toBe('waits')
    go()
    await suspending
    expect(await claiming).toContain('gate: 0 of 1 approvals')
  })
})

describe('2: at most one public post per publication', () => {
  it('what is public is not planned again, nor forgotten', async () => {
    const { post, publicationId } = await published()
    for (const state of ['planned', 'publishing', 'failed', 'cancelled', 'missed', 'in_doubt']) {
      await expect(sql('update publications set state = $2 where id = $1', [publicationId, state])).rejects.toThrow(
        `does not go from published to ${state}`,
      )
      await expect(
        asReplica('update publications set state = $2 where id = $1', [publicationId, state]),
      ).rejects.toThrow('does not go from')
    }
    await expect(sql('update publications set hash = $2 where id = $1', [publicationId, sha256('x')])).rejects.toThrow(
      'what was sent is fixed',
    )
    expect((await river.see(post)).state).toBe('done')
  })

  it('doubt is not lost: it is looked up or asked, and never planned again, and its key stays', async () => {
    const post = await due(await river.approved())
    network.next('request lost')
    await runDue(app)
    const { id } = await river.publication(post)
    for (const state of ['planned', 'failed', 'missed', 'cancelled']) {
      await expect(sql('update publications set state = $2 where id = $1', [id, state])).rejects.toThrow(
        `does not go from in_doubt to ${state}`,
      )
    }
    await sql(`update publications set state = 'publishing' where id = $1`, [id])
    await expect(sql(`update publications set state = 'planned' where id = $1`, [id])).rejects.toThrow(
      'in doubt is never planned again',
    )
    await expect(sql(`update publications set publish_key = 'another' where id = $1`, [id])).rejects.toThrow(
      'key of a publication in doubt is fixed',
    )
    await expect(asReplica(`update publications set state = 'planned' where id = $1`, [id])).rejects.toThrow(
      'in doubt is never planned again',
    )
  })

  it('a post has one publication a channel, and a channel one send at a time', async () => {
    const post = await due(await river.approved({ text: 'First.', wish: { kind: 'exact', at: '2026-11-23T12:01' } }))
    const other = await river.approved({
      text: 'Second.',
      wish: { kind: 'exact', at: '2026-11-23T12:20', reason: 'Both matter.' },
    })
    const again = `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, spaced, next_try_at, created_at, updated_at)
      select group_id, $2, post_id, channel_id, slot + interval '9 days', wall, zone, tstzrange(slot + interval '9 days', slot + interval '10 days'), slot, clock(), clock()
      from publications where post_id = $1`
    await expect(sql(again, [post.id, newId(Date.now())])).rejects.toThrow('publications_once_per_channel')
    await setClock(app, '2026-11-23T12:20:05Z')
    await sql(takeByHand, [post.id])
    await expect(sql(takeByHand, [other.id])).rejects.toThrow('publications_one_in_flight')
    expect(await runDue(app)).toBe(0)
  })
})

describe('3: nothing is lost', () => {
  it('publications, posts and channels that something was planned on cannot be removed', async () => {
    const post = await river.approved()
    for (const run of [sql, asReplica]) {
      await expect(run('delete from publications where post_id = $1', [post.id])).rejects.toThrow(
        'cancelled, not deleted',
      )
      await expect(run('truncate publications cascade')).rejects.toThrow('append-only')
    }
    await expect(sql('delete from posts where id = $1', [post.id])).rejects.toThrow('violates foreign key')
    await expect(sql('delete from channels where id = $1', [river.bluesky.id])).rejects.toThrow('violates foreign key')
  })

  it('what fails is failed and told in one piece, or not at all', async () => {
    const post = await due(await river.approved())
    network.next({ kind: 'rejected', cause: 'The network takes no such link.', field: null })
    await sql(`alter table mails add constraint no_mail check (kind <> 'publication-failed') not valid`)
    await expect(runDue(app)).rejects.toThrow('no_mail')
    await sql('alter table mails drop constraint no_mail')
    expect((await river.publication(post)).state).toBe('publishing')
    await app.letPass({ minutes: 2 })
    await runDue(app)
    await app.letPass({ seconds: 6 })
    await runDue(app)
    expect((await river.publication(post)).state).toBe('published')
    expect(network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)).toHaveLength(1)
  })
})

describe('4: on time', () => {
  it('two posts of a channel never share a gap, whoever plans them', async () => {
    const first = await river.sent({ text: 'First.' })
    const second = await river.sent({ text: 'Second.' })
    const move = `update publications s set slot = f.slot + interval '30 minutes', spaced = tstzrange(f.slot + interval '30 minutes', f.slot + interval '90 minutes', '[)')
      from publications f where s.post_id = $2 and f.post_id = $1`
    await expect(sql(move, [first.id, second.id])).rejects.toThrow('publications_spaced')
    await sql(move.replaceAll('30 minutes', '60 minutes').replace('90 minutes', '120 minutes'), [first.id, second.id])
  })

  it('a process whose clock runs ahead publishes nothing early: the database’s clock decides', async () => {
    const post = await river.approved()
    const clock = app.app.get(Clock) as SystemClock
    const [row] = await sql<{ shift_ms: string }>('select shift_ms from clock_settings')
    clock.setOffset(Number(row!.shift_ms) + 7 * 86_400_000)
    expect(await runDue(app)).toBe(0)
    clock.setOffset(Number(row!.shift_ms))
    await due(post)
    expect(await runDue(app)).toBe(1)
  })
})

describe('5: who reviews did not contribute, and what happened stays as it happened', () => {
  it('somebody who wrote, edited or uploaded does not approve', async () => {
    const picture = await river.upload('Eli')
    const post = await river.sent({ pictures: [{ mediaId: picture.id, alt: 'The river.' }] })
    await expect(verdict(post, 'Ana')).rejects.toThrow('a contributor does not approve')
    await sql(`update members set roles = '{admin,editor,reviewer}' where group_id = $1 and id = $2`, [
      river.id,
      river.memberId('Eli'),
    ])
    await expect(verdict(post, 'Eli')).rejects.toThrow('a contributor does not approve')
    const insert = `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, via, at)
      select r.group_id, $2, r.post_id, r.id, r.hash, $3, $4, 'approve', 'session', clock() from revisions r where r.post_id = $1`
    await expect(
      asReplica(insert, [post.id, newId(Date.now()), river.memberId('Ana'), river.members['Ana']!.personId]),
    ).rejects.toThrow('a contributor does not approve')
    await due(post)
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
  })

  it('one human with two sign-ins is one person, as a contributor and as a reviewer', async () => {
    const twins = await TestGroup.make(app, 'Lake', [
      { name: 'Ana Twin', roles: ['reviewer'] },
      { name: 'Ben Twin', roles: ['reviewer'] },
    ])
    river = twins
    for (const name of ['Ana', 'Ben']) {
      await sql('update people set same_as = $2 where id = $1', [
        twins.members[`${name} Twin`]!.personId,
        twins.members[name]!.personId,
      ])
    }
    await changePolicy(app, twins.id, { approvals: 2, coolingMinutes: 0 })
    const post = await twins.sent()
    await expect(verdict(post, 'Ana Twin')).rejects.toThrow('a contributor does not approve')
    await verdict(post, 'Ben')
    await verdict(post, 'Ben Twin')
    await due(post)
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 1 of 2 approvals')
    await verdict(post, 'Cleo')
    await sql(takeByHand, [post.id])
  })

  it('two who are one stay one, and nobody is their own twin over any detour, not even at the same moment', async () => {
    const lake = await TestGroup.make(app, 'Tarn', [
      { name: 'Fay One', roles: ['reviewer'] },
      { name: 'Fay Two', roles: ['reviewer'] },
      { name: 'Fay Three', roles: ['reviewer'] },
    ])
    const [one, two, three] = ['One', 'Two', 'Three'].map((name) => lake.members[`Fay ${name}`]!.personId)
    const merge = 'update people set same_as = $2 where id = $1'
    await sql(merge, [one, two])
    await sql(merge, [two, three])
    await expect(sql(merge, [three, one])).rejects.toThrow('one person already')
    await expect(sql(merge, [one, null])).rejects.toThrow('not made two again')
    await expect(asReplica(merge, [one, three])).rejects.toThrow('not made two again')

    const pair = await TestGroup.make(app, 'Pond', [
      { name: 'Gil One', roles: ['reviewer'] },
      { name: 'Gil Two', roles: ['reviewer'] },
    ])
    const [gil, twin] = ['One', 'Two'].map((name) => pair.members[`Gil ${name}`]!.personId)
    let other: Promise<unknown> = Promise.resolve()
    await app.owner.transaction(async (manager) => {
      await manager.query(merge, [gil, twin])
      let isOver = false
      other = sql(merge, [twin, gil]).finally(() => (isOver = true))
      other.catch(() => undefined)
      await until('the other to wait for this one', async () => {
        const waiting = await sql(`select 1 from pg_locks where not granted and locktype = 'advisory'`)
        return isOver || waiting.length > 0
      })
    })
    await expect(other).rejects.toThrow('one person already')
    const [roots] = await sql<{ same: boolean }>('select root_person($1) = root_person($2) as same', [gil, twin])
    expect(roots!.same).toBe(true)

    const found = await sql<{ id: string; twins: number; same: boolean }>(
      `select a.id, cardinality(all_of.ids) as twins, all_of.ids = array(
         select b.id from people b where root_person(b.id) = root_person(a.id) order by b.id) as same
       from people a, lateral (select array(select p from people_of(a.id) p order by p) as ids) all_of`,
    )
    expect(found.filter(({ same }) => !same)).toEqual([])
    expect(found.filter(({ id }) => [one, two, three].includes(id)).map(({ twins }) => twins)).toEqual([3, 3, 3])
  })

  it('two admins who turn out to be one do not leave a group with one admin', async () => {
    const lake = await TestGroup.make(app, 'Weir', [])
    await expect(
      sql('update people set same_as = $2 where id = $1', [
        lake.members['Dee']!.personId,
        lake.members['Eli']!.personId,
      ]),
    ).rejects.toThrow('cannot be one person')
  })

  it('a contribution that comes to light after the approval takes it away', async () => {
    const post = await due(await river.approved())
    await sql(
      'insert into contributors (group_id, post_id, revision_number, member_id, person_id, at) values ($1, $2, 1, $3, $4, clock())',
      [river.id, post.id, river.memberId('Ben'), river.members['Ben']!.personId],
    )
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
  })

  it.each([
    ['verdicts', `kind = 'changes'`],
    ['revisions', `envelope = '{}'`],
    ['contributors', 'at = clock()'],
    ['audit_entries', `payload = '{}'`],
    ['attempts', `state = 'published'`],
  ])('%s are neither changed nor removed, not even as a replica', async (table, change) => {
    await published()
    const [before] = await sql<{ n: number }>(`select count(*)::int as n from ${table}`)
    expect(before!.n).toBeGreaterThan(0)
    for (const run of [sql, asReplica]) {
      await expect(run(`update ${table} set ${change} where group_id = $1`, [river.id])).rejects.toThrow(
        /append-only|settled once/,
      )
      await expect(run(`delete from ${table} where group_id = $1`, [river.id])).rejects.toThrow(
        /append-only|settled once/,
      )
      await expect(run(`truncate ${table} cascade`)).rejects.toThrow('append-only')
    }
    expect(await sql(`select count(*)::int as n from ${table}`)).toEqual([before])
  })

  it('a group keeps two admins, also when they remove each other at the same moment', async () => {
    const drop = (name: string) =>
      sql(`update members set roles = '{editor}' where group_id = $1 and id = $2`, [river.id, river.memberId(name)])
    await expect(drop('Dee')).rejects.toThrow('at least two active admins')
    await expect(
      sql('delete from members where group_id = $1 and id = $2', [river.id, river.memberId('Dee')]),
    ).rejects.toThrow(/two active admins|foreign key/)
    await expect(
      sql(`update members set status = 'left' where group_id = $1 and id = $2`, [river.id, river.memberId('Eli')]),
    ).rejects.toThrow('at least two active admins')
    await sql(`update members set roles = '{admin,reviewer}' where group_id = $1 and id = $2`, [
      river.id,
      river.memberId('Ben'),
    ])
    const both = await Promise.allSettled([drop('Dee'), drop('Eli'), drop('Ben')])
    expect(both.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    expect(
      await sql(`select 1 from members where group_id = $1 and status = 'active' and 'admin' = any (roles)`, [
        river.id,
      ]),
    ).toHaveLength(2)
  })
})

describe('6: a link or a session gives no more than it was made for', () => {
  it('what a reviewer’s device keeps opens the review and nothing of the workspace', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    expect((await river.press(page, 'approve')).status).toBe(200)
    expect((await river.type(page, 'approve', await river.code('Ben'))).status).toBe(303)
    for (const path of ['', '/members', '/channels', '/queue', `/posts/${post.id}`, '/week', '/mails']) {
      expect((await page.visitor.get(`/api/groups/${river.id}${path}`)).status).toBe(401)
    }
    expect((await page.visitor.post(`/api/groups/${river.id}/posts/${post.id}/hold`)).status).toBe(401)
  })

  it('no secret that opens something is in the database as it is', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    await river.press(page, 'approve')
    const secrets = [
      (await river.link(post, 'Ben')).slice('/r/'.length),
      await river.code('Ben'),
      ...page.visitor.cookieHeader.split('; ').map((each) => each.split('=')[1]!),
    ]
    await river.type(page, 'approve', secrets[1]!)
    secrets.push(...page.visitor.cookieHeader.split('; ').map((each) => each.split('=')[1]!))
    const everything = JSON.stringify({ ...(await app.everything()), clock_settings: '' })
    for (const secret of secrets.filter((each) => each.length > 6)) expect(everything).not.toContain(secret)
  })
})

describe('7: a group never touches another group’s rows', () => {
  it('no row names a row of another group', async () => {
    const lake = await TestGroup.make(app, 'Lake')
    const post = await river.sent()
    const [other] = await lake
      .sent()
      .then((each) =>
        sql<{ id: string; post_id: string }>('select id, post_id from revisions where post_id = $1', [each.id]),
      )
    await expect(verdict(post, 'Ben', { in: lake })).rejects.toThrow(/may not review here|foreign key/)
    await expect(sql('update posts set current_revision_id = $2 where id = $1', [post.id, other!.id])).rejects.toThrow(
      'posts_current_revision_fkey',
    )
    await expect(
      sql('update publications set channel_id = $2 where post_id = $1', [post.id, lake.board.id]),
    ).rejects.toThrow('publications_channel_fkey')
    await expect(
      sql('update publications set post_id = $2 where post_id = $1', [post.id, other!.post_id]),
    ).rejects.toThrow('publications_post_fkey')
    await expect(
      sql(
        `insert into review_requests (group_id, id, post_id, revision_id, member_id, token_hash, expires_at, created_at) values ($1, $2, $3, $4, $5, 'x', clock(), clock())`,
        [river.id, newId(Date.now()), post.id, other!.id, river.memberId('Ben')],
      ),
    ).rejects.toThrow('review_requests_revision_fkey')
  })

  it('a post does not go out on a channel of another group, nor show its pictures', async () => {
    const lake = await TestGroup.make(app, 'Lake')
    const picture = await lake.upload('Ana')
    const post = await river.write(
      { channels: [lake.bluesky.id], pictures: [{ mediaId: picture.id, alt: 'Their lake.' }] },
      'Eli',
    )
    expect(post.media).toEqual([])
    const refused = await river.trySend(post, 'Eli')
    expect(refused.status).toBe(422)
    expect(refused.body['problems']).toEqual([
      expect.stringContaining('no longer connected'),
      expect.stringContaining('missing'),
    ])
  })

  it('the same reviewer’s approval in one group is worth nothing in another', async () => {
    const lake = await TestGroup.make(app, 'Lake')
    await lake.approved()
    const post = await due(await river.sent())
    await expect(sql(takeByHand, [post.id])).rejects.toThrow('gate: 0 of 1 approvals')
  })
})
