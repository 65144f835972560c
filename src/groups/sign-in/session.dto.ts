import { Transform } from 'class-transformer'
import { IsEmail, IsInt, IsString, IsUUID, Length, Max, Min } from 'class-validator'

import type { Role } from '../roles.js'

const trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))

export class SetUpDto {
  @trimmed()
  @IsString()
  @Length(1, 100, { message: 'the name of the group has 1 to 100 characters' })
  groupName: string

  /** IANA name, such as Europe/London. */
  @IsString()
  timeZone: string

  @trimmed()
  @IsString()
  @Length(1, 100, { message: 'your name has 1 to 100 characters' })
  name: string

  @trimmed()
  @IsEmail({}, { message: '"$value" is not an e-mail address' })
  email: string
}

export class SignInDto {
  @trimmed()
  @IsEmail({}, { message: '"$value" is not an e-mail address' })
  email: string
}

export class EnterDemoDto {
  @IsUUID()
  memberId: string
}

export class MoveClockDto {
  /** How much time passes at once; 14 days at the most. */
  @IsInt()
  @Min(1)
  @Max(14 * 24 * 60)
  minutes: number
}

/** A sentence to show. */
export class Said {
  message: string
}

/** The demonstration's time. */
export class DemoTime {
  now: string
}

export class SessionPerson {
  id: string
  name: string
  email: string
}

export class SessionGroup {
  id: string
  slug: string
  name: string
  timeZone: string
  /** The signed-in person's member in this group. */
  memberId: string
  roles: Role[]
  demo: boolean
}

export class DemoPerson {
  memberId: string
  name: string
  roles: Role[]
  groupName: string
  /** What they do, in words. */
  about: string
}

export class DemoState {
  people: DemoPerson[]
  now: string
}

/** Who is here, where they belong, and what kind of installation this is. */
export class Session {
  person: SessionPerson | null
  groups: SessionGroup[]
  /** Null outside the demonstration. */
  demo: DemoState | null
  setUpNeeded: boolean
  /** Mails wait at /mailbox, because no mail server is set. */
  mailboxOpen: boolean
  production: boolean
  version: string
}
