import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../config/config.js'
import { composeMail, type MailPart } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import type { ActingMember } from './acting-member.js'
import { MembersService } from './members.service.js'
import type { PolicyChange } from './policy-words.js'

/** What happened to a policy, as it is told. */
export interface PolicyNews {
  readonly kind: 'changed' | 'proposed' | 'confirmed' | 'refused' | 'withdrawn'
  readonly number: number
  readonly reason: string
  readonly changes: readonly PolicyChange[]
}

const said: { readonly [Kind in PolicyNews['kind']]: readonly [subject: string, lead: string] } = {
  changed: ['made the review rules stricter', 'It is in force now, also for posts that are in review.'],
  proposed: [
    'asks for weaker review rules',
    'Nothing has changed yet: this waits until a second admin confirms or refuses it.',
  ],
  confirmed: [
    'confirmed weaker review rules',
    'They are in force now. Posts that were in review already still need what they needed.',
  ],
  refused: ['refused weaker review rules', 'Everything stays as it was.'],
  withdrawn: ['took back the proposal of weaker review rules', 'Everything stays as it was.'],
}

/** Tells the other admins at once when the rules of reviewing change, or are to. */
@Injectable()
export class PolicyMails {
  constructor(
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  async send(manager: EntityManager, acting: ActingMember, news: PolicyNews): Promise<void> {
    const { group, name } = acting
    const [what, lead] = said[news.kind]
    const subject = `${name} ${what} in ${group.name}`
    const parts: MailPart[] = [
      { kind: 'text', text: `${name} ${what}. ${lead}` },
      {
        kind: 'list',
        items: news.changes.map(({ text, weaker }) => (weaker ? `${text} (weaker than before)` : text)),
      },
      ...(news.reason ? [{ kind: 'quote' as const, text: news.reason }] : []),
      {
        kind: 'button',
        label: news.kind === 'proposed' ? 'Look and decide' : 'See the review rules',
        href: `${this.config.publicOrigin}/g/${group.slug}/settings/rules`,
      },
    ]
    for (const admin of await this.members.activeWith(acting.groupId, 'admin', manager)) {
      if (admin.id === acting.memberId) continue
      await this.mailer.enqueue(manager, {
        groupId: acting.groupId,
        personId: admin.personId,
        to: admin.email,
        kind: 'policy',
        subject,
        ...composeMail(parts, { title: subject, groupName: group.name }),
        thread: `policy-${acting.groupId}`,
      })
    }
  }
}
