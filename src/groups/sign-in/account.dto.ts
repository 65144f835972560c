import { Transform } from 'class-transformer'
import { IsObject, IsString, Length, Matches } from 'class-validator'

import type { OwnDevice } from './account.service.js'
import type { Passkey } from './passkey.js'

const trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))

export class PasskeyNameDto {
  @trimmed()
  @IsString()
  @Length(1, 60, { message: 'a name has 1 to 60 characters' })
  name: string
}

/** What the browser's WebAuthn API answered, by `toJSON()`. */
export class DeviceAnswerDto {
  @IsObject({ message: 'response is what the browser answered' })
  response: Record<string, unknown>
}

export class NewPasskeyDto extends PasskeyNameDto {
  @IsObject({ message: 'response is what the browser answered' })
  response: Record<string, unknown>
}

export class CodeDto {
  @trimmed()
  @Matches(/^\d[\d ]{4,9}\d$/, { message: 'a code has six digits' })
  code: string
}

export class PasskeyView {
  id: string
  name: string
  createdAt: string
  lastUsedAt: string | null
  /** Kept by a password manager on several devices, rather than by one device alone. */
  backedUp: boolean
}

export class SessionView {
  id: string
  /** The device in words, such as "Firefox on Windows". */
  words: string
  since: string
  /** `YYYY-MM-DD`. */
  lastUsedOn: string
  thisOne: boolean
}

export class ReviewDeviceView {
  id: string
  words: string
  since: string
  lastUsedOn: string
  groupName: string
}

/** How somebody signs in, and where they are signed in. */
export class Account {
  passkeys: PasskeyView[]
  /** The only address at which passkeys work. */
  passkeyOrigin: string
  /** Browsers have passkeys for names, not for numbers such as 127.0.0.1. */
  passkeysPossible: boolean
  sessions: SessionView[]
  reviewDevices: ReviewDeviceView[]
}

/** What was mailed, in a sentence to show. */
export class CodeSent {
  message: string
}

export function presentPasskey({ id, name, createdAt, lastUsedAt, backedUp }: Passkey): PasskeyView {
  return { id, name, createdAt: createdAt.toISO()!, lastUsedAt: lastUsedAt?.toISO() ?? null, backedUp }
}

export function presentDevice<Device extends OwnDevice>(device: Device): Omit<Device, 'since'> & { since: string } {
  return { ...device, since: device.since.toISO()! }
}
