import { Transform } from 'class-transformer'
import { ArrayNotEmpty, IsArray, IsBoolean, IsEmail, IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator'

import type { Member } from './member.js'
import { memberStatuses, type MemberStatus, roles, type Role } from './roles.js'

const trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
const unknownRole = { each: true, message: 'roles are admin, editor and reviewer' } as const

export class InvitationDto {
  @trimmed()
  @IsString()
  @Length(1, 100, { message: 'a name has 1 to 100 characters' })
  name: string

  @trimmed()
  @IsEmail({}, { message: '"$value" is not an e-mail address' })
  email: string

  @IsArray()
  @ArrayNotEmpty({ message: 'choose at least one role' })
  @IsIn(roles, unknownRole)
  roles: Role[]
}

export class MemberChangeDto {
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty({ message: 'choose at least one role, or suspend the member' })
  @IsIn(roles, unknownRole)
  roles?: Role[]

  @IsOptional()
  @IsIn(memberStatuses)
  status?: MemberStatus

  @IsOptional()
  @IsBoolean()
  getsSummary?: boolean
}

export class SamePersonDto {
  /** The id of the other member. */
  @IsUUID()
  sameAs: string
}

export class MemberView {
  id: string
  name: string
  email: string
  roles: Role[]
  status: MemberStatus
  /** Has signed in since being invited. */
  joined: boolean
  getsSummary: boolean
  /** The one who asks. */
  you: boolean
}

export function presentMember(member: Member, ownId: string): MemberView {
  const { id, name, email, status, joined, getsSummary } = member
  return { id, name, email, roles: [...member.roles], status, joined, getsSummary, you: id === ownId }
}
