import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../config/config.js'
import { dayIn, dayInWords } from '../governance/role-end.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { composeMail, type MailPart } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { platformRules } from '../platforms/rules.js'
import type { Channel } from './channel.js'

interface Letter {
  readonly kind: string
  readonly subject: string
  readonly parts: readonly MailPart[]
  /** What keeps it from being sent twice to one member. */
  readonly once: string
}

/** Tells the admins that a person has to act for a channel. */
@Injectable()
export class ChannelMails {
  constructor(
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** One mail a day for a channel that has to be connected again, however many posts wait behind it. */
  async toReconnect(manager: EntityManager, channel: Channel, cause: string): Promise<void> {
    const group = await this.groups.get(channel.groupId, manager)
    await this.send(manager, group, channel, {
      kind: 'publication-to-reconnect',
      subject: `${group.name}: ${channel.name} has to be connected again`,
      parts: [
        { kind: 'heading', text: `Please connect ${channel.name} again` },
        { kind: 'text', text: cause },
        { kind: 'text', text: 'Its posts wait; nothing is lost, and they will not all go out at once afterwards.' },
        { kind: 'button', label: 'Open the channels', href: this.addressOf(group) },
      ],
      once: `reconnect-${channel.id}-${this.clock.now().toISODate() ?? ''}`,
    })
  }

  /** @param stage which of the reminders it is, in days */
  async consentEnds(manager: EntityManager, channel: Channel, stage: number): Promise<void> {
    if (channel.consentUntil === null) return
    const group = await this.groups.get(channel.groupId, manager)
    const { name: network } = platformRules[channel.network].capabilities
    const day = dayInWords(dayIn(group.timeZone, channel.consentUntil))
    await this.send(manager, group, channel, {
      kind: 'channel-consent-ends',
      subject: `${group.name}: agree again at ${network} for ${channel.name} by ${day}`,
      parts: [
        { kind: 'heading', text: `${channel.name} needs you before ${day}` },
        {
          kind: 'text',
          text: `${network} lets Seconder post for a while after somebody agreed there, and for ${channel.name} that ends on ${day}. After that nothing goes out on it until somebody has agreed again.`,
        },
        {
          kind: 'list',
          items: [
            `Press the button below and sign in to Seconder.`,
            `At ${channel.name}, press “Connect again”, then “Go to ${network} to agree”.`,
            `Sign in at ${network} as ${channel.handle} and agree. You come back by yourself.`,
          ],
        },
        {
          kind: 'text',
          text: 'It takes a minute. What is planned and approved stays as it is, since it is the same account.',
        },
        { kind: 'button', label: 'Connect again', href: `${this.addressOf(group)}?again=${channel.id}` },
      ],
      once: `consent-${channel.id}-${channel.consentUntil.toMillis()}-${stage}`,
    })
  }

  private addressOf(group: Group): string {
    return `${this.config.publicOrigin}/g/${group.slug}/settings/channels`
  }

  private async send(manager: EntityManager, group: Group, channel: Channel, letter: Letter): Promise<void> {
    const { kind, subject, parts, once } = letter
    for (const admin of await this.members.activeWith(group.id, 'admin', manager)) {
      await this.mailer.enqueue(manager, {
        groupId: group.id,
        personId: admin.personId,
        to: admin.email,
        kind,
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `channel-${channel.id}`,
        onceKey: `${once}-${admin.id}`,
      })
    }
  }
}
