import { Injectable } from '@nestjs/common'

import { Transaction } from '../../database/transaction.js'
import { DomainError } from '../../kernel/domain-error.js'
import { normalEmail } from '../email-address.js'
import type { Group } from '../group.js'
import { GroupsService } from '../groups.service.js'
import { GroupsStore } from '../groups.store.js'
import { MembersService } from '../members.service.js'
import { SignInService } from './sign-in.service.js'

/** Who founds a group starts with every role: somebody has to be able to do each thing until others are invited. */
export const foundersRoles = ['admin', 'editor', 'reviewer'] as const

/** The first real group of an installation, and further ones. */
@Injectable()
export class SetUpService {
  constructor(
    private readonly groups: GroupsService,
    private readonly store: GroupsStore,
    private readonly members: MembersService,
    private readonly signIn: SignInService,
    private readonly transaction: Transaction,
  ) {}

  /** Whether nobody has set this installation up yet; the demonstration does not count. */
  async isNeeded(): Promise<boolean> {
    return !(await this.store.anyReal(this.transaction.manager))
  }

  /**
   * Makes the first group with its first admin, and mails them a link.
   * @throws DomainError `already-set-up`, `unknown-time-zone`
   */
  async setUp(given: { groupName: string; timeZone: string; name: string; email: string }): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.store.lockFounding(manager)
      if (await this.store.anyReal(manager)) {
        throw new DomainError(
          'already-set-up',
          'This installation has been set up already. Ask one of its admins to invite you, or sign in.',
          'conflict',
        )
      }
      const group = await this.groups.create(manager, { name: given.groupName, timeZone: given.timeZone })
      await this.members.add(manager, group, {
        name: given.name,
        email: given.email,
        roles: foundersRoles,
        getsSummary: true,
      })
    })
    await this.signIn.mailLink(normalEmail(given.email))
  }

  /**
   * A further group, with an admin of another as its first member.
   * @throws DomainError `unknown-time-zone`, `wrong-role`
   */
  async addGroup(
    founder: { personId: string; name: string; email: string },
    given: { name: string; timeZone: string },
  ): Promise<Group> {
    return this.transaction.run(async (manager) => {
      const memberships = await this.members.membershipsOf(founder.personId, manager)
      if (!memberships.some((membership) => membership.roles.includes('admin') && !membership.demo)) {
        throw new DomainError(
          'wrong-role',
          'Only an admin of a group may make another group. Ask one to do it.',
          'forbidden',
        )
      }
      const group = await this.groups.create(manager, given)
      await this.members.add(manager, group, { ...founder, roles: foundersRoles, getsSummary: true })
      return group
    })
  }
}
