import type { ChannelDifference, TimingDifference } from '../../drafts/revision-difference.js'
import type { ApprovedTarget } from '../../drafts/target.js'
import type { Stretch } from '../../drafts/word-difference.js'
import type { Network } from '../../platforms/platform.js'
import type { TargetManner } from '../../platforms/target-rules.js'

/** Where a picture is, and in pixels what it is made of. `src` is empty when its bytes are not there. */
export interface PictureAddress {
  readonly src: string
  /** The same, small enough for all of a page's pictures together to stay under their share of it. */
  readonly small: string
  readonly width: number
  readonly height: number
  /** A film has no small one. */
  readonly film?: boolean
}

/** A part below the post: of its thread, or the comment. */
export interface ReviewedPart {
  /** "Part 2 of 3", "The first comment". */
  readonly name: string
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly (PictureAddress & { readonly alt: string })[]
  readonly length: string
}

/** One channel's part of the envelope, as reviewers see it on the page and in the mail. */
export interface ReviewedChannel {
  readonly channelId: string
  readonly network: Network
  /** "Bluesky", "Noticeboard". */
  readonly networkName: string
  readonly channelName: string
  readonly text: string
  readonly link: string | null
  readonly pictures: readonly (PictureAddress & { readonly alt: string })[]
  /** "98 of 300 characters". */
  readonly length: string
  /** All that hangs below the post, in the order in which it becomes public. */
  readonly below: readonly ReviewedPart[]
  /** Words that hide it all until somebody opens it. */
  readonly contentWarning: string | null
  /** Who can see it, in words; null where everybody can. */
  readonly visibility: string | null
  /** Somebody else's post, as it was when this version was sent, and what becomes of it; null where there is none. */
  readonly target: (ApprovedTarget & { readonly manner: TargetManner }) | null
  /** "Tuesday 24 November, 17:22 (Europe/London), after work", or what has to happen first. */
  readonly when: string
}

/** What changed since a version that this reviewer knows, or chose to compare with. */
export interface ChangesSince {
  readonly version: number
  /** They gave their verdict on it, were only asked about it, or asked to compare with it. */
  readonly because: 'answered' | 'asked' | 'chosen'
  readonly same: boolean
  /** Of both versions: those that it does not go to any more too. */
  readonly channels: readonly (ChannelDifference & { readonly channelName: string; readonly networkName: string })[]
  readonly timing: TimingDifference | null
  /** Both versions' pictures, by the hash of their bytes. */
  readonly pictures: Readonly<Record<string, PictureAddress>>
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
  /** What forms carry instead of a cookie, for a browser that keeps none. */
  readonly pass: string | null
  readonly channels: readonly ReviewedChannel[]
  /** Until when an answer is needed, in words and with the zone; null when there is no time set. */
  readonly deadline: string | null
  readonly since: ChangesSince | null
  /** Numbers of all versions before this one, newest first. */
  readonly earlierVersions: readonly number[]
  /** What the automatic checks noticed, as sentences. */
  readonly noticed: readonly string[]
  readonly held: boolean
  /** Only a passkey or a full sign-in proves who answers, as the group wants it. */
  readonly strict: boolean
  readonly needs: string
  readonly ethics: ShownEthics
  /** The latest things that were said about the post, the oldest first. */
  readonly remarks: readonly ShownRemark[]
  /** How many earlier ones are left out. */
  readonly remarksLeftOut: number
}

/** Something that was said about the post, as a reviewer sees it. */
export interface ShownRemark {
  readonly name: string
  /** "Tuesday 24 November, 16:22". */
  readonly when: string
  readonly version: number | null
  /** A comment, or the note of a suggestion; shortened where it is long. */
  readonly text: string
  readonly suggestion: {
    /** "the text for all channels". */
    readonly label: string
    readonly state: 'open' | 'applied' | 'dismissed'
    /** Empty where the words are too long to be shown here. */
    readonly difference: readonly Stretch[]
  } | null
}

/** Where other words can be suggested. */
export interface SuggestionPlace {
  /** As the form names it: `text`, `channel:<id>`, `alt:<id>`. */
  readonly word: string
  /** "the description of picture 2". */
  readonly label: string
  readonly words: string
  /** Which picture it is about. */
  readonly picture: PictureAddress | null
}

/** The group's code of ethics as a reviewer sees it. */
export interface ShownEthics {
  readonly points: readonly string[]
  readonly number: number
  /** "23 November 2026". */
  readonly madeOn: string
}

/** What the reviewer filled in, shown again when something is missing. */
export interface ReviewAnswers {
  readonly decision: string
  readonly ticks: readonly string[]
  readonly note: string
  /** For a suggestion: which words of the post, and what to say instead. */
  readonly place: string
  readonly words: string
}

/** What a reviewer has just said without deciding, to be confirmed. */
export type JustSaid = 'comment' | 'suggest'

/** The pages of the review link. */
export type ReviewPage =
  | {
      readonly kind: 'open'
      readonly view: ReviewView
      readonly answers: ReviewAnswers | null
      readonly problem: string | null
      readonly said?: JustSaid | null
    }
  /** Suggesting other words, one place at a time. */
  | {
      readonly kind: 'suggest'
      readonly view: ReviewView
      readonly places: readonly SuggestionPlace[]
      readonly answers: ReviewAnswers | null
      readonly problem: string | null
    }
  /** The browser keeps no cookies, so the page is reached by pressing a button. */
  | { readonly kind: 'one-more-press'; readonly requestId: string; readonly pass: string }
  /** The six-digit code was mailed, or a passkey or signing in is asked for; the answers travel along in the form. */
  | {
      readonly kind: 'code'
      readonly view: ReviewView
      readonly answers: ReviewAnswers
      readonly problem: string | null
      readonly triesLeft: number
      /** The address with most letters hidden: "b…@example.org"; null where a code is not enough. */
      readonly sentTo: string | null
      /** The reviewer has a passkey, which the page's script can ask for. */
      readonly passkey: boolean
    }
  /** Decided by this reviewer; can still be stopped while `mayStop`. */
  | {
      readonly kind: 'decided'
      readonly view: ReviewView
      readonly decision: string
      readonly mayStop: boolean
      /** Whether the post itself is shown again. */
      readonly showPost: boolean
      readonly problem: string | null
      readonly said?: JustSaid | null
    }
  /** Used by somebody else's decision, replaced, expired, revoked, wrong person: never a bare "expired". */
  | {
      readonly kind: 'explained'
      readonly groupName: string | null
      readonly title: string
      readonly sentences: readonly string[]
      /** For the reviewer on a device where somebody else is signed in. */
      readonly signOut?: { readonly requestId: string; readonly csrf: string; readonly reviewerName: string } | null
    }
