import { createHmac, randomInt } from 'node:crypto'

import { Injectable } from '@nestjs/common'

import { Config } from '../../config/config.js'
import { Transaction } from '../../database/transaction.js'
import { DomainError } from '../../kernel/domain-error.js'
import { PeopleStore } from '../people.store.js'
import { PersonAudit } from '../person-audit.service.js'
import { PasskeysService } from './passkeys.service.js'
import { codeMinutes, codesPerPerson, codeTries, freshMinutes, isFresh } from './proof.js'
import type { SignedInPerson } from './session.service.js'
import { SessionsStore } from './sessions.store.js'
import { SignInNotices } from './sign-in-notices.service.js'
import type { DeviceAnswer, RequestOptions } from './web-authn.adapter.js'

/**
 * Being there once more: what is at stake (credentials, roles, the policy, ways in) wants a proof that is at most
 * 15 minutes old, by passkey, or for people without one by a code in their mail. Signing in is such a proof.
 */
@Injectable()
export class StepUpService {
  constructor(
    private readonly passkeys: PasskeysService,
    private readonly sessions: SessionsStore,
    private readonly people: PeopleStore,
    private readonly notices: SignInNotices,
    private readonly audit: PersonAudit,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /** @throws DomainError `step-up-needed`, with `by` telling what will do */
  async require(person: SignedInPerson, group: { demo: boolean } | null): Promise<void> {
    const proof = await this.sessions.proof(this.transaction.manager, person.sessionId, freshMinutes)
    const hasPasskey = await this.passkeys.has(person.personId)
    const inDemonstration = group ? group.demo : this.config.demo && !this.config.production
    if (proof && isFresh({ ...proof, hasPasskey, inDemonstration })) return
    throw stepUpNeeded(hasPasskey, `Before this is done, show that it is really you: ${wayOf(hasPasskey)}.`)
  }

  /**
   * In a group whose admins need a passkey, an admin does nothing without having used one in this session.
   * @throws DomainError `passkey-needed`, `step-up-needed`
   */
  async requirePasskey(person: SignedInPerson, group: { name: string; demo: boolean }): Promise<void> {
    const proof = await this.sessions.proof(this.transaction.manager, person.sessionId, freshMinutes)
    if (proof?.withPasskey || (proof?.by === 'demo' && group.demo)) return
    if (await this.passkeys.has(person.personId)) {
      throw stepUpNeeded(true, `In ${group.name}, admins act only after using their passkey: ${wayOf(true)}.`)
    }
    throw new DomainError(
      'passkey-needed',
      `In ${group.name}, admins need a passkey before they change anything, and you have none yet. Add one under "Your sign-in", then do this again.`,
      'forbidden',
    )
  }

  /** Adding a passkey is using it: the device has just checked who is there. */
  async noteNewPasskey(person: SignedInPerson): Promise<void> {
    await this.sessions.noteProof(this.transaction.manager, person.sessionId, 'passkey')
  }

  /** What `navigator.credentials.get` is given. @throws DomainError `no-passkey` */
  startPasskey(person: SignedInPerson): Promise<RequestOptions> {
    return this.passkeys.startProof(person.personId, purposeOf(person))
  }

  /** @throws DomainError as `PasskeysService.finishProof` */
  async finishPasskey(person: SignedInPerson, response: DeviceAnswer): Promise<void> {
    try {
      await this.passkeys.finishProof(person.personId, purposeOf(person), response)
    } catch (error) {
      // Too slow is no failed proof.
      if (error instanceof DomainError && error.code !== 'passkey-challenge-over') await this.refuse(person, 'passkey')
      throw error
    }
    await this.succeed(person, 'passkey')
  }

  /**
   * Mails a code. The one before it ends, but not the count of wrong ones.
   * @returns whether a mail was sent: not when five were within a quarter of an hour
   * @throws DomainError `use-your-passkey` for somebody who has one
   */
  async sendCode(person: SignedInPerson): Promise<{ sent: boolean }> {
    await this.refuseCodeWithPasskey(person)
    const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
    return this.transaction.run(async (manager) => {
      await this.people.lock(manager, person.personId)
      if ((await this.people.mailsWithin(manager, person.personId, 'step-up-code', codeMinutes)) >= codesPerPerson) {
        return { sent: false }
      }
      await this.sessions.putCode(manager, person.sessionId, this.hash(person, code), codeMinutes)
      await this.notices.stepUpCode(manager, { ...person, id: person.personId }, code, codeMinutes)
      return { sent: true }
    })
  }

  /** @throws DomainError `wrong-code`, `no-code`, `too-many-codes`, `use-your-passkey` */
  async checkCode(person: SignedInPerson, typed: string): Promise<void> {
    await this.refuseCodeWithPasskey(person)
    const answer = await this.transaction.run(async (manager) => {
      const code = await this.sessions.lockCode(manager, person.sessionId)
      if (!code?.alive) return 'none'
      if (code.tries >= codeTries) return 'over'
      if (code.codeHash === this.hash(person, typed.replace(/\s/g, ''))) {
        await this.sessions.dropCode(manager, person.sessionId)
        return 'right'
      }
      await this.sessions.countWrongCode(manager, person.sessionId)
      return codeTries - code.tries - 1
    })
    if (answer === 'right') return this.succeed(person, 'code')
    if (answer === 'none') {
      throw new DomainError('no-code', 'This code has run out. Ask for a new one.', 'conflict')
    }
    await this.refuse(person, 'code')
    if (answer === 'over' || answer === 0) {
      throw new DomainError(
        'too-many-codes',
        `Too many wrong codes were typed. Wait ${codeMinutes} minutes and ask for a new one, or sign in anew.`,
        'too-many',
      )
    }
    throw new DomainError(
      'wrong-code',
      `This is not the code in the mail; ${answer} ${answer === 1 ? 'try is' : 'tries are'} left. Type the newest one that you have got.`,
      'forbidden',
    )
  }

  private async refuseCodeWithPasskey(person: SignedInPerson): Promise<void> {
    if (!(await this.passkeys.has(person.personId))) return
    throw new DomainError(
      'use-your-passkey',
      'You have a passkey, so a code is not enough. Use your passkey.',
      'conflict',
    )
  }

  private succeed(person: SignedInPerson, how: 'passkey' | 'code'): Promise<void> {
    return this.transaction.run(async (manager) => {
      await this.sessions.noteProof(manager, person.sessionId, how)
      await this.audit.append(manager, person.personId, { kind: 'stepped-up', how })
    })
  }

  private refuse(person: SignedInPerson, how: 'passkey' | 'code'): Promise<void> {
    return this.transaction.run((manager) =>
      this.audit.append(manager, person.personId, { kind: 'step-up-refused', how }),
    )
  }

  /** Six digits could be guessed from a plain hash; keyed by the secret they cannot. */
  private hash(person: SignedInPerson, code: string): string {
    return createHmac('sha256', this.config.secret).update(`step-up ${person.sessionId} ${code}`).digest('hex')
  }
}

function purposeOf(person: SignedInPerson): string {
  return `step-up ${person.sessionId}`
}

function wayOf(hasPasskey: boolean): string {
  return hasPasskey ? 'use your passkey' : 'type the code that is mailed to you'
}

function stepUpNeeded(hasPasskey: boolean, sentence: string): DomainError {
  return new DomainError('step-up-needed', sentence, 'forbidden', { by: hasPasskey ? 'passkey' : 'code' })
}
