import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import { type EntityManager, In } from 'typeorm'

import { brokenConstraint } from '../database/transaction.js'
import { DomainError } from '../kernel/domain-error.js'
import { PublicationEntity } from './publication.entity.js'
import { movePublication } from './publication.js'

/** What placing decided for one channel. */
export interface Place {
  readonly slot: DateTime
  readonly wall: string
  readonly zone: string
  readonly windowName: string | null
  readonly windowEnds: DateTime | null
  readonly reasons: readonly string[]
  readonly gapMinutes: number
  readonly spacingWaived: boolean
}

/** A slot that is taken on a channel. */
export interface TakenRow {
  readonly publicationId: string
  readonly at: DateTime
  readonly windowName: string | null
  readonly labels: readonly string[]
}

/** A publication whose slot lies inside a silence. */
export interface Silenced {
  readonly publication: PublicationEntity
  /** Its id. */
  readonly silence: string
  readonly name: string
}

@Injectable()
export class PublicationsStore {
  async lock(manager: EntityManager, groupId: string, id: string): Promise<PublicationEntity> {
    const publication = await manager.findOne(PublicationEntity, {
      where: { groupId, id },
      lock: { mode: 'pessimistic_write' },
    })
    return publication ?? noSuchPublication()
  }

  async get(manager: EntityManager, groupId: string, id: string): Promise<PublicationEntity> {
    return (await manager.findOneBy(PublicationEntity, { groupId, id })) ?? noSuchPublication()
  }

  /** Of one post, cancelled ones left out. */
  async ofPost(manager: EntityManager, groupId: string, postId: string): Promise<PublicationEntity[]> {
    return this.ofPosts(manager, groupId, [postId])
  }

  async ofPosts(manager: EntityManager, groupId: string, postIds: readonly string[]): Promise<PublicationEntity[]> {
    if (postIds.length === 0) return []
    // The literal lets `publications_once_per_channel` be used, which leaves cancelled ones out.
    return manager
      .createQueryBuilder(PublicationEntity, 'p')
      .where(`p.group_id = :groupId and p.post_id = any (:postIds) and p.state <> 'cancelled'`, {
        groupId,
        postIds: [...postIds],
      })
      .orderBy('p.slot')
      .addOrderBy('p.id')
      .getMany()
  }

  between(manager: EntityManager, groupId: string, from: DateTime, to: DateTime): Promise<PublicationEntity[]> {
    return manager
      .createQueryBuilder(PublicationEntity, 'p')
      .where(`p.group_id = :groupId and p.slot >= :from and p.slot < :to and p.state <> 'cancelled'`, {
        groupId,
        from: from.toJSDate(),
        to: to.toJSDate(),
      })
      .orderBy('p.slot')
      .getMany()
  }

  /** Slots on a channel that new ones keep away from, from `from` on. */
  async taken(
    manager: EntityManager,
    groupId: string,
    channelId: string,
    from: DateTime,
    except: string | null,
  ): Promise<TakenRow[]> {
    const all = await this.takenOn(manager, groupId, [channelId], from)
    return (all.get(channelId) ?? []).filter((each) => each.publicationId !== except)
  }

  /** The same on several channels, in order of time; a channel without any is not among them. */
  async takenOn(
    manager: EntityManager,
    groupId: string,
    channelIds: readonly string[],
    from: DateTime,
  ): Promise<Map<string, TakenRow[]>> {
    const rows: { channel: string; id: string; at: Date; window: string | null; labels: string[] }[] =
      await manager.query(
        `select u.channel_id as channel, u.id, coalesce(u.published_at, u.slot) as at, u.window_name as window, p.labels
         from publications u join posts p on p.group_id = u.group_id and p.id = u.post_id
         where u.group_id = $1 and u.channel_id = any ($2) and u.slot >= $3
           and u.state in ('planned', 'publishing', 'published', 'in_doubt', 'unconfirmed')
         order by u.slot`,
        [groupId, [...channelIds], from.toJSDate()],
      )
    const byChannel = new Map<string, TakenRow[]>()
    for (const { channel, id, at, window, labels } of rows) {
      const list = byChannel.get(channel) ?? []
      list.push({ publicationId: id, at: DateTime.fromJSDate(at, { zone: 'utc' }), windowName: window, labels })
      byChannel.set(channel, list)
    }
    return byChannel
  }

  /** When the same text was last shown, or will be, on a channel by another post; null when never. */
  async lastOf(
    manager: EntityManager,
    groupId: string,
    channelId: string,
    exceptPost: string,
    text: string,
  ): Promise<DateTime | null> {
    const [row]: { last: Date | null }[] = await manager.query(
      `select max(coalesce(p.published_at, p.slot)) as last from publications p
       join posts po on po.group_id = p.group_id and po.id = p.post_id
       join revisions r on r.group_id = p.group_id and r.id = coalesce(p.revision_id, po.current_revision_id)
       cross join lateral jsonb_array_elements(r.envelope::jsonb -> 'channels') as part
       where p.group_id = $1 and p.channel_id = $2 and p.post_id <> $3
         and p.state in ('planned', 'publishing', 'published', 'in_doubt', 'unconfirmed')
         and p.slot > clock() - interval '60 days' and part ->> 'channelId' = $2::text and part ->> 'text' = $4
         -- What was passed on without words is not the same as a picture without words.
         and ($4 <> '' or part ->> 'targetUse' is null)`,
      [groupId, channelId, exceptPost, text],
    )
    return row?.last ? DateTime.fromJSDate(row.last, { zone: 'utc' }) : null
  }

  /**
   * What is planned inside a silence, and why: of those that nobody is changing and that are not held. What has come
   * due meanwhile is late, not silenced.
   */
  async silenced(manager: EntityManager, limit: number): Promise<Silenced[]> {
    const rows: { groupId: string; id: string; silence: string; name: string }[] = await manager.query(
      `select distinct on (p.group_id, p.id) p.group_id as "groupId", p.id, s.id as silence, s.name from silences s
       join publications p on p.group_id = s.group_id and p.state = 'planned' and p.slot > clock()
         and p.slot >= s.starts_at and p.slot < s.ends_at and (s.channel_ids is null or p.channel_id = any (s.channel_ids))
       join posts po on po.group_id = p.group_id and po.id = p.post_id
       where s.removed_at is null and s.ends_at > clock() and po.held_at is null and not po.editing
         and po.state in ('in_review', 'changes_requested', 'approved')
       order by p.group_id, p.id, s.starts_at limit $1`,
      [limit],
    )
    if (rows.length === 0) return []
    const found = await manager.findBy(PublicationEntity, { id: In(rows.map((row) => row.id)) })
    return rows.flatMap(({ groupId, id, silence, name }) => {
      const publication = found.find((each) => each.groupId === groupId && each.id === id)
      return publication ? [{ publication, silence, name }] : []
    })
  }

  /**
   * Reserves a slot. The exclusion constraint decides between two who want the same one.
   * @returns false when somebody else was faster
   */
  async reserve(
    manager: EntityManager,
    publication: { groupId: string; id: string; postId: string; channelId: string },
    place: Place,
  ): Promise<boolean> {
    return this.orLost(manager, () =>
      manager.query(
        `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, window_name, window_ends, reasons,
           spaced, spacing_waived, next_try_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
           tstzrange($5, $5::timestamptz + $11 * interval '1 minute', '[)'), $12, $5, clock(), clock())`,
        [publication.groupId, publication.id, publication.postId, publication.channelId, ...placeValues(place)],
      ),
    )
  }

  /**
   * Reserves a slot on each of several channels for a post, all or none.
   * @returns false when somebody else was faster with one of them
   */
  async reserveAll(
    manager: EntityManager,
    groupId: string,
    postId: string,
    wanted: readonly { readonly id: string; readonly channelId: string; readonly place: Place }[],
  ): Promise<boolean> {
    if (wanted.length === 0) return true
    const rows = wanted.map(({ id, channelId, place }) => ({
      id,
      channel_id: channelId,
      slot: place.slot.toISO(),
      wall: place.wall,
      zone: place.zone,
      window_name: place.windowName,
      window_ends: place.windowEnds?.toISO() ?? null,
      reasons: place.reasons,
      gap: spacedMinutes(place),
      waived: place.spacingWaived,
    }))
    return this.orLost(manager, () =>
      manager.query(
        `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, window_name, window_ends, reasons,
           spaced, spacing_waived, next_try_at, created_at, updated_at)
         select $1, id, $2, channel_id, slot, wall, zone, window_name, window_ends,
           array(select jsonb_array_elements_text(reasons)),
           tstzrange(slot, slot + gap * interval '1 minute', '[)'), waived, slot, clock(), clock()
         from jsonb_to_recordset($3::jsonb) as w (id uuid, channel_id uuid, slot timestamptz, wall text, zone text,
           window_name text, window_ends timestamptz, reasons jsonb, gap integer, waived boolean)`,
        [groupId, postId, JSON.stringify(rows)],
      ),
    )
  }

  /**
   * Moves a planned publication to another slot. Nothing of it is out, so it will bear the time at which it goes out:
   * by that of a try of days before, some networks would show it among the posts of that day. Only where a network was
   * given something already, its adapter goes on by the time at which that was.
   * @returns false when somebody else was faster
   */
  async move(manager: EntityManager, publication: { groupId: string; id: string }, place: Place): Promise<boolean> {
    return this.orLost(manager, () =>
      manager.query(
        `update publications set state = 'planned', slot = $3, wall = $4, zone = $5, window_name = $6, window_ends = $7, reasons = $8,
           spaced = tstzrange($3, $3::timestamptz + $9 * interval '1 minute', '[)'), spacing_waived = $10, next_try_at = $3,
           public_created_at = case when exists (select 1 from publication_parts k
             where k.group_id = $1 and k.publication_id = $2 and k.memo is not null) then public_created_at end,
           moved_times = moved_times + 1, cause = null, next_step = null, updated_at = clock()
         where group_id = $1 and id = $2 and state in ('planned', 'missed', 'failed') and not doubt and remote_id is null`,
        [publication.groupId, publication.id, ...placeValues(place)],
      ),
    )
  }

  /** Changes a publication that the caller has read under the post's lock; the entity has the new values afterwards. */
  async update(
    manager: EntityManager,
    publication: PublicationEntity,
    changes: Partial<PublicationEntity>,
  ): Promise<void> {
    if (changes.state !== undefined) movePublication(publication, changes.state)
    Object.assign(publication, changes)
    await manager.update(PublicationEntity, { groupId: publication.groupId, id: publication.id }, changes)
  }

  /** Asks anew about what somebody left at that, because the post is being changed, or approved after it. */
  async askAnew(manager: EntityManager, groupId: string, postId: string): Promise<void> {
    await manager.query(
      `update publications set failure_accepted_by = null, failure_accepted_at = null, updated_at = clock()
       where group_id = $1 and post_id = $2 and failure_accepted_by is not null`,
      [groupId, postId],
    )
  }

  /**
   * Publications whose slot is over: still waiting for their reviewers, or approved and past the time in which they
   * would be fresh. What is on hold, being changed or sent back stays where it is until somebody acts on it.
   */
  late(manager: EntityManager, limit: number): Promise<PublicationEntity[]> {
    return manager
      .createQueryBuilder(PublicationEntity, 'p')
      .innerJoin('posts', 'po', 'po.group_id = p.group_id and po.id = p.post_id')
      .innerJoin('channels', 'c', 'c.group_id = p.group_id and c.id = p.channel_id')
      .where(
        // While everything is paused nothing is late: what missed its time is looked at when it goes on.
        `p.state = 'planned' and p.slot <= clock() and po.held_at is null and not po.editing
         and not exists (select 1 from pauses s where s.group_id = p.group_id and s.released_at is null) and (
           (po.state = 'in_review' and p.slot <= clock())
           or (po.state = 'approved' and (c.state = 'connected' or c.removed_at is not null)
               and greatest(coalesce(p.window_ends, p.slot), p.slot + interval '30 minutes') < clock()))`,
      )
      .orderBy('p.slot')
      .addOrderBy('p.id')
      .limit(limit)
      .getMany()
  }

  /** From when a post may go out by the approvals that it has; null while they do not suffice. */
  async mayGoFrom(manager: EntityManager, groupId: string, postId: string): Promise<DateTime | null> {
    const [row]: { from: Date | null }[] = await manager.query('select may_go_from($1, $2) as from', [groupId, postId])
    return row?.from ? DateTime.fromJSDate(row.from, { zone: 'utc' }) : null
  }

  /** Whether the verdicts on a post no longer suffice, whatever its state says. */
  async approvalIsStale(manager: EntityManager, groupId: string, postId: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'select 1 where enough_since($1, $2) is null or objections($1, $2) > 0',
      [groupId, postId],
    )
    return rows.length > 0
  }

  /** What a network still has to take down, and was not asked for just now. */
  toTakeDown(manager: EntityManager): Promise<PublicationEntity[]> {
    return manager
      .createQueryBuilder(PublicationEntity, 'p')
      .where(`p.state = 'retracting' and p.next_try_at <= clock()`)
      .orderBy('p.next_try_at')
      .limit(20)
      .getMany()
  }

  /** What was taken down some hours ago, and no second person has acknowledged nor been reminded of. */
  unacknowledged(manager: EntityManager, hours: number): Promise<PublicationEntity[]> {
    return manager
      .createQueryBuilder(PublicationEntity, 'p')
      .where(
        `p.state in ('retracting', 'retracted') and p.retract_acknowledged_by is null and p.retract_reminded_at is null
         and p.retract_asked_at <= clock() - :hours * interval '1 hour'`,
        { hours },
      )
      .orderBy('p.retract_asked_at')
      .limit(20)
      .getMany()
  }

  private async orLost(manager: EntityManager, work: () => Promise<unknown>): Promise<boolean> {
    await manager.query('savepoint before_placing')
    try {
      await work()
      await manager.query('release savepoint before_placing')
      return true
    } catch (error) {
      if (brokenConstraint(error) !== 'publications_spaced') throw error
      await manager.query('rollback to savepoint before_placing')
      return false
    }
  }
}

function placeValues(place: Place): unknown[] {
  return [
    place.slot.toJSDate(),
    place.wall,
    place.zone,
    place.windowName,
    place.windowEnds?.toJSDate() ?? null,
    [...place.reasons],
    spacedMinutes(place),
    place.spacingWaived,
  ]
}

/** A range needs some length to exclude its equal. */
function spacedMinutes(place: Place): number {
  return Math.max(place.gapMinutes, 1)
}

function noSuchPublication(): never {
  throw new DomainError('no-such-publication', 'There is no such publication in this group.', 'not-found')
}
