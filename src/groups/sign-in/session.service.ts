import type { IncomingHttpHeaders } from 'node:http'

import { Injectable } from '@nestjs/common'

import { Transaction } from '../../database/transaction.js'
import { DomainError } from '../../kernel/domain-error.js'
import { PeopleStore } from '../people.store.js'
import { SessionsStore } from './sessions.store.js'
import { SignInStore } from './sign-in.store.js'

/** Who a request comes from. */
export interface SignedInPerson {
  /** The session on this device; not its token. */
  readonly sessionId: string
  readonly personId: string
  readonly name: string
  readonly email: string
}

interface SessionRequest {
  readonly headers: IncomingHttpHeaders
  readonly method?: string | undefined
}

const reading = ['GET', 'HEAD', 'OPTIONS']

/** Tells who a request comes from. */
@Injectable()
export class SessionService {
  private readonly known = new WeakMap<object, Promise<SignedInPerson | null>>()

  constructor(
    private readonly signIn: SignInStore,
    private readonly people: PeopleStore,
    private readonly sessions: SessionsStore,
    private readonly transaction: Transaction,
  ) {}

  /**
   * The signed-in person, or null; asked of the database once a request. The day of use is noted, but never by reading:
   * GET and HEAD change nothing.
   */
  personOf(request: SessionRequest): Promise<SignedInPerson | null> {
    let person = this.known.get(request)
    if (person === undefined) {
      person = this.look(request)
      this.known.set(request, person)
    }
    return person
  }

  /** @throws DomainError `not-signed-in` */
  async require(request: SessionRequest): Promise<SignedInPerson> {
    const person = await this.personOf(request)
    if (person) return person
    throw new DomainError(
      'not-signed-in',
      'You are not signed in on this device. Ask for a sign-in link and open it here.',
      'not-signed-in',
    )
  }

  private async look({ headers, method }: SessionRequest): Promise<SignedInPerson | null> {
    const session = await this.signIn.sessionOf(headers)
    if (!session) return null
    const { manager } = this.transaction
    if (method !== undefined && !reading.includes(method)) await this.sessions.noteUse(manager, session.sessionId)
    const person = await this.people.find(manager, session.personId)
    return person && { sessionId: session.sessionId, personId: person.id, name: person.name, email: person.email }
  }
}
