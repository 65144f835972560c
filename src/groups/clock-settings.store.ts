import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

/** How far the product's clock runs ahead of the machine's: one row, which the database's own rules read too. */
@Injectable()
export class ClockSettingsStore {
  async shiftMs(manager: EntityManager): Promise<number> {
    const rows: { shift_ms: string }[] = await manager.query('select shift_ms from clock_settings')
    return Number(rows[0]?.shift_ms ?? 0)
  }

  async moveOn(manager: EntityManager, byMs: number): Promise<void> {
    await manager.query('update clock_settings set shift_ms = shift_ms + $1', [byMs])
  }
}
