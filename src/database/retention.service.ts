import { setTimeout as pause } from 'node:timers/promises'

import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common'

import { Transaction } from './transaction.js'

/** What has an end; how long each kind stays is written in the function `retire_rows` of the database. */
export const retiredKinds = [
  'attempts',
  'parts',
  'samples',
  'mail-contents',
  'mails',
  'review-devices',
  'step-up-codes',
  'consents',
  'network-limits',
] as const

/** Rows of one transaction. So few that whoever wants one of them waits for milliseconds. */
const batch = 500
/** Of one kind and at a time: 100,000 rows an hour keep up with more than two million publications a day. */
const mostBatches = 200
const pauseMs = 20

/** Removes rows that are of no more use, little by little. */
@Injectable()
export class RetentionService implements OnApplicationShutdown {
  private readonly log = new Logger('Retention')
  private stopped = false

  constructor(private readonly transaction: Transaction) {}

  /**
   * Stops at once when another process is at it, and between any two batches when this one ends.
   * @returns how many rows of each kind went
   */
  async retire(): Promise<Readonly<Record<string, number>>> {
    const gone: Record<string, number> = {}
    for (const kind of retiredKinds) {
      for (let round = 0; round < mostBatches && !this.stopped; round += 1) {
        const rows = await this.retireSome(kind)
        if (rows === null) return this.said(gone)
        if (rows > 0) gone[kind] = (gone[kind] ?? 0) + rows
        if (rows < batch) break
        await pause(pauseMs)
      }
    }
    return this.said(gone)
  }

  onApplicationShutdown(): void {
    this.stopped = true
  }

  private retireSome(kind: string): Promise<number | null> {
    return this.transaction.run(async (manager) => {
      const [row]: { gone: number | null }[] = await manager.query('select retire_rows($1, $2) as gone', [kind, batch])
      return row?.gone ?? null
    })
  }

  private said(gone: Record<string, number>): Record<string, number> {
    if (Object.keys(gone).length > 0) this.log.log({ message: 'Rows of no more use were removed', ...gone })
    return gone
  }
}
