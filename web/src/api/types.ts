/**
 * The shapes of the HTTP API as the workspace sees them. Instants are ISO in UTC; "wall" times are
 * `YYYY-MM-DDTHH:mm` in the group's own zone.
 */

export type TargetUse = 'answer' | 'repost'
/** Passed on with something of our own it is quoted, without anything reposted. */
export type TargetManner = 'answer' | 'quote' | 'repost'
export type Role = 'admin' | 'editor' | 'reviewer'
export type Network =
  | 'noticeboard'
  | 'bluesky'
  | 'mastodon'
  | 'x'
  | 'facebook'
  | 'instagram'
  | 'threads'
  | 'linkedin'
  | 'telegram'
  | 'webhook'
export type PostState = 'draft' | 'in_review' | 'changes_requested' | 'approved' | 'cancelled' | 'expired' | 'done'
export type PublicationState =
  | 'planned'
  | 'publishing'
  | 'published'
  | 'failed'
  | 'in_doubt'
  | 'unconfirmed'
  | 'missed'
  | 'cancelled'
  | 'retracting'
  | 'retracted'

export interface SessionGroup {
  id: string
  slug: string
  name: string
  timeZone: string
  memberId: string
  roles: Role[]
  demo: boolean
}

export interface DemoPerson {
  memberId: string
  name: string
  roles: Role[]
  groupName: string
  about: string
}

export interface Session {
  person: { id: string; name: string; email: string } | null
  groups: SessionGroup[]
  /** Null outside the demonstration. */
  demo: { people: DemoPerson[]; now: string } | null
  setUpNeeded: boolean
  /** Mails wait at /mailbox because no mail server is set. */
  mailboxOpen: boolean
  production: boolean
  version: string
}

export interface Passkey {
  id: string
  name: string
  createdAt: string
  lastUsedAt: string | null
  /** Kept by a password manager on several devices, rather than by one device alone. */
  backedUp: boolean
}

/** A device on which somebody is signed in, or that was confirmed for reviewing. */
export interface OwnDevice {
  id: string
  words: string
  since: string
  /** `YYYY-MM-DD`. */
  lastUsedOn: string
}

export interface Account {
  passkeys: Passkey[]
  passkeyOrigin: string
  passkeysPossible: boolean
  sessions: (OwnDevice & { thisOne: boolean })[]
  reviewDevices: (OwnDevice & { groupName: string })[]
}

export interface Group {
  id: string
  slug: string
  name: string
  timeZone: string
  demo: boolean
  noticeboardUrl: string | null
}

export interface ReviewSettings {
  mailContent: 'full' | 'teaser' | 'none'
  wakingFrom: string
  wakingUntil: string
}

export interface Member {
  id: string
  name: string
  email: string
  roles: Role[]
  status: 'active' | 'suspended' | 'left'
  joined: boolean
  getsSummary: boolean
  you: boolean
}

export interface ExtraRule {
  labels: string[]
  channelIds: string[]
  /** Member ids. */
  reviewers: string[]
  approvals: number | null
}

/** The rules of reviewing. */
export interface Policy {
  approvals: number
  contributorRule: 'strict' | 'last_editor'
  approvalLifetimeDays: number | null
  coolingMinutes: number
  atOnceCoolingMinutes: number
  proof: 'usual' | 'strict'
  adminsNeedPasskey: boolean
  /** Member ids; null: every reviewer. */
  mayBeAsked: string[] | null
  extra: ExtraRule[]
}

export interface PolicyChange {
  text: string
  weaker: boolean
}

export interface PolicyVersion {
  number: number
  state: 'proposed' | 'in_force' | 'refused' | 'withdrawn' | 'replaced'
  policy: Policy
  sentences: string[]
  changes: PolicyChange[]
  reason: string
  madeAt: string
  madeBy: string | null
  settledAt: string | null
  settledBy: string | null
}

export interface ReviewRules {
  current: PolicyVersion
  proposal: PolicyVersion | null
  /** Why the one who looks may not confirm, or null. */
  mayConfirm: string | null
  history: PolicyVersion[]
}

export interface PolicyCheck {
  changes: PolicyChange[]
  /** Why it makes no sense, or null. */
  refusal: string | null
  waits: boolean
}

/** A recurring stretch of local time; days are 1 (Monday) to 7. */
export interface Window {
  days: number[]
  start: string
  end: string
  name: string
}

export interface Channel {
  id: string
  network: Network
  name: string
  handle: string
  url: string | null
  state: 'connected' | 'to_reconnect' | 'paused'
  gapMinutes: number
  dailyCap: number
  quietStart: string | null
  quietEnd: string | null
  /** Null means the group's own windows. */
  windows: Window[] | null
  limits: {
    textLimit: number
    unit: string
    pictures: number
    pictureBytes: number
    pictureTypes: string[]
    altText: number | null
    charactersPerLink: number | null
    video: { bytes: number; seconds: number; types: string[] } | null
  }
  capabilities: {
    name: string
    altText: boolean
    retract: boolean
    metrics: string[]
    /** The post itself counted; null where the network has no threads. */
    threadParts: number | null
    firstComment: boolean
    contentWarning: boolean
    visibilities: Visibility[]
    /** Whether a post of somebody else can be answered, named by its address. */
    target: boolean
    /** Whether such a post can be passed on. */
    repost: boolean
    /** Whether it can be passed on with words, a link or pictures of our own. */
    quote: boolean
  }
  pausedUntil: string | null
  cause: string | null
  /** When somebody has to agree again at the network. */
  consentUntil: string | null
}

export interface NetworkField {
  name: string
  label: string
  help: string
  secret: boolean
  optional?: boolean
  placeholder?: string
  choices: { value: string; label: string }[] | null
}

export interface NetworkInfo {
  network: Network
  name: string
  steps: string[]
  fields: NetworkField[]
  /** Whether somebody has to agree at the network. */
  consent: boolean
  /** Where it sends the browser back to; null where it does not. */
  redirectUri: string | null
  cost: string | null
  /** What will not work. */
  cautions: string[]
}

/** One thing that was looked at about a channel. */
export interface Finding {
  about: string
  state: 'good' | 'warning' | 'bad'
  said: string
  nextStep: string | null
}

export type Visibility = 'public' | 'unlisted' | 'followers'

export interface ChosenPicture {
  mediaId: string
  alt: string
}

/** A part of a thread after the post itself. */
export interface ThreadPart {
  text: string
  link: string | null
  pictures: ChosenPicture[]
}

/** What a post has besides its words, where the network has it. */
export interface Extras {
  thread?: ThreadPart[]
  firstComment?: string
  contentWarning?: string
  visibility?: Visibility
  /** The address of somebody else's post that this one answers, or passes on. */
  target?: string
  /** What is done with it; answered where it is missing. */
  targetUse?: TargetUse
}

/** Somebody else's post that a post answers or passes on. */
export interface Target {
  author: string
  address: string
  text: string
  manner: TargetManner
}

/** `text` is null, and an extra is missing, where the channel takes the shared one; an empty extra is none. */
export type ChosenChannel = { channelId: string; text: string | null } & Extras

export interface Content extends Extras {
  text: string
  link: string | null
  language: string
  channels: ChosenChannel[]
  pictures: ChosenPicture[]
}

export type Wish = (
  | { kind: 'queue' }
  | { kind: 'exact'; at: string; reason?: string }
  | { kind: 'as_soon_as_approved' }
  | { kind: 'evergreen' }
) & {
  /** An embargo, as wall time. */
  notBefore?: string
}

/** A time in which nothing goes out. */
export interface Silence {
  id: string
  name: string
  text: string
  /** Names; null is every channel. */
  channels: string[] | null
  madeBy: string
  now: boolean
}

/** Everything is paused. */
export interface Pause {
  by: string
  since: string
  reason: string | null
  releaseAskedBy: string | null
  whyNotRelease: string | null
}

export interface Calendar {
  silences: Silence[]
  pause: Pause | null
}

export interface Region {
  code: string
  name: string
}

export interface Holidays {
  of: string | null
  countries: Region[]
  parts: Region[]
  next: { date: string; text: string }[]
}

export interface PostInput {
  content: Content
  wish: Wish
  usefulUntil: string | null
  labels: string[]
  notes: string
}

export interface Media {
  id: string
  url: string
  mime: string
  width: number
  height: number
  size: number
  /** How long a film lasts; null for a picture. */
  seconds: number | null
}

export type PartKind = 'post' | 'thread' | 'comment'

export interface ChannelCheck {
  channelId: string
  used: number
  limit: number
  unit: string
  parts: { kind: PartKind; used: number; limit: number; unit: string }[]
  /** `part` is from 1; null for what is about the channel. */
  problems: { field: string; message: string; part: number | null }[]
  /** What the network charges for it, in a sentence; null where it charges nothing. */
  cost: string | null
  /** What the post answers or passes on there, as it was looked up. */
  target: Target | null
  slot: { at: string; text: string; windowName: string | null; reasons: string[] } | null
  noSlot: string | null
}

export interface CheckResult {
  channels: ChannelCheck[]
  /** About the post as a whole; they stop sending. */
  problems: string[]
  reviewers: { who: string[]; needed: number; refused: string | null; sentence: string }
}

/** Null is "the network does not tell", which is not zero. */
export interface Counters {
  reactions: number | null
  replies: number | null
  reposts: number | null
  clicks: number | null
  impressions: number | null
  at?: string
}

export interface PublicationView {
  id: string
  channelId: string
  network: Network
  channelName: string
  state: PublicationState
  stateText: string
  /** Somebody else's post, passed on without anything of ours. */
  isRepost: boolean
  slot: string
  slotText: string
  windowName: string | null
  reasons: string[]
  url: string | null
  cause: string | null
  nextStep: string | null
  publishedAt: string | null
  counters: Counters | null
  mayRetract: boolean
  mayAnswer: boolean
  mayAcknowledge: boolean
  retractLimit: string | null
  /** It missed its time, and may get the next free one. */
  mayReplan: boolean
  mayAcceptFailure: boolean
  /** Who left it at that, and when, as a sentence. */
  failureAccepted: string | null
}

export interface PostCard {
  id: string
  state: PostState
  stateText: string
  held: boolean
  firstWords: string
  picture: { url: string; alt: string; film: boolean } | null
  pictureCount: number
  channels: { channelId: string; network: Network; name: string }[]
  publications: PublicationView[]
  /** `left`: no active member any more. */
  author: { memberId: string; name: string; left: boolean }
  asked: { memberId: string; name: string; answer: 'approve' | 'changes' | null }[]
  needs: string
  labels: string[]
  updatedAt: string
  mayReview: boolean
  reviewUrl: string | null
}

/** What hangs below a post. */
export interface SealedPart {
  kind: PartKind
  text: string
  link: string | null
  pictures: { url: string; alt: string; film: boolean }[]
}

export interface SealedContent {
  channels: {
    channelId: string
    network: Network
    name: string
    text: string
    link: string | null
    pictures: { url: string; alt: string; film: boolean }[]
    below: SealedPart[]
    contentWarning: string | null
    visibility: Visibility
    target: Target | null
  }[]
  timing: string
}

export interface Revision {
  number: number
  hash: string
  sealedAt: string
  sealedBy: string
  current: boolean
  content: SealedContent
}

/** Words that stayed, went or came. */
export interface Stretch {
  kind: 'same' | 'removed' | 'added'
  text: string
}

export interface ComparedPicture {
  /** Counted from 1. */
  place: number
  url: string
  alt: string
  width: number
  height: number
  film: boolean
}

export interface PictureDifference {
  kind: 'same' | 'added' | 'removed' | 'replaced'
  before: ComparedPicture | null
  after: ComparedPicture | null
  moved: boolean
  alt: Stretch[] | null
}

export interface PartDifference {
  part: 'thread' | 'comment'
  number: number
  kind: 'same' | 'changed' | 'added' | 'removed'
  text: Stretch[]
  link: { before: string | null; after: string | null } | null
  pictures: PictureDifference[]
}

export interface ChannelDifference {
  channelId: string
  network: Network
  name: string
  kind: 'same' | 'changed' | 'added' | 'removed' | 'other-account'
  text: Stretch[]
  link: { before: string | null; after: string | null } | null
  language: { before: string | null; after: string | null } | null
  pictures: PictureDifference[]
  contentWarning: { before: string | null; after: string | null } | null
  target: { before: string | null; after: string | null } | null
  visibility: { before: string | null; after: string | null } | null
  below: PartDifference[]
}

export interface Difference {
  from: number
  to: number
  same: boolean
  channels: ChannelDifference[]
  timing: {
    before: string
    after: string
    windows: { channelId: string; name: string; removed: string[]; added: string[] }[]
  } | null
}

export interface Comment {
  id: string
  name: string
  at: string
  version: number | null
  text: string
  removed: boolean
  mayRemove: boolean
}

export interface Suggestion {
  id: string
  name: string
  at: string
  version: number | null
  label: string
  difference: Stretch[]
  before: string
  words: string
  note: string
  state: 'open' | 'applied' | 'dismissed'
  settledAt: string | null
  settledBy: string | null
  now: string | null
  mayApply: boolean
  whyNot: string | null
  mayDismiss: boolean
  own: boolean
  answers: Comment[]
}

export interface SuggestionPlace {
  place: 'text' | 'channel' | 'alt'
  channelId: string | null
  mediaId: string | null
  label: string
  words: string
}

export interface Conversation {
  remarks: { comment: Comment | null; suggestion: Suggestion | null }[]
  places: SuggestionPlace[]
  whyNotSuggest: string | null
  muted: boolean
}

export interface Verdict {
  name: string
  kind: 'approve' | 'changes' | 'stop' | 'withdrawn' | 'hand_over'
  note: string | null
  at: string
  revision: number
}

export interface AttemptView {
  publicationId: string
  channelName: string
  number: number
  startedAt: string
  endedAt: string | null
  /** With which part it ended, from 1. */
  part: number
  outcome: string
  cause: string | null
  /** The network's raw answer; for admins. */
  detail: string | null
}

/** A part of a thread, or a first comment, that is out, or was. */
export interface OutPart {
  publicationId: string
  channelName: string
  number: number
  kind: PartKind
  url: string | null
  publishedAt: string
  retracted: boolean
}

/** What a person may do with a post; `null` is allowed, a sentence is the reason why not. */
export type PostAction =
  | 'edit'
  | 'sendForReview'
  | 'hold'
  | 'release'
  | 'cancel'
  | 'copy'
  | 'discardEdit'
  | 'withdraw'
  | 'adopt'

export interface PostDetail extends PostCard {
  version: number
  content: Content
  wish: Wish
  usefulUntil: string | null
  notes: string
  media: Media[]
  /** Unsent changes lie over a sealed revision. */
  editing: boolean
  revisions: Revision[]
  verdicts: Verdict[]
  attempts: AttemptView[]
  parts: OutPart[]
  history: { at: string; text: string }[]
  may: Record<PostAction, string | null>
}

export interface Queue {
  waitingForYou: PostCard[]
  needsAttention: PostCard[]
  waitingForOthers: PostCard[]
  planned: PostCard[]
  drafts: PostCard[]
  /** The last twenty; on the first page alone. */
  wentOut: PostCard[]
  /** Whose time was over before they went out, in the last week; on the first page alone. */
  ended: PostCard[]
  /** Asks for the next page, as `after`; null when there is none. */
  more: string | null
}

/** A slot to move to, and what comes of it. */
export interface SlotOffer {
  /** Wall time in the group's zone. */
  at: string
  slot: string
  text: string
  windowName: string | null
  reasons: string[]
  asksAgain: boolean
  consequence: string
}

export interface MoveOptions {
  publicationId: string
  channelName: string
  firstWords: string
  slot: string
  at: string
  slotText: string
  refused: string | null
  offers: SlotOffer[]
  asked: SlotOffer | null
  problem: string | null
}

export interface SpreadProposal {
  date: string
  moves: {
    publicationId: string
    channelName: string
    firstWords: string
    before: string
    after: string
    slot: string
    reasons: string[]
  }[]
  sentence: string
}

export interface BulkPreview {
  rows: {
    number: number
    firstWords: string
    link: string | null
    labels: string[]
    at: string | null
    problems: string[]
  }[]
  unreadable: string | null
  ready: number
}

export interface BulkProgress {
  id: string
  state: 'running' | 'done' | 'stopped'
  total: number
  created: number
  sent: number
  finished: number
  problems: { number: number; postId: string | null; problem: string }[]
  sentence: string
  by: string
  startedAt: string
  mayGoOn: boolean
}

export interface WeekItem {
  postId: string
  publicationId: string
  network: Network
  channelName: string
  time: string
  firstWords: string
  state: PublicationState
  stateText: string
}

export interface WeekCell {
  date: string
  free: boolean
  past: boolean
  /** Wall time to wish for when the free window is chosen. */
  at: string
  items: WeekItem[]
}

export interface WeekDay {
  date: string
  label: string
  holiday: string | null
  /** How the day is put back after it was spread, and until when. */
  undo: { spreadId: string; until: string } | null
}

export interface Week {
  from: string
  days: WeekDay[]
  rows: { name: string; start: string; end: string; cells: WeekCell[] }[]
}

/** A mean with its 80 % interval over `n` posts; null where there is too little to say. */
export interface Estimate {
  name: string
  n: number
  mean: number | null
  low: number | null
  high: number | null
  text: string
}

export interface Summary {
  week: string
  from: string
  to: string
  group: string
  headline: string
  needsYou: { text: string; path: string }[]
  wentOut: {
    channelName: string
    network: Network
    published: number
    failed: number
    onTime: number | null
    text: string
  }[]
  top: {
    postId: string
    channelName: string
    firstWords: string
    url: string | null
    counters: Counters
    publishedAt: string
    text: string
  }[]
  usual: string
  byWindow: Estimate[]
  byPicture: Estimate[]
  byLabel: Estimate[]
  review: {
    requests: number
    medianMinutes: number | null
    slowestMinutes: number | null
    within24: string | null
    caught: string
    load: { name: string; asked: number; answered: number }[] | null
  }
  auditHead: { seq: number; hash: string }
  final: boolean
}

export type Engagement = Summary & { weeks: string[] }

export interface Mail {
  id: string
  to: string
  subject: string
  kind: string
  state: 'waiting' | 'sent' | 'failed'
  tries: number
  lastError: string | null
  createdAt: string
  sentAt: string | null
}

/** One link of the group's audit log, in words. */
export interface LogEntry {
  seq: number
  at: string
  when: string
  kind: string
  about: string | null
  sentence: string
  post: { id: string; firstWords: string } | null
}

export interface LogPage {
  entries: LogEntry[]
  more: boolean
}

export interface LogStanding {
  /** `SEQ:HASH` of the last entry. */
  head: string
  entries: number
  checkedAt: string | null
  checkedWholeAt: string | null
  checkedUpTo: number
  /** Set while nothing of the group is published. */
  broken: { at: string; entry: number; reason: string } | null
  resumeAskedBy: { memberId: string; name: string } | null
  acceptedUpTo: number
}

export interface LogHold {
  since: string | null
}

/** One of the two who answer for the accounts; `details` is null for others than admins. */
export interface Manager {
  place: number
  name: string
  details: { role: string; email: string; telephone: string; confirmedAt: string; unconfirmed: boolean } | null
}

export interface CodeOfEthics {
  number: number
  text: string
  points: string[]
  madeAt: string
  /** Null: it came with the group. */
  madeBy: string | null
}

/** Days are `YYYY-MM-DD` on the group's clocks. */
export interface Governance {
  managers: Manager[]
  notices: string[]
  admins: string[]
  roleEnds: { memberId: string; name: string; role: Role; endsOn: string; kept: boolean }[]
  /** `until` is the first day on which they are asked again. */
  away: { memberId: string; name: string; until: string }[]
  ethics: CodeOfEthics
  /** For admins only, as is `handOvers`. */
  unanswering: { memberId: string; name: string; sentence: string }[] | null
  handOvers: { memberId: string; name: string; leftAt: string; open: number }[] | null
}

export interface HandOver {
  memberId: string
  name: string
  /** Null: still a member; this is what they would leave behind. */
  leftAt: string | null
  notes: string
  /** `path` is below the group's own address; null: not in Seconder. */
  items: { key: string; text: string; path: string | null; ticked: { by: string; at: string } | null }[]
}
