import { Injectable } from '@nestjs/common'
import { isURL } from 'class-validator'

import { AuditLog } from '../audit/audit-log.service.js'
import { ChannelsService } from '../channels/channels.service.js'
import { JobQueue, Jobs } from '../database/jobs.js'
import { Transaction } from '../database/transaction.js'
import { readParagraphs, readTable, type BulkPost } from '../drafts/bulk-text.js'
import { firstWords } from '../drafts/content.js'
import { PostsService } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { ActingMember } from '../groups/acting-member.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { ExaminationService } from '../reviewers/asking/examination.service.js'
import { SubmissionService } from '../reviewers/asking/submission.service.js'
import type { BulkCheckDto, BulkDto, BulkPreview, BulkProgress } from './bulk.dto.js'
import { BulkStore, type Bulk } from './bulk.store.js'
import { inputOf } from './post-commands.service.js'
import type { PostInputDto } from './post-input.dto.js'

/** A job ends well before it would be taken for dead, and leaves the rest to the next. */
const secondsOfOneJob = 60
const most = 1000
/** So many requests are told of to whoever comes back. */
const mostLatest = 5

export interface BulkJob {
  groupId: string
  bulkId: string
}

/** A job that is cut off is found again and goes on where it was. */
export const bulkJobs = new JobQueue<BulkJob>('bulk', {
  retryLimit: 20,
  retryDelay: 15,
  expireInSeconds: 300,
  deleteAfterSeconds: 24 * 60 * 60,
})

/** Several posts in one request. Each is written and sent as if somebody did it by hand: nothing passes by the review. */
@Injectable()
export class BulkService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: BulkStore,
    private readonly posts: PostsService,
    private readonly postsStore: PostsStore,
    private readonly submission: SubmissionService,
    private readonly examination: ExaminationService,
    private readonly channels: ChannelsService,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly jobs: Jobs,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** What would be written, and what stands in the way of each; keeps nothing. */
  async check(acting: ActingMember, given: BulkCheckDto): Promise<BulkPreview> {
    await this.insistOnChannels(acting, given.channelIds)
    const found = postsIn(given)
    if (typeof found === 'string') return { rows: [], unreadable: found, ready: 0 }
    const { manager } = this.transaction
    const rows = []
    for (const [index, post] of found.entries()) {
      const problems = problemsOf(post)
      if (problems.length === 0) {
        const { content, wish } = inputOf(acting, dtoOf(post, given.channelIds))
        const findings = await this.examination.examine(manager, { groupId: acting.groupId, content, wish })
        problems.push(
          ...findings.problems,
          ...findings.channels.flatMap((each) =>
            each.problems.map(({ message }) => `${each.channel.name}: ${message}`),
          ),
        )
      }
      const { text, link, labels, at } = post
      rows.push({ number: index + 1, firstWords: firstWords(text, 120), link, labels: [...labels], at, problems })
    }
    return { rows, unreadable: null, ready: rows.filter((row) => row.problems.length === 0).length }
  }

  /** Accepts the request; the posts are written one after the other. The same key again is the same request. */
  async start(acting: ActingMember, given: BulkDto): Promise<BulkProgress> {
    await this.insistOnChannels(acting, given.channelIds)
    const found = postsIn(given)
    if (typeof found === 'string') throw new DomainError('unreadable', found)
    const { groupId, memberId } = acting
    const items = found.map((post) => {
      const problem = problemsOf(post).join(' ') || null
      return { input: problem === null ? dtoOf(post, given.channelIds) : null, problem }
    })
    const id = await this.transaction.run(async (manager) => {
      const bulk = { id: newId(this.clock.now().toMillis()), memberId, key: given.key, send: given.send }
      const isNew = await this.store.insert(manager, groupId, bulk, items)
      const known = isNew ? null : await this.store.byKey(manager, groupId, memberId, given.key)
      const bulkId = known?.id ?? bulk.id
      // Asked again, it goes on, should its job have been given up.
      if (!known?.finished) await this.jobs.send(manager, bulkJobs, { groupId, bulkId })
      if (isNew)
        await this.audit.append(manager, groupId, { kind: 'bulk-started', count: items.length, member: memberId })
      return bulkId
    })
    return this.progress(acting, id)
  }

  /** The last requests of the group, for somebody who left the page and comes back. */
  async latest(acting: ActingMember): Promise<BulkProgress[]> {
    const ids = await this.store.latest(this.transaction.manager, acting.groupId, mostLatest)
    return Promise.all(ids.map((id) => this.progress(acting, id)))
  }

  async progress({ groupId, memberId }: ActingMember, id: string): Promise<BulkProgress> {
    const { manager } = this.transaction
    const bulk = await this.find(groupId, id)
    const { name: by } = await this.members.get(groupId, bulk.memberId)
    const { created, sent, done } = await this.store.counts(manager, groupId, id)
    const problems = await this.store.problems(manager, groupId, id)
    const state = bulk.stoppedBecause !== null ? 'stopped' : bulk.finished ? 'done' : 'running'
    const { total } = bulk
    const said = `${done} of ${total} dealt with: ${created} written${bulk.send ? `, ${sent} sent for review` : ' as drafts'}${
      problems.length > 0 ? `, ${problems.length} with something to look at` : ''
    }.`
    const sentence = bulk.stoppedBecause === null ? said : `${bulk.stoppedBecause} ${said}`
    const mayGoOn = state === 'stopped' && done < total && bulk.memberId === memberId
    const startedAt = bulk.startedAt.toISOString()
    return { id, state, total, created, sent, finished: done, problems, sentence, by, startedAt, mayGoOn }
  }

  /**
   * Ends a request early: what is written and sent stays as it is, and the rest is not written. A post that is being
   * written at this moment is still finished. Stopping what is over changes nothing.
   */
  async stop(acting: ActingMember, id: string): Promise<BulkProgress> {
    const { groupId, memberId, name } = acting
    await this.find(groupId, id)
    await this.transaction.run(async (manager) => {
      if (await this.store.stop(manager, groupId, id, `${name} stopped it.`))
        await this.audit.append(manager, groupId, { kind: 'bulk-stopped', bulk: id, member: memberId })
    })
    return this.progress(acting, id)
  }

  /**
   * Goes on with the rest of what was stopped. Only for whoever asked for it: the posts are written in their name.
   * Going on with what runs, or with what has nothing left, changes nothing.
   */
  async goOn(acting: ActingMember, id: string): Promise<BulkProgress> {
    const { groupId, memberId } = acting
    const bulk = await this.find(groupId, id)
    if (bulk.memberId !== memberId) {
      const { name } = await this.members.get(groupId, bulk.memberId)
      throw new DomainError(
        'not-your-request',
        `${name} asked for these posts, so only ${name} can go on.`,
        'forbidden',
      )
    }
    await this.transaction.run(async (manager) => {
      if (!(await this.store.goOn(manager, groupId, id))) return
      await this.jobs.send(manager, bulkJobs, { groupId, bulkId: id })
      await this.audit.append(manager, groupId, { kind: 'bulk-continued', bulk: id, member: memberId })
    })
    return this.progress(acting, id)
  }

  /** Deals with the next posts of a request, and leaves what remains to another job. */
  async work({ groupId, bulkId }: BulkJob): Promise<void> {
    const group = await this.groups.get(groupId)
    const start = performance.now()
    while (performance.now() - start < secondsOfOneJob * 1000) {
      // Somebody may have stopped it since the last post.
      const bulk = await this.find(groupId, bulkId)
      if (bulk.finished) return
      const member = await this.members.get(groupId, bulk.memberId)
      if (member.status !== 'active' || !(member.roles.includes('editor') || member.roles.includes('admin'))) {
        const because = `${member.name} may no longer write posts here, so it stopped.`
        await this.transaction.run((manager) => this.store.stop(manager, groupId, bulkId, because))
        return
      }
      const { id: memberId, personId, name, email, roles } = member
      const acting = { groupId, memberId, personId, name, email, roles, group }
      if (!(await this.dealWithNext(acting, bulk))) {
        await this.transaction.run((manager) => this.store.complete(manager, groupId, bulkId))
        return
      }
    }
    await this.transaction.run((manager) => this.jobs.send(manager, bulkJobs, { groupId, bulkId }))
  }

  /** Two transactions, each of which marks what it did: whatever ends between them, none is written or sent twice. */
  private async dealWithNext(acting: ActingMember, bulk: Bulk): Promise<boolean> {
    const { groupId } = acting
    const item = await this.transaction.run(async (manager) => {
      const next = await this.store.next(manager, groupId, bulk.id)
      if (!next || next.postId !== null || next.input === null) return next
      const post = await this.posts.create(manager, acting, inputOf(acting, next.input))
      await this.store.written(manager, groupId, bulk.id, next.number, post.id)
      if (!bulk.send) await this.store.settle(manager, groupId, bulk.id, next.number, { sent: false, problem: null })
      return { ...next, postId: post.id }
    })
    if (!item) return false
    if (!bulk.send || item.postId === null) return true
    const outcome = await this.send(acting, item.postId)
    await this.transaction.run((manager) => this.store.settle(manager, groupId, bulk.id, item.number, outcome))
    return true
  }

  private async send(acting: ActingMember, postId: string): Promise<{ sent: boolean; problem: string | null }> {
    const look = () => this.postsStore.get(this.transaction.manager, acting.groupId, postId)
    const { currentRevisionId, version } = await look()
    // Sent before a process ended that did not mark it any more.
    if (currentRevisionId !== null) return { sent: true, problem: null }
    try {
      await this.submission.send(acting, postId, version)
      return { sent: true, problem: null }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      // Or by another process, at this moment.
      if ((await look()).currentRevisionId !== null) return { sent: true, problem: null }
      return { sent: false, problem: `It stays a draft. ${error.message}` }
    }
  }

  private async find(groupId: string, id: string): Promise<Bulk> {
    const bulk = await this.store.find(this.transaction.manager, groupId, id)
    if (!bulk) throw new DomainError('no-such-bulk', 'There is no such request in this group.', 'not-found')
    return bulk
  }

  private async insistOnChannels({ groupId }: ActingMember, ids: readonly string[]): Promise<void> {
    const all = await this.channels.list(groupId)
    if (ids.some((id) => !all.some((channel) => channel.id === id)))
      throw new DomainError('no-such-channel', 'One of the channels is not connected in this group. Choose again.')
  }
}

function postsIn({ posts, source, form }: BulkCheckDto): readonly BulkPost[] | string {
  if (posts) {
    return posts.map(({ text, link = null, labels = [], at = null }) => ({ text, link, labels, at }))
  }
  const read = form === 'table' ? readTable(source ?? '') : readParagraphs(source ?? '')
  if (read.kind === 'unreadable') return read.reason
  if (read.posts.length > most)
    return `These are ${read.posts.length} posts; one request holds at most ${most}. Start with a part of them.`
  return read.posts
}

/** What no draft could hold either. */
function problemsOf({ text, link, labels, at }: BulkPost): string[] {
  const problems: string[] = []
  if (text.trim() === '') problems.push('It has no words. Write some, or take the row out.')
  if (text.length > 20_000) problems.push('The text is longer than 20,000 characters; shorten it.')
  if (link !== null && !isURL(link, { protocols: ['http', 'https'], require_protocol: true, require_tld: false }))
    problems.push(`The link “${link}” has to be a whole address that starts with https://.`)
  if (labels.length > 20 || labels.some((label) => label.length > 60))
    problems.push('A post holds at most 20 labels of 60 characters each.')
  if (at !== null && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(at))
    problems.push(`The time “${at}” has to look like 2026-11-24 17:20.`)
  return problems
}

function dtoOf({ text, link, labels, at }: BulkPost, channelIds: readonly string[]): PostInputDto {
  return {
    content: {
      text,
      link,
      language: 'en-GB',
      channels: [...new Set(channelIds)].map((channelId) => ({ channelId, text: null })),
      pictures: [],
    },
    wish: at === null ? { kind: 'queue' } : { kind: 'exact', at },
    usefulUntil: null,
    labels: [...labels],
    notes: '',
  }
}
