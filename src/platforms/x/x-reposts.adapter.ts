import { DateTime } from 'luxon'

import { sha256 } from '../../kernel/ids.js'
import { ApiFault } from '../http-api.adapter.js'
import type { LookUpOutcome, OutgoingPost, PublishKey } from '../platform.js'
import { isWordless } from '../target-rules.js'
import { madeAt, refersTo, wordsOf, type XPost } from './timeline.js'
import { RenewalFault, type XAccount } from './x-account.adapter.js'
import { lookUpRefusalOf, problemOf } from './x-answers.js'

interface Told {
  readonly data?: XPost
  readonly includes?: { readonly users?: readonly XUser[] }
}

interface XUser {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly protected?: boolean
}

/** As people copy it from the browser or the app. `statuses` is older; `i/web` has no name in it. */
const ADDRESS =
  /^https?:\/\/(?:www\.|mobile\.|m\.)?(?:x|twitter)\.com\/(?:i\/web|i|\w{1,20})\/status(?:es)?\/(\d{1,19})(?:[/?#]|$)/i
/** From an older version to the newest, or from a repost to what it passes on. */
const MOST_STEPS = 2
/** The clocks of two machines. */
const SLACK = { minutes: 2 }

/** Somebody's post, without a word of our own. */
export function isRepost(post: OutgoingPost): boolean {
  return post.repostOf !== undefined && isWordless(post)
}

/**
 * What a repost is known by: X undoes one by the id of what was passed on (DELETE /2/users/:id/retweets/:source), of
 * which the account has one at most, and does not say what the id in its answer is of.
 */
export function repostId(source: string): string {
  return `retweets/${source}`
}

/** The post that a repost of ours passes on; null for any other id. */
export function sourceOf(remoteId: string): string | null {
  return /^retweets\/(\d+)$/.exec(remoteId)?.[1] ?? null
}

/** The address of a post, without the handle, which may change. */
export function urlOf(id: string): string {
  return `https://x.com/i/web/status/${id}`
}

/** Looks for somebody's post by the address of its page, with one call: the post and who wrote it are paid for. */
export async function lookUpPost(
  account: XAccount,
  address: string,
  now: DateTime,
  signal: AbortSignal,
): Promise<LookUpOutcome> {
  const named = ADDRESS.exec(address)?.[1]
  if (named === undefined) {
    const cause = 'This is no address of a post on X; one looks like https://x.com/name/status/1234567890123456789.'
    return { kind: 'refused', cause }
  }
  let id = named
  try {
    for (let step = 0; step <= MOST_STEPS; step += 1) {
      const told: Told = await postWith(account, id, signal)
      if (!told.data)
        return { kind: 'refused', cause: `X shows no such post to this account. ${problemOf(told).said}`.trim() }
      const next: string = refersTo(told.data, 'retweeted') ?? told.data.edit_history_tweet_ids?.at(-1) ?? id
      if (next === id) return foundAs(told.data, told.includes?.users ?? [])
      id = next
    }
    return { kind: 'retry', cause: 'That post is being changed just now.' }
  } catch (error) {
    const fault = error instanceof RenewalFault ? error.fault : error
    if (fault instanceof ApiFault) return lookUpRefusalOf(fault, error instanceof RenewalFault, now)
    return { kind: 'retry', cause: error instanceof Error ? error.message : String(error) }
  }
}

/** GET /2/tweets/:id (https://docs.x.com/x-api/posts/get-post-by-id). */
async function postWith(account: XAccount, id: string, signal: AbortSignal): Promise<Told> {
  const query = {
    'tweet.fields': 'author_id,attachments,entities,note_tweet,referenced_tweets',
    expansions: 'author_id',
    'user.fields': 'username,name,protected',
  }
  const { body } = await account.call<Told | null>({ method: 'GET', path: `/2/tweets/${id}`, query, signal })
  return body ?? {}
}

function foundAs(post: XPost, users: readonly XUser[]): LookUpOutcome {
  const author = users.find(({ id }) => id === post.author_id)
  if (!author) return { kind: 'retry', cause: 'X did not tell who wrote it.' }
  // The account may follow them and read it; the group may not.
  if (author.protected === true)
    return { kind: 'refused', cause: 'That post is for followers only, so that nothing is done with it from here.' }
  return {
    kind: 'found',
    post: {
      remoteId: post.id,
      root: post.id,
      url: `https://x.com/${author.username}/status/${post.id}`,
      author: { handle: author.username, name: author.name },
      text: wordsOf(post),
      version: versionOf(post),
    },
  }
}

/**
 * X names no version. An edit makes a post of another id (https://docs.x.com/x-api/fundamentals/edit-posts); what can be
 * seen stands beside the list of those, and the author.
 */
function versionOf({ id, text, note_tweet: note, attachments, referenced_tweets: refers, ...post }: XPost): string {
  const media = attachments?.media_keys ?? []
  const named = (refers ?? []).map((each) => [each.type, each.id])
  return sha256(JSON.stringify([post.edit_history_tweet_ids ?? [id], note?.text ?? text, media, named, post.author_id]))
}

/**
 * Whether what X answers with was made before the first attempt, by somebody else or for another publication, or since.
 * An id that is no later than what is passed on cannot be that of a repost, and tells nothing.
 */
export function madeWhen(
  { createdAt }: PublishKey,
  id: string | undefined,
  source: string,
): 'before' | 'since' | 'unknown' {
  const [made, first] = [id === undefined ? null : madeAt(id), madeAt(source)]
  if (made === null || first === null || made <= first) return 'unknown'
  return made < DateTime.fromISO(createdAt, { zone: 'utc' }).minus(SLACK) ? 'before' : 'since'
}

/** Whether another publication from here is known to have passed the same on, on the same account. */
export async function isOfAnother(key: PublishKey, source: string): Promise<boolean> {
  return (await key.others()).includes(repostId(source))
}
