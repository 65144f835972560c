import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../../database/transaction.js'
import { Clock } from '../../kernel/clock.js'
import { DomainError } from '../../kernel/domain-error.js'
import { newId, newToken, sha256 } from '../../kernel/ids.js'
import type { Person } from '../people.service.js'
import { PeopleStore } from '../people.store.js'
import { PersonAudit } from '../person-audit.service.js'
import type { PasskeyEntity } from './passkey.entity.js'
import { challengeIn, challengeMinutes, isCopied, type Passkey, passkeysPerPerson, userHandle } from './passkey.js'
import { PasskeysStore } from './passkeys.store.js'
import { SignInNotices } from './sign-in-notices.service.js'
import { type CreationOptions, type DeviceAnswer, type RequestOptions, WebAuthn } from './web-authn.adapter.js'

/** What browsers are asked and say, for those who pass it on. */
export type { CreationOptions, DeviceAnswer, RequestOptions } from './web-authn.adapter.js'

/** The purpose of the challenge that a new passkey answers; no other purpose may be called so. */
const registering = 'register'

/** Passkeys of people: added, renamed, removed, and asked for as proof of who is there. */
@Injectable()
export class PasskeysService {
  constructor(
    private readonly store: PasskeysStore,
    private readonly people: PeopleStore,
    private readonly webAuthn: WebAuthn,
    private readonly notices: SignInNotices,
    private readonly audit: PersonAudit,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  list(personId: string): Promise<Passkey[]> {
    return this.store.of(this.transaction.manager, personId)
  }

  has(personId: string, manager: EntityManager = this.transaction.manager): Promise<boolean> {
    return this.store.anyOf(manager, personId)
  }

  /**
   * What `navigator.credentials.create` is given, good once and for 5 minutes.
   * @throws DomainError `too-many-passkeys`
   */
  async startRegistration(person: { personId: string; name: string; email: string }): Promise<CreationOptions> {
    const known = await this.store.of(this.transaction.manager, person.personId)
    if (known.length >= passkeysPerPerson) {
      throw new DomainError(
        'too-many-passkeys',
        `You have ${known.length} passkeys already. Remove one that you do not use, then add this one.`,
        'conflict',
      )
    }
    return this.webAuthn.creationOptions(person, await this.challenge(registering, person.personId), known)
  }

  /**
   * Keeps the passkey that the device has made, and tells the person by mail.
   * @throws DomainError `passkey-challenge-over`, `passkey-refused`, `passkey-known`
   */
  async finishRegistration(personId: string, given: { name: string; response: DeviceAnswer }): Promise<Passkey> {
    const challenge = await this.take(given.response, registering, personId)
    const key = await this.webAuthn.newKey(given.response, challenge)
    if (!key) throw refused()
    return this.transaction.run(async (manager) => {
      const person = (await this.people.find(manager, personId)) ?? noSuchPasskey()
      const now = this.clock.now()
      const { counter, ...rest } = key
      const passkey: PasskeyEntity = {
        ...rest,
        id: newId(now.toMillis()),
        personId,
        counter: String(counter),
        name: given.name,
        createdAt: now,
        lastUsedAt: null,
      }
      if (!(await this.store.insert(manager, passkey))) {
        throw new DomainError(
          'passkey-known',
          'This passkey has been added before. Use it to sign in, or add one from another device.',
          'conflict',
        )
      }
      await this.notices.passkeyAdded(manager, person, given.name)
      await this.audit.append(manager, personId, { kind: 'passkey-added', passkey: passkey.id })
      return passkey
    })
  }

  /**
   * What `navigator.credentials.get` is given, good once and for 5 minutes, for this purpose alone.
   * @param personId whose passkeys may answer; null for whoever the device knows, such as at the sign-in page
   * @param purpose in kebab-case with what it is about, such as `review 0190…`
   * @throws DomainError `no-passkey` when this person has none
   */
  async startProof(personId: string | null, purpose: string): Promise<RequestOptions> {
    const known = personId === null ? [] : await this.store.of(this.transaction.manager, personId)
    if (personId !== null && known.length === 0) {
      throw new DomainError(
        'no-passkey',
        'There is no passkey for you yet. Prove who you are by the code in your mail, or add a passkey under "Your sign-in".',
        'conflict',
      )
    }
    return this.webAuthn.requestOptions(await this.challenge(purpose, personId), known)
  }

  /**
   * Checks the answer to `startProof` with the same person and purpose. The challenge is used up in any case.
   * @returns who it was: the person given, or with null the owner of the passkey
   * @throws DomainError `passkey-challenge-over`, `passkey-unknown`, `passkey-of-another`, `passkey-refused`, `passkey-copied`
   */
  async finishProof(personId: string | null, purpose: string, response: DeviceAnswer): Promise<string> {
    const challenge = await this.take(response, purpose, personId)
    const credentialId = typeof response['id'] === 'string' ? response['id'] : ''
    const key = await this.store.byCredential(this.transaction.manager, credentialId)
    if (!key) {
      throw new DomainError(
        'passkey-unknown',
        'This passkey is not known here; perhaps it was removed. Sign in by the link in a mail instead.',
        'forbidden',
      )
    }
    if (personId !== null && !(await this.people.areSame(this.transaction.manager, key.personId, personId))) {
      throw new DomainError(
        'passkey-of-another',
        'This passkey belongs to somebody else. Use one of your own, or the code in your mail.',
        'forbidden',
      )
    }
    const signed = await this.webAuthn.signedWith(response, challenge, key)
    if (!signed || !isFor(response, key.personId)) throw refused()
    const isCopy = await this.transaction.run(async (manager) => {
      const now = (await this.store.lock(manager, key.id)) ?? refuse()
      if (!isCopied(Number(now.counter), signed.counter)) {
        await this.store.noteUse(manager, key.id, signed.counter, this.clock.now().toJSDate())
        return false
      }
      const owner = (await this.people.find(manager, key.personId)) ?? refuse()
      await this.notices.passkeyCopied(manager, owner, key.name)
      await this.audit.append(manager, key.personId, { kind: 'passkey-refused', passkey: key.id, because: 'counter' })
      return true
    })
    if (isCopy) {
      throw new DomainError(
        'passkey-copied',
        `The passkey "${key.name}" counts backwards, as copied keys do, so it was refused. Sign in by the link in a mail, remove this passkey and add a new one.`,
        'forbidden',
      )
    }
    return personId ?? key.personId
  }

  /** @throws DomainError `no-such-passkey` */
  async rename(personId: string, id: string, name: string): Promise<Passkey> {
    const passkey = await this.own(this.transaction.manager, personId, id)
    await this.store.rename(this.transaction.manager, id, name)
    return { ...passkey, name }
  }

  /** Removes a passkey, and tells the person by mail. @throws DomainError `no-such-passkey` */
  async remove(personId: string, id: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      const passkey = await this.own(manager, personId, id)
      const person = (await this.people.find(manager, personId)) ?? noSuchPasskey()
      if (!(await this.store.remove(manager, id))) noSuchPasskey()
      await this.notices.passkeyRemoved(manager, person, passkey.name)
      await this.audit.append(manager, personId, { kind: 'passkey-removed', passkey: id })
    })
  }

  /** Removes all of a person's, in the caller's transaction, and tells them. @returns how many there were */
  async removeAll(manager: EntityManager, person: Person): Promise<number> {
    const count = await this.store.removeAll(manager, person.id)
    if (count > 0) await this.notices.passkeysForgotten(manager, person)
    return count
  }

  sweep(): Promise<void> {
    return this.store.sweepChallenges(this.transaction.manager)
  }

  private async own(manager: EntityManager, personId: string, id: string): Promise<PasskeyEntity> {
    return (await this.store.of(manager, personId)).find((each) => each.id === id) ?? noSuchPasskey()
  }

  private async challenge(purpose: string, personId: string | null): Promise<string> {
    const challenge = newToken()
    const kept = { hash: sha256(challenge), purpose, personId, minutes: challengeMinutes }
    await this.store.addChallenge(this.transaction.manager, kept)
    return challenge
  }

  /** Uses up the challenge that the device says it has signed; whether it has, is looked at next. */
  private async take(response: DeviceAnswer, purpose: string, personId: string | null): Promise<string> {
    const inner = response['response'] as { clientDataJSON?: unknown } | null | undefined
    const challenge = challengeIn(inner?.clientDataJSON)
    const kept = challenge === null ? null : await this.store.takeChallenge(this.transaction.manager, sha256(challenge))
    if (challenge !== null && kept?.purpose === purpose && kept.personId === personId) return challenge
    throw new DomainError(
      'passkey-challenge-over',
      `This took longer than ${challengeMinutes} minutes, or it was answered already. Please try once more.`,
      'conflict',
    )
  }
}

/** The device may say whom it takes the person for; then it has to be the owner of the key. */
function isFor(response: DeviceAnswer, ownerId: string): boolean {
  const { userHandle: said } = response['response'] as { userHandle?: unknown }
  return said === undefined || said === null || said === userHandle(ownerId)
}

function refused(): DomainError {
  return new DomainError(
    'passkey-refused',
    'The answer of your device could not be accepted. Please try once more, on the address where you usually open Seconder.',
    'forbidden',
  )
}

function refuse(): never {
  throw refused()
}

function noSuchPasskey(): never {
  throw new DomainError(
    'no-such-passkey',
    'You have no such passkey; perhaps it has been removed already.',
    'not-found',
  )
}
