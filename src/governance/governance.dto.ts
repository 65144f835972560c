import { Transform } from 'class-transformer'
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator'
import type { DateTime } from 'luxon'

import type { Member } from '../groups/member.js'
import { roles, type Role } from '../groups/roles.js'
import type { ManagerDetails } from './accountable.js'
import { isUnconfirmed, type Manager } from './accountable.js'
import type { CodeOfEthicsEntity } from './code-of-ethics.entity.js'
import { pointsOf } from './code-of-ethics.js'
import type { HandOver } from './hand-overs.service.js'
import type { RoleEndEntity } from './role-end.entity.js'

const trimmed = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))

export class ManagerDto implements ManagerDetails {
  @trimmed()
  @IsString()
  @Length(1, 100, { message: 'a name has 1 to 100 characters' })
  name: string

  /** Their place in the organisation, such as "treasurer". */
  @trimmed()
  @IsString()
  @Length(1, 100, { message: 'a role in the organisation has 1 to 100 characters' })
  role: string

  @trimmed()
  @IsEmail({}, { message: '"$value" is not an e-mail address' })
  email: string

  @trimmed()
  @Matches(/^\+?[\d\s()./-]{5,30}$/, { message: '"$value" is not a telephone number' })
  telephone: string
}

export class CodeOfEthicsDto {
  @IsString()
  @MaxLength(20_000)
  text: string

  /** The version that it changes. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  number: number
}

export class RoleEndDto {
  @IsIn(roles, { message: 'roles are admin, editor and reviewer' })
  role: Role

  /** `YYYY-MM-DD`, the last day on the clocks of the group; null takes the end away. */
  @IsOptional()
  @IsString()
  @MaxLength(30)
  endsOn: string | null
}

export class AbsenceDto {
  /** `YYYY-MM-DD`, the first day on which they are asked again; null asks again at once. */
  @IsOptional()
  @IsString()
  @MaxLength(30)
  until: string | null
}

export class HandOverTickDto {
  @IsString()
  @Length(1, 100)
  item: string

  @IsBoolean()
  done: boolean
}

export class HandOverNotesDto {
  @IsString()
  @MaxLength(5000, { message: 'notes have at most 5,000 characters' })
  notes: string
}

/** To other members than admins by name only. */
export class ManagerView {
  place: number
  name: string
  details: ManagerDetailsView | null
}

export class ManagerDetailsView {
  role: string
  email: string
  telephone: string
  /** ISO in UTC. */
  confirmedAt: string
  /** Nobody has said for a year that this is right. */
  unconfirmed: boolean
}

export class CodeOfEthicsView {
  number: number
  text: string
  points: string[]
  /** ISO in UTC. */
  madeAt: string
  /** Null: it came with the group. */
  madeBy: string | null
}

export class RoleEndView {
  memberId: string
  name: string
  role: Role
  /** `YYYY-MM-DD` on the clocks of the group. */
  endsOn: string
  /** It was due, but the last two admins keep the role. */
  kept: boolean
}

export class AbsenceView {
  memberId: string
  name: string
  /** `YYYY-MM-DD`: the first day on which they are asked again. */
  until: string
}

export class UnansweringView {
  memberId: string
  name: string
  sentence: string
}

export class HandOverSummaryView {
  memberId: string
  name: string
  /** ISO in UTC. */
  leftAt: string
  /** How many things nobody has ticked yet. */
  open: number
}

export class GovernanceView {
  managers: ManagerView[]
  /** What is wrong with the managers, as sentences. */
  notices: string[]
  /** Active admins, by name. */
  admins: string[]
  roleEnds: RoleEndView[]
  away: AbsenceView[]
  ethics: CodeOfEthicsView
  /** For admins only; null for others. */
  unanswering: UnansweringView[] | null
  /** For admins only; null for others. */
  handOvers: HandOverSummaryView[] | null
}

export class HandOverItemView {
  key: string
  text: string
  /** Below `/g/<slug>/`; null: not in Seconder. */
  path: string | null
  ticked: HandOverTickView | null
}

export class HandOverTickView {
  by: string
  /** ISO in UTC. */
  at: string
}

export class HandOverView {
  memberId: string
  name: string
  /** ISO in UTC; null: still a member, and this is what they would leave behind. */
  leftAt: string | null
  notes: string
  items: HandOverItemView[]
}

export function presentManager(manager: Manager, whole: boolean, now: DateTime): ManagerView {
  const { place, name, role, email, telephone, confirmedAt } = manager
  const details = {
    role,
    email,
    telephone,
    confirmedAt: iso(confirmedAt),
    unconfirmed: isUnconfirmed(confirmedAt, now),
  }
  return { place, name, details: whole ? details : null }
}

export function presentCode(code: CodeOfEthicsEntity, nameOf: (memberId: string) => string): CodeOfEthicsView {
  const { number, text, madeAt, madeBy } = code
  return { number, text, points: pointsOf(text), madeAt: iso(madeAt), madeBy: madeBy === null ? null : nameOf(madeBy) }
}

export function presentRoleEnd(end: RoleEndEntity, member: Member): RoleEndView {
  return { memberId: member.id, name: member.name, role: end.role, endsOn: end.endsOn, kept: end.keptAt !== null }
}

export function presentHandOver({ member, leftAt, notes, items }: HandOver): HandOverView {
  return {
    memberId: member.id,
    name: member.name,
    leftAt: leftAt && iso(leftAt),
    notes,
    items: items.map(({ key, text, path, ticked }) => ({
      key,
      text,
      path,
      ticked: ticked && { by: ticked.by, at: iso(ticked.at) },
    })),
  }
}

export function summariseHandOver({ member, leftAt, items }: HandOver): HandOverSummaryView {
  const open = items.filter((item) => item.ticked === null).length
  return { memberId: member.id, name: member.name, leftAt: leftAt === null ? '' : iso(leftAt), open }
}

function iso(instant: DateTime): string {
  return instant.toUTC().toISO() ?? ''
}
