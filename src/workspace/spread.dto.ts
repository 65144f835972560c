import { Type } from 'class-transformer'
import { ArrayMaxSize, IsArray, IsISO8601, IsOptional, IsUUID, Matches, ValidateNested } from 'class-validator'

const wrongDay = 'The day "$value" has to look like 2026-11-24'

export class SpreadQuery {
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: wrongDay })
  date: string

  /** One channel; all of them when it is left out. */
  @IsOptional()
  @IsUUID()
  channelId?: string
}

export class SeenMove {
  @IsUUID()
  publicationId: string

  /** Where it would go, as it was shown. */
  @IsISO8601()
  slot: string
}

export class SpreadDto extends SpreadQuery {
  /** What was shown; something else by now is a conflict. */
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => SeenMove)
  moves: SeenMove[]
}

/** One post that would move, and where. */
export class SpreadMoveView {
  publicationId: string
  channelName: string
  firstWords: string
  /** Local times, such as 17:22. */
  before: string
  after: string
  slot: string
  reasons: string[]
}

export class SpreadProposal {
  date: string
  moves: SpreadMoveView[]
  /** What would come of it, as a sentence. */
  sentence: string
}

export class SpreadDone {
  id: string
  /** Until then it can be undone. */
  undoUntil: string
}
