import { Injectable, type OnModuleInit } from '@nestjs/common'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { Clock, SystemClock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { ClockSettingsStore } from './clock-settings.store.js'

/** Keeps the clock of this process as far ahead as the database says. Every process of an installation then agrees. */
@Injectable()
export class ClockShift implements OnModuleInit {
  constructor(
    private readonly store: ClockSettingsStore,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** @throws DomainError `clock-moved` in production, where the time must be the time */
  async onModuleInit(): Promise<void> {
    await this.refresh()
  }

  /** Reads the shift again: another process may have moved the clock. */
  async refresh(): Promise<void> {
    const shiftMs = await this.store.shiftMs(this.transaction.manager)
    if (this.config.production && shiftMs !== 0) {
      throw new DomainError(
        'clock-moved',
        'The clock of this database was moved for a demonstration, so it is not used in production. Use another database, or run "update clock_settings set shift_ms = 0" once nothing in it depends on the moved time.',
      )
    }
    // A clock that a test sets by hand stays as it was set.
    if (this.clock instanceof SystemClock) this.clock.setOffset(shiftMs)
  }

  async moveOn(minutes: number): Promise<void> {
    await this.store.moveOn(this.transaction.manager, Math.round(minutes * 60_000))
    await this.refresh()
  }
}
