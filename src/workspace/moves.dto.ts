import { IsBoolean, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator'

const wallTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** A time that somebody has in mind: `at` for an exact one, or `date` and `start` for a window on a day. */
export class SlotsQuery {
  /** Wall time in the group's zone, such as 2026-11-24T17:20. */
  @IsOptional()
  @Matches(wallTime, { message: 'The time "$value" has to look like 2026-11-24T17:20' })
  at?: string

  /** Why an exact time may break a gap, a cap or the quiet hours. */
  @IsOptional()
  @IsString()
  @MaxLength(300)
  reason?: string

  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'The day "$value" has to look like 2026-11-24' })
  date?: string

  /** When the window starts, such as 17:00. */
  @IsOptional()
  @Matches(/^\d{2}:\d{2}$/, { message: 'The start "$value" has to look like 17:00' })
  start?: string
}

export class MoveDto {
  /** Wall time in the group's zone, such as 2026-11-24T17:20. */
  @Matches(wallTime, { message: 'The time "$value" has to look like 2026-11-24T17:20' })
  at: string

  /** The slot that was seen when the new one was chosen; another one by now is a conflict. */
  @IsISO8601()
  seen: string

  /** That the reviewers are asked again was said, and is wanted. */
  @IsBoolean()
  asksAgain: boolean

  /** Why an exact time may break a gap, a cap or the quiet hours. */
  @IsOptional()
  @IsString()
  @MaxLength(300)
  reason?: string
}

/** A slot to move to, and what comes of it. */
export class SlotOffer {
  /** Wall time in the group's zone. */
  at: string
  slot: string
  /** Such as "Tuesday 24 November, 17:22 (Europe/London)". */
  text: string
  windowName: string | null
  reasons: string[]
  asksAgain: boolean
  /** What comes of it, as a sentence. */
  consequence: string
}

export class MoveOptions {
  publicationId: string
  channelName: string
  firstWords: string
  slot: string
  at: string
  slotText: string
  /** Why it cannot be moved now, as a sentence; then there are no offers. */
  refused: string | null
  /** The best of the next free slots in windows, in order of time. */
  offers: SlotOffer[]
  /** For what was asked. */
  asked: SlotOffer | null
  /** Why what was asked is not possible, as a sentence. */
  problem: string | null
}
