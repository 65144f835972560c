import type { PublicPost } from '../contract.js'
import { type Asked, GraphError, GraphServer } from '../meta/graph-server.js'

interface Container {
  readonly id: string
  readonly userId: string
  readonly type: string
  readonly text: string
  readonly alt: string
  readonly replyTo: string | null
  readonly link: string | null
  readonly child: boolean
  readonly children: readonly Container[]
  readonly madeAt: number
  /** SHA-256 of what was fetched; null when that failed. */
  readonly media: string | null
  readonly failure: string | null
  /** Looks until it is prepared. */
  looks: number
  published: boolean
}

interface Post {
  readonly id: string
  readonly userId: string
  readonly container: Container
  readonly at: number
}

const DAY = 86_400_000
const APP = { id: '4711', secret: 'threads-app-secret' }
const REDIRECT = 'https://queue.example.org/connect/back'

/**
 * A stand-in for Threads: containers with their states and their end after 24 hours, pictures that it fetches, replies,
 * quotas, and consent with an app that has one redirect address.
 * Source: https://developers.facebook.com/docs/threads
 */
export class ThreadsServer extends GraphServer {
  readonly app = { ...APP, redirect: REDIRECT }
  /** Looks at a container with a picture until it is prepared. */
  preparing = 1
  /** Publishing calls that do not find their container, as happens. */
  mislaid = 0
  /** Whether posts are listed at once. */
  listing = true
  quotaUsed = 0
  private readonly users = new Map<string, string>()
  private readonly containers = new Map<string, Container>()
  private readonly posts = new Map<string, Post>()
  private readonly codes = new Map<string, { userId: string; redirect: string }>()

  constructor() {
    super()
    this.authorization()
    this.publishing()
    this.reading()
  }

  addUser(username: string): string {
    const id = this.newId()
    this.users.set(id, username)
    return id
  }

  /** Everything public of an account. */
  published(userId: string): PublicPost[] {
    return this.postsOf(userId).map(({ id, container }) => {
      const media = container.children.length > 0 ? container.children : container.media === null ? [] : [container]
      return {
        remoteId: id,
        text: container.text,
        alts: media.map((each) => each.alt),
        pictures: media.map((each) => each.media ?? ''),
        ...(container.replyTo === null ? {} : { under: container.replyTo }),
      }
    })
  }

  linkOf(remoteId: string): string | null {
    return this.posts.get(remoteId)?.container.link ?? null
  }

  /** Something that somebody else writes below a post. */
  replyTo(remoteId: string, username: string, text: string): string {
    const userId = this.addUser(username)
    const id = this.newId()
    const container = { ...plain, id, userId, text, replyTo: remoteId, madeAt: this.now() }
    this.posts.set(id, { id, userId, container, at: this.now() })
    return id
  }

  private authorization(): void {
    const wanted = ['client_id', 'redirect_uri', 'scope', 'response_type', 'state']
    this.onOpen('GET', /^\/oauth\/authorize$/, wanted, ({ fields }) => {
      if (fields.client_id !== APP.id || fields.redirect_uri !== REDIRECT || fields.response_type !== 'code')
        throw new GraphError(1349187, 'Invalid redirect URI')
      if (!fields.scope?.split(',').includes('threads_basic')) throw new GraphError(100, 'threads_basic is required')
      const code = `AQ${this.newId()}`
      this.codes.set(code, { userId: [...this.users.keys()][0]!, redirect: fields.redirect_uri })
      return { redirect: `${REDIRECT}?code=${code}&state=${encodeURIComponent(fields.state ?? '')}#_` }
    })
    const trade = ['client_id', 'client_secret', 'grant_type', 'redirect_uri', 'code']
    this.onOpen('POST', /^\/oauth\/access_token$/, trade, ({ fields }) => {
      if (fields.client_id !== APP.id || fields.client_secret !== APP.secret)
        throw new GraphError(1, 'Error validating client secret.')
      const code = this.codes.get(fields.code ?? '')
      this.codes.delete(fields.code ?? '')
      if (!code || code.redirect !== fields.redirect_uri || fields.grant_type !== 'authorization_code')
        throw new GraphError(100, 'This authorization code has been used.', { subcode: 36009 })
      return { access_token: this.tokenFor(code.userId, { seconds: 3600 }), user_id: code.userId }
    })
    this.on('GET', /^\/access_token$/, ['grant_type', 'client_secret'], ({ fields }, { userId }) => {
      if (fields.grant_type !== 'th_exchange_token' || fields.client_secret !== APP.secret)
        throw new GraphError(101, 'Error validating application.')
      return { access_token: this.tokenFor(userId), token_type: 'bearer', expires_in: 60 * 86_400 }
    })
    this.on('GET', /^\/refresh_access_token$/, ['grant_type'], ({ fields }, { userId, madeAt }) => {
      if (fields.grant_type !== 'th_refresh_token') throw new GraphError(100, 'Invalid grant_type')
      if (this.now() - madeAt < DAY) throw new GraphError(100, 'The token has to be at least 24 hours old')
      return { access_token: this.tokenFor(userId), token_type: 'bearer', expires_in: 60 * 86_400 }
    })
  }

  private publishing(): void {
    const fields = [
      'media_type',
      'text',
      'image_url',
      'video_url',
      'alt_text',
      'is_carousel_item',
      'children',
      'reply_to_id',
      'link_attachment',
    ]
    this.on('POST', /^\/v1\.0\/(\d+)\/threads$/, fields, async (asked, { userId }) => {
      this.own(asked.match[1]!, userId)
      const container = await this.contained(asked, userId)
      this.containers.set(container.id, container)
      return { id: container.id }
    })
    this.on(
      'POST',
      /^\/v1\.0\/(\d+)\/threads_publish$/,
      ['creation_id'],
      ({ match, fields: { creation_id } }, { userId }) => {
        this.own(match[1]!, userId)
        const container = this.containers.get(creation_id ?? '')
        if (this.mislaid > 0 || !container || container.userId !== userId || this.stateOf(container) !== 'FINISHED') {
          this.mislaid = Math.max(0, this.mislaid - 1)
          throw new GraphError(24, 'The requested resource does not exist', {
            subcode: 4279009,
            forPeople: `The media with id ${creation_id} cannot be found.`,
          })
        }
        container.published = true
        const id = this.newId()
        this.posts.set(id, { id, userId, container, at: this.now() })
        this.quotaUsed += 1
        return { id }
      },
    )
    this.on('DELETE', /^\/v1\.0\/(\d+)$/, [], ({ match }, { userId }) => {
      const post = this.posts.get(match[1]!)
      if (post?.userId !== userId) throw this.missing(match[1]!)
      this.posts.delete(post.id)
      return { success: true, deleted_id: post.id }
    })
  }

  private reading(): void {
    this.on('GET', /^\/v1\.0\/me$/, ['fields'], (_asked, { userId }) => ({
      id: userId,
      username: this.users.get(userId),
    }))
    this.on('GET', /^\/v1\.0\/(\d+)$/, ['fields'], ({ match, fields }, { userId }) => {
      const id = match[1]!
      const container = this.containers.get(id)
      if (container?.userId === userId && fields.fields === 'status,error_message') {
        if (container.looks > 0) container.looks -= 1
        const state = this.stateOf(container)
        return { id, status: state, ...(state === 'ERROR' ? { error_message: container.failure } : {}) }
      }
      const post = this.posts.get(id)
      if (!post) throw this.missing(id)
      if (fields.fields?.includes('status')) throw new GraphError(100, 'Tried accessing nonexisting field (status)')
      return this.shown(post)
    })
    const paging = ['fields', 'since', 'limit']
    this.on('GET', /^\/v1\.0\/(\d+)\/(threads|replies)$/, paging, ({ match, fields }, { userId }) => {
      this.own(match[1]!, userId)
      const since = Number(fields.since) * 1000
      const found = this.postsOf(userId)
        .filter(
          (post) => this.listing && post.at >= since && (post.container.replyTo !== null) === (match[2] === 'replies'),
        )
        .slice(0, Number(fields.limit))
      return { data: found.map((post) => this.shown(post)), paging: {} }
    })
    this.on('GET', /^\/v1\.0\/(\d+)\/conversation$/, ['fields', 'limit'], ({ match }) => {
      const root = this.posts.get(match[1]!)
      if (!root || root.container.replyTo !== null) throw this.missing(match[1]!)
      const below = [...this.posts.values()].filter((post) => post.container.replyTo === root.id).toReversed()
      return { data: below.map((post) => this.shown(post)), paging: {} }
    })
    this.on('GET', /^\/v1\.0\/(\d+)\/insights$/, ['metric'], ({ match, fields }) => {
      if (!this.posts.has(match[1]!)) throw this.missing(match[1]!)
      const data = (fields.metric ?? '').split(',').map((name, index) => {
        if (!['views', 'likes', 'replies', 'reposts', 'quotes', 'shares'].includes(name))
          throw new GraphError(100, `metric[${index}] must be one of the following values: views, likes`)
        return {
          name,
          period: 'lifetime',
          values: [{ value: index + 1 }],
          title: name,
          id: `${match[1]}/insights/${name}`,
        }
      })
      return { data }
    })
    this.on('GET', /^\/v1\.0\/(\d+)\/threads_publishing_limit$/, ['fields'], () => ({
      data: [
        {
          quota_usage: this.quotaUsed,
          config: { quota_total: 250, quota_duration: 86_400 },
          reply_quota_usage: 0,
          reply_config: { quota_total: 1000, quota_duration: 86_400 },
          delete_quota_usage: 0,
          delete_config: { quota_total: 100, quota_duration: 86_400 },
        },
      ],
    }))
  }

  private own(account: string, userId: string): void {
    if (account !== userId) throw this.missing(account)
  }

  private stateOf(container: Container): string {
    if (container.published) return 'PUBLISHED'
    if (this.now() - container.madeAt > DAY) return 'EXPIRED'
    if (container.looks > 0) return 'IN_PROGRESS'
    return container.failure === null ? 'FINISHED' : 'ERROR'
  }

  private async contained({ fields }: Asked, userId: string): Promise<Container> {
    const type = fields.media_type ?? ''
    const text = fields.text ?? ''
    this.checkText(text, fields.link_attachment)
    const children = (fields.children?.split(',') ?? []).map((id) => this.containers.get(id))
    const url = type === 'IMAGE' ? fields.image_url : type === 'VIDEO' ? fields.video_url : undefined
    const problem = [
      [!['TEXT', 'IMAGE', 'VIDEO', 'CAROUSEL'].includes(type), `media_type ${type} is none`],
      [type === 'TEXT' && text === '', 'text is required'],
      [type !== 'TEXT' && fields.link_attachment !== undefined, 'link_attachment is for TEXT only'],
      [(type === 'IMAGE' || type === 'VIDEO') === (url === undefined), 'the address of the media is required'],
      [fields.is_carousel_item === 'true' && (text !== '' || fields.reply_to_id), 'an item has no text and no place'],
      [[...(fields.alt_text ?? '')].length > 1000, 'alt_text is too long'],
      [(type === 'CAROUSEL') !== (fields.children !== undefined), 'children are for CAROUSEL only'],
      [type === 'CAROUSEL' && (children.length < 2 || children.length > 20), 'a carousel has 2 to 20 items'],
      [children.some((child) => !child?.child || this.stateOf(child) !== 'FINISHED'), 'a child is not ready'],
      [fields.reply_to_id !== undefined && !this.posts.has(fields.reply_to_id), 'reply_to_id is no post'],
    ].find(([wrong]) => wrong)?.[1]
    if (problem) throw new GraphError(100, `Param is invalid: ${String(problem)}`)
    const media = url === undefined ? null : await this.fetched(url)
    const takes = type === 'VIDEO' ? /^video\/mp4/ : /^image\/(jpeg|png)/
    const failed = url !== undefined && (media === null || !takes.test(media.type))
    return {
      ...plain,
      id: this.newId(),
      userId,
      type,
      text,
      alt: fields.alt_text ?? '',
      replyTo: fields.reply_to_id ?? null,
      link: fields.link_attachment ?? null,
      child: fields.is_carousel_item === 'true',
      children: children as Container[],
      madeAt: this.now(),
      media: media?.sha256 ?? null,
      failure: failed ? (type === 'VIDEO' ? 'FAILED_DOWNLOADING_VIDEO' : 'UNKNOWN') : null,
      looks: url === undefined ? 0 : this.preparing,
    }
  }

  /** Emoji by their bytes, everything else by code points. */
  private checkText(text: string, link: string | undefined): void {
    const emoji = new RegExp(String.raw`\p{RGI_Emoji}`, 'gv')
    const bytes = (text.match(emoji) ?? []).reduce((sum, each) => sum + Buffer.byteLength(each), 0)
    if (bytes + [...text.replace(emoji, '')].length > 500)
      throw new GraphError(100, 'Param text must be at most 500 characters long.')
    const links = new Set([...(text.match(/https?:\/\/\S+/g) ?? []), ...(link === undefined ? [] : [link])])
    if (links.size > 5) throw new GraphError(100, 'THREADS_API__LINK_LIMIT_EXCEEDED')
  }

  private postsOf(userId: string): Post[] {
    return [...this.posts.values()].filter((post) => post.userId === userId).toReversed()
  }

  private shown({ id, userId, container, at }: Post): object {
    const username = this.users.get(userId)
    return {
      id,
      text: container.text,
      username,
      permalink: `https://www.threads.com/@${username}/post/${id}`,
      timestamp: this.instant(at),
      ...(container.replyTo === null ? {} : { replied_to: { id: container.replyTo } }),
    }
  }
}

const plain: Container = {
  id: '',
  userId: '',
  type: 'TEXT',
  text: '',
  alt: '',
  replyTo: null,
  link: null,
  child: false,
  children: [],
  madeAt: 0,
  media: null,
  failure: null,
  looks: 0,
  published: false,
}
