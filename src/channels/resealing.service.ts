import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { Sealing } from '../kernel/sealing.js'
import { credentialsPurpose } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'

/** Seals with a new SECRET what the previous one had sealed, so that the previous one can be forgotten. */
@Injectable()
export class ResealingService implements OnApplicationBootstrap {
  private readonly log = new Logger('Channels')

  constructor(
    private readonly store: ChannelsStore,
    private readonly sealing: Sealing,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /** At every start with SECRET_PREVIOUS set. Credentials that neither secret opens stay as they are. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.secretPrevious === undefined) return
    const { moved, closed } = await this.reseal()
    this.log.log({ message: 'SECRET_PREVIOUS can be removed once all mails of before have gone', moved })
    for (const channel of closed)
      this.log.error({ message: 'Neither SECRET nor SECRET_PREVIOUS opens these credentials: reconnect', channel })
  }

  private reseal(): Promise<{ moved: number; closed: string[] }> {
    return this.transaction.run(async (manager) => {
      const closed: string[] = []
      let moved = 0
      for (const { groupId, id, sealedCredentials } of await this.store.lockEvery(manager)) {
        if (this.sealing.isCurrent(sealedCredentials)) continue
        const text = this.opened(sealedCredentials)
        if (text === null) closed.push(id)
        else {
          const anew = this.sealing.seal(text, credentialsPurpose)
          await this.store.update(manager, groupId, id, { sealedCredentials: anew })
          moved += 1
        }
      }
      return { moved, closed }
    })
  }

  private opened(sealed: string): string | null {
    try {
      return this.sealing.open(sealed, credentialsPurpose)
    } catch {
      return null
    }
  }
}
