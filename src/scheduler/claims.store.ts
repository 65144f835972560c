import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { brokenConstraint } from '../database/transaction.js'
import { PublicationEntity } from './publication.entity.js'

/** What a worker holds while it sends: fenced by the number of its attempt. */
export interface Claim {
  readonly publication: PublicationEntity
  readonly attempt: number
}

interface Due {
  readonly groupId: string
  readonly id: string
  readonly postId: string
  readonly revisionId: string
  readonly hash: string
}

/** The database would not have this publication claimed. It names which, so that the others behind it go on. */
export class ClaimRefused extends Error {
  constructor(
    readonly publication: Pick<Due, 'groupId' | 'id' | 'postId'>,
    /** The gate said no; otherwise another worker took something of the same channel at that moment. */
    readonly byGate: boolean,
    cause: unknown,
  ) {
    super(`The claim of publication ${publication.id} was refused`, { cause })
  }
}

/** One of several was refused, and the database does not say which: claimed one by one, it shows itself. */
export class SomeClaimRefused extends Error {}

interface Taken {
  readonly groupId: string
  readonly id: string
  readonly tries: number
}

/** The statements by which workers share the queue; the database's clock decides what is due. */
@Injectable()
export class ClaimsStore {
  /**
   * Takes what is due, at most one publication of each channel, and writes an attempt for each. Posts, publications and
   * channels are locked or skipped, so that no worker waits for another; only then is anything claimed, so that a
   * refusal can say which one it was about. What cools after its approval waits; what lost its approval is taken, so
   * that the gate says so and somebody is told.
   * @param skip publications to leave where they are
   * @throws ClaimRefused when the gate, or another claim on the channel, is in the way of the only one
   * @throws SomeClaimRefused when it is in the way of one of several
   */
  async claimDue(
    manager: EntityManager,
    worker: string,
    leaseSeconds: number,
    most: number,
    skip: readonly string[],
  ): Promise<Claim[]> {
    const due = await this.lockDue(manager, most, skip)
    const [first] = due
    if (!first) return []
    try {
      const taken: Taken[] = await manager.query(
        `with claimed as (
           update publications p set state = 'publishing', revision_id = due.revision_id, hash = due.hash, worker = $1,
             lease_until = (select clock()) + $2 * interval '1 second', tries = p.tries + 1,
             publish_key = coalesce(p.publish_key, p.id::text),
             public_created_at = case when p.revision_id = due.revision_id and p.public_created_at is not null
               then p.public_created_at else date_trunc('milliseconds', (select clock())) end,
             updated_at = (select clock())
           from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[]) as due (group_id, id, revision_id, hash)
           where p.group_id = due.group_id and p.id = due.id and p.state = 'planned'
           returning p.*
         ), written as (
           insert into attempts (group_id, publication_id, number, publish_key, revision_id, worker, started_at, lease_until)
           select group_id, id, tries, publish_key, revision_id, worker, (select clock()), lease_until from claimed
         )
         select group_id as "groupId", id, tries from claimed`,
        [
          worker,
          leaseSeconds,
          due.map((each) => each.groupId),
          due.map((each) => each.id),
          due.map((each) => each.revisionId),
          due.map((each) => each.hash),
        ],
      )
      return await this.claimsOf(manager, taken)
    } catch (error) {
      if (refusal(error) === null) throw error
      if (due.length > 1) throw new SomeClaimRefused('One of several claims was refused', { cause: error })
      throw new ClaimRefused(first, refusal(error) === 'gate', error)
    }
  }

  private async lockDue(manager: EntityManager, most: number, skip: readonly string[]): Promise<Due[]> {
    const rows: (Due & { channelId: string })[] = await manager.query(
      `select group_id as "groupId", id, post_id as "postId", channel_id as "channelId", revision_id as "revisionId", hash
       from lock_due($1, $2)`,
      [most, [...skip]],
    )
    const channels = new Set<string>()
    return rows.filter(({ channelId }) => !channels.has(channelId) && channels.add(channelId))
  }

  /** What time it is for the database, by which all workers go. */
  async now(manager: EntityManager): Promise<DateTime> {
    const [row]: { now: Date }[] = await manager.query('select clock() as now')
    if (!row) throw new Error('The database does not say what time it is')
    return DateTime.fromJSDate(row.now, { zone: 'utc' })
  }

  /** Whether there may be something to send, to look up, or to take over. */
  async isAnythingDue(manager: EntityManager): Promise<boolean> {
    const [row]: { due: boolean }[] = await manager.query(
      `select exists (select 1 from publications where state = 'planned' and next_try_at <= clock())
         or exists (select 1 from publications where state in ('publishing', 'in_doubt') and lease_until <= clock()) as due`,
    )
    return row?.due ?? false
  }

  /**
   * Milliseconds until something falls due of itself, by the database's clock; null when nothing is foreseen. And
   * whether something could go now: what somebody had locked when it was to be claimed.
   */
  async next(manager: EntityManager): Promise<{ ms: number | null; isLeft: boolean }> {
    const [row]: { ms: number | null; isLeft: boolean }[] = await manager.query(
      `select ceil(extract(epoch from least(
         (select min(next_try_at) from publications where state = 'planned' and next_try_at > clock()),
         (select min(lease_until) from publications where state in ('publishing', 'in_doubt') and lease_until > clock())
       ) - clock()) * 1000)::double precision as ms, may_any_go() as "isLeft"`,
    )
    return row ?? { ms: null, isLeft: false }
  }

  /**
   * Takes one publication in doubt whose settling time is over, to look it up. It stays in doubt. Where the channel has
   * to be connected again that waits, but not for ever: after a day the look fails, and a person is asked.
   */
  async claimDoubtful(manager: EntityManager, worker: string, leaseSeconds: number): Promise<PublicationEntity | null> {
    const [rows]: [{ groupId: string; id: string }[]] = await manager.query(
      `with due as materialized (
         select p.group_id, p.id from publications p
         join channels c on c.group_id = p.group_id and c.id = p.channel_id
         where p.state = 'in_doubt' and p.lease_until <= clock()
           and (c.state <> 'to_reconnect' or p.lease_until <= clock() - interval '1 day')
           and (c.limited_until is null or c.limited_until <= clock()) and not network_limited(c.network)
         order by p.lease_until, p.id limit 1 for update of p skip locked
       )
       update publications p set worker = $1, lease_until = clock() + $2 * interval '1 second', updated_at = clock()
       from due where p.group_id = due.group_id and p.id = due.id
       returning p.group_id as "groupId", p.id`,
      [worker, leaseSeconds],
    )
    const row = rows[0]
    return row ? manager.findOneByOrFail(PublicationEntity, { groupId: row.groupId, id: row.id }) : null
  }

  /**
   * Takes a publication to send it again with the same key, because the network says that it has not got it. The post
   * is locked first, as everywhere. Fenced by the attempt that was looked up: what another round sent meanwhile is not
   * sent once more.
   * @returns none when it was taken over, or its channel is not free to send: then it is looked up again later
   * @throws ClaimRefused when the gate no longer lets it out, or another claim on the channel is in the way
   */
  async claimAgain(
    manager: EntityManager,
    publication: PublicationEntity,
    worker: string,
    leaseSeconds: number,
  ): Promise<Claim[]> {
    const { groupId, id, postId, tries } = publication
    await manager.query('select 1 from posts where group_id = $1 and id = $2 for update', [groupId, postId])
    try {
      const taken: Taken[] = await manager.query(
        `with claimed as (
           update publications p set state = 'publishing', worker = $1, lease_until = clock() + $2 * interval '1 second',
             tries = p.tries + 1, updated_at = clock()
           from channels c
           where p.group_id = $3 and p.id = $4 and p.state = 'in_doubt' and p.worker = $1 and p.tries = $5
             and p.lease_until > clock() and c.group_id = p.group_id and c.id = p.channel_id and c.state = 'connected'
             and (c.limited_until is null or c.limited_until <= clock()) and not network_limited(c.network)
             and kept_still(p.group_id, p.channel_id) is null
           returning p.*
         ), written as (
           insert into attempts (group_id, publication_id, number, publish_key, revision_id, worker, started_at, lease_until)
           select group_id, id, tries, publish_key, revision_id, worker, clock(), lease_until from claimed
         )
         select group_id as "groupId", id, tries from claimed`,
        [worker, leaseSeconds, groupId, id, tries],
      )
      return await this.claimsOf(manager, taken)
    } catch (error) {
      if (refusal(error) === null) throw error
      throw new ClaimRefused(publication, refusal(error) === 'gate', error)
    }
  }

  /**
   * Publications whose worker is gone: bytes may have been sent, so they are in doubt, and looked up when their network
   * has settled.
   * @param settling seconds by network, until a look at it can be trusted
   * @param quietSeconds how long before the end of its lease a worker stopped sending
   */
  async doubtAbandoned(
    manager: EntityManager,
    settling: Readonly<Record<string, number>>,
    quietSeconds: number,
  ): Promise<number> {
    const [, count]: [unknown, number] = await manager.query(
      `with gone as materialized (
         select group_id, id, channel_id, tries, lease_until from publications
         where state = 'publishing' and lease_until < clock() for update skip locked
       ), settled as (
         update attempts a set state = 'unknown', cause = 'The worker that sent it stopped before it knew the answer.', ended_at = clock(),
           part = 1 + parts_out(gone.group_id, gone.id)
         from gone where a.group_id = gone.group_id and a.publication_id = gone.id and a.number = gone.tries and a.state = 'sending'
       )
       update publications p set state = 'in_doubt', doubt = true, updated_at = clock(),
         lease_until = greatest(clock(), gone.lease_until
           + (coalesce(($1::jsonb ->> c.network)::double precision, 60) - $2) * interval '1 second')
       from gone join channels c on c.group_id = gone.group_id and c.id = gone.channel_id
       where p.group_id = gone.group_id and p.id = gone.id`,
      [JSON.stringify(settling), quietSeconds],
    )
    return count
  }

  /** The claimed publications with all that a send needs, in the order in which they fell due. */
  private async claimsOf(manager: EntityManager, taken: readonly Taken[]): Promise<Claim[]> {
    const publications = await publicationsOf(manager, taken)
    return publications.map((publication) => ({ publication, attempt: publication.tries }))
  }
}

const waiting = ['publications_one_in_flight', 'publications_chain', 'publications_stillness']

/** Whether the gate, or another claim on the same channel, was in the way; null when it was something else. */
function refusal(error: unknown): 'gate' | 'channel' | null {
  const constraint = brokenConstraint(error)
  if (constraint === 'publications_gate') return 'gate'
  // What a pause, a silence or the broken log keeps back stays as it is, like what waits for its channel.
  return constraint !== null && waiting.includes(constraint) ? 'channel' : null
}

/** Publications with all that there is of them, in the order in which they fell due; locked when asked to. */
export function publicationsOf(
  manager: EntityManager,
  of: readonly { groupId: string; id: string }[],
  lock = false,
): Promise<PublicationEntity[]> {
  const query = manager
    .createQueryBuilder(PublicationEntity, 'p')
    .where('(p.group_id, p.id) in (select * from unnest(cast(:groups as uuid[]), cast(:ids as uuid[])))', {
      groups: of.map((each) => each.groupId),
      ids: of.map((each) => each.id),
    })
    .orderBy('p.next_try_at')
    .addOrderBy('p.group_id')
    .addOrderBy('p.id')
  return (lock ? query.setLock('pessimistic_write') : query).getMany()
}
