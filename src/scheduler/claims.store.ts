import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { brokenConstraint } from '../database/transaction.js'
import type { AttemptState } from './attempt.entity.js'
import { AttemptEntity } from './attempt.entity.js'
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

const returning = 'returning p.group_id as "groupId", p.id, p.tries'

/** The statements by which workers share the queue; the database's clock decides what is due. */
@Injectable()
export class ClaimsStore {
  /**
   * Takes one due publication, if there is one, and writes its attempt. Both rows are locked in the order post,
   * publication or skipped; only then is it claimed, so that a refusal can say which one it was about.
   * @throws ClaimRefused when the gate, or another claim on the channel, is in the way
   */
  async claimDue(
    manager: EntityManager,
    worker: string,
    leaseSeconds: number,
    skip: readonly string[],
  ): Promise<Claim | null> {
    const [due]: Due[] = await manager.query(
      `select p.group_id as "groupId", p.id, p.post_id as "postId", r.id as "revisionId", r.hash
       from publications p
       join posts po on po.group_id = p.group_id and po.id = p.post_id
       join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
       join channels c on c.group_id = p.group_id and c.id = p.channel_id
       join groups g on g.id = p.group_id
       where p.state = 'planned' and p.next_try_at <= clock() and p.slot <= clock()
         and po.state = 'approved' and po.held_at is null and not po.editing
         and po.approved_at + case when po.wish ->> 'kind' = 'as_soon_as_approved' then interval '0'
           else g.review_lead_minutes * interval '1 minute' end <= clock()
         and c.state = 'connected' and c.removed_at is null
         and (c.limited_until is null or c.limited_until <= clock())
         and clock() <= greatest(coalesce(p.window_ends, p.slot), p.slot + interval '30 minutes')
         and p.id <> all ($1::uuid[])
         and not exists (select 1 from publications f where f.channel_id = p.channel_id and f.state in ('publishing', 'in_doubt'))
       order by p.next_try_at, p.id
       limit 1
       for update of po, p skip locked`,
      [[...skip]],
    )
    if (!due) return null
    return this.claim(
      manager,
      worker,
      due,
      `update publications p set state = 'publishing', revision_id = $5, hash = $6, worker = $1,
         lease_until = clock() + $2 * interval '1 second', tries = p.tries + 1,
         publish_key = coalesce(p.publish_key, p.id::text),
         public_created_at = coalesce(p.public_created_at, date_trunc('milliseconds', clock())),
         updated_at = clock()
       where p.group_id = $3 and p.id = $4 and p.state = 'planned'
       ${returning}`,
      [worker, leaseSeconds, due.groupId, due.id, due.revisionId, due.hash],
    )
  }

  /** Whether there may be something to send, to look up, or to take over. */
  async isAnythingDue(manager: EntityManager): Promise<boolean> {
    const [row]: { due: boolean }[] = await manager.query(
      `select exists (select 1 from publications where state = 'planned' and next_try_at <= clock())
         or exists (select 1 from publications where state in ('publishing', 'in_doubt') and lease_until <= clock()) as due`,
    )
    return row?.due ?? false
  }

  /** Takes one publication in doubt whose settling time is over, to look it up. It stays in doubt. */
  async claimDoubtful(manager: EntityManager, worker: string, leaseSeconds: number): Promise<PublicationEntity | null> {
    const [rows]: [{ groupId: string; id: string }[]] = await manager.query(
      `with due as materialized (
         select p.group_id, p.id from publications p
         join channels c on c.group_id = p.group_id and c.id = p.channel_id
         where p.state = 'in_doubt' and p.lease_until <= clock() and c.state <> 'to_reconnect'
           and (c.limited_until is null or c.limited_until <= clock())
         order by p.lease_until limit 1 for update of p skip locked
       )
       update publications p set worker = $1, lease_until = clock() + $2 * interval '1 second', updated_at = clock()
       from due where p.group_id = due.group_id and p.id = due.id
       ${returning}`,
      [worker, leaseSeconds],
    )
    const row = rows[0]
    return row ? manager.findOneByOrFail(PublicationEntity, { groupId: row.groupId, id: row.id }) : null
  }

  /**
   * Takes a publication to send it again with the same key, because the network says that it has not got it. The post
   * is locked first, as everywhere. Fenced by the attempt that was looked up: what another round sent meanwhile is not
   * sent once more.
   * @returns null when it was taken over, or its channel is not free to send: then it is looked up again later
   * @throws ClaimRefused when the gate no longer lets it out, or another claim on the channel is in the way
   */
  async claimAgain(
    manager: EntityManager,
    publication: PublicationEntity,
    worker: string,
    leaseSeconds: number,
  ): Promise<Claim | null> {
    const { groupId, id, postId, tries } = publication
    await manager.query('select 1 from posts where group_id = $1 and id = $2 for update', [groupId, postId])
    return this.claim(
      manager,
      worker,
      publication,
      `update publications p set state = 'publishing', worker = $1, lease_until = clock() + $2 * interval '1 second',
         tries = p.tries + 1, updated_at = clock()
       from channels c
       where p.group_id = $3 and p.id = $4 and p.state = 'in_doubt' and p.worker = $1 and p.tries = $5
         and p.lease_until > clock() and c.group_id = p.group_id and c.id = p.channel_id and c.state = 'connected'
         and (c.limited_until is null or c.limited_until <= clock())
       ${returning}`,
      [worker, leaseSeconds, groupId, id, tries],
    )
  }

  /** Publications whose worker is gone: bytes may have been sent, so they are in doubt until looked up. */
  async doubtAbandoned(manager: EntityManager): Promise<number> {
    const [, count]: [unknown, number] = await manager.query(
      `with gone as materialized (
         select group_id, id, tries from publications where state = 'publishing' and lease_until < clock() for update skip locked
       ), settled as (
         update attempts a set state = 'unknown', cause = 'The worker that sent it stopped before it knew the answer.', ended_at = clock()
         from gone where a.group_id = gone.group_id and a.publication_id = gone.id and a.number = gone.tries and a.state = 'sending'
       )
       update publications p set state = 'in_doubt', doubt = true, lease_until = clock(), updated_at = clock()
       from gone where p.group_id = gone.group_id and p.id = gone.id`,
    )
    return count
  }

  /** Whether this worker still holds the publication with this attempt; locks it for settling. */
  async stillHeld(manager: EntityManager, claim: Claim): Promise<PublicationEntity | null> {
    const { groupId, id } = claim.publication
    const publication = await manager.findOne(PublicationEntity, {
      where: { groupId, id },
      lock: { mode: 'pessimistic_write' },
    })
    return publication?.state === 'publishing' && publication.tries === claim.attempt ? publication : null
  }

  async settleAttempt(manager: EntityManager, claim: Claim, state: AttemptState, cause: string | null): Promise<void> {
    const { groupId, id } = claim.publication
    await manager.query(
      `update attempts set state = $4, cause = $5, ended_at = clock()
       where group_id = $1 and publication_id = $2 and number = $3 and state = 'sending'`,
      [groupId, id, claim.attempt, state, cause],
    )
  }

  /** Whether the verdicts on a post no longer suffice, whatever its state says. */
  async approvalIsStale(manager: EntityManager, groupId: string, postId: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `select 1 from groups g where g.id = $1
         and (valid_approvals($1, $2) < g.approvals_needed or objections($1, $2) > 0)`,
      [groupId, postId],
    )
    return rows.length > 0
  }

  attempts(manager: EntityManager, groupId: string, publicationIds: readonly string[]): Promise<AttemptEntity[]> {
    return manager
      .createQueryBuilder(AttemptEntity, 'a')
      .where('a.group_id = :groupId and a.publication_id = any(:ids)', { groupId, ids: [...publicationIds] })
      .orderBy('a.started_at', 'DESC')
      .getMany()
  }

  private async claim(
    manager: EntityManager,
    worker: string,
    about: ClaimRefused['publication'],
    statement: string,
    parameters: unknown[],
  ): Promise<Claim | null> {
    const rows = await this.move(manager, about, statement, parameters)
    const row = rows[0]
    if (!row) return null
    const publication = await manager.findOneByOrFail(PublicationEntity, { groupId: row.groupId, id: row.id })
    await manager.query(
      `insert into attempts (group_id, publication_id, number, publish_key, revision_id, worker, started_at, lease_until)
       values ($1, $2, $3, $4, $5, $6, clock(), $7)`,
      [
        row.groupId,
        row.id,
        row.tries,
        publication.publishKey,
        publication.revisionId,
        worker,
        publication.leaseUntil?.toJSDate(),
      ],
    )
    return { publication, attempt: row.tries }
  }

  private async move(
    manager: EntityManager,
    about: ClaimRefused['publication'],
    statement: string,
    parameters: unknown[],
  ): Promise<{ groupId: string; id: string; tries: number }[]> {
    try {
      const [rows]: [{ groupId: string; id: string; tries: number }[]] = await manager.query(statement, parameters)
      return rows
    } catch (error) {
      const constraint = brokenConstraint(error)
      if (constraint !== 'publications_gate' && constraint !== 'publications_one_in_flight') throw error
      throw new ClaimRefused(about, constraint === 'publications_gate', error)
    }
  }
}
