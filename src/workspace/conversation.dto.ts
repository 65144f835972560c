import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min, ValidateIf } from 'class-validator'

import { StretchView } from './difference.dto.js'

export class CommentDto {
  @IsString()
  @MaxLength(4000)
  text: string
}

export class SuggestionDto {
  /** The text for all channels, those for one, or the description of one picture. */
  @IsIn(['text', 'channel', 'alt'])
  place: 'text' | 'channel' | 'alt'

  @ValidateIf((given: SuggestionDto) => given.place === 'channel')
  @IsUUID()
  channelId?: string

  @ValidateIf((given: SuggestionDto) => given.place === 'alt')
  @IsUUID()
  mediaId?: string

  @IsString()
  @MaxLength(20_000)
  words: string

  /** Why, for the author. */
  @IsString()
  @MaxLength(4000)
  note: string

  /** The version that it is made on; without it, what the post says at the moment. */
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number
}

export class DismissDto {
  /** Why; needed for somebody else's suggestion. */
  @IsString()
  @MaxLength(4000)
  note: string
}

export class MuteDto {
  @IsBoolean()
  muted: boolean
}

/** A place of the post at which other words can be suggested. */
export class PlaceView {
  place: 'text' | 'channel' | 'alt'
  channelId: string | null
  mediaId: string | null
  /** Such as "the text for all channels". */
  label: string
  words: string
}

export class CommentView {
  id: string
  name: string
  at: string
  /** The version it was said about; null for an unsent draft. */
  version: number | null
  text: string
  removed: boolean
  mayRemove: boolean
}

export class SuggestionView {
  id: string
  name: string
  at: string
  version: number | null
  /** Such as "the description of picture 2". */
  label: string
  /** From the words it was made on to those suggested. */
  difference: StretchView[]
  before: string
  words: string
  note: string
  state: 'open' | 'applied' | 'dismissed'
  settledAt: string | null
  settledBy: string | null
  /** What the post says there now; null when it has no such place any more. */
  now: string | null
  mayApply: boolean
  /** Why it cannot be applied, as a sentence; null when it can, or is settled. */
  whyNot: string | null
  mayDismiss: boolean
  /** Whether dismissing needs a reason. */
  own: boolean
  answers: CommentView[]
}

export class RemarkView {
  comment: CommentView | null
  suggestion: SuggestionView | null
}

/** All that was said about a post, the oldest first. */
export class ConversationView {
  remarks: RemarkView[]
  places: PlaceView[]
  /** Why nothing can be suggested, as a sentence; null when it can. */
  whyNotSuggest: string | null
  /** Whether the one who asks is mailed what others say. */
  muted: boolean
}
