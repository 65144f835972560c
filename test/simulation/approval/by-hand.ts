import { DataSource } from 'typeorm'

import { databaseErrorCode } from '../../../src/database/transaction.js'
import { DomainError } from '../../../src/kernel/domain-error.js'
import { newId } from '../../../src/kernel/ids.js'
import type { Action } from './doing.js'
import type { World } from './world.js'

interface Statement {
  readonly weight: number
  readonly what: string
  /** `$1` the group, `$2` a post, `$3` a new id, `$4` a member. */
  readonly sql: string
}

const current = `r.group_id = po.group_id and r.id = po.current_revision_id`
const claim = (revision: string, where: string) =>
  `update publications p set state = 'publishing', revision_id = r.id, hash = r.hash, publish_key = coalesce(p.publish_key, 'by hand ' || p.id),
     public_created_at = coalesce(p.public_created_at, clock()), lease_until = clock() - interval '1 second', tries = tries + 1
   from posts po join revisions r on ${revision}
   where p.group_id = $1 and p.post_id = $2 and po.group_id = p.group_id and po.id = p.post_id and ${where}`
const verdict = (kind: string, hash: string, revision: string) =>
  `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, note, via, at)
   select $1, $3, r.post_id, r.id, ${hash}, m.id, m.person_id, '${kind}', 'by hand', 'session', clock()
   from posts po join revisions r on ${revision} join members m on m.group_id = po.group_id and m.id = $4
   where po.group_id = $1 and po.id = $2 limit 1`

/** What somebody might try who has the application's own access to the database. */
const statements: readonly Statement[] = [
  { weight: 14, what: 'claim it', sql: claim(current, `p.state = 'planned'`) },
  { weight: 3, what: 'claim it again', sql: claim(current, `p.state in ('in_doubt', 'failed', 'missed')`) },
  {
    weight: 3,
    what: 'claim an old version',
    sql: claim('r.group_id = po.group_id and r.post_id = po.id and r.number = 1', `p.state = 'planned'`),
  },
  {
    weight: 1,
    what: 'claim another post’s version',
    sql: claim('r.group_id = po.group_id and r.post_id <> po.id', `p.state = 'planned'`),
  },
  {
    weight: 2,
    what: 'call it published',
    sql: `update publications set state = 'published', remote_id = 'x' where group_id = $1 and post_id = $2`,
  },
  {
    weight: 1,
    what: 'call it in doubt',
    sql: `update publications set state = 'in_doubt' where group_id = $1 and post_id = $2`,
  },
  {
    weight: 1,
    what: 'plan it again',
    sql: `update publications set state = 'planned' where group_id = $1 and post_id = $2`,
  },
  {
    weight: 2,
    what: 'swap the version that went out',
    sql: `update publications p set revision_id = r.id, hash = r.hash from revisions r
      where p.group_id = $1 and p.post_id = $2 and r.group_id = $1 and r.post_id = $2 and r.id is distinct from p.revision_id`,
  },
  {
    weight: 3,
    what: 'call the post approved',
    sql: `update posts set state = 'approved', approved_at = clock() - interval '1 hour' where group_id = $1 and id = $2
      and state in ('in_review', 'changes_requested')`,
  },
  { weight: 6, what: 'approve it', sql: verdict('approve', 'r.hash', current) },
  { weight: 2, what: 'approve other content', sql: verdict('approve', `encode(sha256('other'), 'hex')`, current) },
  {
    weight: 2,
    what: 'approve an old version',
    sql: verdict('approve', 'r.hash', 'r.group_id = po.group_id and r.post_id = po.id and r.number = 1'),
  },
  {
    weight: 1,
    what: 'turn every word into an approval',
    sql: `update verdicts set kind = 'approve' where group_id = $1 and post_id = $2`,
  },
  { weight: 1, what: 'forget the verdicts', sql: 'delete from verdicts where group_id = $1 and post_id = $2' },
  { weight: 1, what: 'forget who wrote it', sql: 'delete from contributors where group_id = $1 and post_id = $2' },
  {
    weight: 2,
    what: 'change the sealed words',
    sql: `update revisions set envelope = replace(envelope, 'Words', 'Other words'),
        hash = encode(sha256(convert_to(replace(envelope, 'Words', 'Other words'), 'UTF8')), 'hex')
      where group_id = $1 and post_id = $2`,
  },
]

/** Whose rights a statement is tried with: `replica` are the owner's with ordinary triggers off, as in a restore. */
type Rights = 'application' | 'owner' | 'replica'

const permissionDenied = '42501'

/** A statement, with what it needs. */
export async function byHand(
  world: World,
  statement: Statement,
  postId: string,
  rights: Rights = 'application',
): Promise<void> {
  const memberId = world.dice.pick(world.people)!.memberId
  const all = [world.groupId, postId, newId(world.stage.clock.at.toMillis()), memberId]
  const used = Math.max(...[...statement.sql.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))
  // a parameter that is not used has no type
  const unused = [1, 2, 3, 4].filter((each) => each < used && !statement.sql.includes(`$${each}`))
  const sql = unused.reduce((text, each) => `${text} and $${each}::text is not null`, statement.sql)
  const source = rights === 'application' ? world.stage.app.get(DataSource) : world.stage.owner
  try {
    await source.transaction(async (manager) => {
      if (rights === 'replica') await manager.query('set local session_replication_role = replica')
      await manager.query(sql, all.slice(0, used))
    })
  } catch (error) {
    // from anything but a statement by hand it would be a bug: a right that the application lacks
    if (databaseErrorCode(error) === permissionDenied) throw new DomainError('permission-denied', statement.what)
    throw error
  }
}

export const claimByHand = statements[0]!

/** Direct SQL: mostly by the application's role, else by the owner, who is the application where one role does both. */
export const sqlByHand: Action = {
  name: 'by hand',
  weight: 16,
  prepare: async (world) => {
    const post = await world.somePost()
    if (!post) return null
    const statement = world.dice.weighted(statements)
    const { rights } = world.dice.weighted([
      { weight: 6, rights: 'application' as const },
      { weight: 3, rights: 'owner' as const },
      { weight: 1, rights: 'replica' as const },
    ])
    return {
      what: `${statement.what}, ${world.nameOf(post.id)}, as the ${rights}`,
      work: () => byHand(world, statement, post.id, rights),
    }
  },
}
