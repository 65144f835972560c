import type { ApprovedPicture, Envelope, EnvelopeChannel, Timing } from './envelope.js'
import { mannerOn, partsOf, visibilityWords, type Part, type PartKind } from './parts.js'
import { targetLine } from './target.js'
import { timingWords, windowWords } from './timing-words.js'
import { differ, type Stretch } from './word-difference.js'

/** Something that is one value in each version. */
export interface Replaced<T> {
  readonly before: T
  readonly after: T
}

/** A picture in its place, counted from 1. */
export interface PlacedPicture extends ApprovedPicture {
  readonly place: number
}

/** One picture of either version, or of both: pictures are the same when their bytes are. */
export interface PictureDifference {
  readonly kind: 'same' | 'added' | 'removed' | 'replaced'
  readonly before: PlacedPicture | null
  readonly after: PlacedPicture | null
  /** It changed places with another that is in both versions. */
  readonly moved: boolean
  /** The description by words, where it changed. */
  readonly alt: readonly Stretch[] | null
}

/** What changed in a part below the post. Parts of a thread are compared by their place in it. */
export interface PartDifference {
  readonly part: Exclude<PartKind, 'post'>
  /** Its place in the later version, or, if it is gone, in the earlier one; the post itself is 1. */
  readonly number: number
  readonly kind: 'same' | 'changed' | 'added' | 'removed'
  readonly text: readonly Stretch[]
  readonly link: Replaced<string | null> | null
  readonly pictures: readonly PictureDifference[]
}

/** What changed on one channel. `link` and `language` are null where they did not. */
export interface ChannelDifference {
  readonly channelId: string
  /** `other-account`: the same channel, connected to somebody else's account. */
  readonly kind: 'same' | 'changed' | 'added' | 'removed' | 'other-account'
  readonly before: EnvelopeChannel | null
  readonly after: EnvelopeChannel | null
  readonly text: readonly Stretch[]
  readonly link: Replaced<string | null> | null
  readonly language: Replaced<string> | null
  /** In the order of the later version; what was removed stands where it was. */
  readonly pictures: readonly PictureDifference[]
  readonly contentWarning: Replaced<string | null> | null
  /** In words. */
  readonly visibility: Replaced<string> | null
  /** What it answers or passes on: how, author, words and address. */
  readonly target: Replaced<string | null> | null
  /** The thread, then the comment: of both versions. */
  readonly below: readonly PartDifference[]
}

/** What changed about when it may go out, in words; `windows` where both versions wait for one. */
export interface TimingDifference extends Replaced<string> {
  readonly windows: readonly {
    readonly channelId: string
    readonly removed: readonly string[]
    readonly added: readonly string[]
  }[]
}

/** The difference of two versions of a post, in all that the public would see and when. */
export interface RevisionDifference {
  readonly channels: readonly ChannelDifference[]
  readonly timing: TimingDifference | null
  readonly same: boolean
}

/** Compares two sealed envelopes. Channels stand in the order of the later one; removed ones come last. */
export function revisionDifference(before: Envelope, after: Envelope): RevisionDifference {
  const find = (envelope: Envelope, channelId: string) =>
    envelope.channels.find((each) => each.channelId === channelId) ?? null
  const gone = before.channels.filter((each) => find(after, each.channelId) === null)
  const channels = [
    ...after.channels.map((each) => channelDifference(find(before, each.channelId), each)),
    ...gone.map((each) => channelDifference(each, null)),
  ]
  const timing = timingDifference(before.timing, after.timing)
  return { channels, timing, same: timing === null && channels.every((each) => each.kind === 'same') }
}

/** Compares one channel's part; null is a version in which the post does not go there. */
export function channelDifference(before: EnvelopeChannel | null, after: EnvelopeChannel | null): ChannelDifference {
  const text = differ(before?.text ?? '', after?.text ?? '')
  const both = before && after && { before, after }
  const link = both && replaced(both, (each) => each.link)
  const language = both && replaced(both, (each) => each.language)
  const contentWarning = both && replaced(both, (each) => each.contentWarning ?? null)
  const visibility = both && replaced(both, (each) => visibilityWords(each.visibility ?? 'public'))
  const target = both && replaced(both, targetSaid)
  const below = partDifferences(before, after)
  const pictures = pictureDifferences(before?.pictures ?? [], after?.pictures ?? [])
  const changed =
    link !== null ||
    language !== null ||
    contentWarning !== null ||
    visibility !== null ||
    target !== null ||
    below.some(({ kind }) => kind !== 'same') ||
    isChanged(text, pictures)
  const channelId = (after ?? before)?.channelId ?? ''
  const kind = kindOf(before, after, changed)
  return { channelId, kind, before, after, text, link, language, pictures, contentWarning, visibility, target, below }
}

function targetSaid(channel: EnvelopeChannel): string | null {
  const manner = mannerOn(channel)
  return channel.target === undefined || manner === null ? null : targetLine(channel.target, manner)
}

function replaced<Version, T>(both: Replaced<Version>, of: (version: Version) => T): Replaced<T> | null {
  const [before, after] = [of(both.before), of(both.after)]
  return before === after ? null : { before, after }
}

function isChanged(text: readonly Stretch[], pictures: readonly PictureDifference[]): boolean {
  return (
    text.some(({ kind }) => kind !== 'same') ||
    pictures.some((each) => each.kind !== 'same' || each.moved || each.alt !== null)
  )
}

function partDifferences(before: EnvelopeChannel | null, after: EnvelopeChannel | null): PartDifference[] {
  const of = (channel: EnvelopeChannel | null, wanted: PartKind) =>
    channel ? partsOf(channel).filter(({ kind }) => kind === wanted) : []
  return (['thread', 'comment'] as const).flatMap((part) => {
    const [old, fresh] = [of(before, part), of(after, part)]
    const longer = old.length > fresh.length ? old : fresh
    return longer.map((_, index) => partDifference(part, old[index] ?? null, fresh[index] ?? null))
  })
}

function partDifference(part: PartDifference['part'], before: Part | null, after: Part | null): PartDifference {
  const text = differ(before?.text ?? '', after?.text ?? '')
  const link = before && after && replaced({ before, after }, (each) => each.link)
  const pictures = pictureDifferences(before?.pictures ?? [], after?.pictures ?? [])
  const number = (after ?? before)?.number ?? 0
  if (before === null) return { part, number, kind: 'added', text, link, pictures }
  if (after === null) return { part, number, kind: 'removed', text, link, pictures }
  const changed = link !== null || isChanged(text, pictures)
  return { part, number, kind: changed ? 'changed' : 'same', text, link, pictures }
}

function kindOf(
  before: EnvelopeChannel | null,
  after: EnvelopeChannel | null,
  changed: boolean,
): ChannelDifference['kind'] {
  if (before === null) return 'added'
  if (after === null) return 'removed'
  if (before.network !== after.network || before.remoteAccountId !== after.remoteAccountId) return 'other-account'
  return changed ? 'changed' : 'same'
}

/** Finds each picture again by its bytes; what is left over at the same place is one picture instead of another. */
export function pictureDifferences(
  before: readonly ApprovedPicture[],
  after: readonly ApprovedPicture[],
): PictureDifference[] {
  const left = new Set(before.keys())
  const from = after.map((picture) => {
    const index = [...left].find((each) => before[each]?.sha256 === picture.sha256)
    if (index !== undefined) left.delete(index)
    return index ?? null
  })
  const still = longestRise(from.filter((index) => index !== null))
  const found = after.map((picture, index): PictureDifference => {
    const now = { ...picture, place: index + 1 }
    const source = from[index] ?? null
    if (source !== null) {
      const was = placed(before, source)
      const alt = was.alt === now.alt ? null : differ(was.alt, now.alt)
      return { kind: 'same', before: was, after: now, moved: !still.has(source), alt }
    }
    if (!left.has(index)) return { kind: 'added', before: null, after: now, moved: false, alt: null }
    left.delete(index)
    const was = placed(before, index)
    const alt = was.alt === now.alt ? null : differ(was.alt, now.alt)
    return { kind: 'replaced', before: was, after: now, moved: false, alt }
  })
  const gone = [...left].map((index): PictureDifference => {
    return { kind: 'removed', before: placed(before, index), after: null, moved: false, alt: null }
  })
  // Stable: where both have the same place, what is there now comes first.
  return [...found, ...gone].sort((one, other) => placeOf(one) - placeOf(other))
}

function placed(pictures: readonly ApprovedPicture[], index: number): PlacedPicture {
  return { ...pictures[index]!, place: index + 1 }
}

function placeOf({ before, after }: PictureDifference): number {
  return (after ?? before)?.place ?? 0
}

/** The numbers of a longest rising part of a row: those need not have moved. Ten pictures at most, so plainly. */
function longestRise(row: readonly number[]): Set<number> {
  const best: number[][] = []
  for (const number of row) {
    const longest = best
      .filter((each) => each.at(-1)! < number)
      .reduce<number[]>((one, other) => (other.length > one.length ? other : one), [])
    best.push([...longest, number])
  }
  return new Set(best.reduce<number[]>((one, other) => (other.length > one.length ? other : one), []))
}

function timingDifference(before: Timing, after: Timing): TimingDifference | null {
  const words = { before: timingWords(before), after: timingWords(after) }
  const windows = before.kind === 'queue' && after.kind === 'queue' ? windowDifferences(before, after) : []
  const otherZone = before.zone !== after.zone
  if (words.before === words.after && windows.length === 0 && !otherZone && sameTolerance(before, after)) return null
  if (!otherZone || before.kind === 'exact' || after.kind === 'exact') return { ...words, windows }
  return { before: `${words.before} (${before.zone})`, after: `${words.after} (${after.zone})`, windows }
}

function sameTolerance(before: Timing, after: Timing): boolean {
  if (ownKey(before) !== ownKey(after)) return false
  return before.kind !== 'exact' || after.kind !== 'exact' || before.toleranceMinutes === after.toleranceMinutes
}

/** The same words may be about another channel. */
function ownKey({ own = {} }: Timing): string {
  const times = Object.entries(own).map(([id, { wall, toleranceMinutes }]) => `${id} ${wall} ${toleranceMinutes}`)
  return times.sort().join(' ')
}

function windowDifferences(
  before: Timing & { kind: 'queue' },
  after: Timing & { kind: 'queue' },
): TimingDifference['windows'] {
  // A channel that came or went is told as such; its windows are no news of their own.
  return Object.keys(after.windows).flatMap((channelId) => {
    const old = before.windows[channelId]?.map(windowWords)
    const fresh = after.windows[channelId]?.map(windowWords) ?? []
    if (!old) return []
    const removed = old.filter((each) => !fresh.includes(each))
    const added = fresh.filter((each) => !old.includes(each))
    return removed.length + added.length > 0 ? [{ channelId, removed, added }] : []
  })
}
