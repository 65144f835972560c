import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../config/config.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import type { ActingMember } from './acting-member.js'
import type { Member } from './member.js'
import { describeRoles } from './roles.js'

@Injectable()
export class InvitationsService {
  constructor(
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  /** Tells a new member of the group and where to sign in. The mail itself opens nothing, so it may be old when it is read. */
  async mail(manager: EntityManager, acting: ActingMember, member: Member): Promise<void> {
    const { group } = acting
    const content = composeMail(
      [
        { kind: 'text', text: `Hello ${member.name},` },
        {
          kind: 'text',
          text: `${acting.name} has added you to ${group.name}, where nothing is posted until a second person has agreed to it.`,
        },
        { kind: 'text', text: `Your part: ${describeRoles(member.roles)}.` },
        { kind: 'button', label: 'Sign in', href: `${this.config.publicOrigin}/sign-in` },
        { kind: 'small', text: `There is no password: type ${member.email} there, and a link comes to this address.` },
      ],
      {
        title: `You are now part of ${group.name}`,
        groupName: group.name,
        footer: `Sent because ${acting.name} added this address. If that is wrong, just ignore it.`,
      },
    )
    await this.mailer.enqueue(manager, {
      groupId: group.id,
      personId: member.personId,
      to: member.email,
      kind: 'invitation',
      subject: `${acting.name} has added you to ${group.name}`,
      ...content,
    })
  }
}
