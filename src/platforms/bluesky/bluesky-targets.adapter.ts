import { type AppBskyFeedPostgate, AtUri } from '@atproto/api'

import type { Connection, FoundPost, LookUpOutcome } from '../platform.js'
import { type BlueskyRecords, NotThere, POSTS, urlOf } from './bluesky-records.adapter.js'
import { failureOf } from './bluesky-sessions.adapter.js'

interface Said {
  readonly text?: unknown
  readonly reply?: { readonly root?: { readonly uri?: unknown } }
}

/**
 * Looks for a post by the address of its page. Its `version` is the record's CID, the hash of all that it says
 * (https://atproto.com/specs/repository): it changes with any change.
 */
export async function lookUpPost(
  records: BlueskyRecords,
  connection: Connection,
  address: string,
  signal: AbortSignal,
): Promise<LookUpOutcome> {
  if (!/^at:\/\/|^https?:\/\/[^/]+\/profile\/[^/?#]+\/post\/[^/?#]+/.test(address)) {
    const cause = 'This is no address of a Bluesky post; one looks like https://bsky.app/profile/name/post/3kabc.'
    return { kind: 'refused', cause }
  }
  try {
    const { uri, cid, value } = await records.named<Said>(connection, address, signal)
    const at = new AtUri(uri)
    if (at.collection !== POSTS)
      return { kind: 'refused', cause: 'This is no post of Bluesky, so it can be neither answered nor passed on.' }
    const root = value.reply?.root?.uri
    const forbidden = at.host !== connection.remoteAccountId && (await forbidsQuotes(records, connection, at, signal))
    const post: FoundPost = {
      remoteId: uri,
      root: typeof root === 'string' ? root : uri,
      url: urlOf(at),
      author: await authorOf(records, connection, at.host, address, signal),
      text: typeof value.text === 'string' ? value.text : '',
      version: cid,
      ...(forbidden ? { whyNotQuoted: 'Whoever wrote that post lets nobody quote it.' } : {}),
    }
    return { kind: 'found', post }
  } catch (error) {
    if (error instanceof NotThere)
      return { kind: 'refused', cause: 'Bluesky has no such post. It may be gone, or the address may be cut off.' }
    return { kind: 'retry', cause: `Bluesky could not be asked for it: ${failureOf(error).message}` }
  }
}

/**
 * Who wrote it. Where no AppView answers: the handle in the address, which led to this account, else the DID, which
 * stays whatever the account is called.
 */
async function authorOf(
  records: BlueskyRecords,
  connection: Connection,
  did: string,
  address: string,
  signal: AbortSignal,
): Promise<FoundPost['author']> {
  const [, named = did] = /\/profile\/([^/?#]+)\/post\//.exec(address) ?? []
  return records.namesOf(connection, did, signal).catch(() => ({ handle: named, name: '' }))
}

/**
 * Whether quotes of a post are forbidden, by the record of the same key beside it (lexicon app.bsky.feed.postgate):
 * nothing refuses them, and the AppView shows the quote without what it quotes. Where that cannot be read, it is taken
 * to be allowed, as it mostly is.
 */
async function forbidsQuotes(
  records: BlueskyRecords,
  connection: Connection,
  post: AtUri,
  signal: AbortSignal,
): Promise<boolean> {
  const gate = AtUri.make(post.host, 'app.bsky.feed.postgate', post.rkey)
  const found = await records.recordAt<Partial<AppBskyFeedPostgate.Record>>(connection, gate, signal).catch(() => null)
  const rules = found?.value.embeddingRules
  return Array.isArray(rules) && rules.some(({ $type }) => $type === 'app.bsky.feed.postgate#disableRule')
}
