import { DateTime } from 'luxon'

import type { Counters, OutgoingPost, PublishKey, Reply } from '../platform.js'
import { madeAt, refersTo, sameWords, wordsOf, type XPost } from './timeline.js'
import type { XAccount } from './x-account.adapter.js'
import { problemOf } from './x-answers.js'
import { isRepost } from './x-reposts.adapter.js'
import { textToSend } from './x-rules.js'

interface Page {
  readonly data?: readonly XPost[]
  readonly includes?: { readonly users?: readonly { id: string; username: string; name: string }[] }
  readonly errors?: readonly unknown[]
  readonly meta?: { readonly result_count?: number; readonly next_token?: string }
}

/** GET /2/tweets takes 100 ids; the timelines give 100 posts a page. */
const PAGE = 100
/** Each post read is paid for; an account with more mentions than this gets the rest next time. */
const MOST_PAGES = 5
/** `non_public_metrics` are told for 30 days (docs.x.com/x-api/fundamentals/metrics); an hour is left to spare. */
const CLICKS_FOR = { days: 30, hours: -1 }
/** The clocks of two machines. */
const SLACK = { minutes: 2 }

/** X answered with 200 and gave problems in place of what was asked for. */
export class NothingTold extends Error {
  constructor(body: unknown) {
    super(`X did not tell: ${problemOf(body).said}`)
    this.name = 'NothingTold'
  }
}

/** What is read of an account at X: its own posts, their counters, and what others wrote. */
export class XReading {
  constructor(private readonly account: XAccount) {}

  /** The post that an attempt with this key made, if it shows. @throws NothingTold @throws ApiFault */
  async ours(post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<XPost | null> {
    const since = DateTime.fromISO(key.createdAt, { zone: 'utc' }).minus(SLACK)
    const posts = await this.timeline('tweets', since, 'entities,referenced_tweets,note_tweet,attachments', signal)
    const others = await key.others()
    const shown = post.video ? 1 : post.pictures.length
    // A repost has the words and media of what it passes on, so that it is told by what it refers to alone.
    const passesOn = isRepost(post) ? post.repostOf : null
    const found = posts.data.find((each) =>
      passesOn === null
        ? !others.includes(each.id) &&
          (each.attachments?.media_keys?.length ?? 0) === shown &&
          refersTo(each, 'retweeted') === null &&
          refersTo(each, 'replied_to') === (post.under?.parent ?? null) &&
          sameWords(wordsOf(each), textToSend(post))
        : refersTo(each, 'retweeted') === passesOn,
    )
    if (!found && !posts.whole) throw new Error('The account has posted too much since to look through.')
    return found ?? null
  }

  /** Counters of those posts that X tells of. */
  async counters(ids: readonly string[], now: DateTime, signal: AbortSignal): Promise<Map<string, Counters>> {
    const readings = new Map<string, Counters>()
    const known = ids.filter((id) => madeAt(id) !== null)
    // Asked for the clicks of an older post, X answers with a problem in place of the post.
    const young = known.filter((id) => madeAt(id)! > now.minus(CLICKS_FOR))
    const old = known.filter((id) => !young.includes(id))
    for (const [those, fields] of [
      [young, 'public_metrics,non_public_metrics'],
      [old, 'public_metrics'],
    ] as const) {
      for (let at = 0; at < those.length; at += PAGE) {
        const query = { ids: those.slice(at, at + PAGE).join(','), 'tweet.fields': fields }
        const { body } = await this.account.call<Page>({ method: 'GET', path: '/2/tweets', query, signal })
        for (const post of body.data ?? []) readings.set(post.id, countersOf(post))
      }
    }
    return readings
  }

  /** What others wrote to the account, oldest first. A reply to one of ours mentions us, and so is among these. */
  async mentions(since: DateTime, signal: AbortSignal): Promise<Reply[]> {
    const { data, users } = await this.timeline('mentions', since, 'entities,referenced_tweets,note_tweet', signal)
    return data
      .filter((post) => post.author_id !== this.account.id)
      .map((post) => {
        const author = users.get(post.author_id ?? '')
        const [answered, quoted] = [refersTo(post, 'replied_to'), refersTo(post, 'quoted')]
        return {
          remoteId: post.id,
          url: `https://x.com/i/web/status/${post.id}`,
          about: answered ?? quoted,
          kind: answered ? ('reply' as const) : quoted ? ('quote' as const) : ('mention' as const),
          author: { handle: author?.username ?? '', name: author?.name ?? '' },
          text: wordsOf(post),
          at: post.created_at ?? madeAt(post.id)?.toISO() ?? since.toISO()!,
        }
      })
      .sort((one, other) => DateTime.fromISO(one.at).toMillis() - DateTime.fromISO(other.at).toMillis())
  }

  private async timeline(which: 'tweets' | 'mentions', since: DateTime, fields: string, signal: AbortSignal) {
    const data: XPost[] = []
    const users = new Map<string, { username: string; name: string }>()
    let token: string | undefined
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = {
        start_time: since.toUTC().startOf('second').toISO({ suppressMilliseconds: true })!,
        max_results: PAGE,
        'tweet.fields': `author_id,created_at,${fields}`,
        ...(which === 'mentions' ? { expansions: 'author_id', 'user.fields': 'username,name' } : {}),
        pagination_token: token,
      }
      const path = `/2/users/${this.account.id}/${which}`
      const { body } = await this.account.call<Page>({ method: 'GET', path, query, signal })
      if (!body?.data && (!body?.meta || (body.errors?.length ?? 0) > 0)) throw new NothingTold(body)
      data.push(...(body.data ?? []))
      for (const user of body.includes?.users ?? []) users.set(user.id, user)
      token = body.meta?.next_token
      if (!token) break
    }
    return { data, users, whole: !token }
  }
}

function countersOf({ public_metrics: all, non_public_metrics: own }: XPost): Counters {
  const sum = (...parts: (number | undefined)[]) =>
    parts[0] === undefined ? null : parts.reduce<number>((total, part) => total + (part ?? 0), 0)
  return {
    reactions: sum(all?.like_count),
    replies: sum(all?.reply_count),
    // A quote passes the post on too, with words of its own.
    reposts: sum(all?.retweet_count, all?.quote_count),
    clicks: sum(own?.url_link_clicks),
    impressions: sum(all?.impression_count),
  }
}
