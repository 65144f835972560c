import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import {
  type Container,
  type ContainerSteps,
  findByContainer,
  type Patience,
  patiently,
  publishByContainer,
  untilPrepared,
} from '../containers.js'
import {
  graphCannotTell,
  type GraphFault,
  graphFaultOf,
  graphRetractOutcome,
  isMissing,
  madeId,
} from '../graph-answers.js'
import { ApiFault } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Finding,
  FindOutcome,
  KeepAliveOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
} from '../platform.js'
import { containerOutcomeOf, isLostContainer, publishOutcomeOf } from './threads-answers.js'
import { type Form, ThreadsApi } from './threads-api.adapter.js'
import { SCOPES, ThreadsConsent } from './threads-consent.adapter.js'
import { ThreadsReading } from './threads-reading.adapter.js'
import { threadsRules } from './threads-rules.js'

export interface ThreadsOptions {
  readonly apiUrl?: string
  readonly siteUrl?: string
  /** How to wait until a container is prepared. */
  readonly patience?: Patience
}

/** Threads, through the Threads API and an app of the group's own (https://developers.facebook.com/docs/threads). */
export class ThreadsAdapter implements Platform {
  readonly rules = threadsRules
  readonly connectFields = [
    {
      name: 'appId',
      label: 'Threads app ID',
      help: 'The number that the app’s dashboard calls “Threads app ID”; not the plain “App ID”.',
      secret: false,
    },
    {
      name: 'appSecret',
      label: 'Threads app secret',
      help: 'Shown beside it in the dashboard. It is kept encrypted.',
      secret: true,
    },
  ]
  readonly connectSteps = [
    'At developers.facebook.com, under My Apps, make an app with the use case “Access the Threads API”.',
    `Open the use case and add these permissions: ${SCOPES.join(', ')}. Enter the redirect address that is shown here.`,
    'Under App roles, add the group’s Threads account as a Threads tester, and accept in Threads: Settings, Account, Website permissions, Invites.',
    'Copy the Threads app ID and the Threads app secret from the use case’s settings.',
  ]
  readonly consent: ThreadsConsent
  private readonly api: ThreadsApi
  private readonly reading: ThreadsReading
  private readonly patience: Patience

  constructor(
    outward: Outward,
    private readonly clock: Clock,
    {
      apiUrl = 'https://graph.threads.net',
      siteUrl = 'https://threads.net',
      patience = patiently,
    }: ThreadsOptions = {},
  ) {
    this.api = new ThreadsApi(outward, apiUrl)
    this.reading = new ThreadsReading(this.api)
    this.patience = patience
    this.consent = new ThreadsConsent(outward, clock, apiUrl, siteUrl)
  }

  connect(): Promise<ConnectOutcome> {
    return Promise.resolve({ kind: 'refused', cause: 'Threads is connected by consent in the browser.', field: null })
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const [problem] = this.rules.check(asChecked(post))
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    const media = [...post.pictures, ...(post.video ? [post.video] : [])]
    if (media.some(({ bytes, sha256: approved }) => sha256(bytes) !== approved)) {
      return { kind: 'rejected', cause: 'A picture is not the one that was approved.', field: 'pictures' }
    }
    if (media.some(({ publicUrl }) => publicUrl === undefined)) {
      const cause =
        'Threads fetches pictures from this installation, which has no address that the public can reach. ' +
        'Whoever runs it sets PUBLIC_ORIGIN to an https address that is open to the internet.'
      return { kind: 'rejected', cause, field: 'pictures' }
    }
    return publishByContainer(this.steps(connection, post, key, signal), key, signal, this.patience)
  }

  find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    const steps = this.steps(connection, post, key, signal)
    return findByContainer(steps, key, signal, this.patience, (error) =>
      graphCannotTell('Threads', this.faultOf(error)),
    )
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    try {
      await this.api.call(connection, 'DELETE', `/${remoteId}`, {}, signal)
      return { kind: 'retracted' }
    } catch (error) {
      const fault = this.faultOf(error)
      if (!isMissing(fault)) return graphRetractOutcome('Threads', fault, this.clock.now())
      // "Does not exist" and "may not be deleted" are one error: what can still be read is there.
      const read = this.api.call(connection, 'GET', `/${remoteId}`, { fields: 'id' }, signal)
      const reading = await read.then(
        () => fault,
        (again) => this.faultOf(again),
      )
      if (reading !== fault && isMissing(reading)) return { kind: 'retracted' }
      return graphRetractOutcome('Threads', reading, this.clock.now())
    }
  }

  counters(connection: Connection, remoteIds: readonly string[], signal: AbortSignal) {
    return this.reading.counters(connection, remoteIds, signal)
  }

  replies(connection: Connection, since: string, remoteIds: readonly string[], signal: AbortSignal) {
    return this.reading.replies(connection, since, remoteIds, signal)
  }

  keepAlive(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome> {
    return this.consent.keepAlive(connection, signal)
  }

  /** Asks who the consent is for and how much of the day's quotas is used (threads/troubleshooting). */
  async examine(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    const findings: Finding[] = []
    try {
      const me = await this.api.call<{ id: string; username: string }>(
        connection,
        'GET',
        '/me',
        { fields: 'id,username' },
        signal,
      )
      if (me.id !== connection.remoteAccountId) {
        const said = `The consent is for another account, @${me.username}.`
        return [{ about: 'account', state: 'bad', said, nextStep: 'Connect the channel again with the right account.' }]
      }
      findings.push({ about: 'account', state: 'good', said: `Threads knows us as @${me.username}.`, nextStep: null })
      const fields = 'quota_usage,config,reply_quota_usage,reply_config,delete_quota_usage,delete_config'
      const path = `/${connection.remoteAccountId}/threads_publishing_limit`
      const { data } = await this.api.call<{ data: Record<string, unknown>[] }>(
        connection,
        'GET',
        path,
        { fields },
        signal,
      )
      for (const [about, prefix] of [
        ['posts', ''],
        ['replies', 'reply_'],
        ['deletions', 'delete_'],
      ] as const) {
        const used = Number(data[0]?.[`${prefix}quota_usage`])
        const total = Number((data[0]?.[`${prefix}config`] as { quota_total?: unknown } | undefined)?.quota_total)
        if (Number.isFinite(used) && Number.isFinite(total)) findings.push(quota(about, used, total))
      }
    } catch (error) {
      const { said } = this.faultOf(error)
      const nextStep = 'Connect the channel again if this stays so.'
      findings.push({ about: 'credentials', state: 'bad', said: `Threads refuses to be asked: ${said}`, nextStep })
    }
    return findings
  }

  private steps(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): ContainerSteps {
    const account = `/${connection.remoteAccountId}`
    return {
      name: 'Threads',
      make: () => this.makeContainer(connection, post, signal),
      look: (container) => this.look(connection, container, signal),
      publish: async (container) => {
        const form = { creation_id: container }
        const id = madeId(await this.api.call(connection, 'POST', `${account}/threads_publish`, form, signal))
        return {
          remoteId: id,
          url: await this.reading.addressOf(connection, id, signal),
          at: this.clock.now().toISO()!,
        }
      },
      listed: () => this.reading.posts(connection, post, key, signal),
      failedOutcome: containerOutcomeOf,
      outcomeOf: (error, step) => publishOutcomeOf(this.faultOf(error), step, this.clock.now()),
      isLost: (error) => isLostContainer(this.faultOf(error)),
    }
  }

  /** `auto_publish_text` is never used: in one step nothing can be kept before it is public. */
  private async makeContainer(connection: Connection, post: OutgoingPost, signal: AbortSignal): Promise<string> {
    const { pictures, video } = post
    const create = async (form: Form) => {
      const path = `/${connection.remoteAccountId}/threads`
      return madeId(await this.api.call(connection, 'POST', path, form, signal))
    }
    const said = { text: post.text === '' ? undefined : post.text, reply_to_id: post.under?.parent }
    const image = ({ publicUrl, alt }: OutgoingPost['pictures'][number]) => ({
      media_type: 'IMAGE',
      image_url: publicUrl,
      alt_text: alt === '' ? undefined : alt,
    })
    if (video) {
      const alt = video.alt === '' ? undefined : video.alt
      return create({ media_type: 'VIDEO', video_url: video.publicUrl, alt_text: alt, ...said })
    }
    if (pictures.length === 0) return create({ media_type: 'TEXT', link_attachment: post.link ?? undefined, ...said })
    if (pictures.length === 1) return create({ ...image(pictures[0]!), ...said })
    const children: string[] = []
    for (const picture of pictures) children.push(await create({ ...image(picture), is_carousel_item: 'true' }))
    // A carousel of children that are still being fetched is refused.
    for (const child of children) await untilPrepared(() => this.look(connection, child, signal), signal, this.patience)
    return create({ media_type: 'CAROUSEL', children: children.join(','), ...said })
  }

  private async look(connection: Connection, container: string, signal: AbortSignal): Promise<Container> {
    const query = { fields: 'status,error_message' }
    const body = await this.api.call<{ status: Container['state']; error_message?: string }>(
      connection,
      'GET',
      `/${container}`,
      query,
      signal,
    )
    return { state: body.status, said: body.error_message ?? null }
  }

  /** Of what is no refusal (an answer without an id, a memo that was not kept) nobody knows what had left before. */
  private faultOf(error: unknown): GraphFault {
    const said = error instanceof Error ? error.message : 'Something failed'
    const fault = error instanceof ApiFault ? error : new ApiFault(said, null, true, new Headers(), null, '')
    return graphFaultOf(fault, this.clock.now())
  }
}

function quota(about: string, used: number, total: number): Finding {
  const said = `${used} of ${total} ${about} of the last 24 hours are used.`
  if (used < total) return { about, state: used > total * 0.8 ? 'warning' : 'good', said, nextStep: null }
  return { about, state: 'bad', said, nextStep: 'Wait until older ones are more than a day old.' }
}
