import { Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator'

const most = 1000

export class BulkPostInput {
  @IsString()
  @MaxLength(20_000, { message: 'The text is longer than 20,000 characters; shorten it' })
  text: string

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  link?: string | null

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20, { message: 'A post holds at most 20 labels' })
  @IsString({ each: true })
  @MaxLength(60, { each: true, message: 'A label holds at most 60 characters' })
  labels?: string[]

  /** Wall time in the group's zone, such as 2026-11-24T17:20; the queue chooses when it is left out. */
  @IsOptional()
  @IsString()
  @MaxLength(16)
  at?: string | null
}

/** Several posts for the same channels: as a list, as paragraphs or as a table (CSV). */
export class BulkCheckDto {
  @IsArray()
  @ArrayMinSize(1, { message: 'Choose at least one channel' })
  @ArrayMaxSize(50)
  @IsUUID(undefined, { each: true })
  channelIds: string[]

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1, { message: 'There is no post in it yet' })
  @ArrayMaxSize(most, { message: `One request holds at most ${most} posts; send the rest in another` })
  @ValidateNested({ each: true })
  @Type(() => BulkPostInput)
  posts?: BulkPostInput[]

  /** The text of a file, or what was pasted. */
  @IsOptional()
  @IsString()
  source?: string

  @IsOptional()
  @IsIn(['paragraphs', 'table'])
  form?: 'paragraphs' | 'table'
}

export class BulkDto extends BulkCheckDto {
  /** Made by the client: the same key is the same request, however often it arrives. */
  @Matches(/^[\w-]{8,80}$/, { message: 'The key has to be 8 to 80 letters, digits or hyphens' })
  key: string

  /** Send each for review; else they stay drafts. Nothing goes out without a review in either case. */
  @IsBoolean()
  send: boolean
}

export class BulkRowView {
  number: number
  firstWords: string
  link: string | null
  labels: string[]
  at: string | null
  /** What stands in the way of sending it, as sentences. */
  problems: string[]
}

export class BulkPreview {
  rows: BulkRowView[]
  /** Why the text cannot be read, as a sentence. */
  unreadable: string | null
  ready: number
}

export class BulkProblem {
  number: number
  postId: string | null
  problem: string
}

export class BulkProgress {
  id: string
  state: 'running' | 'done' | 'stopped'
  total: number
  created: number
  sent: number
  /** How many are dealt with, with or without a problem. */
  finished: number
  problems: BulkProblem[]
  /** Where it stands, as a sentence. */
  sentence: string
  /** Who asked for it. */
  by: string
  startedAt: string
  /** Whether the caller may have the rest of it written after all. */
  mayGoOn: boolean
}
