import type { IncomingHttpHeaders } from 'node:http'

import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { ClockShift } from './clock-shift.service.js'
import { GroupsStore } from './groups.store.js'
import { MembersStore } from './members.store.js'
import { describeRoles, type Role } from './roles.js'
import type { SignedInPerson } from './sign-in/session.service.js'
import { SignInService } from './sign-in/sign-in.service.js'
import type { Opened } from './sign-in/sign-in.store.js'

/** Somebody whom a visitor can enter the demonstration as. */
export interface DemoPersonView {
  readonly memberId: string
  readonly name: string
  readonly roles: Role[]
  readonly groupName: string
  readonly about: string
}

/** Entering the demonstration as anybody in it, and letting its time pass. Never in production. */
@Injectable()
export class DemoService {
  constructor(
    private readonly config: Config,
    private readonly groups: GroupsStore,
    private readonly members: MembersStore,
    private readonly signIn: SignInService,
    private readonly shift: ClockShift,
    private readonly clock: Clock,
    private readonly transaction: Transaction,
  ) {}

  /** Who can be entered as, and the time there; null when there is no demonstration. */
  async view(): Promise<{ people: DemoPersonView[]; now: string } | null> {
    if (!this.isOn) return null
    const members = await this.members.demoMembers(this.transaction.manager)
    if (members.length === 0) return null
    return {
      people: members.map(({ memberId, name, roles, groupName }) => ({
        memberId,
        name,
        roles,
        groupName,
        about: describeRoles(roles),
      })),
      now: this.clock.now().toISO()!,
    }
  }

  /** @throws DomainError `no-demo`, `no-such-demo-person` */
  async enter(memberId: string, headers: IncomingHttpHeaders): Promise<Opened> {
    this.requireOn()
    const member = (await this.members.demoMembers(this.transaction.manager)).find((each) => each.memberId === memberId)
    const opened = member && (await this.signIn.openFor(member.email, headers))
    if (opened) return opened
    throw new DomainError(
      'no-such-demo-person',
      'There is nobody like that in the demonstration. Choose one of the people shown.',
      'not-found',
    )
  }

  /**
   * Lets `minutes` pass at once, with all that happens in them, for everybody in the installation.
   * @throws DomainError `no-demo`, `not-in-demo`, `real-group-here`
   */
  async letPass(person: SignedInPerson, minutes: number): Promise<DateTime> {
    this.requireOn()
    const { manager } = this.transaction
    if (!(await this.members.membershipsOf(manager, person.personId)).some((membership) => membership.demo)) {
      throw new DomainError('not-in-demo', 'Enter the demonstration as one of its people first.', 'forbidden')
    }
    if (await this.groups.anyReal(manager)) {
      throw new DomainError(
        'real-group-here',
        'A real group uses this installation, and its posts would go out early. Try the moving clock in an installation with the demonstration alone.',
        'conflict',
      )
    }
    await this.shift.letPass(minutes)
    return this.clock.now()
  }

  private get isOn(): boolean {
    return this.config.demo && !this.config.production
  }

  private requireOn(): void {
    if (this.isOn) return
    throw new DomainError('no-demo', 'There is no demonstration in this installation.', 'not-found')
  }
}
