import type { IncomingHttpHeaders } from 'node:http'

import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { AuditEvent } from '../audit/audit-event.js'
import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { Clock } from '../kernel/clock.js'
import { composeMail } from '../mail/mail-layout.js'
import { Mailer } from '../mail/mailer.service.js'
import { normalEmail } from './email-address.js'
import { MembersStore } from './members.store.js'
import { PeopleStore } from './people.store.js'
import { PersonAudit } from './person-audit.service.js'
import { linkMinutes, linksPerPerson } from './sign-in.js'
import { type Opened, SignInStore } from './sign-in.store.js'

/** Signing in by a mailed link, and signing out. */
@Injectable()
export class SignInService implements OnModuleDestroy {
  private readonly log = new Logger('SignIn')
  private readonly underWay = new Set<Promise<void>>()

  constructor(
    private readonly store: SignInStore,
    private readonly people: PeopleStore,
    private readonly members: MembersStore,
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
    if (opened) await this.note(opened.personId, { kind: 'signed-in', how: 'link' })
    return opened
  }

  /** Signs a device in as the owner of this address without a mail: for the demonstration only, which has no secrets. */
  async openFor(email: string, headers: IncomingHttpHeaders): Promise<Opened | null> {
    return this.store.open(await this.store.mintLink(email), headers)
  }

  signOut(headers: IncomingHttpHeaders): Promise<string[]> {
    return this.store.signOut(headers)
  }

  /** Signs the person out on every device and makes links in their mail useless. */
  async signOutEverywhere(personId: string): Promise<void> {
    await this.transaction.run((manager) => this.store.endAll(manager, personId))
    await this.note(personId, { kind: 'signed-out-everywhere' })
  }

  /** Removes links and sessions that have run out. */
  sweep(): Promise<void> {
    return this.store.sweep()
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

  private async note(personId: string, event: AuditEvent): Promise<void> {
    await this.transaction.run(async (manager) => {
      await this.members.markJoined(manager, personId, this.clock.now().toJSDate())
      await this.audit.append(manager, personId, event)
    })
  }
}
