import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { Channel } from '../../channels/channel.js'
import { ChannelsService } from '../../channels/channels.service.js'
import { extrasFor, picturesIn, textFor, type ChosenPicture, type Content, type Wish } from '../../drafts/content.js'
import type { ApprovedPicture, ApprovedWindow, Envelope, EnvelopeChannel, Timing } from '../../drafts/envelope.js'
import { sentOf, type MediaView } from '../../drafts/media.js'
import { MediaService } from '../../drafts/media.service.js'
import { checkedPart, partsOf, type Part } from '../../drafts/parts.js'
import { whatIsDone, type ApprovedTarget } from '../../drafts/target.js'
import { foundFor, type FoundTarget, type Targets } from '../../drafts/targets.service.js'
import { costOf } from '../../platforms/cost-rules.js'
import { checkParts } from '../../platforms/part-rules.js'
import type { CheckedPost } from '../../platforms/platform.js'
import { platformRules } from '../../platforms/rules.js'
import { canTarget, mannerOf, type TargetManner, type TargetUse } from '../../platforms/target-rules.js'

/** What stands between a draft and its reviewers, channel by channel and as a whole. */
export interface Findings {
  readonly channels: readonly {
    readonly channel: Channel
    readonly used: number
    readonly limit: number
    readonly unit: string
    /** The post itself and all that hangs below it, as the network counts them. */
    readonly parts: readonly {
      readonly kind: Part['kind']
      readonly used: number
      readonly limit: number
      readonly unit: string
    }[]
    /** `part` is from 1; null for what is about the channel. */
    readonly problems: readonly { readonly field: string; readonly message: string; readonly part: number | null }[]
    /** What the network charges for it, in a sentence; null where it charges nothing. */
    readonly cost: string | null
    /** What the post answers or passes on there; null when that is nothing, or cannot be said. */
    readonly target: ApprovedTarget | null
    /** What becomes of it, also of one that was not found; null where the post has to do with none. */
    readonly manner: TargetManner | null
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

  /** @param targets what was looked up before; a post that answers something which was not is not ready */
  async examine(manager: EntityManager, draft: Draft, targets: Targets = new Map()): Promise<Findings> {
    const pictures = await this.pictures(manager, draft)
    const all = await this.channels.list(draft.groupId, manager)
    const chosen = draft.content.channels.flatMap(
      ({ channelId }) => all.find((channel) => channel.id === channelId) ?? [],
    )
    const problems: string[] = []
    if (draft.content.channels.length === 0) problems.push('Choose at least one channel.')
    if (chosen.length < draft.content.channels.length)
      problems.push('One of the channels is no longer connected. Take it out of the post.')
    if (pictures.size < new Set(picturesIn(draft.content).map((picture) => picture.mediaId)).size)
      problems.push('One of the pictures is missing. Take it out and add it again.')
    return {
      problems,
      channels: chosen.map((channel) => {
        const rules = platformRules[channel.network]
        const limits = channel.limits ?? undefined
        const about = aboutOn(draft.content, channel.id, targets)
        const target = about?.kind === 'found' ? about.target : null
        const sealed = channelOf(draft.content, channel, pictures, target)
        const manner = about && mannerOf(about.use, sealed)
        const parts = partsOf(sealed)
        const checked = parts.map((part): CheckedPost => {
          const seen = checkedPart(part, (sha256) => weighed(sha256, pictures))
          // Where it could be passed on, one that was not found is said to be missing, and not the words besides.
          const passesOn = part.kind === 'post' && about?.use === 'repost' && canTarget(rules.capabilities, 'repost')
          return passesOn ? { repostOf: about.address, ...seen } : seen
        })
        const reconnect = 'It has to be connected again before anything can go out on it.'
        return {
          channel,
          ...rules.measure(parts[0].text, limits),
          parts: parts.map(({ kind, text }) => ({ kind, ...rules.measure(text, limits) })),
          problems: [
            ...(channel.state === 'to_reconnect' ? [{ field: 'channel', message: reconnect, part: null }] : []),
            ...(about?.kind === 'problem' ? [{ field: 'target', message: about.message, part: null }] : []),
            ...whyNotPassedOn(manner, draft.wish, about),
            ...checkParts(rules, checked, limits),
          ],
          cost: costOf(rules, checked),
          target,
          manner,
        }
      }),
    }
  }

  /** What reviewers agree to: for each channel exactly what it will make public, and when it may. */
  async envelope(manager: EntityManager, draft: Draft, findings: Findings, zone: string): Promise<Envelope> {
    const pictures = await this.pictures(manager, draft)
    const channels = findings.channels.map(({ channel, target }) => channelOf(draft.content, channel, pictures, target))
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
    const windowsOf = await this.channels.windowsByChannel(draft.groupId, manager)
    const windows: Record<string, ApprovedWindow[]> = {}
    for (const { channel } of findings.channels) {
      windows[channel.id] = windowsOf(channel.id).map(({ days, start, end, name }) => ({
        days: [...days],
        start,
        end,
        name,
      }))
    }
    return { kind: 'queue', zone, windows, ...(wish.kind === 'evergreen' ? { evergreen: true } : {}), ...more }
  }

  private async pictures(manager: EntityManager, draft: Draft): Promise<Map<string, MediaView>> {
    const wanted = picturesIn(draft.content).map((picture) => picture.mediaId)
    const views = await this.media.list(draft.groupId, [...new Set(wanted)], manager)
    return new Map(views.map((view) => [view.id, view]))
  }
}

type About = FoundTarget & { readonly use: TargetUse; readonly address: string }

/** What the post answers or passes on, on a channel; null when it has to do with nobody's post there. */
function aboutOn(content: Content, channelId: string, targets: Targets): About | null {
  const { target: address, targetUse: use = 'answer' } = extrasFor(content, channelId)
  if (address === undefined) return null
  const message = `${whatIsDone[use]} has not been looked up. Try again.`
  return { ...(foundFor(targets, channelId, address, use) ?? { kind: 'problem', message }), use, address }
}

/** What keeps somebody's post from being passed on, as a repost, which a network keeps once, or as a quote. */
function whyNotPassedOn(manner: TargetManner | null, wish: Wish, about: About | null) {
  const found = about?.kind === 'found' ? about : null
  const messages = []
  if (manner === 'repost' && wish.kind === 'evergreen')
    messages.push(
      'What is passed on without words goes out once, and not again and again. Write words of your own, or choose another time than “always good”.',
    )
  if (manner === 'repost' && found?.passedOn === true)
    messages.push('This account has passed that post on already. Write words of your own, or leave it out.')
  if (manner === 'quote' && found?.whyNotQuoted !== undefined)
    messages.push(`${found.whyNotQuoted} Pass it on with nothing of your own, or leave it out.`)
  return messages.map((message) => ({ field: 'target', message, part: null }))
}

/** What a channel will make public of a draft. */
function channelOf(
  content: Content,
  channel: Channel,
  known: ReadonlyMap<string, MediaView>,
  target: ApprovedTarget | null,
): EnvelopeChannel {
  const { thread, target: _address, targetUse, ...extras } = extrasFor(content, channel.id)
  const { pictureTypes } = channel.limits ?? platformRules[channel.network].limits
  const sealed = (view: MediaView) => {
    const { sha256, mime } = sentOf(view, pictureTypes)
    return { sha256, mime }
  }
  const approved = (pictures: readonly ChosenPicture[]): ApprovedPicture[] =>
    pictures.flatMap(({ mediaId, alt }) => {
      const view = known.get(mediaId)
      return view ? [{ ...sealed(view), alt: alt.normalize('NFC').trim() }] : []
    })
  return {
    channelId: channel.id,
    network: channel.network,
    remoteAccountId: channel.remoteAccountId,
    text: textFor(content, channel.id),
    link: content.link,
    language: content.language,
    pictures: approved(content.pictures),
    ...extras,
    ...(thread ? { thread: thread.map((part) => ({ ...part, pictures: approved(part.pictures) })) } : {}),
    ...(target ? { target, ...(targetUse === undefined ? {} : { targetUse }) } : {}),
  }
}

/** What a picture weighs in the form in which it will be sent. */
function weighed(sha256: string, known: ReadonlyMap<string, MediaView>) {
  const view = [...known.values()].find((each) => each.sha256 === sha256 || each.asJpeg?.sha256 === sha256)
  if (!view) return { size: 0 }
  const { width, height, seconds, asJpeg } = view
  return { size: asJpeg?.sha256 === sha256 ? asJpeg.size : view.size, width, height, seconds }
}
