import type { AddressInfo } from 'node:net'

import type { NestExpressApplication } from '@nestjs/platform-express'
import { Test } from '@nestjs/testing'
import { DateTime } from 'luxon'
import sharp from 'sharp'

import { Config } from '../../src/config/config.js'
import { ConfigModule } from '../../src/config/config.module.js'
import { DatabaseModule } from '../../src/database/database.module.js'
import { Transaction } from '../../src/database/transaction.js'
import { applyEdge } from '../../src/http/edge.js'
import { Clock } from '../../src/kernel/clock.js'
import { newId, sha256 } from '../../src/kernel/ids.js'
import type { NoticeboardAdapter as Adapter } from '../../src/platforms/noticeboard/noticeboard.adapter.js'
import type { Connection, OutgoingPost, PublishKey, SentPicture } from '../../src/platforms/platform.js'
import { cloneDatabase } from '../support/database.js'

/** Where the product believes it is; not where the tests reach it, so that a link made from the request shows. */
export const publicOrigin = 'https://queue.example.org'

/** A clock that is set by hand. */
export class HandClock extends Clock {
  constructor(private instant: DateTime) {
    super()
  }

  now(): DateTime {
    return this.instant
  }

  set(iso: string): void {
    this.instant = DateTime.fromISO(iso, { zone: 'utc' })
  }
}

/** The Noticeboard in a process of its own kind: real PostgreSQL, real HTTP, a clock set by hand. */
export async function startNoticeboard() {
  const database = await cloneDatabase()
  const clock = new HandClock(DateTime.fromISO('2026-11-24T17:30:00Z', { zone: 'utc' }))
  const config = Object.assign(new Config(), {
    mode: 'test',
    publicOrigin,
    secret: 's'.repeat(64),
    demo: false,
    trustProxy: 1,
  })
  // Imported late: jest cannot load the limiter, which is CommonJS, while the framework itself is still loading.
  const { HttpEdgeModule } = await import('../../src/http/http-edge.module.js')
  const { NoticeboardModule } = await import('../../src/platforms/noticeboard/noticeboard.module.js')
  const { NoticeboardAdapter } = await import('../../src/platforms/noticeboard/noticeboard.adapter.js')
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(config, clock),
      DatabaseModule.at({ url: database.url }),
      HttpEdgeModule,
      NoticeboardModule,
    ],
  }).compile()
  const app = module.createNestApplication<NestExpressApplication>({ logger: false, bodyParser: false })
  applyEdge(app, config, '/nowhere')
  await app.listen(0, '127.0.0.1')
  const origin = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`
  const adapter: Adapter = app.get(NoticeboardAdapter)
  const manager = app.get(Transaction).manager

  /** A group, with its noticeboard connected unless told otherwise. */
  async function group(slug: string, name: string, options: { connected?: boolean } = {}): Promise<Connection> {
    const groupId = newId(clock.now().toMillis())
    const channelId = newId(clock.now().toMillis())
    await manager.query(
      `insert into groups (id, slug, name, time_zone, created_at) values ($1, $2, $3, 'Europe/London', $4)`,
      [groupId, slug, name, clock.now().toISO()],
    )
    const made = await adapter.connect({ id: groupId, slug, name })
    if (made.kind !== 'connected') throw new Error(made.cause)
    const connection: Connection = {
      groupId,
      channelId,
      remoteAccountId: made.remoteAccountId,
      handle: made.handle,
      credentials: {},
      renew: (used) => Promise.resolve(used),
    }
    if (options.connected !== false) {
      await manager.query(
        `insert into channels (group_id, id, network, remote_account_id, name, handle, url, sealed_credentials, gap_minutes, daily_cap, created_at)
         values ($1, $2, 'noticeboard', $3, 'Noticeboard', $4, $5, '', 30, 10, $6)`,
        [groupId, channelId, made.remoteAccountId, made.handle, made.url, clock.now().toISO()],
      )
    }
    return connection
  }

  /** Publishes and hands back the notice's id; the key is new unless given. */
  async function publish(
    connection: Connection,
    changes: Partial<OutgoingPost> = {},
    at = '2026-11-24T17:22:00.000Z',
  ): Promise<string> {
    const outcome = await adapter.publish(connection, aPost(changes), aKey({ createdAt: at }), inTime())
    if (outcome.kind !== 'published') throw new Error(`${outcome.kind}: ${outcome.cause}`)
    return outcome.remoteId
  }

  return {
    adapter,
    clock,
    group,
    manager,
    origin,
    publish,
    async stop() {
      await app.close()
      await database.drop()
    },
  }
}

let keys = 0

export function aKey(changes: Partial<PublishKey> = {}): PublishKey {
  keys += 1
  return {
    publicationId: newId(1_800_000_000_000 + keys),
    key: `key-${keys}`,
    createdAt: '2026-11-24T17:22:00.000Z',
    memo: null,
    keep: () => Promise.resolve(),
    others: () => Promise.resolve([]),
    ...changes,
  }
}

export function aPost(changes: Partial<OutgoingPost> = {}): OutgoingPost {
  return { text: 'Meeting on Tuesday, 19:00, at the library.', link: null, pictures: [], language: 'en-GB', ...changes }
}

export async function aPicture(alt: string, colour = '#0b5a55', width = 64, height = 48): Promise<SentPicture> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: colour } })
    .jpeg()
    .toBuffer()
  return { bytes, mime: 'image/jpeg', width, height, sha256: sha256(bytes), alt }
}

export function inTime(): AbortSignal {
  return AbortSignal.timeout(20_000)
}
