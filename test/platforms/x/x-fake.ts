import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sha256 } from '../../../src/kernel/ids.js'

/** A post as X keeps it. */
export interface FakePost {
  readonly id: string
  readonly author: string
  /** As it was typed. */
  readonly text: string
  readonly media: readonly string[]
  readonly under: string | null
  readonly quotes: string | null
  /** What it passes on without words. */
  readonly retweets?: string
  /** Its versions before this one, the oldest first. */
  readonly before?: readonly string[]
  readonly at: Date
  /** How many more readings of a timeline do not show it yet. */
  hidden: number
}

interface FakeMedia {
  readonly id: string
  readonly category: string
  readonly total: number
  readonly chunks: Map<number, Buffer>
  alt: string
  /** How many more times it is "in progress"; null before `finalize`. */
  left: number | null
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: Buffer
}

/** An answer other than the good one, in the words of docs.x.com. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: object,
    readonly headers: Record<string, string> = {},
  ) {
    super(JSON.stringify(body))
  }
}

const invalid = (detail: string) =>
  new Refusal(400, {
    errors: [{ parameters: {}, message: detail }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: 'https://api.x.com/2/problems/invalid-request',
  })
const forbidden = (detail: string) => new Refusal(403, { title: 'Forbidden', detail, type: 'about:blank', status: 403 })

/**
 * A stand-in for X on 127.0.0.1: its OAuth, posts, media and readings in the documented wire format, strict about what
 * it takes and with X's oddities: rotating refresh tokens, no posts of the same words, addresses made into t.co ones,
 * timelines that lag, films that are worked on, clicks for thirty days.
 */
export class XFake {
  readonly posts: FakePost[] = []
  readonly users = new Map<string, { id: string; username: string; name: string; protected?: boolean }>()
  readonly app = { clientId: 'client-1', clientSecret: 'secret:of/the app' }
  /** Every pair of tokens that was given out, the newest last. */
  readonly given: { access: string; refresh: string; user: string }[] = []
  /** What the account that consents next answers for. */
  consenting = 'group'
  /** Scopes that are left out of a consent. */
  withheld: readonly string[] = []
  /** Whether answers are refused, as X does for most apps since February 2026. */
  answersRefused = false
  credits = true
  processingRounds = 2
  processingFails = false
  /** What X says of the seconds until it wants to be asked again. */
  checkAfter = 1
  longest = 280
  /** Readings of a timeline before a new post shows. */
  lag = 1
  /** So many reposts are made, and then answered as if X were out of order. */
  brokenReposts = 0
  clicks = 0
  /** Milliseconds by which its clock differs from this machine's. */
  ahead = 0
  /** Who follows whom, as "id id": of those who show their posts to followers only. */
  readonly followed = new Set<string>()
  private readonly media = new Map<string, FakeMedia>()
  private readonly codes = new Map<string, { challenge: string; redirectUri: string; user: string; scope: string }>()
  private readonly live = new Map<string, string>()
  private readonly refreshable = new Map<string, string>()
  private readonly server = createServer((request, response) => {
    this.handle(request)
      .then(({ status, headers, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers })
        response.end(body === null ? undefined : JSON.stringify(body))
      })
      .catch(() => response.destroy())
  })
  private serial = 0n
  private port = 0

  static async start(): Promise<XFake> {
    const fake = new XFake()
    fake.server.listen(0, '127.0.0.1')
    await once(fake.server, 'listening')
    fake.port = (fake.server.address() as AddressInfo).port
    fake.addUser('group')
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  addUser(username: string): { id: string } {
    const user = { id: String(1000 + this.users.size), username, name: `The ${username}` }
    this.users.set(username, user)
    return user
  }

  /** Tokens without a browser, for tests of anything but consent. */
  tokensFor(username: string): { accessToken: string; refreshToken: string } {
    const { access, refresh } = this.grant(username)
    return { accessToken: access, refreshToken: refresh }
  }

  /** Ends access tokens, as two hours do. */
  expire(): void {
    this.live.clear()
  }

  /** Takes back the permission, as the account's owner can at X. */
  revoke(): void {
    this.live.clear()
    this.refreshable.clear()
  }

  /** Something that somebody posts, with X's own tools. */
  write(username: string, text: string, more: { under?: string; quotes?: string; at?: Date } = {}): FakePost {
    const at = more.at ?? this.now()
    const { under = null, quotes = null } = more
    const id = this.newId(at)
    const post = { id, author: this.users.get(username)!.id, text, media: [], under, quotes, at, hidden: 0 }
    this.posts.push(post)
    return post
  }

  /** As somebody who pays X can for an hour: the new version is a post with an id of its own. */
  edit(old: FakePost, text: string): FakePost {
    const at = this.now()
    const post = { ...old, id: this.newId(at), text, at, before: [...(old.before ?? []), old.id] }
    this.posts.push(post)
    return post
  }

  /** Passed on with X's own tools. */
  passOn(username: string, source: string, at = this.now()): FakePost {
    return this.retweet(this.users.get(username)!.id, source, at, 0)
  }

  alt(mediaId: string): string {
    return this.media.get(mediaId)?.alt ?? ''
  }

  fileOf(mediaId: string): { category: string; sha256: string } {
    const { category, chunks } = this.media.get(mediaId)!
    const bytes = Buffer.concat([...chunks].sort(([one], [other]) => one - other).map(([, chunk]) => chunk))
    return { category, sha256: sha256(new Uint8Array(bytes)) }
  }

  private now(): Date {
    return new Date(Date.now() + this.ahead)
  }

  private newId(at: Date): string {
    this.serial += 1n
    return String(((BigInt(at.getTime()) - 1_288_834_974_657n) << 22n) + (this.serial & 0x3fffffn))
  }

  private grant(username: string): { access: string; refresh: string; user: string } {
    const { id } = this.users.get(username)!
    const pair = { access: `access-${randomUUID()}`, refresh: `refresh-${randomUUID()}`, user: id }
    this.live.set(pair.access, id)
    this.refreshable.set(pair.refresh, username)
    this.given.push(pair)
    return pair
  }

  private async handle(request: IncomingMessage) {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const url = new URL(request.url ?? '/', this.url)
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value)
    const asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: Buffer.concat(chunks),
    }
    try {
      return await this.answer(asked)
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, headers: error.headers, body: error.body }
      throw error
    }
  }

  private async answer(
    asked: Asked,
  ): Promise<{ status: number; headers: Record<string, string>; body: object | null }> {
    const ok = (body: object | null, status = 200) => ({ status, headers: {}, body })
    const route = `${asked.method} ${asked.path}`
    if (route === 'GET /i/oauth2/authorize') return this.authorize(asked)
    if (route === 'POST /2/oauth2/token') return ok(this.token(asked))
    const user = this.userOf(asked)
    if (!this.credits) {
      const type = 'https://api.x.com/2/problems/credits-depleted'
      throw new Refusal(402, { title: 'Payment Required', detail: 'credits depleted', type })
    }
    if (route === 'GET /2/users/me') return ok({ data: [...this.users.values()].find(({ id }) => id === user) })
    if (route === 'POST /2/media/upload') return ok(await this.uploadAtOnce(asked))
    if (route === 'POST /2/media/upload/initialize') return ok(this.initialize(asked))
    if (route === 'GET /2/media/upload') return ok(this.status(asked))
    if (route === 'POST /2/media/metadata') return ok(this.describe(asked))
    if (route === 'POST /2/tweets') return ok(this.create(asked, user), 201)
    if (route === 'GET /2/tweets') return ok(this.lookUp(asked, user))
    const [, of, source] = /^\/2\/users\/(\d+)\/retweets(?:\/(\d+))?$/.exec(asked.path) ?? []
    if (of !== undefined && of !== user) throw invalid('The `id` query parameter value is not the authenticating user')
    if (of !== undefined && asked.method === 'POST' && !source) return ok(this.takeRetweet(asked, user))
    if (source !== undefined && asked.method === 'DELETE') return ok(this.undo(user, source))
    const [, id = '', last = ''] = /^\/2\/(?:media\/upload|tweets|users)\/(\d+)(?:\/(\w+))?$/.exec(asked.path) ?? []
    if (asked.method === 'GET' && asked.path === `/2/tweets/${id}`) return ok(this.one(asked, id, user))
    if (asked.method === 'POST' && last === 'append') return ok(await this.append(asked, id))
    if (asked.method === 'POST' && last === 'finalize') return ok(this.finalize(id))
    if (asked.method === 'DELETE' && asked.path === `/2/tweets/${id}`) return ok(this.remove(id, user))
    if (asked.method === 'GET' && last === 'tweets') return ok(this.timeline(asked, (post) => post.author === id))
    if (asked.method === 'GET' && last === 'mentions') {
      const { username } = [...this.users.values()].find((each) => each.id === id)!
      return ok(this.timeline(asked, (post) => post.text.includes(`@${username}`)))
    }
    throw new Refusal(404, { title: 'Not Found', detail: `no route ${route}`, type: 'about:blank', status: 404 })
  }

  /** The page with the button “Authorize app”, pressed at once. */
  private authorize({ query }: Asked) {
    const need = [
      'response_type',
      'client_id',
      'redirect_uri',
      'scope',
      'state',
      'code_challenge',
      'code_challenge_method',
    ]
    for (const name of need) if (!query.get(name)) throw invalid(`${name} is missing`)
    if (query.get('client_id') !== this.app.clientId) throw invalid('client_id is unknown')
    if (query.get('code_challenge_method') !== 'S256') throw invalid('code_challenge_method')
    const code = randomUUID()
    const scope = query
      .get('scope')!
      .split(' ')
      .filter((each) => !this.withheld.includes(each))
      .join(' ')
    const redirectUri = query.get('redirect_uri')!
    this.codes.set(code, { challenge: query.get('code_challenge')!, redirectUri, user: this.consenting, scope })
    const back = new URL(redirectUri)
    back.search = new URLSearchParams({ state: query.get('state')!, code }).toString()
    return { status: 302, headers: { location: back.href }, body: null }
  }

  private token({ headers, body }: Asked): object {
    if (!headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) throw invalid('content type')
    const form = new URLSearchParams(body.toString())
    const { clientId, clientSecret } = this.app
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')
    if (headers.get('authorization') !== `Basic ${basic}`) {
      throw new Refusal(401, { error: 'unauthorized_client', error_description: 'Missing valid authorization header' })
    }
    const refused = () =>
      new Refusal(400, { error: 'invalid_grant', error_description: 'Value passed for the token was invalid.' })
    if (form.get('grant_type') === 'authorization_code') {
      const kept = this.codes.get(form.get('code') ?? '')
      this.codes.delete(form.get('code') ?? '')
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      if (!kept || kept.challenge !== challenge || kept.redirectUri !== form.get('redirect_uri')) throw refused()
      return this.tokenAnswer(kept.user, kept.scope)
    }
    if (form.get('grant_type') !== 'refresh_token') throw invalid('grant_type')
    const username = this.refreshable.get(form.get('refresh_token') ?? '')
    if (username === undefined) throw refused()
    this.refreshable.delete(form.get('refresh_token')!)
    return this.tokenAnswer(username, 'tweet.read tweet.write users.read media.write offline.access')
  }

  private tokenAnswer(username: string, scope: string): object {
    const { access, refresh } = this.grant(username)
    return { token_type: 'bearer', expires_in: 7200, access_token: access, refresh_token: refresh, scope }
  }

  private userOf({ headers }: Asked): string {
    const user = this.live.get(headers.get('authorization')?.replace(/^Bearer /, '') ?? '')
    if (user === undefined)
      throw new Refusal(401, { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' })
    return user
  }

  private async uploadAtOnce(asked: Asked): Promise<object> {
    const { media_category: category, media } = await multipart(asked, ['media_category', 'media'])
    if (category !== 'tweet_image' || !Buffer.isBuffer(media)) throw invalid('media_category')
    if (media.length > 5_242_880)
      throw new Refusal(413, { title: 'Payload Too Large', type: 'about:blank', status: 413 })
    const made = this.newMedia(category, media.length)
    made.chunks.set(0, media)
    made.left = 0
    return { data: { id: made.id, media_key: `3_${made.id}`, size: media.length, expires_after_secs: 86400 } }
  }

  private initialize(asked: Asked): object {
    const json = jsonIn(asked, ['media_type', 'media_category', 'total_bytes'])
    const types: Record<string, string> = { tweet_gif: 'image/gif', tweet_video: 'video/mp4' }
    if (types[String(json.media_category)] !== json.media_type) throw invalid('media_category')
    const { id } = this.newMedia(String(json.media_category), Number(json.total_bytes))
    return { data: { id, media_key: `7_${id}`, expires_after_secs: 86399 } }
  }

  private newMedia(category: string, total: number): FakeMedia {
    const made = { id: this.newId(this.now()), category, total, chunks: new Map(), alt: '', left: null }
    this.media.set(made.id, made)
    return made
  }

  private async append(asked: Asked, id: string): Promise<object> {
    const { segment_index: index, media } = await multipart(asked, ['segment_index', 'media'])
    const into = this.media.get(id)
    if (!into || into.left !== null || !Buffer.isBuffer(media) || media.length > 5_242_880) throw invalid('media')
    into.chunks.set(Number(index), media)
    return { data: { expires_at: 1 } }
  }

  private finalize(id: string): object {
    const into = this.media.get(id)
    const size = [...(into?.chunks.values() ?? [])].reduce((sum, chunk) => sum + chunk.length, 0)
    if (!into || size !== into.total) throw invalid('Segments do not add up to provided total file size.')
    into.left = this.processingRounds
    return this.mediaAnswer(into)
  }

  private status({ query }: Asked): object {
    const found = this.media.get(query.get('media_id') ?? '')
    if (query.get('command') !== 'STATUS' || !found || found.left === null) throw invalid('media_id')
    found.left = Math.max(0, found.left - 1)
    return this.mediaAnswer(found)
  }

  private mediaAnswer({ id, left }: FakeMedia): object {
    const failed = { state: 'failed', error: { code: 1, name: 'InvalidMedia', message: 'Unsupported video format' } }
    const info =
      left === 0
        ? this.processingFails
          ? failed
          : { state: 'succeeded', progress_percent: 100 }
        : { state: left === this.processingRounds ? 'pending' : 'in_progress', check_after_secs: this.checkAfter }
    return { data: { id, media_key: `7_${id}`, processing_info: info } }
  }

  private describe(asked: Asked): object {
    const { id, metadata } = jsonIn(asked, ['id', 'metadata'])
    const alt = (metadata as { alt_text?: { text?: unknown } } | undefined)?.alt_text?.text
    const found = this.media.get(String(id))
    if (!found || typeof alt !== 'string' || alt === '' || alt.length > 1000) throw invalid('alt_text')
    if (found.category === 'tweet_video') throw invalid('alt_text is for images and GIFs')
    found.alt = alt
    return { data: { id, associated_metadata: { alt_text: { text: alt } } } }
  }

  private create(asked: Asked, author: string): object {
    const json = jsonIn(asked, ['text', 'media', 'reply'])
    const text = typeof json.text === 'string' ? json.text : ''
    const ids = (json.media as { media_ids?: string[] } | undefined)?.media_ids ?? []
    const under = (json.reply as { in_reply_to_tweet_id?: string } | undefined)?.in_reply_to_tweet_id ?? null
    // Ordinary apps quote nobody since April 2026.
    const quotes = null
    if (text === '' && ids.length === 0) throw invalid('Tweet text or media is required')
    if ([...text.replace(/https?:\/\/\S+/g, 'x'.repeat(23))].length > this.longest)
      throw forbidden('Your Tweet text is too long.')
    if ((text.match(/\$[A-Za-z]{1,6}\b/g) ?? []).length > 1) throw forbidden('A post may have at most one cashtag.')
    const shown = ids.map((id) => this.media.get(id))
    if (ids.length > 4 || shown.some((each) => each?.left !== 0)) throw invalid('Your media IDs are invalid.')
    if (shown.length > 1 && shown.some((each) => each?.category !== 'tweet_image')) throw invalid('media_ids')
    if (under !== null && !this.posts.some(({ id }) => id === under))
      throw forbidden('You attempted to reply to a Tweet that is deleted or not visible to you.')
    if (under !== null && this.answersRefused)
      throw forbidden(
        'Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.',
      )
    if (this.posts.some((post) => post.author === author && post.text === text && post.under === under))
      throw forbidden('You are not allowed to create a Tweet with duplicate content.')
    const at = this.now()
    const post = { id: this.newId(at), author, text, media: ids, under, quotes, at, hidden: this.lag }
    this.posts.push(post)
    return { data: { id: post.id, text: this.shown(post, ['entities']).text, edit_history_tweet_ids: [post.id] } }
  }

  private remove(id: string, user: string): object {
    const at = this.posts.findIndex((post) => post.id === id)
    if (at >= 0 && this.posts[at]!.author !== user) throw forbidden('You are not authorized to delete this Tweet.')
    // The documentation names no answer for a post that is gone; clients have seen this one.
    if (at >= 0) this.posts.splice(at, 1)
    return { data: { deleted: true } }
  }

  private takeRetweet(asked: Asked, user: string): object {
    const { tweet_id: source } = jsonIn(asked, ['tweet_id'])
    if (typeof source !== 'string' || !/^\d{1,19}$/.test(source)) throw invalid('$.tweet_id: does not match the regex')
    const theirs = this.posts.find((post) => post.id === source)
    if (!theirs) throw forbidden('The Tweet that you attempted to retweet is deleted or not visible to you.')
    const [author] = [...this.users.values()].filter(({ id }) => id === theirs.author)
    if (author?.protected) throw forbidden('Retweet is not permissible for this status.')
    // No page documents it: a 400 with these words is what clients have reported.
    if (this.posts.some((post) => post.author === user && post.retweets === source))
      throw invalid('You cannot retweet a Tweet that you have already retweeted.')
    const { id } = this.retweet(user, source, this.now(), this.lag)
    if (this.brokenReposts > 0) {
      this.brokenReposts -= 1
      throw new Refusal(503, { title: 'Service Unavailable' })
    }
    return { data: { rest_id: id, retweeted: true } }
  }

  private retweet(author: string, retweets: string, at: Date, hidden: number): FakePost {
    const post = { id: this.newId(at), author, text: '', media: [], under: null, quotes: null, retweets, at, hidden }
    this.posts.push(post)
    return post
  }

  /** Undoing what is not there is no fault. */
  private undo(user: string, source: string): object {
    const at = this.posts.findIndex((post) => post.author === user && post.retweets === source)
    if (at >= 0) this.posts.splice(at, 1)
    return { data: { retweeted: false } }
  }

  /** GET /2/tweets/:id. */
  private one({ query }: Asked, id: string, user: string): object {
    const fields = fieldsIn(query, ['author_id', 'entities', 'referenced_tweets', 'note_tweet', 'attachments'])
    for (const [name, known] of [
      ['expansions', ['author_id']],
      ['user.fields', ['username', 'name', 'protected']],
    ] as const)
      for (const value of query.get(name)?.split(',') ?? [])
        if (!(known as readonly string[]).includes(value))
          throw invalid(`The \`${name}\` value [${value}] is not known`)
    const problem = (type: string, title: string) => ({
      errors: [
        {
          value: id,
          detail: `${title}: [${id}].`,
          title,
          resource_type: 'tweet',
          parameter: 'id',
          resource_id: id,
          type: `https://api.x.com/2/problems/${type}`,
        },
      ],
    })
    const post = this.posts.find((each) => each.id === id)
    if (!post) return problem('resource-not-found', 'Not Found Error')
    const { protected: isProtected = false, ...author } = [...this.users.values()].find(
      (each) => each.id === post.author,
    )!
    if (isProtected && !this.followed.has(`${user} ${author.id}`) && user !== author.id)
      return problem('not-authorized-for-resource', 'Authorization Error')
    const users = [{ ...author, protected: isProtected }]
    return {
      data: this.shown(post, fields),
      ...(query.get('expansions') === 'author_id' ? { includes: { users } } : {}),
    }
  }

  private lookUp({ query }: Asked, user: string): object {
    const ids = (query.get('ids') ?? '').split(',')
    if (ids.length > 100 || !ids.every((id) => /^\d{1,19}$/.test(id))) throw invalid('ids')
    const fields = fieldsIn(query, ['public_metrics', 'non_public_metrics'])
    const data: object[] = []
    const errors: object[] = []
    for (const id of ids) {
      const post = this.posts.find((each) => each.id === id)
      const type = post ? 'not-authorized-for-field' : 'resource-not-found'
      const old = post && post.at.getTime() < this.now().getTime() - 30 * 24 * 3600_000
      if (!post || (fields.includes('non_public_metrics') && (old || post.author !== user))) {
        errors.push({ value: id, title: 'Not Found Error', type: `https://api.x.com/2/problems/${type}` })
      } else data.push(this.shown(post, fields))
    }
    return { ...(data.length > 0 ? { data } : {}), ...(errors.length > 0 ? { errors } : {}) }
  }

  private timeline({ query }: Asked, belongs: (post: FakePost) => boolean): object {
    const fields = fieldsIn(query, [
      'author_id',
      'created_at',
      'entities',
      'referenced_tweets',
      'note_tweet',
      'attachments',
    ])
    const start = query.get('start_time') ?? ''
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(start)) throw invalid('start_time')
    const most = Number(query.get('max_results'))
    if (!(most >= 5 && most <= 100)) throw invalid('max_results')
    const all = this.posts.filter((post) => belongs(post) && post.at >= new Date(start))
    const visible = all.filter((post) => {
      post.hidden -= 1
      return post.hidden < 0
    })
    const from = Number(query.get('pagination_token') ?? 0)
    const page = visible.toReversed().slice(from, from + most)
    const next = from + most < visible.length ? { next_token: String(from + most) } : {}
    const users = [...this.users.values()].filter(({ id }) => page.some((post) => post.author === id))
    return {
      ...(page.length > 0 ? { data: page.map((post) => this.shown(post, fields)) } : {}),
      ...(query.get('expansions') === 'author_id' ? { includes: { users } } : {}),
      meta: { result_count: page.length, ...next },
    }
  }

  /** As readers get it: addresses are t.co ones, the media have one too, and three characters are escaped. */
  private shown(post: FakePost, fields: readonly string[]) {
    const urls: object[] = []
    const tco = (expanded: string, media?: string) => {
      const url = `https://t.co/${sha256(expanded).slice(0, 10)}`
      urls.push({ url, expanded_url: expanded, ...(media ? { media_key: media } : {}) })
      return url
    }
    const opened = post.text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/https?:\/\/\S+|\bexample\.org(?:\/\S*)?/g, (address) =>
        tco((/^https?:/.test(address) ? address : `http://${address}`).replaceAll('&amp;', '&')),
      )
    const passed = this.posts.find((each) => each.id === post.retweets)
    const media = post.media.map((id) => tco(`https://x.com/group/status/${post.id}/photo/1`, `3_${id}`))
    const { username = '' } = [...this.users.values()].find((each) => each.id === passed?.author) ?? {}
    const text = [passed ? `RT @${username}: ${passed.text}` : opened, ...media.slice(0, 1)]
      .filter((part) => part !== '')
      .join(' ')
    const refers = [
      ...(post.under ? [{ type: 'replied_to', id: post.under }] : []),
      ...(post.quotes ? [{ type: 'quoted', id: post.quotes }] : []),
      ...(post.retweets ? [{ type: 'retweeted', id: post.retweets }] : []),
    ]
    const count = (kind: 'under' | 'quotes' | 'retweets') => this.posts.filter((each) => each[kind] === post.id).length
    const all: Record<string, unknown> = {
      author_id: post.author,
      created_at: post.at.toISOString(),
      ...(urls.length > 0 ? { entities: { urls } } : {}),
      ...(refers.length > 0 ? { referenced_tweets: refers } : {}),
      ...([...text].length > 280 ? { note_tweet: { text, entities: { urls } } } : {}),
      ...(post.media.length > 0 ? { attachments: { media_keys: post.media.map((id) => `3_${id}`) } } : {}),
      public_metrics: {
        retweet_count: count('retweets'),
        reply_count: count('under'),
        like_count: 3,
        quote_count: count('quotes'),
        bookmark_count: 0,
        impression_count: 40,
      },
      non_public_metrics: { impression_count: 40, url_link_clicks: this.clicks, user_profile_clicks: 0 },
    }
    const shown = Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)))
    const newest = this.posts.findLast((each) => each.before?.includes(post.id)) ?? post
    const versions = this.posts.filter((each) => newest.before?.includes(each.id) || each === newest)
    const history = versions.toSorted((one, other) => Number(one.at) - Number(other.at)).map(({ id }) => id)
    return { id: post.id, text: [...text].slice(0, 280).join(''), edit_history_tweet_ids: history, ...shown }
  }
}

function fieldsIn(query: URLSearchParams, known: readonly string[]): string[] {
  const fields = (query.get('tweet.fields') ?? '').split(',').filter((field) => field !== '')
  const strange = fields.find((field) => !known.includes(field))
  if (strange !== undefined) throw invalid(`The \`tweet.fields\` query parameter value [${strange}] is not known`)
  return fields
}

function jsonIn({ headers, body }: Asked, known: readonly string[]): Record<string, unknown> {
  if (headers.get('content-type') !== 'application/json') throw invalid('content type')
  const json = JSON.parse(body.toString()) as Record<string, unknown>
  const strange = Object.keys(json).find((name) => !known.includes(name))
  if (strange !== undefined) throw invalid(`$.${strange}: is not defined in the schema`)
  return json
}

async function multipart({ headers, body }: Asked, known: readonly string[]): Promise<Record<string, string | Buffer>> {
  const type = headers.get('content-type') ?? ''
  if (!type.startsWith('multipart/form-data; boundary=')) throw invalid('content type')
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const fields: Record<string, string | Buffer> = {}
  for (const [name, value] of form.entries()) {
    if (!known.includes(name)) throw invalid(`${name} is unknown`)
    fields[name] = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer())
  }
  for (const name of known) if (fields[name] === undefined) throw invalid(`${name} is missing`)
  return fields
}
