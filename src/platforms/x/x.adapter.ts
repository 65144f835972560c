import { setTimeout as pauseFor } from 'node:timers/promises'

import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import { ApiFault } from '../http-api.adapter.js'
import { notCounted } from '../not-counted.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Consent,
  Counters,
  Finding,
  FindOutcome,
  KeepAliveOutcome,
  Limits,
  LookUpOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  Reply,
  RetractOutcome,
} from '../platform.js'
import { madeAt } from './timeline.js'
import { RenewalFault, XAccount, type XHosts } from './x-account.adapter.js'
import {
  isDuplicate,
  isPassedOn,
  pauseOf,
  problemOf,
  publishOutcomeOf,
  retractOutcomeOf,
  type Step,
} from './x-answers.js'
import { XConsent, xConnectFields, xConnectSteps } from './x-consent.adapter.js'
import { MediaRefused, type Pause, XMedia } from './x-media.adapter.js'
import { XReading } from './x-reading.adapter.js'
import { isOfAnother, isRepost, lookUpPost, madeWhen, repostId, sourceOf, urlOf } from './x-reposts.adapter.js'
import { textToSend, xRules } from './x-rules.js'

/** Kept when X says that it has it already, the words or the repost: absence on the timeline then proves nothing. */
const DUPLICATE = 'duplicate'
/** Between two looks at the timeline, which may lag. */
const BETWEEN_LOOKS_MS = 5000

/**
 * X, through its API of version 2. It has no idempotency keys: a lost answer is settled by reading the account's own
 * posts, twice, and X itself refuses the same words a second time.
 */
export class XAdapter implements Platform {
  readonly rules = xRules
  readonly connectFields = xConnectFields
  readonly connectSteps = xConnectSteps
  readonly consent: Consent

  constructor(
    private readonly outward: Outward,
    private readonly clock: Clock,
    private readonly hosts: XHosts,
    private readonly pause: Pause = (milliseconds, signal) => pauseFor(milliseconds, undefined, { signal }),
  ) {
    this.consent = new XConsent(outward, hosts, clock)
  }

  async connect(): Promise<ConnectOutcome> {
    return { kind: 'refused', cause: 'X is connected by consent in the browser.', field: null }
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const [problem] = this.rules.check(asChecked(post), connection.limits)
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    if (post.pictures.some((picture) => sha256(picture.bytes) !== picture.sha256))
      return { kind: 'rejected', cause: 'A picture is not the one that was approved.', field: 'pictures' }
    if (post.video && sha256(post.video.bytes) !== post.video.sha256)
      return { kind: 'rejected', cause: 'The film is not the one that was approved.', field: 'video' }
    const account = this.account(connection)
    let step: Step = 'prepare'
    try {
      const media = await new XMedia(account, this.pause).upload(post, key, signal)
      if (signal.aborted) return timeOver
      step = 'publish'
      if (isRepost(post)) return await this.passOn(account, post.repostOf!, key, signal)
      return await this.create(account, post, media, signal)
    } catch (error) {
      const isTwice = error instanceof ApiFault && isPassedOn(error)
      if (isTwice && isRepost(post) && (await isOfAnother(key, post.repostOf!).catch(() => false)))
        return { kind: 'rejected', cause: passedOnHere, field: 'target' }
      const isThere = isTwice || (error instanceof ApiFault && isDuplicate(error))
      if (isThere && step === 'publish') await keepTwice(key)
      return this.outcomeOf(error, step)
    }
  }

  async find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    const reading = new XReading(this.account(connection))
    try {
      for (let look = 1; look <= 2; look += 1) {
        if (look > 1) await this.pause(BETWEEN_LOOKS_MS, signal)
        const found = await reading.ours(post, key, signal)
        if (found) {
          const at = found.created_at ?? madeAt(found.id)?.toISO() ?? key.createdAt
          if (!isRepost(post)) return { kind: 'found', remoteId: found.id, url: urlOf(found.id), at }
          const source = post.repostOf!
          if (!(await isOfAnother(key, source)))
            return { kind: 'found', remoteId: repostId(source), url: urlOf(source), at }
          return { kind: 'cannot-tell', cause: othersToo }
        }
      }
    } catch (error) {
      return { kind: 'cannot-tell', cause: `What the account posted on X could not be read: ${saidBy(error)}` }
    }
    if (!isKnownTwice(key)) return { kind: 'absent' }
    return { kind: 'cannot-tell', cause: isRepost(post) ? passedOnEarlier : wordsEarlier }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    const source = sourceOf(remoteId)
    if (source === null && !/^\d+$/.test(remoteId))
      return { kind: 'by-hand', cause: `${remoteId} is no post on X. Delete it at X itself.` }
    try {
      const account = this.account(connection)
      const path = source === null ? `/2/tweets/${remoteId}` : `/2/users/${account.id}/${remoteId}`
      const call = { method: 'DELETE', path, signal } as const
      const { body } = await account.call<{ data?: { deleted?: boolean; retweeted?: boolean } }>(call)
      if (body?.data?.deleted === true || (source !== null && body?.data?.retweeted === false))
        return { kind: 'retracted' }
      const cause =
        source === null
          ? `X did not delete the post: ${problemOf(body).said} Delete it at X itself.`
          : `X did not undo the repost: ${problemOf(body).said} Undo it at X itself.`
      return { kind: 'by-hand', cause }
    } catch (error) {
      const now = this.clock.now()
      if (error instanceof ApiFault) return retractOutcomeOf(error, now, source !== null)
      if (error instanceof RenewalFault) return retractOutcomeOf(asRefused(error.fault), now, source !== null)
      return { kind: 'retry', cause: saidBy(error), afterSeconds: null }
    }
  }

  async counters(
    connection: Connection,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Counters>> {
    const reposts = remoteIds.filter((remoteId) => sourceOf(remoteId) !== null)
    const readings = new Map<string, Counters>(reposts.map((remoteId) => [remoteId, notCounted]))
    try {
      const told = await new XReading(this.account(connection)).counters(remoteIds, this.clock.now(), signal)
      return new Map([...readings, ...told])
    } catch {
      // What cannot be read is left out: the next reading comes, and a missing one is not a zero.
      return readings
    }
  }

  async replies(
    connection: Connection,
    since: string,
    _remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Reply[]> {
    return new XReading(this.account(connection)).mentions(DateTime.fromISO(since, { zone: 'utc' }), signal)
  }

  lookUp(connection: Connection, address: string, signal: AbortSignal): Promise<LookUpOutcome> {
    return lookUpPost(this.account(connection), address, this.clock.now(), signal)
  }

  /** What was typed at connecting: X tells an app nothing about the plan of an account. */
  async askLimits({ credentials }: Connection): Promise<Limits | null> {
    const textLimit = Number(credentials.textLimit ?? 0)
    return textLimit > this.rules.limits.textLimit ? { ...this.rules.limits, textLimit } : null
  }

  async keepAlive(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome> {
    try {
      await this.account(connection).renew(signal)
      return { kind: 'renewed' }
    } catch (error) {
      const outcome = this.outcomeOf(error, 'prepare')
      if (outcome.kind === 'unauthorized') return { kind: 'unauthorized', cause: outcome.cause }
      return { kind: 'retry', cause: 'cause' in outcome ? outcome.cause : '' }
    }
  }

  async examine(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    const about = 'permission'
    try {
      const call = { method: 'GET', path: '/2/users/me', signal } as const
      const { body } = await this.account(connection).call<{ data?: { id: string; username: string } }>(call)
      if (body?.data?.id !== connection.remoteAccountId) {
        const said = `X answers for @${body?.data?.username ?? '?'}, not for the account that was connected.`
        return [{ about, state: 'bad', said, nextStep: 'Connect the channel again, with the right account.' }]
      }
      const said = `X lets this installation act for @${body.data.username}.`
      return [{ about, state: 'good', said, nextStep: null }]
    } catch (error) {
      const pause = error instanceof ApiFault ? pauseOf(error, this.clock.now()) : null
      if (pause) return [{ about: 'quota', state: 'bad', said: pause.cause, nextStep: 'Look at console.x.com.' }]
      const outcome = this.outcomeOf(error, 'prepare')
      const nextStep = outcome.kind === 'unauthorized' ? 'Connect the channel again.' : 'Try again later.'
      return [{ about, state: 'bad', said: 'cause' in outcome ? outcome.cause : saidBy(error), nextStep }]
    }
  }

  private async create(
    account: XAccount,
    post: OutgoingPost,
    media: readonly string[],
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const json = {
      text: textToSend(post),
      ...(media.length > 0 ? { media: { media_ids: media } } : {}),
      ...(post.under ? { reply: { in_reply_to_tweet_id: post.under.parent } } : {}),
    }
    const { status, headers, body } = await account.call<{ data?: { id?: string } }>({
      method: 'POST',
      path: '/2/tweets',
      json,
      signal,
    })
    const id = body?.data?.id
    if (id !== undefined) return { kind: 'published', remoteId: id, url: urlOf(id), at: this.clock.now().toISO()! }
    return this.withoutResult('X took the post and named no id.', status, headers, body)
  }

  /** POST /2/users/:id/retweets (https://docs.x.com/x-api/users/repost-post): X keeps a repost once for an account. */
  private async passOn(
    account: XAccount,
    source: string,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const { status, headers, body } = await account.call<{
      data?: { id?: string; rest_id?: string; retweeted?: boolean }
    }>({ method: 'POST', path: `/2/users/${account.id}/retweets`, json: { tweet_id: source }, signal })
    const { data } = body ?? {}
    if (data?.retweeted !== true)
      return this.withoutResult('X did not say that it was passed on.', status, headers, body)
    // `rest_id` is what clients have seen, `id` what is documented; of which post it is, no page says.
    const when = madeWhen(key, data.rest_id ?? data.id, source)
    if (when === 'before') {
      const cause = 'The account has passed this post on before, and X keeps that once. Leave it out for X.'
      return { kind: 'rejected', cause, field: 'target' }
    }
    // To undo one would undo the other: what X says that it took may be what it had.
    if (when === 'unknown' && (await isOfAnother(key, source))) {
      // Nor would sending it again tell more.
      await keepTwice(key)
      return { kind: 'unknown', cause: othersToo }
    }
    return { kind: 'published', remoteId: repostId(source), url: urlOf(source), at: this.clock.now().toISO()! }
  }

  /** X may answer 200 and give problems in place of what was asked for; without a clear one nobody knows. */
  private withoutResult(message: string, status: number, headers: Headers, body: unknown): PublishOutcome {
    const told = problemOf(body).status ?? status
    const detail = `${status} ${JSON.stringify(body)}`.slice(0, 600)
    if (told < 400) return { kind: 'unknown', cause: message, detail }
    return publishOutcomeOf({ status: told, sent: true, message, headers, body, detail }, 'publish', this.clock.now())
  }

  private outcomeOf(error: unknown, step: Step): PublishOutcome {
    const now = this.clock.now()
    if (error instanceof ApiFault) return publishOutcomeOf(error, step, now)
    if (error instanceof RenewalFault) return publishOutcomeOf(asRefused(error.fault), 'prepare', now)
    if (error instanceof MediaRefused) {
      const what = error.field === 'video' ? 'the film' : 'a picture'
      return { kind: 'rejected', cause: `X can make nothing of ${what}: ${error.message}`, field: error.field }
    }
    if (step === 'publish') return { kind: 'unknown', cause: saidBy(error) }
    return isTimeOver(error) ? timeOver : { kind: 'retry', cause: saidBy(error), afterSeconds: null }
  }

  private account(connection: Connection): XAccount {
    return new XAccount(this.outward, this.hosts, this.clock, connection)
  }
}

const timeOver = {
  kind: 'retry',
  cause: 'The time for this post was over before it was sent.',
  afterSeconds: null,
} as const

const wordsEarlier =
  'X says that it has these words already, and the account’s posts do not show them since this one was begun. An older post of the same words may be the reason: look at the account.'
const passedOnEarlier =
  'X says that the account has passed this post on already, and does not show that it did since this one was begun. Somebody may have done so before: look at the account.'
const passedOnHere =
  'X says that the account has passed this post on already: another publication from here did so within the last days. X keeps that once; leave it out for X, or undo the other one first.'
const othersToo =
  'The account has passed this post on, and another publication from here did so within the last days: look which one it is.'

/** A refresh token that X refuses (400 `invalid_grant`, or 401 for the app itself) is the end of the permission. */
function asRefused(fault: ApiFault): ApiFault {
  if (fault.status === null || fault.status === 429 || fault.status === 402 || fault.status >= 500) return fault
  return new ApiFault(fault.message, 401, true, fault.headers, fault.body, fault.detail, { cause: fault })
}

async function keepTwice(key: PublishKey): Promise<void> {
  if (!isKnownTwice(key)) await key.keep(`${key.memo ?? ''} ${DUPLICATE}`.trim()).catch(() => undefined)
}

function isKnownTwice({ memo }: PublishKey): boolean {
  return memo?.endsWith(DUPLICATE) === true
}

/** A wait that the deadline ended. */
function isTimeOver(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

function saidBy(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
