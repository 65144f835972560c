import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Clock } from '../kernel/clock.js'
import { newId } from '../kernel/ids.js'
import { normalEmail } from './email-address.js'
import { PeopleStore } from './people.store.js'
import { SignInStore } from './sign-in/sign-in.store.js'

/** A human being, by the row that stands for them. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
}

@Injectable()
export class PeopleService {
  constructor(
    private readonly store: PeopleStore,
    private readonly signIn: SignInStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The person with this address, who is made, and can sign in from then on, if nobody has it.
   * The name of somebody known is theirs: it is not changed by being invited elsewhere.
   */
  async ensure(manager: EntityManager, given: { name: string; email: string }): Promise<Person> {
    const now = this.clock.now()
    const email = normalEmail(given.email)
    await this.store.add(manager, {
      id: newId(now.toMillis()),
      name: given.name.trim(),
      email,
      createdAt: now.toJSDate(),
    })
    const person = await this.store.findByEmail(manager, email)
    if (!person) throw new Error('A person vanished while being added')
    await this.signIn.addUser(manager, { personId: person.id, name: person.name, email })
    return { id: person.id, name: person.name, email }
  }
}
