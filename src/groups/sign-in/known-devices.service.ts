import type { IncomingHttpHeaders } from 'node:http'

import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Config } from '../../config/config.js'
import { Clock } from '../../kernel/clock.js'
import { newId, newToken, sha256 } from '../../kernel/ids.js'
import type { Person } from '../people.service.js'
import { cookieValue } from './cookie-header.js'
import { deviceWords } from './device-words.js'
import { SessionsStore } from './sessions.store.js'
import { SignInNotices } from './sign-in-notices.service.js'

/** The longest that browsers keep a cookie (RFC 6265bis, section 5.5). */
const cookieDays = 400

/** Knows a browser again by a cookie that opens nothing, so that a sign-in on another one is told by mail. */
@Injectable()
export class KnownDevices {
  constructor(
    private readonly store: SessionsStore,
    private readonly notices: SignInNotices,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Tells the person by mail when they have signed in before, and never on this browser.
   * @returns the cookie to set there
   */
  async meet(manager: EntityManager, person: Person, headers: IncomingHttpHeaders): Promise<string> {
    const kept = cookieValue(headers.cookie, this.cookie)
    const token = kept !== null && /^[\w-]{43}$/.test(kept) ? kept : newToken()
    const known = await this.store.knownDevices(manager, person.id, sha256(token))
    if (!known.this) {
      const id = newId(this.clock.now().toMillis())
      await this.store.addDevice(manager, { id, personId: person.id, tokenHash: sha256(token) })
      if (known.any) await this.notices.newDevice(manager, person, deviceWords(headers['user-agent']))
    }
    const secure = this.config.production ? '; Secure' : ''
    return `${this.cookie}=${token}; Max-Age=${cookieDays * 24 * 60 * 60}; Path=/; HttpOnly; SameSite=Lax${secure}`
  }

  private get cookie(): string {
    return this.config.production ? '__Host-seconder-device' : 'seconder-device'
  }
}
