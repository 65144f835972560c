import { Transform, Type } from 'class-transformer'
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator'

import type { ToldPolicy } from './policies.service.js'
import type { PolicyState } from './policy.entity.js'

const oneToFive = { message: 'approvals are 1 to 5' } as const
const upToADay = { message: '$property is 0 to 1440 minutes' } as const

export class ExtraRuleDto {
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(60, { each: true, message: 'a label has at most 60 characters' })
  labels: string[]

  @IsArray()
  @ArrayMaxSize(50)
  @IsUUID(undefined, { each: true })
  channelIds: string[]

  /** Member ids: one of them has to be among those who approve. */
  @IsArray()
  @ArrayMaxSize(100)
  @IsUUID(undefined, { each: true })
  reviewers: string[]

  /** Null: as many as of every post. */
  @ValidateIf((rule: ExtraRuleDto) => rule.approvals !== null)
  @IsInt(oneToFive)
  @Min(1, oneToFive)
  @Max(5, oneToFive)
  approvals: number | null
}

export class PolicyDto {
  @IsInt(oneToFive)
  @Min(1, oneToFive)
  @Max(5, oneToFive)
  approvals: number

  @IsIn(['strict', 'last_editor'])
  contributorRule: 'strict' | 'last_editor'

  /** Null: an approval counts until the post goes out. */
  @ValidateIf((policy: PolicyDto) => policy.approvalLifetimeDays !== null)
  @IsInt()
  @Min(1)
  @Max(365, { message: 'an approval counts for 1 to 365 days, or without limit' })
  approvalLifetimeDays: number | null

  @IsInt(upToADay)
  @Min(0, upToADay)
  @Max(1440, upToADay)
  coolingMinutes: number

  @IsInt(upToADay)
  @Min(0, upToADay)
  @Max(1440, upToADay)
  atOnceCoolingMinutes: number

  @IsIn(['usual', 'strict'])
  proof: 'usual' | 'strict'

  @IsBoolean()
  adminsNeedPasskey: boolean

  /** Member ids; null: every reviewer. */
  @ValidateIf((policy: PolicyDto) => policy.mayBeAsked !== null)
  @IsArray()
  @ArrayMaxSize(200)
  @IsUUID(undefined, { each: true })
  mayBeAsked: string[] | null

  @IsArray()
  @ArrayMaxSize(20, { message: 'there are at most 20 extra rules' })
  @ValidateNested({ each: true })
  @Type(() => ExtraRuleDto)
  extra: ExtraRuleDto[]
}

export class PolicyCheckDto {
  @IsObject()
  @ValidateNested()
  @Type(() => PolicyDto)
  policy: PolicyDto
}

export class PolicyProposalDto extends PolicyCheckDto {
  /** Why, for the other admins. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @MaxLength(500)
  reason: string
}

export class PolicyChangeView {
  text: string
  /** It asks less than what is in force. */
  weaker: boolean
}

export class PolicyCheckView {
  changes: PolicyChangeView[]
  /** Why it makes no sense, or null. */
  refusal: string | null
  /** It would wait for a second admin. */
  waits: boolean
}

export class PolicyVersionView {
  number: number
  state: 'proposed' | 'in_force' | 'refused' | 'withdrawn' | 'replaced'
  policy: PolicyDto
  sentences: string[]
  changes: PolicyChangeView[]
  reason: string
  madeAt: string
  /** Null for the first, which came with the group. */
  madeBy: string | null
  settledAt: string | null
  settledBy: string | null
}

export class PolicyView {
  current: PolicyVersionView
  /** What waits for a second admin. */
  proposal: PolicyVersionView | null
  /** Whether the one who looks may confirm it: why not as a sentence, or null. */
  mayConfirm: string | null
  /** All other versions, the newest first. */
  history: PolicyVersionView[]
}

export function presentPolicies(all: readonly ToldPolicy[], memberId: string, isAdmin: boolean): PolicyView {
  const versions = all.map(presentVersion)
  const current = versions.find((each) => each.state === 'in_force')
  if (!current) throw new Error('A group without a policy in force')
  const waiting = all.find((each) => each.version.state === 'proposed')
  const proposal = versions.find((each) => each.state === 'proposed') ?? null
  return {
    current,
    proposal,
    mayConfirm: !isAdmin
      ? 'Only admins confirm review rules.'
      : waiting?.version.madeBy === memberId
        ? 'You proposed this yourself. Another admin has to confirm it.'
        : null,
    history: versions.filter((each) => each !== current && each !== proposal),
  }
}

function presentVersion({ version, sentences, changes, madeBy, settledBy }: ToldPolicy): PolicyVersionView {
  const { number, content, reason, madeAt, settledAt } = version
  const state: PolicyState = version.state
  return {
    number,
    state,
    policy: {
      ...content,
      mayBeAsked: content.mayBeAsked && [...content.mayBeAsked],
      extra: content.extra.map((rule) => ({
        labels: [...rule.labels],
        channelIds: [...rule.channelIds],
        reviewers: [...rule.reviewers],
        approvals: rule.approvals,
      })),
    },
    sentences: [...sentences],
    changes: changes.map((change) => ({ ...change })),
    reason,
    madeAt: madeAt.toISO() ?? '',
    madeBy,
    settledAt: settledAt?.toISO() ?? null,
    settledBy,
  }
}
