import type { IncomingHttpHeaders } from 'node:http'

import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { DomainError } from '../kernel/domain-error.js'
import { PeopleStore } from './people.store.js'
import { SignInStore } from './sign-in.store.js'

/** Who a request comes from. */
export interface SignedInPerson {
  readonly personId: string
  readonly name: string
  readonly email: string
}

/** Tells who a request comes from. */
@Injectable()
export class SessionService {
  private readonly known = new WeakMap<object, Promise<SignedInPerson | null>>()

  constructor(
    private readonly signIn: SignInStore,
    private readonly people: PeopleStore,
    private readonly transaction: Transaction,
  ) {}

  /** The signed-in person, or null. Changes nothing; asked of the database once a request. */
  personOf(request: { headers: IncomingHttpHeaders }): Promise<SignedInPerson | null> {
    let person = this.known.get(request)
    if (person === undefined) {
      person = this.look(request.headers)
      this.known.set(request, person)
    }
    return person
  }

  /** @throws DomainError `not-signed-in` */
  async require(request: { headers: IncomingHttpHeaders }): Promise<SignedInPerson> {
    const person = await this.personOf(request)
    if (person) return person
    throw new DomainError(
      'not-signed-in',
      'You are not signed in on this device. Ask for a sign-in link and open it here.',
      'not-signed-in',
    )
  }

  private async look(headers: IncomingHttpHeaders): Promise<SignedInPerson | null> {
    const personId = await this.signIn.personIdOf(headers)
    const person = personId === null ? null : await this.people.find(this.transaction.manager, personId)
    return person && { personId: person.id, name: person.name, email: person.email }
  }
}
