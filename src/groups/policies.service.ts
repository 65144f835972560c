import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { AuditLog } from '../audit/audit-log.service.js'
import { brokenConstraint, Transaction } from '../database/transaction.js'
import { DomainError } from '../kernel/domain-error.js'
import type { ActingMember } from './acting-member.js'
import { MembersService } from './members.service.js'
import { PoliciesStore } from './policies.store.js'
import { PolicyMails, type PolicyNews } from './policy-mails.service.js'
import { changesBetween, sentencesOf, type PolicyChange, type PolicyNames } from './policy-words.js'
import type { PolicyEntity } from './policy.entity.js'
import { isWeaker, policyRefusal, strictest, tidy, type CurrentPolicy, type Policy } from './policy.js'
import { Rechecks } from './rechecks.service.js'
import { PasskeysService } from './sign-in/passkeys.service.js'

/** One version of the policy with what it says and what it changed. */
export interface ToldPolicy {
  readonly version: PolicyEntity
  readonly sentences: readonly string[]
  /** Against the one that was in force when it was made. */
  readonly changes: readonly PolicyChange[]
  readonly madeBy: string | null
  readonly settledBy: string | null
}

/** The rules of reviewing: which are in force, which bind a post, and how they change. */
@Injectable()
export class PoliciesService {
  constructor(
    private readonly store: PoliciesStore,
    private readonly members: MembersService,
    private readonly mails: PolicyMails,
    private readonly rechecks: Rechecks,
    private readonly passkeys: PasskeysService,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
  ) {}

  /** The policy in force. */
  async current(groupId: string, manager: EntityManager = this.transaction.manager): Promise<CurrentPolicy> {
    const policy = await this.store.current(manager, groupId)
    if (!policy) throw new Error(`Group ${groupId} has no policy`)
    return policy
  }

  /** All that a post has to meet, as one policy: that of its sending, and every one in force since. */
  async over(manager: EntityManager, groupId: string, postId: string): Promise<Policy> {
    return strictest(await this.store.over(manager, groupId, postId))
  }

  /** Every version, the newest first. */
  async history(groupId: string): Promise<ToldPolicy[]> {
    const { manager } = this.transaction
    const names = await this.names(manager, groupId)
    const versions = await this.store.list(manager, groupId)
    return versions.map((version) => {
      const before = versions.find((each) => each.number === version.replaces)
      return {
        version,
        sentences: sentencesOf(version.content, names),
        changes: before ? changesBetween(before.content, version.content, names) : [],
        madeBy: version.madeBy && names.member(version.madeBy),
        settledBy: version.settledBy && names.member(version.settledBy),
      }
    })
  }

  /** What a change would mean, why it would be refused, and whether it would wait for a second admin; changes nothing. */
  async check(
    groupId: string,
    wanted: Policy,
  ): Promise<{ changes: readonly PolicyChange[]; refusal: string | null; waits: boolean }> {
    const { manager } = this.transaction
    const policy = tidy(wanted)
    const refusal = await this.refusal(manager, groupId, policy)
    const current = await this.current(groupId, manager)
    const changes = changesBetween(current, policy, await this.names(manager, groupId))
    return { changes, refusal, waits: isWeaker(current, policy) }
  }

  /**
   * A stricter policy is in force at once; one that asks less in anything waits for a second admin.
   * @throws DomainError `policy-makes-no-sense`, `same-policy`, `one-proposal`, `passkey-first`
   */
  async propose(acting: ActingMember, wanted: Policy, reason: string): Promise<void> {
    const { groupId, memberId } = acting
    const inForce = await this.transaction.run(async (manager) => {
      await this.store.lockGroup(manager, groupId)
      const content = await this.sensible(manager, groupId, wanted)
      const before = await this.current(groupId, manager)
      await this.refuseShuttingOut(manager, acting, before, content)
      const changes = changesBetween(before, content, await this.names(manager, groupId))
      if (changes.length === 0)
        throw new DomainError('same-policy', 'These are the review rules that are in force already.', 'conflict')
      const waiting = await this.store.proposal(manager, groupId)
      if (waiting && isWeaker(before, content)) {
        throw new DomainError(
          'one-proposal',
          `Version ${waiting.number} of the review rules waits for a second admin already. Confirm, refuse or take it back first; stricter rules need not wait.`,
          'conflict',
        )
      }
      const made = await this.store.insert(manager, { groupId, content, reason: reason.trim(), madeBy: memberId })
      const kind = made.state === 'in_force' ? 'changed' : 'proposed'
      await this.mails.send(manager, acting, { kind, number: made.number, reason: made.reason, changes })
      await this.audit.append(manager, groupId, { kind: `policy-${kind}`, memberId, number: made.number })
      return made.state === 'in_force'
    })
    if (inForce) await this.rechecks.run(groupId)
  }

  /** @throws DomainError `second-admin`, `no-such-proposal`, `policy-makes-no-sense`, `passkey-first` */
  async confirm(acting: ActingMember, number: number): Promise<void> {
    await this.settle(acting, number, 'confirmed')
    await this.rechecks.run(acting.groupId)
  }

  /** Any admin refuses; who proposed it takes it back. @throws DomainError `no-such-proposal` */
  async refuse(acting: ActingMember, number: number): Promise<void> {
    await this.settle(acting, number, 'refused')
  }

  private settle(acting: ActingMember, number: number, how: 'confirmed' | 'refused'): Promise<void> {
    const { groupId, memberId } = acting
    return this.transaction.run(async (manager) => {
      await this.store.lockGroup(manager, groupId)
      const proposal = await this.store.proposal(manager, groupId)
      if (proposal?.number !== number) {
        throw new DomainError(
          'no-such-proposal',
          `Version ${number} of the review rules does not wait for anybody any more. Look at the rules again.`,
          'conflict',
        )
      }
      const before = await this.current(groupId, manager)
      const changes = changesBetween(before, proposal.content, await this.names(manager, groupId))
      if (how === 'confirmed') {
        await this.sensible(manager, groupId, proposal.content)
        await this.refuseShuttingOut(manager, acting, before, proposal.content)
      }
      const kind: PolicyNews['kind'] = how === 'refused' && proposal.madeBy === memberId ? 'withdrawn' : how
      const state = kind === 'confirmed' ? 'in_force' : kind === 'withdrawn' ? 'withdrawn' : 'refused'
      await this.store.settle(manager, proposal, state, memberId).catch((error: unknown) => {
        throw explain(error)
      })
      await this.mails.send(manager, acting, { kind, number, reason: '', changes })
      await this.audit.append(manager, groupId, { kind: `policy-${kind}`, memberId, number })
    })
  }

  /** Who makes admins need a passkey has one: at least one admin is then left who can change anything. */
  private async refuseShuttingOut(
    manager: EntityManager,
    acting: ActingMember,
    before: Policy,
    wanted: Policy,
  ): Promise<void> {
    if (before.adminsNeedPasskey || !wanted.adminsNeedPasskey) return
    if (acting.group.demo || (await this.passkeys.has(acting.personId, manager))) return
    throw new DomainError(
      'passkey-first',
      'You have no passkey yourself, so this rule would shut you out. Add one under "Your sign-in", then make it a rule.',
      'conflict',
    )
  }

  private async sensible(manager: EntityManager, groupId: string, wanted: Policy): Promise<Policy> {
    const policy = tidy(wanted)
    const refusal = await this.refusal(manager, groupId, policy)
    if (refusal) throw new DomainError('policy-makes-no-sense', refusal)
    return policy
  }

  private async refusal(manager: EntityManager, groupId: string, policy: Policy): Promise<string | null> {
    return policyRefusal(policy, {
      reviewers: await this.store.reviewers(manager, groupId),
      channelIds: [...(await this.store.channelNames(manager, groupId)).keys()],
    })
  }

  private async names(manager: EntityManager, groupId: string): Promise<PolicyNames> {
    const members = new Map((await this.members.list(groupId, manager)).map(({ id, name }) => [id, name]))
    const channels = await this.store.channelNames(manager, groupId)
    return {
      member: (id) => members.get(id) ?? 'somebody who left',
      channel: (id) => channels.get(id) ?? 'a channel that was removed',
    }
  }
}

function explain(error: unknown): unknown {
  switch (brokenConstraint(error)) {
    case 'policies_two_admins':
      return new DomainError(
        'second-admin',
        'Weaker review rules need two admins who are two people. Another admin than the one who proposed them has to confirm, and both have to be admins still.',
        'forbidden',
      )
    case 'policies_still_meant':
      return new DomainError(
        'no-such-proposal',
        'The review rules have changed since this was proposed. Look at them again, and propose anew what is still wanted.',
        'conflict',
      )
    default:
      return error
  }
}
