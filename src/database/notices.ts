import { Logger, type OnApplicationShutdown } from '@nestjs/common'
import pg from 'pg'
import type { DataSource } from 'typeorm'

import { hears } from './hearing.js'

const longestPauseMs = 60_000
/** A database that is busy may take this long to pass an announcement on. */
const patienceMs = 10_000

const deaf =
  'What the database announces is not heard here: DATABASE_URL leads through a pooler that lends a session for one transaction only. ' +
  'Posts that are approved late, and channels that are connected again, wait for the next look, up to half a minute; ' +
  'mails that another process writes, and several posts at once, up to a minute. ' +
  'Set DATABASE_DIRECT_URL to the address past the pooler.'

/**
 * Hears what the database announces (`notify`), on one connection of its own. What is announced is only a hint that
 * something is worth a look: while the connection is lost nothing is heard, and whoever listens looks by itself from
 * time to time. Through a pooler in transaction mode nothing is ever heard, which is said once.
 */
export class Notices implements OnApplicationShutdown {
  private readonly log = new Logger('Notices')
  private readonly handlers = new Map<string, () => void>()
  private client: pg.Client | undefined
  private again: NodeJS.Timeout | undefined
  private pauseMs = 1000
  private stopped = false
  private told = false

  constructor(
    private readonly source: DataSource,
    /** Not through a pooler that lends a session for one transaction only. */
    private readonly url: string,
  ) {}

  /** Calls `handle` at every announcement on the channel, and whenever the connection was made anew. */
  async listen(channel: string, handle: () => void): Promise<void> {
    this.handlers.set(channel, handle)
    // A connection that breaks now is made anew, and listens to all of them then.
    if (this.client) await this.client.query(`listen ${pg.escapeIdentifier(channel)}`).catch(() => undefined)
    else await this.connect()
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true
    clearTimeout(this.again)
    await this.client?.end().catch(() => undefined)
  }

  private async connect(): Promise<void> {
    clearTimeout(this.again)
    const client = new pg.Client({
      connectionString: this.url,
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
      void this.tryOut(client)
    } catch {
      this.lost(client)
    }
  }

  /** Says so when what the pool announces does not arrive here. */
  private async tryOut(client: pg.Client): Promise<void> {
    try {
      const announce = (channel: string) => this.source.query('select pg_notify($1, $2)', [channel, ''])
      const heard = await hears(client, announce, patienceMs)
      if (heard || this.told || this.stopped || this.client !== client) return
      this.told = true
      this.log.warn({ message: deaf })
    } catch {
      // A connection that broke meanwhile is made anew, and tried out then.
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
