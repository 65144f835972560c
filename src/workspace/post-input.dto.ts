import { Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator'

import type { Visibility } from '../platforms/platform.js'
import type { TargetUse } from '../platforms/target-rules.js'

const wallTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

export class PictureChoice {
  @IsUUID()
  mediaId: string

  /** The description for people who cannot see the picture. */
  @IsString()
  @MaxLength(4000)
  alt: string
}

export class ThreadPartInput {
  @IsString()
  @MaxLength(20_000)
  text: string

  @ValidateIf((part: ThreadPartInput) => part.link !== null)
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'The link "$value" has to be a whole address that starts with https://' },
  )
  @MaxLength(2000)
  link: string | null

  @IsArray()
  @ArrayMaxSize(10, { message: 'A part holds at most 10 pictures' })
  @ValidateNested({ each: true })
  @Type(() => PictureChoice)
  pictures: PictureChoice[]
}

export class ExtrasInput {
  /** The parts of a thread after the post itself. */
  @ValidateIf((extras: ExtrasInput) => extras.thread !== undefined)
  @IsArray()
  @ArrayMaxSize(50, { message: 'A thread holds at most 50 parts besides the post itself' })
  @ValidateNested({ each: true })
  @Type(() => ThreadPartInput)
  thread?: ThreadPartInput[]

  /** A comment of our own below the post. */
  @ValidateIf((extras: ExtrasInput) => extras.firstComment !== undefined)
  @IsString()
  @MaxLength(20_000)
  firstComment?: string

  /** Words before which the post is hidden until somebody opens it. */
  @ValidateIf((extras: ExtrasInput) => extras.contentWarning !== undefined)
  @IsString()
  @MaxLength(500, { message: 'A content warning holds at most 500 characters' })
  contentWarning?: string

  @ValidateIf((extras: ExtrasInput) => extras.visibility !== undefined)
  @IsIn(['public', 'unlisted', 'followers'])
  visibility?: Visibility

  /** The address of somebody else's post that this one answers, or passes on; empty for none. */
  @ValidateIf((extras: ExtrasInput) => extras.target !== undefined)
  @Matches(/^$|^(https?|at):\/\/\S+$/, {
    message: 'The post of somebody else, "$value", has to be named by its whole address, which starts with https://',
  })
  @MaxLength(2000)
  target?: string

  /** What is done with that post: it is answered, or passed on, with words of our own (a quote) or without (a repost). */
  @ValidateIf((extras: ExtrasInput) => extras.targetUse !== undefined)
  @IsIn(['answer', 'repost'])
  targetUse?: TargetUse
}

/** A channel, and what is its own there; an extra that is missing is the shared one, an empty one is none. */
export class ChannelChoice extends ExtrasInput {
  @IsUUID()
  channelId: string

  /** A text of its own, or null for the shared text. */
  @ValidateIf((choice: ChannelChoice) => choice.text !== null)
  @IsString()
  @MaxLength(20_000)
  text: string | null
}

export class ContentInput extends ExtrasInput {
  @IsString()
  @MaxLength(20_000, { message: 'The text is longer than 20,000 characters; shorten it' })
  text: string

  @ValidateIf((content: ContentInput) => content.link !== null)
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'The link "$value" has to be a whole address that starts with https://' },
  )
  @MaxLength(2000)
  link: string | null

  /** BCP 47, such as en-GB. */
  @Matches(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, {
    message: 'The language "$value" is no language code such as en-GB',
  })
  language: string

  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique((choice: ChannelChoice) => choice.channelId, { message: 'A channel was chosen twice' })
  @ValidateNested({ each: true })
  @Type(() => ChannelChoice)
  channels: ChannelChoice[]

  @IsArray()
  @ArrayMaxSize(10, { message: 'A post holds at most 10 pictures' })
  @ValidateNested({ each: true })
  @Type(() => PictureChoice)
  pictures: PictureChoice[]
}

export class WishInput {
  @IsIn(['queue', 'exact', 'as_soon_as_approved', 'evergreen'])
  kind: 'queue' | 'exact' | 'as_soon_as_approved' | 'evergreen'

  /** For an exact time: wall time in the group's zone, such as 2026-11-24T17:20. */
  @ValidateIf((wish: WishInput) => wish.kind === 'exact')
  @Matches(wallTime, { message: 'The time "$value" has to look like 2026-11-24T17:20' })
  at?: string

  /** Why an exact time may break a gap, a cap or the quiet hours. */
  @IsOptional()
  @IsString()
  @MaxLength(300)
  reason?: string

  /** An embargo: wall time in the group's zone before which nothing of it is public. */
  @IsOptional()
  @Matches(wallTime, { message: 'The time "$value" has to look like 2026-11-24T17:20' })
  notBefore?: string
}

/** All that an editor can change about a post. */
export class PostInputDto {
  @IsObject()
  @ValidateNested()
  @Type(() => ContentInput)
  content: ContentInput

  @IsObject()
  @ValidateNested()
  @Type(() => WishInput)
  wish: WishInput

  /** Wall time in the group's zone after which the post would be useless, or null. */
  @ValidateIf((input: PostInputDto) => input.usefulUntil !== null)
  @Matches(wallTime, { message: 'The time "$value" has to look like 2026-11-24T17:20' })
  usefulUntil: string | null

  @IsArray()
  @ArrayMaxSize(20, { message: 'A post holds at most 20 labels' })
  @IsString({ each: true })
  @MaxLength(60, { each: true, message: 'A label holds at most 60 characters' })
  labels: string[]

  /** For colleagues; never public. */
  @IsString()
  @MaxLength(5000)
  notes: string
}

export class CheckPostDto extends PostInputDto {
  /** The post that is being written, once it has been saved: its own slot and contributors count. */
  @IsOptional()
  @IsUUID()
  postId?: string
}

export class SavePostDto extends PostInputDto {
  /** The version that was opened; another one saved since is a conflict. */
  @IsInt()
  @Min(1)
  version: number
}

export class SendForReviewDto {
  @IsInt()
  @Min(1)
  version: number
}

export class RetractDto {
  @IsString()
  @Matches(/\S/, { message: 'Say in a few words why it is taken down' })
  @MaxLength(500)
  reason: string
}

export class AnswerDto {
  /** Whether the post is there, as somebody looked with their own eyes. */
  @IsIn([true, false])
  there: boolean

  @IsOptional()
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false },
    { message: 'The address "$value" has to start with https://' },
  )
  url?: string
}
