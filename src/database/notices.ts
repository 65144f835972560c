import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import pg from 'pg'
import type { DataSource } from 'typeorm'

const longestPauseMs = 60_000

/**
 * Hears what the database announces (`notify`), on one connection of its own. What is announced is only a hint that
 * something is worth a look: through a pooler in transaction mode, or while the connection is lost, nothing is heard,
 * and whoever listens looks by itself from time to time.
 */
@Injectable()
export class Notices implements OnApplicationShutdown {
  private readonly log = new Logger('Notices')
  private readonly handlers = new Map<string, () => void>()
  private client: pg.Client | undefined
  private again: NodeJS.Timeout | undefined
  private pauseMs = 1000
  private stopped = false

  constructor(@InjectDataSource() private readonly source: DataSource) {}

  /** Calls `handle` at every announcement on the channel, and whenever the connection was made anew. */
  async listen(channel: string, handle: () => void): Promise<void> {
    this.handlers.set(channel, handle)
    if (this.client) await this.client.query(`listen ${pg.escapeIdentifier(channel)}`)
    else await this.connect()
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true
    clearTimeout(this.again)
    await this.client?.end().catch(() => undefined)
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: (this.source.options as { url: string }).url,
      application_name: 'seconder notices',
      keepAlive: true,
    })
    client.on('error', () => this.lost(client))
    client.on('end', () => this.lost(client))
    client.on('notification', ({ channel }) => this.handlers.get(channel)?.())
    this.client = client
    try {
      await client.connect()
      for (const channel of this.handlers.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
      this.pauseMs = 1000
      // Something may have been announced while nobody heard it.
      for (const handle of this.handlers.values()) handle()
    } catch {
      this.lost(client)
    }
  }

  private lost(client: pg.Client): void {
    if (this.stopped || this.client !== client) return
    this.client = undefined
    this.log.warn({ message: 'The connection for notices was lost; connecting again', afterMs: this.pauseMs })
    this.again = setTimeout(() => void this.connect(), this.pauseMs)
    this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs)
    client.end().catch(() => undefined)
  }
}
