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
import { graphCannotTell, graphRetractOutcome, isMissing, madeId, meaningOf } from '../graph-answers.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  Finding,
  FindOutcome,
  KeepAliveOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  Reply,
  RetractOutcome,
} from '../platform.js'
import { containerOutcomeOf, isLostContainer, publishOutcomeOf } from './instagram-answers.js'
import { type Form, InstagramApi, instagramFaultOf } from './instagram-api.adapter.js'
import { InstagramComments } from './instagram-comments.adapter.js'
import { InstagramConsent, type InstagramPlaces } from './instagram-consent.adapter.js'
import { InstagramReading } from './instagram-reading.adapter.js'
import { instagramRules } from './instagram-rules.js'

export type InstagramOptions = Partial<InstagramPlaces> & { readonly patience?: Patience }

/**
 * Instagram, for professional accounts, through an app of the group's own
 * (https://developers.facebook.com/docs/instagram-platform/content-publishing).
 * Posts go out by containers. A comment has none: it goes out at once, and is looked for before it is sent again.
 */
export class InstagramAdapter implements Platform {
  readonly rules = instagramRules
  readonly connectFields = [
    {
      name: 'appId',
      label: 'App ID',
      help: 'The “Instagram app ID” of the dashboard; for a sign-in through Facebook the plain “App ID”.',
      secret: false,
    },
    { name: 'appSecret', label: 'App secret', help: 'Shown beside it. It is kept encrypted.', secret: true },
    {
      name: 'login',
      label: 'Sign in at',
      help: 'Signed in through the account’s Facebook page, Seconder can also take posts down.',
      secret: false,
      optional: true,
      choices: [
        { value: 'instagram', label: 'Instagram' },
        { value: 'facebook', label: 'Facebook, through the account’s page' },
      ],
    },
  ]
  readonly connectSteps = [
    'In Instagram, make the account a professional one: Settings, Account type and tools.',
    'At developers.facebook.com, under My Apps, make an app with the use case “Manage messaging and content on Instagram”.',
    'Choose “API setup with Instagram login”, add the redirect address that is shown here, and the account as an Instagram tester.',
    'Accept the invitation in Instagram: Settings, Website permissions, Apps and websites, Tester invites.',
    'Copy the Instagram app ID and the Instagram app secret.',
  ]
  readonly consent: InstagramConsent
  private readonly api: InstagramApi
  private readonly reading: InstagramReading
  private readonly comments: InstagramComments
  private readonly patience: Patience

  constructor(
    outward: Outward,
    private readonly clock: Clock,
    {
      apiUrl = 'https://graph.instagram.com',
      tokenUrl = 'https://api.instagram.com',
      siteUrl = 'https://www.instagram.com',
      facebookApiUrl = 'https://graph.facebook.com',
      facebookSiteUrl = 'https://www.facebook.com',
      patience = patiently,
    }: InstagramOptions = {},
  ) {
    this.patience = patience
    this.api = new InstagramApi(outward, apiUrl, facebookApiUrl)
    this.reading = new InstagramReading(this.api)
    this.comments = new InstagramComments(this.api, this.reading, clock)
    this.consent = new InstagramConsent(outward, clock, { apiUrl, tokenUrl, siteUrl, facebookApiUrl, facebookSiteUrl })
  }

  connect(): Promise<ConnectOutcome> {
    return Promise.resolve({ kind: 'refused', cause: 'Instagram is connected by consent in the browser.', field: null })
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const [problem] = this.rules.check(asChecked(post))
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    if (post.under) return this.comments.publish(connection, post, key, signal)
    const media = [...post.pictures, ...(post.video ? [post.video] : [])]
    if (media.some(({ bytes, sha256: approved }) => sha256(bytes) !== approved)) {
      return { kind: 'rejected', cause: 'A picture is not the one that was approved.', field: 'pictures' }
    }
    if (media.some(({ publicUrl }) => publicUrl === undefined)) {
      const cause =
        'Instagram fetches pictures from this installation, which has no address that the public can reach. ' +
        'Whoever runs it sets PUBLIC_ORIGIN to an https address that is open to the internet.'
      return { kind: 'rejected', cause, field: 'pictures' }
    }
    return publishByContainer(this.steps(connection, post, key, signal), key, signal, this.patience)
  }

  async find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    const cannotTell = (error: unknown) => graphCannotTell('Instagram', instagramFaultOf(error, this.clock))
    if (!post.under)
      return findByContainer(this.steps(connection, post, key, signal), key, signal, this.patience, cannotTell)
    try {
      const there = await this.comments.own(connection, post, key, signal)
      return there ? { kind: 'found', ...there } : { kind: 'absent' }
    } catch (error) {
      return cannotTell(error)
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    try {
      await this.api.call(connection, 'DELETE', `/${remoteId}`, {}, signal)
      return { kind: 'retracted' }
    } catch (error) {
      const fault = instagramFaultOf(error, this.clock)
      const missing = isMissing(fault)
      if (!missing && meaningOf(fault) !== 'refused' && meaningOf(fault) !== 'forbidden')
        return graphRetractOutcome('Instagram', fault, this.clock.now())
      // "Does not exist" and "may not be deleted" are one error: what can still be read is there.
      const read = this.api.call(connection, 'GET', `/${remoteId}`, { fields: 'id' }, signal)
      const reading = await read.then(
        () => null,
        (again) => instagramFaultOf(again, this.clock),
      )
      if (reading && isMissing(reading)) return { kind: 'retracted' }
      if (reading) return graphRetractOutcome('Instagram', reading, this.clock.now())
      const cause =
        connection.credentials.login === 'facebook'
          ? `Instagram does not delete it: ${fault.said} Delete the post in Instagram itself.`
          : 'Instagram lets apps delete posts only when the account is connected through its Facebook page. Delete the post in Instagram itself.'
      return { kind: 'by-hand', cause }
    }
  }

  counters(connection: Connection, remoteIds: readonly string[], signal: AbortSignal): Promise<Map<string, Counters>> {
    return this.reading.counters(connection, remoteIds, signal)
  }

  replies(
    connection: Connection,
    since: string,
    remoteIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Reply[]> {
    return this.reading.replies(connection, since, remoteIds, signal)
  }

  examine(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    return this.reading.examine(connection, signal, (error) => instagramFaultOf(error, this.clock).said)
  }

  keepAlive(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome> {
    return this.consent.keepAlive(connection, signal)
  }

  private steps(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): ContainerSteps {
    const account = `/${connection.remoteAccountId}`
    return {
      name: 'Instagram',
      make: () => this.makeContainer(connection, post, signal),
      look: (container) => this.look(connection, container, signal),
      publish: async (container) => {
        const form = { creation_id: container }
        const id = madeId(await this.api.call(connection, 'POST', `${account}/media_publish`, form, signal))
        return {
          remoteId: id,
          url: await this.reading.addressOf(connection, id, signal),
          at: this.clock.now().toISO()!,
        }
      },
      listed: () => this.reading.posts(connection, post, key, signal),
      failedOutcome: containerOutcomeOf,
      outcomeOf: (error, step) => publishOutcomeOf(instagramFaultOf(error, this.clock), step, this.clock.now()),
      isLost: (error) => isLostContainer(instagramFaultOf(error, this.clock)),
    }
  }

  private async makeContainer(connection: Connection, post: OutgoingPost, signal: AbortSignal): Promise<string> {
    const { pictures, video } = post
    const create = async (form: Form) => {
      const path = `/${connection.remoteAccountId}/media`
      return madeId(await this.api.call(connection, 'POST', path, form, signal))
    }
    const caption = post.text === '' ? undefined : post.text
    // A film of its own is a reel; `alt_text` is for images only.
    if (video) return create({ media_type: 'REELS', video_url: video.publicUrl, caption })
    const images = pictures.map(({ publicUrl, alt }) => ({
      image_url: publicUrl,
      alt_text: alt === '' ? undefined : alt,
    }))
    if (images.length === 1) return create({ ...images[0], caption })
    const children: string[] = []
    for (const image of images) children.push(await create({ ...image, is_carousel_item: 'true' }))
    for (const child of children) await untilPrepared(() => this.look(connection, child, signal), signal, this.patience)
    return create({ media_type: 'CAROUSEL', children: children.join(','), caption })
  }

  private async look(connection: Connection, container: string, signal: AbortSignal): Promise<Container> {
    const query = { fields: 'status_code,status' }
    const path = `/${container}`
    const body = await this.api.call<{ status_code: Container['state']; status?: string }>(
      connection,
      'GET',
      path,
      query,
      signal,
    )
    return { state: body.status_code, said: body.status ?? null }
  }
}
