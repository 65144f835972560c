import { IsOptional, Matches } from 'class-validator'

import type { Network } from '../platforms/platform.js'

export class EngagementQuery {
  /** An ISO week such as 2026-W47; the newest with something to tell when it is left out. */
  @IsOptional()
  @Matches(/^\d{4}-W\d{2}$/, { message: 'week is "$value"; write year and number, such as 2026-W47' })
  week?: string
}

export class EngagementRange {
  /** The first day, YYYY-MM-DD in the group's time zone; eight weeks before the last when it is left out. */
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'from is "$value"; write a day such as 2026-11-16' })
  from?: string

  /** The last day; today when it is left out. */
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'to is "$value"; write a day such as 2026-11-22' })
  to?: string
}

export class NeedView {
  text: string
  /** A page of the workspace. */
  path: string
}

export class ChannelWeekView {
  channelName: string
  network: Network
  published: number
  /** Failed, missed, or not known to be there. */
  failed: number
  /** How many went out within a minute of their slot; null when none went out. */
  onTime: number | null
  text: string
}

/** Null is "the network does not tell", which is not zero. */
export class TopCountersView {
  reactions: number | null
  replies: number | null
  reposts: number | null
  clicks: number | null
  impressions: number | null
  at: string
}

export class TopPostView {
  postId: string
  channelName: string
  firstWords: string
  url: string | null
  counters: TopCountersView
  publishedAt: string
  text: string
}

/** Responses of a typical post with the 80 % interval; null where there are too few posts to say. */
export class EstimateView {
  name: string
  n: number
  mean: number | null
  low: number | null
  high: number | null
  text: string
}

export class ReviewLoadView {
  name: string
  asked: number
  answered: number
}

export class ReviewFiguresView {
  requests: number
  medianMinutes: number | null
  slowestMinutes: number | null
  within24: string | null
  caught: string
  /** For admins; null for everybody else. */
  load: ReviewLoadView[] | null
}

export class AuditHeadView {
  seq: number
  hash: string
}

/** One group's week in words and numbers, as mailed. */
export class EngagementView {
  /** Such as 2026-W47. */
  week: string
  /** Monday, YYYY-MM-DD. */
  from: string
  /** Sunday, YYYY-MM-DD. */
  to: string
  group: string
  headline: string
  /** Nothing went out and nothing waits. */
  quiet: boolean
  needsYou: NeedView[]
  wentOut: ChannelWeekView[]
  top: TopPostView[]
  usual: string
  byWindow: EstimateView[]
  byPicture: EstimateView[]
  byLabel: EstimateView[]
  review: ReviewFiguresView
  suggestions: string[]
  /** The chart of `byWindow` as SVG; empty when there is too little to draw. */
  chartSvg: string
  auditHead: AuditHeadView
  /** False while the week's figures can still change. */
  final: boolean
  /** The weeks with something to tell, newest first. */
  weeks: string[]
}
