import type { MemberStatus, Role } from './roles.js'

/** A person in a group. */
export interface Member {
  readonly groupId: string
  /** The member's id, not the person's. */
  readonly id: string
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly roles: readonly Role[]
  readonly status: MemberStatus
  readonly getsSummary: boolean
  /** Has signed in at least once since being invited. */
  readonly joined: boolean
}
