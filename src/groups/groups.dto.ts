import { Transform } from 'class-transformer'
import { IsOptional, IsString, Length } from 'class-validator'

import type { Group } from './group.js'

const trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))

export class NewGroupDto {
  @trimmed()
  @IsString()
  @Length(1, 100, { message: 'the name of a group has 1 to 100 characters' })
  name: string

  /** IANA name, such as Europe/London. */
  @IsString()
  timeZone: string
}

export class GroupChangeDto {
  @IsOptional()
  @trimmed()
  @IsString()
  @Length(1, 100, { message: 'the name of a group has 1 to 100 characters' })
  name?: string

  /** IANA name, such as Europe/London. */
  @IsOptional()
  @IsString()
  timeZone?: string
}

export class GroupView {
  id: string
  slug: string
  name: string
  timeZone: string
  /** Whose public holidays count as weekend, such as GB-SCT; null: nobody's. */
  holidays: string | null
  demo: boolean
  /** The group's own public page, if it has one. */
  noticeboardUrl: string | null
}

export function presentGroup(group: Group, noticeboardUrl: string | null): GroupView {
  const { id, slug, name, timeZone, holidays, demo } = group
  return { id, slug, name, timeZone, holidays, demo, noticeboardUrl }
}
