import type { DateTime } from 'luxon'

import { seal } from '../../src/drafts/envelope.js'
import { newId, newToken, sha256 } from '../../src/kernel/ids.js'
import type { Counters, Network } from '../../src/platforms/platform.js'

/** Anything that runs SQL: a data source, or a whole application under test. */
export interface Database {
  query(sql: string, parameters?: unknown[]): Promise<unknown>
}

/** A member as the statements below need them. */
interface Somebody {
  readonly id: string
  readonly personId: string
}

export interface PastPost {
  readonly groupId: string
  readonly channelId: string
  readonly author: Somebody
  readonly reviewer: Somebody
  /** When it was to go out; not later than the database's clock. */
  readonly slot: DateTime
  /** Seconds from the slot until it went out; 3 when left out. */
  readonly lateSeconds?: number
  readonly text?: string
  readonly labels?: readonly string[]
  readonly windowName?: string | null
  /** Null: it was refused with this cause instead. */
  readonly refused?: string
  readonly hasPicture?: boolean
  /** Minutes from asking the reviewer, a day before the slot, to their answer. */
  readonly answeredAfterMinutes?: number
  readonly counters?: Partial<Record<'1h' | '24h' | '48h', Partial<Counters>>>
}

let keys = 0

/**
 * A post that went out in the past, by the way that the database's own rules leave open: written, sealed, asked for,
 * approved by somebody else, planned, claimed through the gate, published, counted.
 * @returns the ids of the post and of its publication
 */
export async function publishedPost(
  database: Database,
  post: PastPost,
): Promise<{ postId: string; publicationId: string }> {
  const { groupId, channelId, author, reviewer, slot } = post
  const asked = slot.minus({ days: 1 })
  const id = () => newId(asked.toMillis())
  const [postId, revisionId, publicationId] = [id(), id(), id()]
  const [channel] = (await database.query(
    'select network, remote_account_id from channels where group_id = $1 and id = $2',
    [groupId, channelId],
  )) as { network: Network; remote_account_id: string }[]
  const text = post.text ?? 'Repair café this Saturday at the library'
  const pictures = post.hasPicture ? [{ sha256: '0'.repeat(64), mime: 'image/png', alt: 'A table' }] : []
  const envelope = seal({
    version: 1,
    channels: [
      {
        channelId,
        network: channel!.network,
        remoteAccountId: channel!.remote_account_id,
        text,
        link: null,
        language: 'en-GB',
        pictures,
      },
    ],
    timing: { kind: 'as_soon_as_approved', zone: 'Europe/London' },
  })
  const run = (sql: string, ...values: unknown[]) =>
    database.query(
      sql,
      values.map((value) => (isInstant(value) ? value.toJSDate() : value)),
    )
  const content = JSON.stringify({
    text,
    link: null,
    language: 'en-GB',
    channels: [{ channelId, text: null }],
    pictures: [],
  })
  const wish = JSON.stringify({ kind: 'as_soon_as_approved' })
  await run(
    `insert into posts (group_id, id, author_id, content, wish, labels, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    groupId, postId, author.id, content, wish, post.labels ?? [], asked,
  ) // prettier-ignore
  await run(
    `insert into contributors (group_id, post_id, revision_number, member_id, person_id, at) values ($1, $2, 1, $3, $4, $5)`,
    groupId, postId, author.id, author.personId, asked,
  ) // prettier-ignore
  await run(
    `insert into revisions (group_id, post_id, id, number, envelope, hash, source, sealed_by, sealed_at) values ($1, $2, $3, 1, $4, $5, $6, $7, $8)`,
    groupId, postId, revisionId, envelope.text, envelope.hash, JSON.stringify({ content: JSON.parse(content), wish: JSON.parse(wish) }), author.id, asked,
  ) // prettier-ignore
  await run(
    `update posts set state = 'in_review', editing = false, current_revision_id = $3 where group_id = $1 and id = $2`,
    groupId, postId, revisionId,
  ) // prettier-ignore
  await run(
    `insert into review_requests (group_id, id, post_id, revision_id, member_id, token_hash, expires_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    groupId, id(), postId, revisionId, reviewer.id, sha256(newToken()), slot.plus({ days: 7 }), asked,
  ) // prettier-ignore
  await run(
    `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, via, at)
     values ($1, $2, $3, $4, $5, $6, $7, 'approve', 'session', $8)`,
    groupId, id(), postId, revisionId, envelope.hash, reviewer.id, reviewer.personId, asked.plus({ minutes: post.answeredAfterMinutes ?? 20 }),
  ) // prettier-ignore
  await run(
    `update posts set state = 'approved', approved_at = $3 where group_id = $1 and id = $2`,
    groupId,
    postId,
    asked,
  )
  await run(
    `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, window_name, spaced, next_try_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, 'Europe/London', $7, tstzrange($5, $5::timestamptz + interval '30 minutes'), $5, $8, $8)`,
    groupId, publicationId, postId, channelId, slot, slot.setZone('Europe/London').toFormat("yyyy-MM-dd'T'HH:mm"),
    post.windowName === undefined ? 'after work' : post.windowName, asked,
  ) // prettier-ignore
  keys += 1
  await run(
    `update publications set state = 'publishing', revision_id = $3, hash = $4, publish_key = $5, public_created_at = slot, worker = 'test'
     where group_id = $1 and id = $2`,
    groupId, publicationId, revisionId, envelope.hash, `key-${keys}`,
  ) // prettier-ignore
  await run(
    `insert into attempts (group_id, publication_id, number, publish_key, revision_id, worker, started_at, lease_until)
     values ($1, $2, 1, $3, $4, 'test', $5, $6)`,
    groupId, publicationId, `key-${keys}`, revisionId, slot, slot.plus({ minutes: 2 }),
  ) // prettier-ignore
  const out = slot.plus({ seconds: post.lateSeconds ?? 3 })
  await run(
    `update attempts set state = $3, cause = $4, ended_at = $5 where group_id = $1 and publication_id = $2`,
    groupId, publicationId, post.refused ? 'rejected' : 'published', post.refused ?? null, out,
  ) // prettier-ignore
  if (post.refused) {
    await run(
      `update publications set state = 'failed', cause = $3 where group_id = $1 and id = $2`,
      groupId,
      publicationId,
      post.refused,
    )
    return { postId, publicationId }
  }
  await run(
    `update publications set state = 'published', remote_id = $3, url = $4, published_at = $5 where group_id = $1 and id = $2`,
    groupId, publicationId, `remote-${keys}`, `https://example.org/posts/${keys}`, out,
  ) // prettier-ignore
  for (const [age, read] of Object.entries(post.counters ?? {})) {
    await run(
      `insert into engagement_samples (group_id, publication_id, age, taken_at, reactions, replies, reposts, clicks, impressions)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      groupId, publicationId, age, out.plus({ hours: Number.parseInt(age, 10) }),
      read.reactions ?? null, read.replies ?? null, read.reposts ?? null, read.clicks ?? null, read.impressions ?? null,
    ) // prettier-ignore
  }
  return { postId, publicationId }
}

function isInstant(value: unknown): value is DateTime {
  return typeof value === 'object' && value !== null && 'toJSDate' in value
}
