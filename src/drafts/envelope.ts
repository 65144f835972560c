import { canonicalJson } from '../kernel/canonical-json.js'
import { sha256 } from '../kernel/ids.js'
import type { Network, Visibility } from '../platforms/platform.js'
import type { TargetUse } from '../platforms/target-rules.js'
import type { ApprovedTarget } from './target.js'

/** One picture as approved: by the hash of the bytes that will be sent. */
export interface ApprovedPicture {
  readonly sha256: string
  readonly mime: string
  readonly alt: string
}

/** A further part of a thread, as approved. */
export interface ApprovedPart {
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly ApprovedPicture[]
}

/** All that one channel will make public. What a post does not have is left out, and so changes no hash. */
export interface EnvelopeChannel {
  readonly channelId: string
  readonly network: Network
  /** The network's own id of the account: connecting another account voids the approval. */
  readonly remoteAccountId: string
  readonly text: string
  readonly link: string | null
  readonly language: string
  readonly pictures: readonly ApprovedPicture[]
  /** The parts after the post itself, each below the one before it. */
  readonly thread?: readonly ApprovedPart[]
  /** A comment of our own below the post. */
  readonly firstComment?: string
  /** Hides the post and all its parts until somebody opens them. */
  readonly contentWarning?: string
  /** Of the post and all its parts; everybody where it is missing. */
  readonly visibility?: Visibility
  /** Somebody else's post that this one answers or passes on, with what it said. */
  readonly target?: ApprovedTarget
  /** What is done with it; it is answered where this is missing. */
  readonly targetUse?: TargetUse
}

export interface ApprovedWindow {
  readonly days: readonly number[]
  readonly start: string
  readonly end: string
  readonly name: string
}

/** When it may go out: any slot inside what was approved keeps the approval. */
export type Timing = (
  | {
      readonly kind: 'queue'
      readonly zone: string
      readonly windows: Readonly<Record<string, readonly ApprovedWindow[]>>
      /** Only into empty windows, and not twice within 60 days. */
      readonly evergreen?: true
    }
  | { readonly kind: 'exact'; readonly zone: string; readonly wall: string; readonly toleranceMinutes: number }
  | { readonly kind: 'as_soon_as_approved'; readonly zone: string }
) & {
  /** Times for single channels, by channel id: these go at that time, and not as the rest. */
  readonly own?: Readonly<Record<string, { readonly wall: string; readonly toleranceMinutes: number }>>
  /** An embargo, as wall time in `zone`; the database keeps it too. */
  readonly notBefore?: string
}

/** What reviewers agree to. Notes, labels, comments and who is asked are no part of it. */
export interface Envelope {
  readonly version: 1
  readonly channels: readonly EnvelopeChannel[]
  readonly timing: Timing
}

/** The canonical text of an envelope and its SHA-256 in hex: what is sealed, shown and counted. */
export function seal(envelope: Envelope): { text: string; hash: string } {
  const text = canonicalJson({
    ...envelope,
    channels: envelope.channels.map((channel) => ({
      ...channel,
      pictures: channel.pictures.map((picture) => ({ ...picture })),
      thread: channel.thread?.map((part) => ({ ...part, pictures: part.pictures.map((picture) => ({ ...picture })) })),
      target: channel.target && { ...channel.target, author: { ...channel.target.author } },
    })),
    timing: timingAsJson(envelope.timing),
  })
  return { text, hash: sha256(text) }
}

/** @throws Error when the text is no sealed envelope of a known version */
export function openEnvelope(text: string): Envelope {
  const envelope = JSON.parse(text) as Envelope
  if (envelope.version !== 1) throw new Error(`Unknown envelope version ${String(envelope.version)}`)
  return envelope
}

function timingAsJson(timing: Timing) {
  const { own: times, ...rest } = timing
  const own = times && Object.fromEntries(Object.entries(times).map(([channel, time]) => [channel, { ...time }]))
  if (rest.kind !== 'queue') return { ...rest, own }
  return {
    ...rest,
    own,
    windows: Object.fromEntries(
      Object.entries(rest.windows).map(([channel, windows]) => [
        channel,
        windows.map((window) => ({ ...window, days: [...window.days] })),
      ]),
    ),
  }
}
