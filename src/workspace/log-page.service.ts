import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'

import { AuditLog } from '../audit/audit-log.service.js'
import { AuditStatesStore } from '../audit/audit-states.store.js'
import { AuditStore } from '../audit/audit.store.js'
import type { AuditEntry } from '../audit/chain.js'
import { writeHead } from '../audit/chain.js'
import { kindsAbout, readEvent, type ReadEvent, sentenceOf, topicOf } from '../audit/sentence.js'
import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { openingOf } from '../drafts/content.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { MembersService } from '../groups/members.service.js'
import { spokenTime } from '../scheduler/spoken-time.js'
import type { LogEntry, LogHold, LogPage, LogQuery, LogStanding } from './log.dto.js'

const pageSize = 50

/** The log as people read it. */
@Injectable()
export class LogPageService {
  constructor(
    private readonly audit: AuditLog,
    private readonly store: AuditStore,
    private readonly states: AuditStatesStore,
    private readonly members: MembersService,
    private readonly channels: ChannelsService,
    private readonly posts: PostsStore,
    private readonly transaction: Transaction,
  ) {}

  /** A page of entries, the newest first. */
  async page(acting: ActingMember, query: LogQuery): Promise<LogPage> {
    const { manager } = this.transaction
    const { groupId, group } = acting
    const members = await this.members.list(groupId)
    const member = members.find((each) => each.id === query.member)
    const found = await this.store.find(
      manager,
      groupId,
      {
        ...(query.about === undefined ? {} : { kinds: kindsAbout(query.about) }),
        // Entries about a person’s sign-ins in other groups name the person, not the member.
        ...(query.member === undefined ? {} : { ids: [query.member, ...(member ? [member.personId] : [])] }),
        ...(query.post === undefined ? {} : { post: query.post }),
        ...(query.from === undefined ? {} : { from: asWritten(startOf(query.from, group.timeZone)) }),
        ...(query.to === undefined ? {} : { until: asWritten(startOf(query.to, group.timeZone).plus({ days: 1 })) }),
        ...(query.before === undefined ? {} : { before: query.before }),
      },
      pageSize + 1,
    )
    const shown = found.slice(0, pageSize)
    const read = shown.map((entry) => ({ entry, event: eventOf(entry) }))
    const postIds = [...new Set(read.flatMap(({ event }) => postOf(event) ?? []))]
    const posts = new Map((await this.posts.listByIds(manager, groupId, postIds)).map((post) => [post.id, post]))
    const names = new Map<string, string>([
      ...members.flatMap(({ id, personId, name }): [string, string][] => [
        [id, name],
        [personId, name],
      ]),
      ...(await this.channels.listAll(groupId)).map(({ id, name }): [string, string] => [id, name]),
    ])
    const details = await this.store.details(
      manager,
      groupId,
      shown.map(({ seq }) => seq),
    )
    const entries = read.map(({ entry, event }): LogEntry => {
      const at = DateTime.fromISO(entry.at, { zone: 'utc' })
      const post = posts.get((event && postOf(event)) ?? '')
      return {
        seq: entry.seq,
        at: entry.at,
        when: at.isValid ? spokenTime(at, group.timeZone) : entry.at,
        kind: event?.kind ?? '',
        about: event && topicOf(event.kind),
        sentence: event
          ? sentenceOf({ ...event, ...textsOf(event, entry.seq, details) }, (id) => names.get(id) ?? null)
          : 'This entry cannot be read.',
        post: post ? { id: post.id, firstWords: openingOf(post.content) } : null,
      }
    })
    return { entries, more: found.length > pageSize }
  }

  async standing(acting: ActingMember): Promise<LogStanding> {
    const { manager } = this.transaction
    const head = await this.audit.head(acting.groupId)
    const state = await this.states.get(manager, acting.groupId)
    const asker = state.resumeAskedBy && (await this.members.get(acting.groupId, state.resumeAskedBy))
    return {
      head: writeHead(head),
      entries: head.seq,
      checkedAt: state.checkedAt?.toISO() ?? null,
      checkedWholeAt: state.checkedWholeAt?.toISO() ?? null,
      checkedUpTo: state.checked.seq,
      broken: state.broken && {
        at: state.broken.at.toISO() ?? '',
        entry: state.broken.seq,
        reason: state.broken.reason,
      },
      resumeAskedBy: asker ? { memberId: asker.id, name: asker.name } : null,
      acceptedUpTo: state.accepted.seq,
    }
  }

  async hold(acting: ActingMember): Promise<LogHold> {
    const { broken } = await this.states.get(this.transaction.manager, acting.groupId)
    return { since: broken?.at.toISO() ?? null }
  }
}

function startOf(day: string, zone: string): DateTime {
  return DateTime.fromISO(day, { zone })
}

/** As entries have their time, which sorts as text. */
function asWritten(instant: DateTime): string {
  return instant.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'000Z'")
}

function eventOf(entry: AuditEntry): ReadEvent | null {
  try {
    return readEvent(entry.payload)
  } catch {
    return null
  }
}

function postOf(event: ReadEvent | null): string | null {
  const post = event?.['post']
  return typeof post === 'string' ? post : null
}

/** What an entry commits itself to: the text, as long as it is kept. */
function textsOf(
  event: ReadEvent,
  seq: number,
  details: readonly { seq: number; name: string; text: string }[],
): Record<string, string> {
  const ending = 'Commitment'
  const names = Object.keys(event).flatMap((key) => (key.endsWith(ending) ? key.slice(0, -ending.length) : []))
  return Object.fromEntries(
    names.map((name) => [name, details.find((each) => each.seq === seq && each.name === name)?.text ?? 'erased']),
  )
}
