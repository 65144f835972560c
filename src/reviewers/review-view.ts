import type { Network } from '../platforms/platform.js'

/** One channel's part of the envelope, as reviewers see it on the page and in the mail. */
export interface ReviewedChannel {
  readonly channelId: string
  readonly network: Network
  /** "Bluesky", "Noticeboard". */
  readonly networkName: string
  readonly channelName: string
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly {
    readonly src: string
    readonly alt: string
    readonly width: number
    readonly height: number
  }[]
  /** "98 of 300 characters". */
  readonly length: string
  /** What this reviewer saw last time, when they looked at an earlier version. */
  readonly before: { readonly text: string; readonly pictures: readonly { readonly alt: string }[] } | null
  /** "Tuesday 24 November, 17:22 (Europe/London), after work", or what has to happen first. */
  readonly when: string
}

/** All that a reviewer needs to decide. */
export interface ReviewView {
  readonly requestId: string
  readonly groupName: string
  readonly authorName: string
  readonly reviewerName: string
  readonly version: number
  /** The hash of the envelope that is shown: a verdict names it. */
  readonly hash: string
  readonly csrf: string
  readonly channels: readonly ReviewedChannel[]
  /** Until when an answer is needed, in words and with the zone; null when there is no time set. */
  readonly deadline: string | null
  readonly earlierVersion: number | null
  /** What the automatic checks noticed, as sentences. */
  readonly noticed: readonly string[]
  readonly held: boolean
  readonly needs: string
}

/** What the reviewer filled in, shown again when something is missing. */
export interface ReviewAnswers {
  readonly decision: string
  readonly ticks: readonly string[]
  readonly note: string
}

/** The pages of the review link. */
export type ReviewPage =
  | {
      readonly kind: 'open'
      readonly view: ReviewView
      readonly answers: ReviewAnswers | null
      readonly problem: string | null
    }
  /** The six-digit code was mailed; the answers travel along in the form. */
  | {
      readonly kind: 'code'
      readonly view: ReviewView
      readonly answers: ReviewAnswers
      readonly problem: string | null
      readonly triesLeft: number
      /** The address with most letters hidden: "b…@example.org". */
      readonly sentTo: string
    }
  /** Decided by this reviewer; can still be stopped while `mayStop`. */
  | {
      readonly kind: 'decided'
      readonly view: ReviewView
      readonly decision: string
      readonly mayStop: boolean
      readonly problem: string | null
    }
  /** Used by somebody else's decision, replaced, expired, revoked, wrong person: never a bare "expired". */
  | {
      readonly kind: 'explained'
      readonly groupName: string | null
      readonly title: string
      readonly sentences: readonly string[]
    }
