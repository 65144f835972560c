import type { ApprovedPicture, Envelope, EnvelopeChannel, Timing } from './envelope.js'
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
  const link = before && after && before.link !== after.link ? { before: before.link, after: after.link } : null
  const language =
    before && after && before.language !== after.language ? { before: before.language, after: after.language } : null
  const pictures = pictureDifferences(before?.pictures ?? [], after?.pictures ?? [])
  const changed =
    link !== null ||
    language !== null ||
    text.some(({ kind }) => kind !== 'same') ||
    pictures.some((each) => each.kind !== 'same' || each.moved || each.alt !== null)
  const channelId = (after ?? before)?.channelId ?? ''
  return { channelId, kind: kindOf(before, after, changed), before, after, text, link, language, pictures }
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
