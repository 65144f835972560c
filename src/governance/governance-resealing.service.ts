import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { Sealing } from '../kernel/sealing.js'
import { GovernanceStore } from './governance.store.js'
import { managersPurpose } from './managers.service.js'

/** Seals accountable managers' details with a new SECRET, as `ResealingService` does with channels' credentials. */
@Injectable()
export class GovernanceResealing implements OnApplicationBootstrap {
  private readonly log = new Logger('Governance')

  constructor(
    private readonly store: GovernanceStore,
    private readonly sealing: Sealing,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  /** At every start with SECRET_PREVIOUS set. What neither secret opens stays as it is. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.config.secretPrevious === undefined) return
    await this.transaction.run(async (manager) => {
      for (const { groupId, place, sealedDetails } of await this.store.lockEveryManager(manager)) {
        if (this.sealing.isCurrent(sealedDetails)) continue
        const text = this.opened(sealedDetails)
        if (text === null) {
          this.log.error({
            message: 'Neither SECRET nor SECRET_PREVIOUS opens an accountable manager’s details: name them again',
            group: groupId,
            place,
          })
        } else {
          await this.store.updateManager(manager, groupId, place, {
            sealedDetails: this.sealing.seal(text, managersPurpose),
          })
        }
      }
    })
  }

  private opened(sealed: string): string | null {
    try {
      return this.sealing.open(sealed, managersPurpose)
    } catch {
      return null
    }
  }
}
