import { setTimeout as pause } from 'node:timers/promises'

import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import type { HttpApi } from '../http-api.adapter.js'
import { notCounted } from '../not-counted.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  FindOutcome,
  Finding,
  Limits,
  LookUpOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  Reply,
  RetractOutcome,
  SentPicture,
  SentVideo,
} from '../platform.js'
import { noQuotes, publishOutcomeOf, retractOutcomeOf, said, type Step } from './mastodon-answers.js'
import { MastodonConsent } from './mastodon-consent.adapter.js'
import { examineServer } from './mastodon-examination.adapter.js'
import { limitsOf } from './mastodon-limits.js'
import { repliesSince } from './mastodon-replies.adapter.js'
import { mastodonRules, textOf } from './mastodon-rules.js'
import {
  accountIdOf,
  failureOf,
  hasQuotes,
  instanceOf,
  localId,
  ownStatuses,
  serverOf,
} from './mastodon-server.adapter.js'
import { lookUpStatus } from './mastodon-targets.adapter.js'
import { sameWords, saysTheSame } from './mastodon-text.js'
import { isStatus, type Status } from './mastodon-wire.js'

/** `visibility` of https://docs.joinmastodon.org/methods/statuses/#create */
const visibilities = { public: 'public', unlisted: 'unlisted', followers: 'private' } as const

/** How far a server's clock may be behind ours: a status that says it is older than our first attempt may still be it. */
const skew = { minutes: 2 }

/** No server's clock is so far behind: what says that it is older was there before our first attempt. */
const longBefore = { days: 1 }

/** As many of the account's statuses are looked through for one in doubt. */
const mostLooked = 200

/**
 * Mastodon and the servers that speak its API (https://docs.joinmastodon.org/methods/statuses/).
 * A status is made under an `Idempotency-Key` from the publish key, which the server knows for an hour; later, and
 * without sending anything, `find` reads the account's own statuses. Times are kept here: no server is ever handed a
 * `scheduled_at`, which some take without a word and post at once.
 */
export class MastodonAdapter implements Platform {
  readonly rules = mastodonRules
  readonly connectFields = [
    {
      name: 'server',
      label: 'Server',
      help: 'Where the account lives: the address in the browser when you look at your own profile.',
      secret: false,
      placeholder: 'mastodon.social',
    },
  ]
  readonly connectSteps = [
    'Sign in to your server with the group’s account, in this browser.',
    'Enter the server here and go on: the server asks whether Seconder may post and read for this account.',
    'Look at which account it names, and press Authorise.',
  ]
  readonly consent: MastodonConsent

  constructor(
    private readonly outward: Outward,
    private readonly clock: Clock,
    /** Milliseconds between looks at a picture or film that the server is still at work on. */
    private readonly lookEveryMs = 1000,
  ) {
    this.consent = new MastodonConsent(outward)
  }

  connect(): Promise<ConnectOutcome> {
    return Promise.resolve({ kind: 'refused', cause: 'Mastodon is connected by consent on the server.', field: null })
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const [problem] = this.rules.check(asChecked(post), connection.limits)
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    if (mediaOf(post).some(({ bytes, sha256: approved }) => sha256(bytes) !== approved)) {
      return { kind: 'rejected', cause: 'A picture or film is not the one that was approved.', field: 'pictures' }
    }
    const api = serverOf(this.outward, connection)
    let step: Step = 'prepare'
    try {
      const request = await this.requestFor(api, post, key, signal)
      if (typeof request === 'string') return { kind: 'rejected', cause: request, field: 'text' }
      if (signal.aborted)
        return { kind: 'retry', cause: 'The time for this post was over before it was sent.', afterSeconds: null }
      step = 'publish'
      const headers = { 'idempotency-key': sha256(key.key) }
      const { body } = await api.call({ method: 'POST', ...request, headers, signal })
      // A server keeps a boost once: that of another publication would be taken down with either of the two.
      if (isStatus(body) && isPassingOn(post) && (wasLongThere(body, key) || (await key.others()).includes(body.id)))
        return { kind: 'rejected', cause: passedOnBefore, field: 'target' }
      if (isStatus(body)) return { ...this.foundAs(connection, body), kind: 'published' }
      return { kind: 'unknown', cause: 'The server answered without saying what it posted.' }
    } catch (error) {
      return publishOutcomeOf(failureOf(error), step, this.clock.now())
    }
  }

  async find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    const api = serverOf(this.outward, connection)
    const passedOn = isPassingOn(post)
    const earliest = DateTime.fromISO(key.createdAt, { zone: 'utc' }).minus(skew)
    try {
      const target = post.repostOf === undefined ? null : await localId(api, post.repostOf, signal)
      const query: Record<string, string> = passedOn ? {} : { exclude_reblogs: 'true' }
      const others = await key.others()
      let looked = 0
      for await (const status of ownStatuses(api, accountIdOf(connection), query, signal)) {
        if (DateTime.fromISO(status.created_at ?? '', { zone: 'utc' }) < earliest) return { kind: 'absent' }
        looked += 1
        if (looked > mostLooked) return { kind: 'cannot-tell', cause: 'Too much was posted since to look through.' }
        if (others.includes(status.id)) continue
        const ours = passedOn ? status.reblog?.id === target : await isThis(api, status, post, signal)
        if (ours) return this.foundAs(connection, status)
      }
      return { kind: 'absent' }
    } catch (error) {
      return { kind: 'cannot-tell', cause: said(failureOf(error)) }
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    try {
      const path = `/api/v1/statuses/${encodeURIComponent(remoteId)}`
      await serverOf(this.outward, connection).call({ method: 'DELETE', path, signal })
      return { kind: 'retracted' }
    } catch (error) {
      return retractOutcomeOf(failureOf(error), this.clock.now())
    }
  }

  async counters(
    connection: Connection,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Counters>> {
    const api = serverOf(this.outward, connection)
    const readings = new Map<string, Counters>()
    for (const remoteId of remoteIds) {
      try {
        // One by one: only Mastodon 4.3 and newer tell several at once.
        const path = `/api/v1/statuses/${encodeURIComponent(remoteId)}`
        const { body } = await api.call({ method: 'GET', path, signal })
        if (isStatus(body)) readings.set(remoteId, countersOf(body))
      } catch (error) {
        // One that is gone is left out; a server that refuses or fails is not asked on and on.
        const { status } = failureOf(error)
        if (status !== 404 && status !== 410) break
      }
    }
    return readings
  }

  replies(
    connection: Connection,
    since: string,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Reply[]> {
    return repliesSince(serverOf(this.outward, connection), accountIdOf(connection), since, remoteIds, signal)
  }

  lookUp(connection: Connection, address: string, signal: AbortSignal): Promise<LookUpOutcome> {
    return lookUpStatus(serverOf(this.outward, connection), address, signal)
  }

  /**
   * Null when the server tells nothing about itself: then the rules' own hold.
   * @throws ApiFault when it cannot be asked now: what it told before still holds
   */
  async askLimits(connection: Connection, signal: AbortSignal): Promise<Limits | null> {
    try {
      return limitsOf(await instanceOf(serverOf(this.outward, connection), signal))
    } catch (error) {
      if (failureOf(error).status === 404) return null
      throw error
    }
  }

  examine(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    return examineServer(serverOf(this.outward, connection), connection, this.clock.now(), signal)
  }

  /** The call that makes it public, or why there can be none. */
  private async requestFor(api: HttpApi, post: OutgoingPost, key: PublishKey, signal: AbortSignal) {
    const visibility = visibilities[post.visibility ?? 'public']
    const target = post.repostOf === undefined ? undefined : await localId(api, post.repostOf, signal)
    if (target !== undefined && isPassingOn(post))
      // Passing on what was passed on before answers with the first time (app/services/reblog_service.rb).
      return { path: `/api/v1/statuses/${encodeURIComponent(target)}/reblog`, json: { visibility } }
    if (target !== undefined && !(await hasQuotes(api, signal)))
      return `${noQuotes} Pass the post on without words, or put its address into a text of your own.`
    const media = await this.mediaIds(api, post, key, signal)
    return {
      path: '/api/v1/statuses',
      json: {
        status: textOf(post),
        // Relatives of Mastodon (glitch-soc, GoToSocial) else take it for what the account has chosen, such as Markdown.
        content_type: 'text/plain',
        visibility,
        language: languageOf(post.language),
        ...(media.length > 0 ? { media_ids: media } : {}),
        ...(post.contentWarning === undefined ? {} : { spoiler_text: post.contentWarning, sensitive: true }),
        ...(post.under ? { in_reply_to_id: await localId(api, post.under.parent, signal) } : {}),
        ...(target === undefined ? {} : { quoted_status_id: target }),
      },
    }
  }

  /**
   * Uploads what belongs to the post. What was uploaded at an earlier attempt is used again, so that a film which the
   * server works on for longer than one attempt lasts is not sent anew each time.
   */
  private async mediaIds(api: HttpApi, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<string[]> {
    const media = mediaOf(post)
    if (media.length === 0) return []
    const kept = key.memo?.split(' ') ?? []
    if (kept.length === media.length && (await this.areReady(api, kept, signal))) return kept
    const uploads: { id: string; ready: boolean }[] = []
    for (const item of media) uploads.push(await upload(api, item, signal))
    const ids = uploads.map(({ id }) => id)
    if (key.memo === null) await key.keep(ids.join(' '))
    const atWork = uploads.filter(({ ready }) => !ready).map(({ id }) => id)
    await this.areReady(api, atWork, signal)
    return ids
  }

  /** Waits for the server's work on them. False when it no longer has one: it is in a status, or was cleared away. */
  private async areReady(api: HttpApi, ids: readonly string[], signal: AbortSignal): Promise<boolean> {
    for (const id of ids) {
      for (;;) {
        try {
          const { status } = await api.call({ method: 'GET', path: `/api/v1/media/${encodeURIComponent(id)}`, signal })
          if (status !== 206) break
          await pause(this.lookEveryMs, undefined, { signal })
        } catch (error) {
          if (signal.aborted)
            throw new Error('The server was still at work on a picture or film when the time was over.', {
              cause: error,
            })
          if (failureOf(error).status === 404) return false
          throw error
        }
      }
    }
    return true
  }

  private foundAs(connection: Connection, status: Status): Extract<FindOutcome, { kind: 'found' }> {
    const at = DateTime.fromISO(status.created_at ?? '', { zone: 'utc' })
    // A boost has no page: its own address tells programs about it (app/lib/activitypub/tag_manager.rb, `url_for`).
    const told = [status.reblog?.url, status.url].find((each) => /^https?:\/\//.test(each ?? ''))
    const url = told ?? `${connection.credentials.server}/web/statuses/${status.id}`
    return { kind: 'found', remoteId: status.id, url, at: (at.isValid ? at : this.clock.now()).toISO()! }
  }
}

/** The publications that a key is asked about go back for some days only; a boost stays. */
function wasLongThere({ created_at: made = '' }: Status, { createdAt }: PublishKey): boolean {
  return DateTime.fromISO(made, { zone: 'utc' }) < DateTime.fromISO(createdAt, { zone: 'utc' }).minus(longBefore)
}

const passedOnBefore =
  'The account has passed this post on before, and a server keeps that once. Write words of your own to pass it on again.'

/** Somebody's post, without words of our own. */
function isPassingOn(post: OutgoingPost): boolean {
  return post.repostOf !== undefined && textOf(post).trim() === ''
}

function mediaOf({ pictures, video }: OutgoingPost): readonly (SentPicture | SentVideo)[] {
  return video ? [...pictures, video] : pictures
}

/** https://docs.joinmastodon.org/methods/media/#v2: 200 when it is ready, 202 when the server is still at work. */
async function upload(api: HttpApi, { bytes, mime, alt }: SentPicture | SentVideo, signal: AbortSignal) {
  const body = new FormData()
  body.set('file', new Blob([new Uint8Array(bytes)], { type: mime }), `file.${mime.split('/')[1]}`)
  if (alt !== '') body.set('description', alt)
  const answer = await api.call<{ id?: unknown }>({ method: 'POST', path: '/api/v2/media', body, signal })
  if (typeof answer.body?.id === 'string') return { id: answer.body.id, ready: answer.status !== 202 }
  throw new Error('The server took a picture without saying where it is.')
}

/** Whether a status is what was to be sent. Where it hangs is compared when it was named by the server's own id. */
async function isThis(api: HttpApi, status: Status, post: OutgoingPost, signal: AbortSignal): Promise<boolean> {
  const hangsOn = status.in_reply_to_id ?? undefined
  const parent = post.under?.parent
  const couldBe =
    (status.reblog ?? null) === null &&
    (hangsOn === parent || (hangsOn !== undefined && parent?.startsWith('http') === true)) &&
    saysTheSame(status.spoiler_text ?? '', post.contentWarning ?? '') &&
    (status.media_attachments?.length ?? 0) === mediaOf(post).length
  if (!couldBe) return false
  const text = textOf(post)
  return saysTheSame(status.content ?? '', text) || sameWords(await wordsSent(api, status.id, signal), text)
}

/**
 * What was written, where a server makes more of it than HTML (of Markdown, say); empty where it does not tell.
 * https://docs.joinmastodon.org/methods/statuses/#source, since 3.5.
 */
async function wordsSent(api: HttpApi, id: string, signal: AbortSignal): Promise<string> {
  try {
    const path = `/api/v1/statuses/${encodeURIComponent(id)}/source`
    const { body } = await api.call<{ text?: unknown } | null>({ method: 'GET', path, signal })
    return typeof body?.text === 'string' ? body.text : ''
  } catch (error) {
    const { status } = failureOf(error)
    if (status === null || status >= 500 || status === 429) throw error
    return ''
  }
}

/** Servers know languages of two or three letters, and Chinese by region (app/helpers/languages_helper.rb). */
function languageOf(tag: string): string {
  return /^zh-(CN|HK|TW)$/i.test(tag) ? tag : (tag.split('-')[0] ?? tag).toLowerCase()
}

function countersOf(status: Status): Counters {
  if (status.reblog) return notCounted
  const { favourites_count: reactions, replies_count: replies, reblogs_count: reblogs, quotes_count: quotes } = status
  return {
    reactions: reactions ?? null,
    replies: replies ?? null,
    // A quote passes the post on, too, with words of its own.
    reposts: reblogs === undefined ? null : reblogs + (quotes ?? 0),
    clicks: null,
    impressions: null,
  }
}
