import type { Actor } from '../kernel/actor.js'
import type { Group } from './group.js'
import type { Role } from './roles.js'

/** The active member behind a request, and the group that the request is about. */
export interface ActingMember extends Actor {
  readonly email: string
  readonly roles: readonly Role[]
  readonly group: Group
}
