import type { Clock } from '../../kernel/clock.js'
import { madeId } from '../graph-answers.js'
import type { Connection, OutgoingPost, PublishKey, PublishOutcome } from '../platform.js'
import { publishOutcomeOf } from './instagram-answers.js'
import { type Comment, type InstagramApi, instagramFaultOf } from './instagram-api.adapter.js'
import { type InstagramReading, instant, LISTED, sinceOf } from './instagram-reading.adapter.js'

/** Comments have no containers: one goes out at once, and is looked for before it is sent again. */
export class InstagramComments {
  constructor(
    private readonly api: InstagramApi,
    private readonly reading: InstagramReading,
    private readonly clock: Clock,
  ) {}

  /** Below a post of ours, or as an answer to somebody's comment. */
  async publish(
    connection: Connection,
    post: OutgoingPost,
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    let step: 'prepare' | 'publish' = 'prepare'
    try {
      if (key.memo === null) await key.keep('comment')
      else {
        const there = await this.own(connection, post, key, signal)
        if (there) return { kind: 'published', ...there }
      }
      if (signal.aborted)
        return { kind: 'retry', cause: 'The time for this comment was over before it was sent.', afterSeconds: null }
      step = 'publish'
      const path = commentsOf(post)
      const id = madeId(await this.api.call(connection, 'POST', path, { message: post.text }, signal))
      const url = await this.reading.addressOf(connection, post.under!.root, signal)
      return { kind: 'published', remoteId: id, url, at: this.clock.now().toISO()! }
    } catch (error) {
      return publishOutcomeOf(instagramFaultOf(error, this.clock), step, this.clock.now())
    }
  }

  /**
   * The account's own comment with these words. Names tell nothing by themselves: an account can be renamed, and its old
   * name be somebody else's.
   */
  async own(connection: Connection, post: OutgoingPost, key: PublishKey, signal: AbortSignal) {
    const query = { fields: 'id,text,user,username,timestamp', limit: LISTED }
    const { data } = await this.api.call<{ data: Comment[] }>(connection, 'GET', commentsOf(post), query, signal)
    const others = await key.others()
    const same = data.filter(
      ({ id, text, timestamp }) =>
        text.trim() === post.text.trim() && instant(timestamp) >= sinceOf(key) && !others.includes(id),
    )
    const there =
      same.find((each) => authorOf(each) === connection.remoteAccountId) ??
      (await this.byName(same, connection, signal))
    if (!there && data.length >= Number(LISTED)) throw new Error('There are more comments than it shows at once')
    if (!there) return null
    const url = await this.reading.addressOf(connection, post.under!.root, signal)
    return { remoteId: there.id, url, at: instant(there.timestamp).toISO()! }
  }

  /** Where Instagram tells no id that is ours, the name decides that the account has now. */
  private async byName(same: readonly Comment[], connection: Connection, signal: AbortSignal) {
    if (same.length === 0) return undefined
    const account = `/${connection.remoteAccountId}`
    const { username: now } = await this.api.call<{ username: string }>(
      connection,
      'GET',
      account,
      { fields: 'username' },
      signal,
    )
    const there = same.find(({ username }) => username === now)
    if (!there && same.some(({ username }) => username === undefined))
      throw new Error('A comment says the same, and it does not tell whose that is')
    return there
  }
}

function authorOf({ user }: Comment): string | undefined {
  return typeof user === 'object' ? user.id : user
}

function commentsOf({ under }: OutgoingPost): string {
  return `/${under!.parent}/${under!.kind === 'answer' ? 'replies' : 'comments'}`
}
