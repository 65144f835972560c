import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { Channel } from '../../channels/channel.js'
import { ChannelsService } from '../../channels/channels.service.js'
import { textFor, type Content, type Wish } from '../../drafts/content.js'
import type { ApprovedWindow, Envelope, Timing } from '../../drafts/envelope.js'
import { isFilm, sentOf, type MediaView } from '../../drafts/media.js'
import { MediaService } from '../../drafts/media.service.js'
import type { CheckedPost, Limits } from '../../platforms/platform.js'
import { platformRules } from '../../platforms/rules.js'

/** What stands between a draft and its reviewers, channel by channel and as a whole. */
export interface Findings {
  readonly channels: readonly {
    readonly channel: Channel
    readonly used: number
    readonly limit: number
    readonly unit: string
    readonly problems: readonly { readonly field: string; readonly message: string }[]
  }[]
  readonly problems: readonly string[]
}

interface Draft {
  readonly groupId: string
  readonly content: Content
  readonly wish: Wish
}

/** Minutes by which an exact time may slip and still be the time that was approved. */
const exactToleranceMinutes = 30

/** Looks at a draft with each network's own rules, and makes the envelope that reviewers will be shown. */
@Injectable()
export class ExaminationService {
  constructor(
    private readonly channels: ChannelsService,
    private readonly media: MediaService,
  ) {}

  async examine(manager: EntityManager, draft: Draft): Promise<Findings> {
    const pictures = await this.pictures(manager, draft)
    const all = await this.channels.list(draft.groupId, manager)
    const chosen = draft.content.channels.flatMap(
      ({ channelId }) => all.find((channel) => channel.id === channelId) ?? [],
    )
    const problems: string[] = []
    if (draft.content.channels.length === 0) problems.push('Choose at least one channel.')
    if (chosen.length < draft.content.channels.length)
      problems.push('One of the channels is no longer connected. Take it out of the post.')
    if (pictures.length < draft.content.pictures.length)
      problems.push('One of the pictures is missing. Take it out and add it again.')
    return {
      problems,
      channels: chosen.map((channel) => {
        const rules = platformRules[channel.network]
        const text = textFor(draft.content, channel.id)
        return {
          channel,
          ...rules.measure(text),
          problems: [
            ...(channel.state === 'to_reconnect'
              ? [{ field: 'channel', message: 'It has to be connected again before anything can go out on it.' }]
              : []),
            ...rules.check({
              text,
              link: draft.content.link,
              ...shown(pictures, rules.limits),
            }),
          ],
        }
      }),
    }
  }

  /** What reviewers agree to: for each channel exactly what it will make public, and when it may. */
  async envelope(manager: EntityManager, draft: Draft, findings: Findings, zone: string): Promise<Envelope> {
    const pictures = await this.pictures(manager, draft)
    const channels = findings.channels.map(({ channel }) => ({
      channelId: channel.id,
      network: channel.network,
      remoteAccountId: channel.remoteAccountId,
      text: textFor(draft.content, channel.id),
      link: draft.content.link,
      language: draft.content.language,
      pictures: pictures.map(({ view, alt }) => {
        const { sha256, mime } = sentOf(view, platformRules[channel.network].limits.pictureTypes)
        return { sha256, mime, alt: alt.normalize('NFC').trim() }
      }),
    }))
    return { version: 1, channels, timing: await this.timing(manager, draft, findings, zone) }
  }

  private async timing(manager: EntityManager, draft: Draft, findings: Findings, zone: string): Promise<Timing> {
    const { wish } = draft
    const times = Object.entries(wish.own ?? {}).filter(([id]) =>
      findings.channels.some((each) => each.channel.id === id),
    )
    const toleranceMinutes = exactToleranceMinutes
    const own =
      times.length > 0
        ? { own: Object.fromEntries(times.map(([id, { at }]) => [id, { wall: at, toleranceMinutes }])) }
        : {}
    const more = { ...own, ...(wish.notBefore === undefined ? {} : { notBefore: wish.notBefore }) }
    if (wish.kind === 'exact') return { kind: 'exact', zone, wall: wish.at, toleranceMinutes, ...more }
    if (wish.kind === 'as_soon_as_approved') return { kind: 'as_soon_as_approved', zone, ...more }
    const windows: Record<string, ApprovedWindow[]> = {}
    for (const { channel } of findings.channels) {
      const own = await this.channels.windowsOf(draft.groupId, channel.id, manager)
      windows[channel.id] = own.map(({ days, start, end, name }) => ({ days: [...days], start, end, name }))
    }
    return { kind: 'queue', zone, windows, ...(wish.kind === 'evergreen' ? { evergreen: true } : {}), ...more }
  }

  private async pictures(manager: EntityManager, draft: Draft): Promise<{ view: MediaView; alt: string }[]> {
    const views = await this.media.list(
      draft.groupId,
      draft.content.pictures.map((picture) => picture.mediaId),
      manager,
    )
    return draft.content.pictures.flatMap(({ mediaId, alt }) => {
      const view = views.find((each) => each.id === mediaId)
      return view ? [{ view, alt }] : []
    })
  }
}

/** Pictures and the film as a network will be sent them. */
function shown(
  chosen: readonly { view: MediaView; alt: string }[],
  limits: Limits,
): Pick<CheckedPost, 'pictures' | 'video'> {
  const [film] = chosen.filter(({ view }) => isFilm(view))
  const pictures = chosen
    // A second film is one picture too many, and of a kind that no network takes.
    .filter((each) => each !== film)
    .map(({ view, alt }) => {
      const { mime, size } = sentOf(view, limits.pictureTypes)
      return { alt, mime, size, width: view.width, height: view.height }
    })
  if (!film) return { pictures }
  const { mime, size, seconds } = film.view
  return { pictures, video: { mime, size, seconds: seconds ?? 0, alt: film.alt } }
}
