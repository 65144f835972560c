import { Type } from 'class-transformer'
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Min } from 'class-validator'

import type { AuditTopic } from '../audit/kinds.js'

const topics: AuditTopic[] = ['posts', 'reviewing', 'publishing', 'people', 'signing-in', 'channels', 'group', 'log']
const day = /^\d{4}-\d{2}-\d{2}$/

/** What to show of the log; whatever is left out is not asked about. */
export class LogQuery {
  @IsOptional()
  @IsIn(topics)
  about?: string

  /** A member's id: entries that name them. */
  @IsOptional()
  @IsUUID()
  member?: string

  @IsOptional()
  @IsUUID()
  post?: string

  /** The first day, in the group's time zone. */
  @IsOptional()
  @Matches(day)
  from?: string

  /** The last day. */
  @IsOptional()
  @Matches(day)
  to?: string

  /** Only entries before this one, for the next page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  before?: number
}

export class LogEntry {
  seq: number
  at: string
  /** The instant as the group's people say it. */
  when: string
  kind: string
  about: string | null
  sentence: string
  post: { id: string; firstWords: string } | null
}

export class LogPage {
  entries: LogEntry[]
  /** There are older ones. */
  more: boolean
}

/** Where the log stands, for its admins. */
export class LogStanding {
  /** `SEQ:HASH` of the last entry. */
  head: string
  entries: number
  checkedAt: string | null
  /** When it was last read from its first entry, or from where people let it go on. */
  checkedWholeAt: string | null
  checkedUpTo: number
  /** Set while nothing of the group is published. */
  broken: { at: string; entry: number; reason: string } | null
  /** Who asked first to let publishing go on. */
  resumeAskedBy: { memberId: string; name: string } | null
  /** What is before this entry did not fit, and was let go; 0 when that never was so. */
  acceptedUpTo: number
}

/** For everybody: whether publishing stands still because of the log. */
export class LogHold {
  since: string | null
}

export class ResumeInput {
  /** What happened, as far as it is known. */
  @IsString()
  @Length(5, 1000)
  reason: string
}

export class ResumeAnswer {
  /** False while a second admin has to agree. */
  goesOn: boolean
}
