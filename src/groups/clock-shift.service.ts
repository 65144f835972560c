import { Injectable, type OnModuleInit } from '@nestjs/common'
import type { DateTime } from 'luxon'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { Clock, SystemClock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { ClockSettingsStore } from './clock-settings.store.js'

/** What goes on while time passes. Named here, because the features that know it come after this one. */
export interface Happenings {
  /** The first instant after `from`, and not after `to`, at which something has to happen; null when nothing has to. */
  next(from: DateTime, to: DateTime): Promise<DateTime | null>
  /** Does all that is due now. */
  happen(): Promise<void>
}

/** Keeps the clock of this process as far ahead as the database says. Every process of an installation then agrees. */
@Injectable()
export class ClockShift implements OnModuleInit {
  private happenings: Happenings | null = null

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

  /** From now on, time that passes by `letPass` is full of these. */
  fillWith(happenings: Happenings): void {
    this.happenings = happenings
  }

  /** Moves on as time itself does: it stops wherever something falls due. A single jump would make all of that late. */
  async letPass(minutes: number): Promise<void> {
    const end = this.clock.now().plus({ minutes })
    for (let next = await this.nextBefore(end); next !== null; next = await this.nextBefore(end)) {
      await this.moveTo(next)
      await this.happenings?.happen()
    }
    await this.moveTo(end)
    await this.happenings?.happen()
  }

  private async nextBefore(end: DateTime): Promise<DateTime | null> {
    return (await this.happenings?.next(this.clock.now(), end)) ?? null
  }

  private async moveTo(instant: DateTime): Promise<void> {
    await this.moveOn(Math.max(0, instant.diff(this.clock.now(), 'minutes').minutes))
  }
}
