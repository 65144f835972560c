import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { Request } from 'express'

import { DomainError } from '../kernel/domain-error.js'
import type { ActingMember } from './acting-member.js'
import { GroupsService } from './groups.service.js'
import { MembersService } from './members.service.js'
import { PoliciesService } from './policies.service.js'
import { mayAct, type Role, roleRefusal } from './roles.js'
import { SessionService } from './sign-in/session.service.js'
import { StepUpService } from './sign-in/step-up.service.js'

interface GroupRequest extends Request {
  acting?: ActingMember
}

const neededRoles = 'needed-roles'
const reading = ['GET', 'HEAD']

/** Opens a controller or route to members with any of these roles only; without it, every active member may. */
export function ForRoles(...roles: Role[]): ClassDecorator & MethodDecorator {
  return SetMetadata(neededRoles, roles)
}

/** The active member behind the request; only on controllers with `GroupGuard`. */
export const Acting = createParamDecorator((_data: unknown, context: ExecutionContext): ActingMember => {
  const { acting } = context.switchToHttp().getRequest<GroupRequest>()
  if (!acting) throw new Error('@Acting needs @UseGuards(GroupGuard) on its controller')
  return acting
})

function withoutAdmin(roles: readonly Role[]): Role[] {
  return roles.filter((role) => role !== 'admin')
}

/**
 * Lets active members of `:groupId` (an id or a slug; the route sees the id) pass.
 * For everybody else the group does not exist: somebody who is no member learns nothing, not even that.
 */
@Injectable()
export class GroupGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionService,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly policies: PoliciesService,
    private readonly stepUps: StepUpService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GroupRequest>()
    const person = await this.sessions.require(request)
    const group = await this.groups.findByIdOrSlug(String(request.params['groupId']))
    const member = group && (await this.members.ofPerson(group.id, person.personId))
    if (!group || !member || member.status === 'left') {
      throw new DomainError('no-such-group', 'There is no such group, or you are not a member of it.', 'not-found')
    }
    if (member.status === 'suspended') {
      throw new DomainError(
        'suspended',
        `Your membership of ${group.name} is suspended. Ask an admin of the group.`,
        'forbidden',
      )
    }
    const needed =
      this.reflector.getAllAndOverride<Role[] | undefined>(neededRoles, [context.getHandler(), context.getClass()]) ??
      []
    if (!mayAct(member.roles, needed)) {
      throw new DomainError('wrong-role', roleRefusal(member.roles, needed, group.name), 'forbidden')
    }
    // Seeing is free: an admin without a passkey has to find the way to add one, and others have to see what is wrong.
    if (!reading.includes(request.method) && !mayAct(withoutAdmin(member.roles), needed)) {
      const { adminsNeedPasskey } = await this.policies.current(group.id)
      if (adminsNeedPasskey) await this.stepUps.requirePasskey(person, group)
    }
    request.params['groupId'] = group.id
    const { id: memberId, personId, name, email, roles } = member
    request.acting = { groupId: group.id, memberId, personId, name, email, roles, group }
    return true
  }
}
