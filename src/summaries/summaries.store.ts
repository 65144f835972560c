import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { EnvelopeChannel } from '../drafts/envelope.js'
import { mannerOn } from '../drafts/parts.js'
import { authorWords } from '../drafts/target.js'
import type { Network } from '../platforms/platform.js'
import type { CountedFact, NeedFacts, PublicationFact, ReviewFacts } from './facts.js'
import { SummaryEntity } from './summary.entity.js'
import type { Summary } from './summary.js'
import type { Bounds, Week } from './week.js'

/** Somebody who gets the summary. `personId` is the human being, whichever sign-in the membership has. */
export interface Recipient {
  readonly memberId: string
  readonly personId: string
  readonly email: string
  readonly admin: boolean
}

/** What decides which weeks of a group have to be summed up. */
export interface GroupWeeks {
  readonly groupId: string
  readonly began: DateTime
  readonly known: readonly Week[]
}

type CounterColumn = 'reactions' | 'replies' | 'reposts' | 'clicks' | 'impressions'

interface PublicationRow extends Record<CounterColumn, string | null> {
  readonly id: string
  readonly post_id: string
  readonly channel_id: string
  readonly channel_name: string
  readonly network: Network
  readonly state: string
  readonly slot: Date
  readonly published_at: Date | null
  readonly window_name: string | null
  readonly text: string
  readonly pictures: number
  readonly labels: string[]
  readonly url: string | null
  readonly cause: string | null
  readonly age: CountedFact['age'] | null
  readonly taken_at: Date | null
}

type TroubleRow = Omit<NeedFacts['troubled'][number], 'repostOf'> & { readonly part: EnvelopeChannel | null }

/** Reads what summaries are made of, and keeps them. */
@Injectable()
export class SummariesStore {
  /** What went out, or was to, between two instants; what the channel shows is read from the sealed revision. */
  async publications(manager: EntityManager, groupId: string, { start, end }: Bounds): Promise<PublicationFact[]> {
    const rows: PublicationRow[] = await manager.query(
      `select p.id, p.post_id, p.channel_id, c.name as channel_name, c.network, p.state, p.slot, p.published_at,
         p.window_name, coalesce(part.value ->> 'text', po.content ->> 'text', '') as text,
         coalesce(jsonb_array_length(part.value -> 'pictures'), 0) as pictures, po.labels, p.url, p.cause, s.age, s.taken_at,
         s.reactions, s.replies, s.reposts, s.clicks, s.impressions
       from publications p
       join channels c on c.group_id = p.group_id and c.id = p.channel_id
       join posts po on po.group_id = p.group_id and po.id = p.post_id
       left join revisions r on r.group_id = p.group_id and r.id = coalesce(p.revision_id, po.current_revision_id)
       left join lateral (
         select value from jsonb_array_elements(r.envelope::jsonb -> 'channels')
         where value ->> 'channelId' = p.channel_id::text limit 1
       ) part on true
       left join lateral (
         select * from engagement_samples e
         where e.group_id = p.group_id and e.publication_id = p.id and e.age in ('1h', '24h', '48h')
         order by array_position(array['48h', '24h', '1h'], e.age) limit 1
       ) s on true
       where p.group_id = $1 and coalesce(p.published_at, p.slot) >= $2 and coalesce(p.published_at, p.slot) < $3
         and p.state <> 'cancelled' and (p.published_at is not null or po.state <> 'cancelled')
       order by coalesce(p.published_at, p.slot), p.id`,
      [groupId, start.toJSDate(), end.toJSDate()],
    )
    return rows.map(publicationOf)
  }

  /** What waits for somebody now. */
  async needs(manager: EntityManager, groupId: string): Promise<NeedFacts> {
    const waiting: { post_id: string; text: string; since: Date }[] = await manager.query(
      `select po.id as post_id, po.content ->> 'text' as text, min(q.created_at) as since
       from posts po join review_requests q on q.group_id = po.group_id and q.revision_id = po.current_revision_id
       where po.group_id = $1 and po.state = 'in_review' and not po.editing and po.held_at is null
       group by po.id, text order by since, po.id`,
      [groupId],
    )
    const held: NeedFacts['held'] = await manager.query(
      // A hold stays with what has ended, and keeps nothing back there.
      `select id as "postId", content ->> 'text' as text from posts p
       where group_id = $1 and held_at is not null and state not in ('cancelled', 'expired')
         and (state <> 'approved' or editing
           or not exists (select 1 from publications u
             where u.group_id = p.group_id and u.post_id = p.id and u.state <> 'cancelled')
           or exists (select 1 from publications u where u.group_id = p.group_id and u.post_id = p.id
             and u.state not in ('published', 'retracting', 'retracted', 'failed', 'cancelled')
             and u.failure_accepted_by is null))
       order by held_at, id`,
      [groupId],
    )
    const troubled: TroubleRow[] = await manager.query(
      `select p.post_id as "postId", po.content ->> 'text' as text, c.name as "channelName", p.state, p.cause, part.value as part
       from publications p
       join posts po on po.group_id = p.group_id and po.id = p.post_id
       join channels c on c.group_id = p.group_id and c.id = p.channel_id
       left join revisions r on r.group_id = p.group_id and r.id = coalesce(p.revision_id, po.current_revision_id)
       left join lateral (
         select value from jsonb_array_elements(r.envelope::jsonb -> 'channels')
         where value ->> 'channelId' = p.channel_id::text limit 1
       ) part on true
       where p.group_id = $1 and ((p.state in ('failed', 'missed', 'unconfirmed') and p.failure_accepted_by is null
           and po.state <> 'cancelled')
         or (p.state in ('retracting', 'retracted') and p.retract_acknowledged_by is null))
       order by p.state = 'unconfirmed' desc, p.slot, p.id`,
      [groupId],
    )
    const channels: { name: string; state: string; last_planned: Date | null }[] = await manager.query(
      `select c.name, c.state, (select max(p.slot) from publications p
         where p.group_id = c.group_id and p.channel_id = c.id and p.state = 'planned' and p.slot > clock()) as last_planned
       from channels c where c.group_id = $1 and c.removed_at is null order by c.created_at, c.id`,
      [groupId],
    )
    const [admins]: { n: number }[] = await manager.query(
      `select count(distinct root_person(person_id))::integer as n from members
       where group_id = $1 and status = 'active' and 'admin' = any (roles)`,
      [groupId],
    )
    return {
      waiting: waiting.map((row) => ({ postId: row.post_id, text: row.text, since: instant(row.since) })),
      held,
      troubled: troubled.map(({ part, ...row }) => ({ ...row, repostOf: part && repostOf(part) })),
      channels: channels.map((row) => ({
        name: row.name,
        toReconnect: row.state === 'to_reconnect',
        lastPlanned: row.last_planned && instant(row.last_planned),
      })),
      activeAdmins: admins?.n ?? 0,
    }
  }

  async review(manager: EntityManager, groupId: string, { start, end }: Bounds): Promise<ReviewFacts> {
    const range = [groupId, start.toJSDate(), end.toJSDate()]
    const rounds: { asked_at: Date; answered_at: Date | null; requests: number }[] = await manager.query(
      `select min(q.created_at) as asked_at, count(*)::integer as requests,
         (select min(v.at) from verdicts v where v.group_id = q.group_id and v.revision_id = q.revision_id
            and v.kind in ('approve', 'changes', 'stop')) as answered_at
       from review_requests q where q.group_id = $1 and q.created_at >= $2 and q.created_at < $3
       group by q.group_id, q.revision_id order by asked_at, q.revision_id`,
      range,
    )
    const [caught]: { sent_back: number; stopped: number }[] = await manager.query(
      `select (count(distinct post_id) filter (where kind = 'changes'))::integer as sent_back,
         (count(distinct post_id) filter (where kind = 'stop'))::integer as stopped
       from verdicts where group_id = $1 and at >= $2 and at < $3`,
      range,
    )
    const load: ReviewFacts['load'] = await manager.query(
      `select pe.name, count(q.id)::integer as asked,
         (count(q.id) filter (where exists (select 1 from verdicts v where v.group_id = q.group_id
            and v.revision_id = q.revision_id and v.member_id = q.member_id)))::integer as answered
       from members m join people pe on pe.id = m.person_id
       left join review_requests q on q.group_id = m.group_id and q.member_id = m.id and q.created_at >= $2 and q.created_at < $3
       where m.group_id = $1 and (q.id is not null or (m.status = 'active' and 'reviewer' = any (m.roles)))
       group by m.id, pe.name order by lower(pe.name), m.id`,
      range,
    )
    return {
      requests: rounds.reduce((sum, row) => sum + row.requests, 0),
      rounds: rounds.map((row) => ({
        askedAt: instant(row.asked_at),
        answeredAt: row.answered_at && instant(row.answered_at),
      })),
      sentBack: caught?.sent_back ?? 0,
      stopped: caught?.stopped ?? 0,
      load,
    }
  }

  /** Each instant at which something went out or was to, for the list of weeks. */
  async activeInstants(manager: EntityManager, groupId: string, zone: string): Promise<DateTime[]> {
    const rows: { at: Date }[] = await manager.query(
      `select distinct date_trunc('week', coalesce(published_at, slot) at time zone $2) at time zone $2 as at
       from publications where group_id = $1 and state <> 'cancelled' and coalesce(published_at, slot) <= clock()`,
      [groupId, zone],
    )
    return rows.map((row) => instant(row.at))
  }

  async finishedWeeks(manager: EntityManager, groupId: string): Promise<Week[]> {
    const rows: { week: Week }[] = await manager.query('select week from summaries where group_id = $1', [groupId])
    return rows.map((row) => row.week)
  }

  async weeksOf(manager: EntityManager, groupId: string): Promise<GroupWeeks> {
    const [row]: { created_at: Date }[] = await manager.query('select created_at from groups where id = $1', [groupId])
    if (!row) throw new Error('A group vanished while its weeks were counted')
    return { groupId, began: instant(row.created_at), known: await this.finishedWeeks(manager, groupId) }
  }

  find(manager: EntityManager, groupId: string, week: Week): Promise<SummaryEntity | null> {
    return manager.findOneBy(SummaryEntity, { groupId, week })
  }

  /**
   * Takes the week until commit. A second process waits here for the first, and then gets nothing.
   * @returns whether it is the caller's to sum up
   */
  async take(manager: EntityManager, groupId: string, week: Week, at: DateTime): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `insert into summaries (group_id, week, computed_at, content) values ($1, $2, $3, '{}')
       on conflict do nothing returning week`,
      [groupId, week, at.toJSDate()],
    )
    return rows.length === 1
  }

  async keep(
    manager: EntityManager,
    groupId: string,
    week: Week,
    content: Summary,
    mailedAt: DateTime | null,
  ): Promise<void> {
    await manager.query(
      'update summaries set content = $3::jsonb, mailed_at = coalesce($4, mailed_at) where group_id = $1 and week = $2',
      [groupId, week, JSON.stringify(content), mailedAt?.toJSDate() ?? null],
    )
  }

  /** Active members who want it, each human being once, as the member with the most roles. */
  recipients(manager: EntityManager, groupId: string): Promise<Recipient[]> {
    return manager.query(
      `select distinct on (root_person(m.person_id)) m.id as "memberId", m.person_id as "personId", p.email,
         'admin' = any (m.roles) as admin
       from members m join people p on p.id = m.person_id
       where m.group_id = $1 and m.status = 'active' and m.gets_summary
       order by root_person(m.person_id), cardinality(m.roles) desc, m.id`,
      [groupId],
    )
  }

  /** No more summaries to this human being, by whichever sign-in they are in the group. @returns whether that changed anything */
  async stop(manager: EntityManager, groupId: string, memberId: string): Promise<boolean> {
    const [, changed]: [unknown, number] = await manager.query(
      `update members set gets_summary = false where group_id = $1 and gets_summary
         and root_person(person_id) = (select root_person(person_id) from members where group_id = $1 and id = $2)`,
      [groupId, memberId],
    )
    return changed > 0
  }
}

function repostOf(channel: EnvelopeChannel): string | null {
  return channel.target !== undefined && mannerOn(channel) === 'repost' ? authorWords(channel.target) : null
}

function publicationOf(row: PublicationRow): PublicationFact {
  return {
    id: row.id,
    postId: row.post_id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    network: row.network,
    state: row.state,
    slot: instant(row.slot),
    publishedAt: row.published_at && instant(row.published_at),
    windowName: row.window_name,
    text: row.text,
    url: row.url,
    cause: row.cause,
    hasPicture: row.pictures > 0,
    labels: row.labels,
    counters:
      row.age === null || row.taken_at === null
        ? null
        : {
            age: row.age,
            takenAt: instant(row.taken_at),
            reactions: number(row.reactions),
            replies: number(row.replies),
            reposts: number(row.reposts),
            clicks: number(row.clicks),
            impressions: number(row.impressions),
          },
  }
}

/** Counters are bigint, which the driver hands over as text. */
function number(value: string | null): number | null {
  return value === null ? null : Number(value)
}

function instant(value: Date): DateTime {
  return DateTime.fromJSDate(value, { zone: 'utc' })
}
