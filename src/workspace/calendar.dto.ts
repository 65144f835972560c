import { Transform } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator'

const wallTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/
const trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))

export class NewSilenceDto {
  /** What it is, for people: "Election silence". */
  @trimmed()
  @IsString()
  @Length(1, 80, { message: 'Say in 1 to 80 characters what the silence is for' })
  name: string

  /** Wall time in the group's zone, such as 2026-12-24T18:00. */
  @Matches(wallTime, { message: 'The time "$value" has to look like 2026-12-24T18:00' })
  from: string

  /** From then on posts go out again. */
  @Matches(wallTime, { message: 'The time "$value" has to look like 2026-12-24T18:00' })
  until: string

  /** Null: every channel. */
  @ValidateIf((given: NewSilenceDto) => given.channelIds !== null)
  @IsArray()
  @ArrayNotEmpty({ message: 'Choose a channel, or all of them' })
  @ArrayMaxSize(200)
  @IsUUID(undefined, { each: true })
  channelIds: string[] | null
}

export class PauseDto {
  /** For everybody in the group. */
  @IsOptional()
  @trimmed()
  @IsString()
  @MaxLength(300)
  reason?: string
}

export class SilenceView {
  id: string
  name: string
  from: string
  until: string
  /** Such as "Thursday 24 December, 18:00 to Sunday 27 December, 09:00 (Europe/London)". */
  text: string
  /** Null: every channel. */
  channels: string[] | null
  madeBy: string
  now: boolean
}

export class PauseView {
  by: string
  /** ISO. */
  since: string
  reason: string | null
  /** Who asked to let publishing go on; somebody else has to confirm it. */
  releaseAskedBy: string | null
  /** Null when you may ask or confirm, else why not. */
  whyNotRelease: string | null
}

export class CalendarView {
  silences: SilenceView[]
  pause: PauseView | null
}

export class PauseStateView {
  pause: PauseView | null
}

export class RegionView {
  code: string
  name: string
}

export class HolidayView {
  /** `YYYY-MM-DD`. */
  date: string
  text: string
}

export class HolidaysDto {
  /** A country with its part, such as GB-SCT; null: no holidays. */
  @ValidateIf((given: HolidaysDto) => given.of !== null)
  @Matches(/^[A-Z]{2}(-[A-Z0-9]{1,5})?$/, {
    message: 'The holidays "$value" have to be those of a country, such as GB-SCT',
  })
  of: string | null
}

export class HolidaysView {
  /** A country, or a part of it; null: no holidays. */
  of: string | null
  countries: RegionView[]
  /** The parts of the chosen country whose holidays differ. */
  parts: RegionView[]
  /** The next ones. */
  next: HolidayView[]
}
