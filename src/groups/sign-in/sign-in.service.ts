import type { IncomingHttpHeaders } from 'node:http'

import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../../config/config.js'
import { Transaction } from '../../database/transaction.js'
import { Clock } from '../../kernel/clock.js'
import { DomainError } from '../../kernel/domain-error.js'
import { composeMail } from '../../mail/mail-layout.js'
import { Mailer } from '../../mail/mailer.service.js'
import { normalEmail } from '../email-address.js'
import { MembersStore } from '../members.store.js'
import { PeopleStore } from '../people.store.js'
import { PersonAudit } from '../person-audit.service.js'
import { KnownDevices } from './known-devices.service.js'
import { PasskeysService } from './passkeys.service.js'
import { SessionsStore } from './sessions.store.js'
import { linkMinutes, linksPerPerson } from './sign-in.js'
import { type Opened, SignInStore } from './sign-in.store.js'
import type { DeviceAnswer, RequestOptions } from './web-authn.adapter.js'

/** Signing in by a mailed link or a passkey, and signing out. */
@Injectable()
export class SignInService implements OnModuleDestroy {
  private readonly log = new Logger('SignIn')
  private readonly underWay = new Set<Promise<void>>()

  constructor(
    private readonly store: SignInStore,
    private readonly people: PeopleStore,
    private readonly members: MembersStore,
    private readonly sessions: SessionsStore,
    private readonly passkeys: PasskeysService,
    private readonly devices: KnownDevices,
    private readonly mailer: Mailer,
    private readonly audit: PersonAudit,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Mails a link if the address is known. Does not wait for it, so that the time taken tells nothing about the address. */
  requestLink(address: string): void {
    const work = this.mailLink(normalEmail(address)).catch((error: unknown) => {
      this.log.error({
        message: 'A sign-in link could not be mailed',
        error: error instanceof Error ? error.stack : 'not an Error',
      })
    })
    this.underWay.add(work)
    void work.finally(() => this.underWay.delete(work))
  }

  /** Waits for links that are still being mailed. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.underWay)
  }

  /** Mails a link to this address if it is a person's who belongs to a group. */
  async mailLink(email: string): Promise<void> {
    const { manager } = this.transaction
    const person = await this.people.findByEmail(manager, email)
    if (!person || (await this.members.membershipsOf(manager, person.id)).length === 0) return
    if (await this.askedEnough(manager, person.id)) return
    // Before the transaction: the library takes a connection of its own, and while each of many requests held one and
    // waited for a second, nobody would get any. A link that is then not mailed opens nothing, and runs out.
    const token = await this.store.mintLink(person.email)
    await this.transaction.run(async (within) => {
      // One at a time for each person, so that requests at the same moment are all counted.
      await this.people.lock(within, person.id)
      if (await this.askedEnough(within, person.id)) return
      await this.mailer.enqueue(within, {
        groupId: null,
        personId: person.id,
        to: person.email,
        kind: 'sign-in',
        subject: 'Your sign-in link',
        ...this.write(person.name, token),
      })
    })
  }

  /** Whom a link would sign in, or null when it opens nothing (any more). Changes nothing. */
  peek(token: string): Promise<{ name: string; email: string } | null> {
    return this.store.peek(token)
  }

  /** Uses a link up and signs the device in; null when it opens nothing (any more). */
  async open(token: string, headers: IncomingHttpHeaders): Promise<Opened | null> {
    const opened = await this.store.open(token, headers)
    return opened && this.welcome(opened, 'link', headers)
  }

  /** Signs a device in as the owner of this address without a mail: for the demonstration only, which has no secrets. */
  async openFor(email: string, headers: IncomingHttpHeaders): Promise<Opened | null> {
    const opened = await this.store.open(await this.store.mintLink(email), headers)
    if (opened) await this.sessions.noteProof(this.transaction.manager, opened.sessionId, 'demo')
    return opened
  }

  /** What `navigator.credentials.get` is given at the sign-in page: whichever passkey for this site the device has. */
  startPasskey(): Promise<RequestOptions> {
    return this.passkeys.startProof(null, 'sign-in')
  }

  /** Signs the device in as the owner of the passkey. @throws DomainError as `PasskeysService.finishProof`, `no-group` */
  async openWithPasskey(response: DeviceAnswer, headers: IncomingHttpHeaders): Promise<Opened> {
    const personId = await this.passkeys.finishProof(null, 'sign-in', response)
    const isMember = (await this.members.membershipsOf(this.transaction.manager, personId)).length > 0
    const opened = isMember ? await this.store.openAs(personId, headers) : null
    if (!opened) {
      throw new DomainError(
        'no-group',
        'You are no active member of any group here. Ask an admin of yours.',
        'forbidden',
      )
    }
    await this.sessions.noteProof(this.transaction.manager, opened.sessionId, 'passkey')
    return this.welcome(opened, 'passkey', headers)
  }

  signOut(headers: IncomingHttpHeaders): Promise<string[]> {
    return this.store.signOut(headers)
  }

  /** Signs the person out on every device and makes links in their mail useless. */
  async signOutEverywhere(personId: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.store.endAll(manager, personId)
      await this.audit.append(manager, personId, { kind: 'signed-out-everywhere' })
    })
  }

  /**
   * For a person who has lost them: removes their passkeys and ends their sessions.
   * @returns how many passkeys there were
   * @throws DomainError `no-such-person`
   */
  async forgetPasskeys(email: string): Promise<number> {
    return this.transaction.run(async (manager) => {
      const person = await this.people.findByEmail(manager, normalEmail(email))
      if (!person) throw new DomainError('no-such-person', `Nobody here has the address ${email}.`, 'not-found')
      const count = await this.passkeys.removeAll(manager, person)
      await this.store.endAll(manager, person.id)
      await this.audit.append(manager, person.id, { kind: 'passkeys-forgotten', count })
      return count
    })
  }

  /** Removes links and sessions that have run out. */
  async sweep(): Promise<void> {
    await this.store.sweep()
    await this.passkeys.sweep()
  }

  private async askedEnough(manager: EntityManager, personId: string): Promise<boolean> {
    const since = this.clock.now().minus({ minutes: linkMinutes })
    return (await this.people.signInMailsSince(manager, personId, since.toJSDate())) >= linksPerPerson
  }

  private write(name: string, token: string): { text: string; html: string } {
    return composeMail(
      [
        { kind: 'text', text: `Hello ${name},` },
        { kind: 'text', text: 'With this link you sign in to Seconder on the device where you open it.' },
        { kind: 'button', label: 'Sign in', href: `${this.config.publicOrigin}/sign-in/confirm?token=${token}` },
        {
          kind: 'small',
          text: `It works once, for ${linkMinutes} minutes. If you did not ask for it, do nothing: nobody is signed in by this mail alone.`,
        },
      ],
      {
        title: 'Your sign-in link',
        groupName: 'Seconder',
        footer: 'Sent because somebody, probably you, typed this address to sign in.',
      },
    )
  }

  private async welcome(opened: Opened, how: 'link' | 'passkey', headers: IncomingHttpHeaders): Promise<Opened> {
    const { personId } = opened
    const cookie = await this.transaction.run(async (manager) => {
      await this.members.markJoined(manager, personId, this.clock.now().toJSDate())
      const person = await this.people.find(manager, personId)
      const device = person && (await this.devices.meet(manager, person, headers))
      await this.audit.append(manager, personId, { kind: 'signed-in', how })
      return device
    })
    return cookie === null ? opened : { ...opened, cookies: [...opened.cookies, cookie] }
  }
}
