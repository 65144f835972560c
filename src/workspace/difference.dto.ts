import { Type } from 'class-transformer'
import { IsInt, Min } from 'class-validator'

import type { Network } from '../platforms/platform.js'

/** Which two versions to compare; either may be the older one. */
export class DifferenceQuery {
  @Type(() => Number)
  @IsInt({ message: 'Say which version to compare from, such as from=1' })
  @Min(1)
  from: number

  @Type(() => Number)
  @IsInt({ message: 'Say which version to compare to, such as to=2' })
  @Min(1)
  to: number
}

/** Words that stayed, went or came: kept and removed ones joined are the one text, kept and added ones the other. */
export class StretchView {
  kind: 'same' | 'removed' | 'added'
  text: string
}

export class ComparedPicture {
  /** Counted from 1. */
  place: number
  url: string
  alt: string
  width: number
  height: number
  film: boolean
}

export class PictureDifferenceView {
  kind: 'same' | 'added' | 'removed' | 'replaced'
  before: ComparedPicture | null
  after: ComparedPicture | null
  moved: boolean
  /** The description by words, where it changed. */
  alt: StretchView[] | null
}

export class ValueDifference {
  before: string | null
  after: string | null
}

/** What changed in a part below the post; parts of a thread are compared by their place in it. */
export class PartDifferenceView {
  part: 'thread' | 'comment'
  /** The post itself is 1. */
  number: number
  kind: 'same' | 'changed' | 'added' | 'removed'
  text: StretchView[]
  link: ValueDifference | null
  pictures: PictureDifferenceView[]
}

export class ChannelDifferenceView {
  channelId: string
  network: Network
  name: string
  kind: 'same' | 'changed' | 'added' | 'removed' | 'other-account'
  text: StretchView[]
  link: ValueDifference | null
  language: ValueDifference | null
  pictures: PictureDifferenceView[]
  contentWarning: ValueDifference | null
  /** Who can see it, in words. */
  visibility: ValueDifference | null
  /** What it answers: author, words and address. */
  target: ValueDifference | null
  below: PartDifferenceView[]
}

export class WindowsDifference {
  channelId: string
  name: string
  removed: string[]
  added: string[]
}

export class TimingDifferenceView {
  before: string
  after: string
  windows: WindowsDifference[]
}

/** What the public would see differently, and when, between two versions of a post. */
export class DifferenceView {
  from: number
  to: number
  same: boolean
  channels: ChannelDifferenceView[]
  timing: TimingDifferenceView | null
}
