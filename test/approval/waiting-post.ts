import pg from 'pg'

import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { runDue, type TestGroup } from '../support/group-fixture.js'
import type { Known } from './sql-ways.js'

/** States of a publication that is public, was, or may be. */
const outStates = ['publishing', 'published', 'in_doubt', 'unconfirmed', 'retracting', 'retracted']

/** What of this post is out, or on its way, after another tick: rows of the queue and what the network was sent. */
export async function whatWentOut(app: TestApp, network: FakeNetwork, post: PostDetail): Promise<string[]> {
  await runDue(app)
  const rows = await app.query<{ state: string }>(
    'select state from publications where post_id = $1 and state = any ($2)',
    [post.id, outStates],
  )
  return [
    ...rows.map(({ state }) => `a publication is ${state}`),
    ...network.tried
      .filter(({ text }) => text === post.content.text)
      .map(({ text }) => `the network was sent “${text}”`),
  ]
}

/** Everything that a statement by hand may want to name. */
export async function knownOf(app: TestApp, river: TestGroup, post: PostDetail, other: PostDetail): Promise<Known> {
  const [row] = await app.query<Pick<Known, 'revision' | 'hash' | 'publication' | 'channel'>>(
    `select r.id as revision, r.hash, p.id as publication, p.channel_id as channel from posts po
     join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
     join publications p on p.group_id = po.group_id and p.post_id = po.id where po.id = $1`,
    [post.id],
  )
  const [second] = await app.query<{ revision: string; hash: string }>(
    'select r.id as revision, r.hash from posts po join revisions r on r.id = po.current_revision_id where po.id = $1',
    [other.id],
  )
  return {
    ...row!,
    group: river.id,
    post: post.id,
    otherPost: other.id,
    otherRevision: second!.revision,
    otherHash: second!.hash,
    member: (name) => river.memberId(name),
    person: (name) => river.members[name]!.personId,
  }
}

/** Runs statements in one transaction by the application's own role, and commits. */
export async function asTheApplication(app: TestApp, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: app.database.url })
  await client.connect()
  try {
    await client.query(`begin; ${sql}; commit`)
  } finally {
    await client.end()
  }
}

interface Wire {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** `copy … from stdin` by the application's own role. */
export async function copyAsTheApplication(app: TestApp, sql: string, lines: string): Promise<void> {
  const client = new pg.Client({ connectionString: app.database.url })
  await client.connect()
  try {
    await new Promise<void>((resolve, reject) => {
      // what pg asks of a query; only what a copy needs is there
      const copying = {
        submit: (wire: Wire) => wire.query(sql),
        handleCopyInResponse: (wire: Wire) => {
          wire.sendCopyFromChunk(Buffer.from(`${lines}\n`))
          wire.endCopyFrom()
        },
        handleError: reject,
        handleCommandComplete: () => undefined,
        handleReadyForQuery: () => resolve(),
      }
      client.query(copying as unknown as pg.Submittable)
    })
  } finally {
    await client.end()
  }
}
