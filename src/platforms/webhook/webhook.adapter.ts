import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import { ApiFault, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  Credentials,
  Finding,
  FindOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
} from '../platform.js'
import { secretBytes, signedHeaders } from './signature.js'
import { connectRefusalOf, publishOutcomeOf, retractOutcomeOf } from './webhook-answers.js'
import { webhookRules } from './webhook-rules.js'

/** A receiver that takes longer is in doubt. */
const ANSWER_MS = 10_000
const SHORTEST_SECRET = 24
const counterNames = ['reactions', 'replies', 'reposts', 'clicks', 'impressions'] as const

type EventType = 'connection.check' | 'post.publish' | 'post.find' | 'post.retract' | 'post.counters'

/**
 * A program of the group's own that receives posts, signed as Standard Webhooks has it. `webhook-id`, and
 * `Idempotency-Key` with it, is the same whenever the same post is sent: a receiver that keeps it makes one post.
 */
export class WebhookAdapter implements Platform {
  readonly rules = webhookRules
  readonly connectSteps = [
    'Set up a program that receives Standard Webhooks; docs/platforms/webhook.md, which comes with Seconder, has a short one.',
    'Make up a secret of at least 24 characters, or one that begins with whsec_, and give it to the program.',
    'Enter the program’s https address and the same secret. Seconder greets it at once, and it has to answer 200.',
  ]
  readonly connectFields = [
    {
      name: 'address',
      label: 'Address of the receiver',
      help: 'Where posts are sent to.',
      secret: false,
      placeholder: 'https://example.org/posts',
    },
    {
      name: 'secret',
      label: 'Secret',
      help: 'Known to the receiver and to Seconder alone: it proves that a post comes from here.',
      secret: true,
      placeholder: 'whsec_…',
    },
  ]

  constructor(
    private readonly outward: Outward,
    private readonly clock: Clock,
  ) {}

  async connect(group: { slug: string; name: string }, answers: Record<string, string>): Promise<ConnectOutcome> {
    const address = (answers.address ?? '').trim()
    const secret = (answers.secret ?? '').trim()
    const refused = (cause: string, field: string): ConnectOutcome => ({ kind: 'refused', cause, field })
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
      return refused(`“${address}” is no address of a receiver; it looks like https://example.org/posts.`, 'address')
    const url = new URL(address)
    if (url.username !== '' || url.password !== '')
      return refused('Leave name and password out of the address: the secret proves who sends.', 'address')
    if (secretBytes(secret).length < SHORTEST_SECRET)
      return refused(`The secret is too short. Use at least ${SHORTEST_SECRET} random characters.`, 'secret')
    const credentials = { address: url.href, secret }
    const id = `check ${this.clock.now().toMillis()}`
    try {
      await this.deliver(credentials, id, 'connection.check', { group: group.name }, AbortSignal.timeout(ANSWER_MS))
    } catch (error) {
      return connectRefusalOf(faultOf(error))
    }
    return {
      kind: 'connected',
      // The address itself may carry a secret part, and the account is shown to reviewers.
      remoteAccountId: `webhook:${sha256(url.href).slice(0, 32)}`,
      handle: url.host,
      url: url.origin,
      credentials,
    }
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const [problem] = this.rules.check(asChecked(post))
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    if (post.pictures.some((picture) => sha256(picture.bytes) !== picture.sha256))
      return { kind: 'rejected', cause: 'A picture is not the one that was approved.', field: 'pictures' }
    if (signal.aborted)
      return { kind: 'retry', cause: 'The time for this post was over before it was sent.', afterSeconds: null }
    try {
      const answer = await this.deliver(connection.credentials, key.key, 'post.publish', asData(post, key), signal)
      return { kind: 'published', ...placeIn(answer, connection, key), at: this.clock.now().toISO()! }
    } catch (error) {
      return publishOutcomeOf(faultOf(error), this.clock.now())
    }
  }

  /** Asks the receiver, which may not know the question: then nobody can tell. */
  async find(connection: Connection, _post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    const unclear = 'The receiver does not say whether it has the post. Look where it would be public.'
    try {
      const answer = await this.deliver(
        connection.credentials,
        `find ${key.key}`,
        'post.find',
        { key: key.key },
        signal,
      )
      const { state } = (answer ?? {}) as { state?: unknown }
      if (state === 'absent') return { kind: 'absent' }
      if (state === 'public') return { kind: 'found', ...placeIn(answer, connection, key), at: key.createdAt }
      return { kind: 'cannot-tell', cause: unclear }
    } catch (error) {
      const { status, message } = faultOf(error)
      return { kind: 'cannot-tell', cause: status === null ? message : unclear }
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    try {
      // Of the receiver's own words a hash: they need not be such as a header can have.
      const id = `retract ${sha256(remoteId)}`
      await this.deliver(connection.credentials, id, 'post.retract', { id: remoteId }, signal)
      return { kind: 'retracted' }
    } catch (error) {
      return retractOutcomeOf(faultOf(error), this.clock.now())
    }
  }

  async counters(
    connection: Connection,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Counters>> {
    const readings = new Map<string, Counters>()
    try {
      const id = `counters ${this.clock.now().toMillis()}`
      const answer = await this.deliver(connection.credentials, id, 'post.counters', { ids: [...remoteIds] }, signal)
      const told = (answer as { counters?: Record<string, Record<string, unknown> | undefined> } | null)?.counters ?? {}
      for (const remoteId of remoteIds) {
        const reading = told[remoteId]
        if (reading) readings.set(remoteId, countersIn(reading))
      }
    } catch {
      // What cannot be read is left out; a receiver need not count.
    }
    return readings
  }

  async examine({ credentials }: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    const about = 'receiver'
    try {
      await this.deliver(credentials, `check ${this.clock.now().toMillis()}`, 'connection.check', {}, signal)
      return [{ about, state: 'good', said: 'The receiver answers and takes our signature.', nextStep: null }]
    } catch (error) {
      const refusal = connectRefusalOf(faultOf(error))
      const said = refusal.kind === 'refused' ? refusal.cause : ''
      return [{ about, state: 'bad', said, nextStep: 'Mend the receiver, or connect the channel again.' }]
    }
  }

  /** @throws ApiFault */
  private async deliver(
    { address = '', secret = '' }: Credentials,
    id: string,
    type: EventType,
    data: object,
    signal: AbortSignal,
  ): Promise<unknown> {
    const now = this.clock.now()
    const body = JSON.stringify({ type, timestamp: now.toISO(), data })
    const api = new HttpApi(this.outward, address, {}, [secret])
    const answer = await api.call({
      method: 'POST',
      path: address,
      body: new TextEncoder().encode(body),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': id,
        ...signedHeaders(secret, id, Math.floor(now.toSeconds()), body),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    })
    return answer.body
  }
}

function asData(post: OutgoingPost, key: PublishKey) {
  const { text, link, language, contentWarning = null, visibility = 'public', under = null } = post
  return {
    key: key.key,
    createdAt: key.createdAt,
    text,
    link,
    language,
    contentWarning,
    visibility,
    under,
    pictures: post.pictures.map(({ bytes, ...picture }) => ({
      mime: picture.mime,
      width: picture.width,
      height: picture.height,
      alt: picture.alt,
      sha256: picture.sha256,
      base64: Buffer.from(bytes).toString('base64'),
    })),
  }
}

/** What the receiver says about where the post is; without that, our own key and its front page. */
function placeIn(answer: unknown, connection: Connection, { key }: PublishKey): { remoteId: string; url: string } {
  const { id, url } = (answer ?? {}) as { id?: unknown; url?: unknown }
  const origin = `https://${connection.handle}`
  return {
    remoteId: typeof id === 'string' && id !== '' ? id.slice(0, 500) : key,
    url: typeof url === 'string' && URL.canParse(url) && /^https?:/.test(url) ? url.slice(0, 2000) : origin,
  }
}

function countersIn(told: Record<string, unknown>): Counters {
  const number = (name: (typeof counterNames)[number]) => {
    const value = told[name]
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
  }
  return {
    reactions: number('reactions'),
    replies: number('replies'),
    reposts: number('reposts'),
    clicks: number('clicks'),
    impressions: number('impressions'),
  }
}

/** Anything but a fault of the call is a bug of ours; what was sent may have been taken all the same. */
function faultOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error
  return new ApiFault('Something broke while this was being sent.', null, true, new Headers(), null, '', {
    cause: error,
  })
}
