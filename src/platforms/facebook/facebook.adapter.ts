import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import {
  graphCannotTell,
  type GraphFault,
  graphFaultOf,
  graphRetractOutcome,
  isMissing,
  madeId,
  meaningOf,
} from '../graph-answers.js'
import { ApiFault } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  Finding,
  FindOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  Reply,
  RetractOutcome,
} from '../platform.js'
import { isDuplicate, publishOutcomeOf } from './facebook-answers.js'
import { FacebookApi } from './facebook-api.adapter.js'
import { FacebookConsent, SCOPES } from './facebook-consent.adapter.js'
import { addressOf, FacebookReading, isFilm, keptPhotos, type Listed, photosMemo } from './facebook-reading.adapter.js'
import { facebookRules } from './facebook-rules.js'

/** Unpublished pictures are deleted after about a day (graph-api/reference/page/photos, `temporary`). */
const PHOTOS_LAST_HOURS = 20
/** A film is listed when Facebook has worked through it, which takes minutes. */
const FILM_LISTED_MINUTES = 60

export interface FacebookOptions {
  readonly apiUrl?: string
  readonly siteUrl?: string
}

/**
 * Pages on Facebook, through an app of the group's own (https://developers.facebook.com/docs/pages-api/posts).
 * There are no keys: a post whose answer was lost is looked for among the page's posts, by words and pictures.
 */
export class FacebookAdapter implements Platform {
  readonly rules = facebookRules
  readonly connectFields = [
    { name: 'appId', label: 'App ID', help: 'The number in the app’s settings, under Basic.', secret: false },
    { name: 'appSecret', label: 'App secret', help: 'Shown beside it. It is kept encrypted.', secret: true },
  ]
  readonly connectSteps = [
    'At developers.facebook.com, under My Apps, make an app with the use case “Manage everything on your Page”.',
    `Open the use case and add these permissions: ${SCOPES.join(', ')}.`,
    'Under Facebook Login, Settings, add the redirect address that is shown here to the valid OAuth redirect URIs.',
    'Under App settings, Basic, enter the address of the group’s privacy notice, then switch the app to Live, or the public will not see what it posts.',
    'Copy App ID and App secret from App settings, Basic. Sign in to Facebook as somebody who may post as the page.',
  ]
  readonly consent: FacebookConsent
  private readonly api: FacebookApi
  private readonly reading: FacebookReading

  constructor(
    outward: Outward,
    private readonly clock: Clock,
    { apiUrl = 'https://graph.facebook.com', siteUrl = 'https://www.facebook.com' }: FacebookOptions = {},
  ) {
    this.api = new FacebookApi(outward, apiUrl)
    this.reading = new FacebookReading(this.api)
    this.consent = new FacebookConsent(outward, clock, apiUrl, siteUrl)
  }

  connect(): Promise<ConnectOutcome> {
    return Promise.resolve({ kind: 'refused', cause: 'Facebook is connected by consent in the browser.', field: null })
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
    let step: 'prepare' | 'publish' = 'prepare'
    try {
      const photos = await this.photosOf(connection, post, key, signal)
      if (signal.aborted)
        return { kind: 'retry', cause: 'The time for this post was over before it was sent.', afterSeconds: null }
      step = 'publish'
      const remoteId = await this.send(connection, post, photos, signal)
      const url = await this.permalink(connection, remoteId, signal)
      return { kind: 'published', remoteId, url, at: this.clock.now().toISO()! }
    } catch (error) {
      const fault = this.faultOf(error)
      if (step === 'publish' && isDuplicate(fault)) return this.duplicate(connection, post, key, signal, fault)
      return publishOutcomeOf(fault, step, this.clock.now())
    }
  }

  async find(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<FindOutcome> {
    try {
      const [there, ...more] = await this.listed(connection, post, key, signal)
      if (!there && post.video && !this.isOlder(key, FILM_LISTED_MINUTES)) {
        return { kind: 'cannot-tell', cause: 'Facebook may still be working on the film: it is not listed before.' }
      }
      if (!there) return { kind: 'absent' }
      if (more.length === 0) return { kind: 'found', ...there }
      return { kind: 'cannot-tell', cause: 'Several posts of the page say the same, and one of them may be this one.' }
    } catch (error) {
      return graphCannotTell('Facebook', this.faultOf(error))
    }
  }

  async retract(connection: Connection, remoteId: string, signal: AbortSignal): Promise<RetractOutcome> {
    try {
      // The film first: it stays among the page's films when only its post goes, and then nothing leads to it.
      const film = isFilm(remoteId) ? remoteId : await this.filmOf(connection, remoteId, signal)
      const post = await this.reading.postOf(connection, remoteId, signal).catch(() => null)
      for (const id of [film, post]) {
        const outcome = id === null ? null : await this.remove(connection, id, signal)
        if (outcome && outcome.kind !== 'retracted') return outcome
      }
      return { kind: 'retracted' }
    } catch (error) {
      return graphRetractOutcome('Facebook', this.faultOf(error), this.clock.now())
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

  async examine(connection: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    try {
      const findings = await this.consent.examine(connection, signal)
      if (findings.some(({ state }) => state === 'bad')) return findings
      const path = `/${connection.remoteAccountId}`
      const { name } = await this.api.call<{ name: string }>(connection, 'GET', path, { fields: 'name' }, signal)
      return [
        ...findings,
        { about: 'account', state: 'good', said: `Facebook knows the page as ${name}.`, nextStep: null },
      ]
    } catch (error) {
      const said = `Facebook refuses to be asked: ${this.faultOf(error).said}`
      return [{ about: 'credentials', state: 'bad', said, nextStep: 'Connect the channel again if this stays so.' }]
    }
  }

  /** Uploads the pictures without showing them, and keeps their ids: by these the post is known again. */
  private async photosOf(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal) {
    if (post.pictures.length === 0) return []
    const kept = keptPhotos(key)
    const fresh = DateTime.fromISO(key.createdAt).plus({ hours: PHOTOS_LAST_HOURS }) > this.clock.now()
    if (kept && fresh) return kept
    const ids: string[] = []
    for (const picture of post.pictures) {
      const fields = { published: 'false', alt_text_custom: picture.alt === '' ? undefined : picture.alt }
      const path = `/${connection.remoteAccountId}/photos`
      ids.push(madeId(await this.api.call(connection, 'POST', path, fields, signal, picture)))
    }
    await key.keep(photosMemo(ids))
    return ids
  }

  /** The one call that makes something public; answers its id. */
  private async send(
    connection: Connection,
    post: OutgoingPost,
    photos: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const page = `/${connection.remoteAccountId}`
    const message = post.text === '' ? undefined : post.text
    if (post.under) {
      const { parent } = post.under
      const below = await this.reading.postOf(connection, parent, signal).catch(() => null)
      const path = `/${below ?? parent}/comments`
      return madeId(await this.api.call(connection, 'POST', path, { message }, signal))
    }
    if (post.video) {
      const fields = { description: message }
      const path = `${page}/videos`
      const film = madeId(await this.api.call(connection, 'POST', path, fields, signal, post.video))
      // The film's id stands in until the post is there.
      return (await this.reading.postOf(connection, film, signal).catch(() => null)) ?? film
    }
    const media = photos.map((id, index) => [`attached_media[${index}]`, JSON.stringify({ media_fbid: id })])
    // A card and pictures exclude each other; with pictures the link is in the text.
    const link = photos.length > 0 ? undefined : (post.link ?? undefined)
    const fields = { message, link, ...(Object.fromEntries(media) as Record<string, string>) }
    return madeId(await this.api.call(connection, 'POST', `${page}/feed`, fields, signal))
  }

  private async remove(connection: Connection, id: string, signal: AbortSignal): Promise<RetractOutcome> {
    try {
      await this.api.call(connection, 'DELETE', `/${id}`, {}, signal)
      return { kind: 'retracted' }
    } catch (error) {
      const fault = this.faultOf(error)
      if (!isMissing(fault)) return graphRetractOutcome('Facebook', fault, this.clock.now())
      // "Does not exist" and "may not be deleted" are one error: what can still be read is there.
      const read = this.api.call(connection, 'GET', `/${id}`, { fields: 'id' }, signal)
      const reading = await read.then(
        () => null,
        (again) => this.faultOf(again),
      )
      if (reading && isMissing(reading)) return { kind: 'retracted' }
      return graphRetractOutcome('Facebook', reading ?? fault, this.clock.now())
    }
  }

  /** Comments have no attachments to ask for, and what is gone has nothing: both are refused as code 100. */
  private filmOf(connection: Connection, remoteId: string, signal: AbortSignal): Promise<string | null> {
    return this.reading.filmOf(connection, remoteId, signal).catch((error: unknown) => {
      if (meaningOf(this.faultOf(error)) === 'refused') return null
      throw error
    })
  }

  /** Facebook says that this post is there already: ours, from an earlier attempt, or another that says the same. */
  private async duplicate(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
    { said, detail }: GraphFault,
  ): Promise<PublishOutcome> {
    const found = await this.find(connection, post, key, signal)
    if (found.kind === 'found') return { ...found, kind: 'published' }
    const canTell = found.kind === 'absent' && !post.under
    if (!canTell || !(await this.reading.saidBefore(connection, post, key, signal).catch(() => false))) {
      return { kind: 'unknown', cause: `Facebook takes this for the same post again: ${said}`, detail }
    }
    const cause =
      'Facebook refuses a post that says the same as the one before. Change the text, or post it after another.'
    return { kind: 'rejected', cause, field: 'text', detail }
  }

  private isOlder(key: PublishKey, minutes: number): boolean {
    return DateTime.fromISO(key.createdAt).plus({ minutes }) < this.clock.now()
  }

  private listed(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<Listed[]> {
    return post.under
      ? this.reading.comments(connection, post, key, signal)
      : this.reading.posts(connection, post, key, signal)
  }

  /** Not part of the answer to publishing; an address made of the id stands in when it cannot be read. */
  private async permalink(connection: Connection, id: string, signal: AbortSignal): Promise<string> {
    const fields = { fields: 'permalink_url' }
    const asked = this.api.call<{ permalink_url?: string }>(connection, 'GET', `/${id}`, fields, signal)
    const { permalink_url: url } = await asked.catch(() => ({ permalink_url: undefined }))
    return url === undefined ? addressOf(id) : new URL(url, 'https://www.facebook.com').href
  }

  /** Of what is no refusal (an answer without an id, a memo that was not kept) nobody knows what had left before. */
  private faultOf(error: unknown): GraphFault {
    const said = error instanceof Error ? error.message : 'Something failed'
    const fault = error instanceof ApiFault ? error : new ApiFault(said, null, true, new Headers(), null, '')
    return graphFaultOf(fault, this.clock.now())
  }
}
