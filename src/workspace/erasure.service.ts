import { Injectable } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import { firstWords } from '../drafts/content.js'
import { normalEmail } from '../groups/email-address.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { DomainError } from '../kernel/domain-error.js'
import { ErasureStore } from './erasure.store.js'

/** Erases what is known of a person. Ids stay: the log, the verdicts and the gate go on to mean the same. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly store: ErasureStore,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
  ) {}

  /**
   * All in one transaction, or nothing. The person leaves every group.
   * @returns how many groups the person was in
   * @throws DomainError `no-such-person`, `open-posts`, `last-admins`
   */
  erase(address: string): Promise<number> {
    const email = normalEmail(address)
    return this.transaction.run(async (manager) => {
      const people = await this.store.people(manager, email)
      if (people.length === 0) {
        throw new DomainError('no-such-person', `Nobody here has the address ${email}.`, 'not-found')
      }
      const ids = people.map(({ id }) => id)
      const memberships = await this.store.memberships(manager, ids)
      const open = await this.store.openPosts(manager, ids)
      if (open.length > 0) stillOpen(people[0]!.name, open)
      for (const { groupId, memberId, status } of memberships) {
        if (status === 'left') continue
        const group = await this.groups.get(groupId, manager)
        await this.members.apply(manager, group, memberId, { status: 'left' }, null)
      }
      for (const groupId of new Set(memberships.map((each) => each.groupId)))
        for (const { name } of people) await this.store.forgetName(manager, groupId, name)
      for (const person of people) await this.store.erasePerson(manager, person)
      for (const { groupId, memberId } of memberships)
        await this.audit.append(manager, groupId, { kind: 'person-erased', memberId })
      return memberships.length
    })
  }
}

function stillOpen(name: string, posts: readonly { groupName: string; text: string }[]): never {
  const some = posts.slice(0, 3).map(({ groupName, text }) => `“${firstWords(text)}” (${groupName})`)
  throw new DomainError(
    'open-posts',
    `${name} is the author of ${posts.length} ${posts.length === 1 ? 'post that is' : 'posts that are'} still open: ${some.join(', ')}${posts.length > 3 ? ' and more' : ''}. First somebody else takes each over, or cancels it, on the page of the post.`,
    'conflict',
  )
}
