import { setTimeout as pauseFor } from 'node:timers/promises'

import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import { ApiFault } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Consent,
  Counters,
  Finding,
  FindOutcome,
  KeepAliveOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
} from '../platform.js'
import { LinkedInAccount, type LinkedInHosts, RenewalFault } from './linkedin-account.adapter.js'
import { duplicateOf, madeAt, publishOutcomeOf, retractOutcomeOf, type Step } from './linkedin-answers.js'
import { LinkedInConsent, linkedinConnectFields, linkedinConnectSteps } from './linkedin-consent.adapter.js'
import { FilmRefused, LinkedInMedia, type Pause } from './linkedin-media.adapter.js'
import { commentUrn, earliest, LinkedInReading } from './linkedin-reading.adapter.js'
import { linkedinRules } from './linkedin-rules.js'
import { toLittle } from './little-text.js'

/** A permission that ends sooner than this is worth a warning. */
const SOON = { days: 10 }

/**
 * LinkedIn, as a member or as a page, through its Posts API. It has no idempotency keys, but refuses words that the
 * account posted lately and names the post that has them: sent again, the same post is found, not made twice.
 */
export class LinkedInAdapter implements Platform {
  readonly rules = linkedinRules
  readonly connectFields = linkedinConnectFields
  readonly connectSteps = linkedinConnectSteps
  readonly consent: Consent

  constructor(
    private readonly outward: Outward,
    private readonly clock: Clock,
    private readonly hosts: LinkedInHosts,
    private readonly pause: Pause = (milliseconds, signal) => pauseFor(milliseconds, undefined, { signal }),
  ) {
    this.consent = new LinkedInConsent(outward, hosts, clock)
  }

  async connect(): Promise<ConnectOutcome> {
    return { kind: 'refused', cause: 'LinkedIn is connected by consent in the browser.', field: null }
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
    if (post.under && !account.has(account.isPage ? 'w_organization_social_feed' : 'w_member_social_feed'))
      return noComments
    let step: Step = 'prepare'
    try {
      const content = post.under ? null : await new LinkedInMedia(account, this.pause).contentOf(post, key, signal)
      if (signal.aborted) return timeOver
      step = 'publish'
      const { headers, status } = await (post.under
        ? this.comment(account, post, post.under.parent, signal)
        : account.call({ method: 'POST', path: '/rest/posts', json: bodyOf(account.urn, post, content), signal }))
      const id = headers.get('x-restli-id')
      if (id === null) return { kind: 'unknown', cause: 'LinkedIn took the post and named no id.', detail: `${status}` }
      return this.published(post.under ? commentUrn(post.under.parent, id) : id)
    } catch (error) {
      const urn = error instanceof ApiFault && step === 'publish' ? duplicateOf(error) : null
      if (urn !== null) return this.settle(account, urn, post, key, signal)
      return this.outcomeOf(error, step)
    }
  }

  async find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    const reading = new LinkedInReading(this.account(connection))
    if (!reading.possible(post.under !== undefined)) {
      const cause = 'LinkedIn lets no app read what this account has posted. Look at the account.'
      return { kind: 'cannot-tell', cause }
    }
    try {
      const at = key.createdAt
      if (post.under) {
        const comment = await reading.ourComment(post.under.parent, post, key, signal)
        return comment === null ? { kind: 'absent' } : { kind: 'found', remoteId: comment, url: urlOf(comment), at }
      }
      const found = await reading.ours(post, key, signal)
      if (found === null) return { kind: 'absent' }
      const made = DateTime.fromMillis(found.createdAt ?? DateTime.fromISO(at).toMillis(), { zone: 'utc' })
      return { kind: 'found', remoteId: found.id, url: urlOf(found.id), at: made.toISO()! }
    } catch (error) {
      return { kind: 'cannot-tell', cause: `What the account posted on LinkedIn could not be read: ${saidBy(error)}` }
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    const account = this.account(connection)
    const [, below, comment] = /^urn:li:comment:\((.+),(\d+)\)$/.exec(remoteId) ?? []
    if (!below && !/^urn:li:(share|ugcPost):\d+$/.test(remoteId))
      return { kind: 'by-hand', cause: `${remoteId} is no post on LinkedIn. Delete it at LinkedIn itself.` }
    const path = below
      ? `/rest/socialActions/${encodeURIComponent(below)}/comments/${comment}`
      : `/rest/posts/${encodeURIComponent(remoteId)}`
    try {
      // “DELETE is idempotent”: 204 the second time too.
      const query = below ? { actor: account.urn } : {}
      await account.call({ method: 'DELETE', path, query, headers: { 'x-restli-method': 'DELETE' }, signal })
      return { kind: 'retracted' }
    } catch (error) {
      if (error instanceof ApiFault) return retractOutcomeOf(error, this.clock.now())
      if (error instanceof RenewalFault) return retractOutcomeOf(asRefused(error.fault), this.clock.now())
      return { kind: 'retry', cause: saidBy(error), afterSeconds: null }
    }
  }

  async counters(
    connection: Connection,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Counters>> {
    try {
      return await new LinkedInReading(this.account(connection)).counters(remoteIds, signal)
    } catch {
      // What cannot be read is left out: the next reading comes, and a missing one is not a zero.
      return new Map()
    }
  }

  async keepAlive(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome> {
    if (!connection.credentials.refreshToken)
      return {
        kind: 'retry',
        cause: 'LinkedIn gave nothing to renew the permission with: a person has to connect again.',
      }
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
    const account = this.account(connection)
    const findings: Finding[] = []
    const again = 'Connect the channel again.'
    try {
      const { active, expires_at: ends } = await account.introspect(signal)
      const until = ends === undefined ? null : DateTime.fromSeconds(ends, { zone: 'utc' })
      const when = until ? ` until ${until.toFormat('d LLLL yyyy')}` : ''
      if (active !== true) {
        const said = 'LinkedIn no longer accepts the permission of this channel.'
        return [{ about: 'permission', state: 'bad', said, nextStep: again }]
      }
      const soon = until !== null && until < this.clock.now().plus(SOON) && !connection.credentials.refreshToken
      const said = `LinkedIn lets this installation act for ${connection.handle}${when}.`
      findings.push({ about: 'permission', state: soon ? 'warning' : 'good', said, nextStep: soon ? again : null })
      // Pages alone can be asked for something; it tells the role and whether the version is alive.
      if (account.isPage) {
        const query = { author: account.urn, q: 'author', count: 1 }
        await account.call({
          method: 'GET',
          path: '/rest/posts',
          query,
          headers: { 'x-restli-method': 'FINDER' },
          signal,
        })
        findings.push({ about: 'page', state: 'good', said: 'The page answers.', nextStep: null })
      }
      return findings
    } catch (error) {
      const outcome = this.outcomeOf(error, 'prepare')
      const said = 'cause' in outcome ? outcome.cause : saidBy(error)
      const nextStep = outcome.kind === 'unauthorized' || outcome.kind === 'blocked' ? again : 'Try again later.'
      return [...findings, { about: 'reach', state: 'bad', said, nextStep }]
    }
  }

  /** Plain text: comments are not little text. Source: …/community-management/shares/comments-api */
  private comment(account: LinkedInAccount, { text }: OutgoingPost, below: string, signal: AbortSignal) {
    const path = `/rest/socialActions/${encodeURIComponent(below)}/comments`
    const json = { actor: account.urn, object: below, message: { text } }
    return account.call({ method: 'POST', path, json, signal })
  }

  /** LinkedIn has these words already: is it the post that an earlier attempt of ours made? */
  private async settle(
    account: LinkedInAccount,
    urn: string,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const older: PublishOutcome = {
      kind: 'rejected',
      cause: `LinkedIn has these words already, in ${urlOf(urn)}. Change them, or wait a day or two.`,
      field: 'text',
    }
    try {
      const others = await key.others()
      if (others.includes(urn)) return older
      const reading = new LinkedInReading(account)
      return reading.isOurs(await reading.post(urn, signal), post, key, others) ? this.published(urn) : older
    } catch (error) {
      const status = error instanceof ApiFault ? error.status : null
      if (status === 404) {
        const cause =
          'LinkedIn still remembers these words of a post that was deleted, and refuses them for a day or two. Change them, or wait.'
        return { kind: 'rejected', cause, field: 'text' }
      }
      // Posts of members cannot be read; their numbers tell when they were made.
      if (status === 403) return (madeAt(urn) ?? earliest(key).minus(1)) >= earliest(key) ? this.published(urn) : older
      return { kind: 'unknown', cause: `LinkedIn has these words already, in ${urlOf(urn)}: ${saidBy(error)}` }
    }
  }

  private published(remoteId: string): PublishOutcome {
    return { kind: 'published', remoteId, url: urlOf(remoteId), at: this.clock.now().toISO()! }
  }

  private outcomeOf(error: unknown, step: Step): PublishOutcome {
    const now = this.clock.now()
    if (error instanceof ApiFault) return publishOutcomeOf(error, step, now)
    if (error instanceof RenewalFault) return publishOutcomeOf(asRefused(error.fault), 'prepare', now)
    if (error instanceof FilmRefused) return { kind: 'rejected', cause: error.message, field: 'video' }
    if (step === 'publish') return { kind: 'unknown', cause: saidBy(error) }
    return isTimeOver(error) ? timeOver : { kind: 'retry', cause: saidBy(error), afterSeconds: null }
  }

  private account(connection: Connection): LinkedInAccount {
    return new LinkedInAccount(this.outward, this.hosts, this.clock, connection)
  }
}

const noComments = {
  kind: 'rejected',
  cause:
    'LinkedIn lets no app comment that has “Share on LinkedIn” only. Write the comment at LinkedIn, or connect an app with the Community Management API.',
  field: null,
} as const

const timeOver = {
  kind: 'retry',
  cause: 'The time for this post was over before it was sent.',
  afterSeconds: null,
} as const

/** Source: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api */
function bodyOf(author: string, post: OutgoingPost, content: object | null): object {
  return {
    author,
    commentary: toLittle(post.text),
    visibility: 'PUBLIC',
    distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
    lifecycleState: 'PUBLISHED',
    isReshareDisabledByAuthor: false,
    ...(content ? { content } : {}),
    ...(post.repostOf === undefined ? {} : { reshareContext: { parent: post.repostOf } }),
  }
}

/** A refresh token that LinkedIn refuses is the end of the permission. */
function asRefused(fault: ApiFault): ApiFault {
  if (fault.status === null || fault.status === 429 || fault.status >= 500) return fault
  return new ApiFault(fault.message, 401, true, fault.headers, fault.body, fault.detail, { cause: fault })
}

function urlOf(urn: string): string {
  const below = /^urn:li:comment:\((.+),\d+\)$/.exec(urn)?.[1]
  const address = `https://www.linkedin.com/feed/update/${below ?? urn}/`
  return below ? `${address}?commentUrn=${encodeURIComponent(urn)}` : address
}

/** A wait that the deadline ended. */
function isTimeOver(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

function saidBy(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
