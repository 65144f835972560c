import { authorWords, targetWords, type ApprovedTarget } from '../drafts/target.js'
import type { Network, Visibility } from '../platforms/platform.js'
import type { TargetManner, TargetUse } from '../platforms/target-rules.js'

export class CountersView {
  reactions: number | null
  replies: number | null
  reposts: number | null
  clicks: number | null
  impressions: number | null
  /** When they were read, ISO. */
  at: string
}

/** One post on one channel, as people see it. */
export class PublicationView {
  id: string
  channelId: string
  network: Network
  channelName: string
  state: string
  stateText: string
  /** Somebody else's post, passed on without anything of ours: `url` is theirs, and taking it down undoes the repost. */
  isRepost: boolean
  slot: string
  /** Such as "Tuesday 24 November, 17:22 (Europe/London)". */
  slotText: string
  windowName: string | null
  reasons: string[]
  url: string | null
  cause: string | null
  nextStep: string | null
  publishedAt: string | null
  counters: CountersView | null
  mayRetract: boolean
  /** What taking it down cannot do there, as a sentence. */
  retractLimit: string | null
  mayAnswer: boolean
  mayAcknowledge: boolean
  /** It missed its time, and may get the next free one that was agreed to. */
  mayReplan: boolean
  /** It failed or missed its time, and somebody may leave it at that. */
  mayAcceptFailure: boolean
  /** Who left it at that, and when, as a sentence; null while nobody has. */
  failureAccepted: string | null
}

export class PictureView {
  url: string
  alt: string
  /** A film, and no still picture. */
  film: boolean
}

export class ChannelMark {
  channelId: string
  network: Network
  name: string
}

export class AuthorView {
  memberId: string
  name: string
  /** No active member any more: somebody else has to take the post over. */
  left: boolean
}

export class AskedView {
  memberId: string
  name: string
  answer: 'approve' | 'changes' | null
}

export class PostCard {
  id: string
  state: 'draft' | 'in_review' | 'changes_requested' | 'approved' | 'cancelled' | 'expired' | 'done'
  stateText: string
  held: boolean
  firstWords: string
  picture: PictureView | null
  pictureCount: number
  channels: ChannelMark[]
  publications: PublicationView[]
  author: AuthorView
  asked: AskedView[]
  /** Such as "Needs one more approval, from anyone but Ana." */
  needs: string
  labels: string[]
  updatedAt: string
  mayReview: boolean
  reviewUrl: string | null
}

/** Somebody else's post that a post answers or passes on, as it was looked up. */
export class TargetView {
  /** "Ana Lee (@ana.example)". */
  author: string
  /** The address of its page. */
  address: string
  text: string
  /** What becomes of it: passed on with something of our own it is quoted, without anything reposted. */
  manner: TargetManner
}

export class ThreadPartView {
  text: string
  link: string | null
  pictures: { mediaId: string; alt: string }[]
}

/** What a post has besides its own words; missing where it has none, and for a channel where the shared ones hold. */
export class ExtrasView {
  thread?: ThreadPartView[]
  firstComment?: string
  contentWarning?: string
  visibility?: Visibility
  /** The address of somebody else's post that this one answers, or passes on. */
  target?: string
  /** What is done with it; answered where it is missing. */
  targetUse?: TargetUse
}

export class ChosenChannelView extends ExtrasView {
  channelId: string
  text: string | null
}

export class ContentView extends ExtrasView {
  text: string
  link: string | null
  language: string
  channels: ChosenChannelView[]
  pictures: { mediaId: string; alt: string }[]
}

export class WishView {
  kind: 'queue' | 'exact' | 'as_soon_as_approved' | 'evergreen'
  at?: string
  reason?: string
  notBefore?: string
}

export class Media {
  id: string
  url: string
  mime: string
  width: number
  height: number
  size: number
  /** How long a film lasts; null for a picture. */
  seconds: number | null
}

export class SealedPart {
  kind: 'post' | 'thread' | 'comment'
  text: string
  link: string | null
  pictures: PictureView[]
}

export class SealedChannel {
  channelId: string
  network: Network
  name: string
  text: string
  link: string | null
  pictures: PictureView[]
  /** What hangs below the post, in the order in which it becomes public: its thread, then its first comment. */
  below: SealedPart[]
  contentWarning: string | null
  visibility: Visibility
  target: TargetView | null
}

export class SealedContent {
  channels: SealedChannel[]
  timing: string
}

export class RevisionView {
  number: number
  hash: string
  sealedAt: string
  sealedBy: string
  current: boolean
  content: SealedContent
}

export class VerdictView {
  name: string
  kind: 'approve' | 'changes' | 'stop' | 'withdrawn'
  note: string | null
  at: string
  revision: number
}

export class AttemptView {
  publicationId: string
  channelName: string
  number: number
  startedAt: string
  endedAt: string | null
  /** With which part it ended, from 1: those before it were out. */
  part: number
  outcome: string
  cause: string | null
  /** The network's raw answer, where nobody knew what it means; null for all but admins. */
  detail: string | null
}

/** A part of a thread, or a first comment, that is a post of its own at the network. */
export class OutPartView {
  publicationId: string
  channelName: string
  number: number
  kind: 'post' | 'thread' | 'comment'
  url: string | null
  /** ISO. */
  publishedAt: string
  retracted: boolean
}

export class EventView {
  at: string
  text: string
}

/** Null where an action is possible, else the reason why it is not. */
export class MayView {
  edit: string | null
  sendForReview: string | null
  hold: string | null
  release: string | null
  cancel: string | null
  copy: string | null
  discardEdit: string | null
  withdraw: string | null
  adopt: string | null
}

export class PostDetail extends PostCard {
  version: number
  content: ContentView
  wish: WishView
  usefulUntil: string | null
  notes: string
  media: Media[]
  /** There are unsent changes over a sealed version. */
  editing: boolean
  revisions: RevisionView[]
  verdicts: VerdictView[]
  attempts: AttemptView[]
  /** Of posts that consist of several: what is out, or was. */
  parts: OutPartView[]
  history: EventView[]
  may: MayView
}

/**
 * A page of a group's posts by what has to happen next. What waits or is planned comes in the order of its slots, page by
 * page; what is in trouble from the latest slot on; the rest from the newest change on.
 */
export class Queue {
  waitingForYou: PostCard[]
  needsAttention: PostCard[]
  waitingForOthers: PostCard[]
  planned: PostCard[]
  drafts: PostCard[]
  /** The last twenty; on the first page alone. */
  wentOut: PostCard[]
  /** Whose time was over before they went out, in the last week; on the first page alone. */
  ended: PostCard[]
  /** Asks for the next page, as `after`; null when there is none. A post may be on two pages, having changed meanwhile. */
  more: string | null
}

export class ProblemView {
  field: string
  message: string
  /** Which part of the post it is about, from 1; null for what is about the channel. */
  part: number | null
}

/** One part as the network counts it. */
export class PartCheck {
  kind: 'post' | 'thread' | 'comment'
  used: number
  limit: number
  unit: string
}

export class SlotPreview {
  at: string
  text: string
  windowName: string | null
  reasons: string[]
}

export class ChannelCheck {
  channelId: string
  used: number
  limit: number
  unit: string
  parts: PartCheck[]
  problems: ProblemView[]
  /** What the network charges for it, in a sentence; null where it charges nothing. */
  cost: string | null
  /** What the post answers or passes on there; null when that is nothing, or could not be found. */
  target: TargetView | null
  slot: SlotPreview | null
  noSlot: string | null
}

export class ReviewersPreview {
  who: string[]
  needed: number
  refused: string | null
  sentence: string
}

export class CheckResult {
  channels: ChannelCheck[]
  problems: string[]
  reviewers: ReviewersPreview
}

export class ReviewAddress {
  url: string
}

export function targetView(target: ApprovedTarget, manner: TargetManner): TargetView {
  return { author: authorWords(target), address: target.address, text: targetWords(target), manner }
}
