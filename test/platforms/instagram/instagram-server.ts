import sharp from 'sharp'

import type { PublicPost } from '../contract.js'
import { FacebookLoginServer } from '../meta/facebook-login-server.js'
import { type Asked, GraphError } from '../meta/graph-server.js'

interface Container {
  readonly id: string
  readonly userId: string
  readonly caption: string
  readonly alt: string
  readonly child: boolean
  readonly children: readonly Container[]
  readonly madeAt: number
  /** SHA-256 of what was fetched. */
  readonly media: string | null
  /** Why it cannot be prepared, as `status` words it. */
  readonly failure: string | null
  /** Looks until it is prepared. */
  looks: number
  published: boolean
}

interface Medium {
  readonly id: string
  readonly userId: string
  readonly container: Container
  readonly at: number
}

interface Comment {
  readonly id: string
  readonly userId: string
  readonly parent: string
  readonly text: string
  readonly at: number
}

const DAY = 86_400_000
const REDIRECT = 'https://queue.example.org/connect/back'

/**
 * A stand-in for Instagram with both of its sign-ins: containers with their states and their end after 24 hours, pictures
 * that it fetches and looks at, comments, quota, deletion for accounts behind a page only.
 * Source: https://developers.facebook.com/docs/instagram-platform
 */
export class InstagramServer extends FacebookLoginServer {
  readonly app = { id: '4713', secret: 'instagram-app-secret', redirect: REDIRECT }
  /** Looks at a container until it is prepared. */
  preparing = 1
  /** Publishing calls that do not find their container. */
  mislaid = 0
  listing = true
  insightful = true
  quotaUsed = 0
  private readonly users = new Map<string, string>()
  private readonly containers = new Map<string, Container>()
  private readonly media = new Map<string, Medium>()
  private readonly comments = new Map<string, Comment>()
  private readonly codesOfInstagram = new Set<string>()

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

  rename(userId: string, username: string): void {
    this.users.set(userId, username)
  }

  /** Everything public of an account: posts and comments. */
  published(userId: string): PublicPost[] {
    const posts = this.mediaOf(userId).map(({ id, container }) => {
      const parts = container.children.length > 0 ? container.children : [container]
      const pictures = parts.map((each) => each.media ?? '')
      return { remoteId: id, text: container.caption, alts: parts.map((each) => each.alt), pictures }
    })
    const comments = [...this.comments.values()]
      .filter((comment) => comment.userId === userId)
      .map(({ id, text, parent }) => ({ remoteId: id, text, alts: [], pictures: [], under: parent }))
    return [...posts, ...comments]
  }

  /** Something that somebody else writes below a post or comment. */
  commentBy(username: string, parent: string, text: string): string {
    const id = this.newId()
    this.comments.set(id, { id, userId: this.addUser(username), parent, text, at: this.now() })
    return id
  }

  private authorization(): void {
    const wanted = ['client_id', 'redirect_uri', 'scope', 'response_type', 'state']
    this.onOpen('GET', /^\/oauth\/authorize$/, wanted, ({ fields }) => {
      if (fields.client_id !== this.app.id || fields.redirect_uri !== REDIRECT || fields.response_type !== 'code')
        throw new GraphError(1349187, 'Invalid redirect_uri')
      if (!fields.scope?.split(',').includes('instagram_business_content_publish'))
        throw new GraphError(100, 'Invalid scope')
      const code = `AQ${this.newId()}`
      this.codesOfInstagram.add(code)
      return { redirect: `${REDIRECT}?code=${code}&state=${encodeURIComponent(fields.state ?? '')}#_` }
    })
    const trade = ['client_id', 'client_secret', 'grant_type', 'redirect_uri', 'code']
    this.onOpen('POST', /^\/oauth\/access_token$/, trade, ({ fields }) => {
      if (fields.client_id !== this.app.id || fields.client_secret !== this.app.secret)
        throw new GraphError(101, 'Invalid platform app')
      if (!this.codesOfInstagram.delete(fields.code ?? '') || fields.redirect_uri !== REDIRECT)
        throw new GraphError(100, 'This authorization code has been used')
      const userId = [...this.users.keys()][0]!
      const access_token = this.tokenFor(userId, { seconds: 3600 })
      return { data: [{ access_token, user_id: userId, permissions: 'instagram_business_basic' }] }
    })
    const lasting = (userId: string) => ({
      access_token: this.tokenFor(userId),
      token_type: 'bearer',
      expires_in: 60 * 86_400,
    })
    this.on('GET', /^\/access_token$/, ['grant_type', 'client_secret'], ({ fields }, { userId }) => {
      if (fields.grant_type !== 'ig_exchange_token' || fields.client_secret !== this.app.secret)
        throw new GraphError(101, 'Error validating application.')
      return lasting(userId)
    })
    this.on('GET', /^\/refresh_access_token$/, ['grant_type'], ({ fields }, { userId, madeAt }) => {
      if (fields.grant_type !== 'ig_refresh_token') throw new GraphError(100, 'Invalid grant_type')
      if (this.now() - madeAt < DAY) throw new GraphError(100, 'The token has to be at least 24 hours old')
      return lasting(userId)
    })
  }

  private publishing(): void {
    const fields = ['media_type', 'image_url', 'video_url', 'caption', 'alt_text', 'is_carousel_item', 'children']
    this.on('POST', /^\/v26\.0\/(\d+)\/media$/, fields, async (asked, { userId }) => {
      this.own(asked.match[1]!, userId)
      const container = await this.contained(asked, userId)
      this.containers.set(container.id, container)
      return { id: container.id }
    })
    this.on(
      'POST',
      /^\/v26\.0\/(\d+)\/media_publish$/,
      ['creation_id'],
      ({ match, fields: { creation_id } }, { userId }) => {
        this.own(match[1]!, userId)
        const container = this.containers.get(creation_id ?? '')
        if (this.mislaid > 0 || container?.userId !== userId) {
          this.mislaid = Math.max(0, this.mislaid - 1)
          throw new GraphError(24, 'The requested resource does not exist', { subcode: 2207006 })
        }
        if (this.stateOf(container) !== 'FINISHED')
          throw new GraphError(9007, 'Media ID is not available', { subcode: 2207027 })
        container.published = true
        const id = this.newId()
        this.media.set(id, { id, userId, container, at: this.now() })
        this.quotaUsed += 1
        return { id }
      },
    )
    this.on(
      'POST',
      /^\/v26\.0\/(\d+)\/(comments|replies)$/,
      ['message'],
      ({ match, fields: { message = '' } }, { userId }) => {
        const parent = match[1]!
        const there = match[2] === 'comments' ? this.media.has(parent) : this.comments.has(parent)
        if (!there) throw this.missing(parent)
        const hashtags = message.match(/#\w+/g)?.length ?? 0
        if (message === '' || [...message].length > 300 || hashtags > 4 || message === message.toUpperCase())
          throw new GraphError(100, 'The comment is not allowed')
        const id = this.newId()
        this.comments.set(id, { id, userId, parent, text: message, at: this.now() })
        return { id }
      },
    )
    this.on('DELETE', /^\/v26\.0\/(\d+)$/, [], ({ match }, { userId, facebook }) => {
      const id = match[1]!
      if (this.comments.get(id)?.userId === userId) {
        this.comments.delete(id)
        return { success: true }
      }
      if (!facebook || this.media.get(id)?.userId !== userId) throw this.missing(id)
      this.media.delete(id)
      return { success: true, deleted_id: id }
    })
  }

  private reading(): void {
    this.on('GET', /^\/v26\.0\/me$/, ['fields'], (_asked, { userId }) => {
      return { id: `9${userId}`, user_id: userId, username: this.users.get(userId) }
    })
    this.on('GET', /^\/v26\.0\/(\d+)$/, ['fields'], ({ match, fields }, { userId }) => {
      const id = match[1]!
      const container = this.containers.get(id)
      if (container?.userId === userId && fields.fields === 'status_code,status') {
        if (container.looks > 0) container.looks -= 1
        const state = this.stateOf(container)
        return { id, status_code: state, status: state === 'ERROR' ? container.failure : `${state}: Media is.` }
      }
      if (id === userId) return { id, username: this.users.get(id) }
      const medium = this.media.get(id)
      if (medium) return { ...this.shown(medium), like_count: 2, comments_count: 3 }
      if (this.comments.has(id)) return { id }
      throw this.missing(id)
    })
    this.on('GET', /^\/v26\.0\/(\d+)\/media$/, ['fields', 'limit'], ({ match, fields }, { userId }) => {
      this.own(match[1]!, userId)
      const found = this.listing ? this.mediaOf(userId).slice(0, Number(fields.limit)) : []
      return { data: found.map((medium) => this.shown(medium)), paging: {} }
    })
    this.on('GET', /^\/v26\.0\/(\d+)\/(comments|replies)$/, ['fields', 'limit'], ({ match, fields }, { userId }) => {
      const id = match[1]!
      if (!this.media.has(id) && !this.comments.has(id)) throw this.missing(id)
      return { data: this.below(id, fields.fields ?? '', userId) }
    })
    this.on('GET', /^\/v26\.0\/(\d+)\/insights$/, ['metric'], ({ match, fields }, { userId }) => {
      if (this.media.get(match[1]!)?.userId !== userId) throw this.missing(match[1]!)
      if (!this.insightful) throw new GraphError(10, 'Application does not have permission for this action')
      const known = ['views', 'likes', 'comments', 'shares', 'saved', 'reach', 'total_interactions']
      const data = (fields.metric ?? '').split(',').map((name, index) => {
        if (!known.includes(name)) throw new GraphError(100, `metric[${index}] must be one of the following values`)
        return { name, period: 'lifetime', values: [{ value: index + 1 }], title: name, id: `${match[1]}/${name}` }
      })
      return { data }
    })
    this.on('GET', /^\/v26\.0\/(\d+)\/content_publishing_limit$/, ['fields'], () => ({
      data: [{ quota_usage: this.quotaUsed, config: { quota_total: 50, quota_duration: 86_400 } }],
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
    const { media_type: type, image_url: image, video_url: video, caption = '', alt_text: alt } = fields
    const child = fields.is_carousel_item === 'true'
    const children = (fields.children?.split(',') ?? []).map((id) => this.containers.get(id))
    const carousel = type === 'CAROUSEL'
    if ([...caption].length > 2200 || (caption.match(/#[\p{L}\p{N}_]+/gu)?.length ?? 0) > 30)
      throw new GraphError(36004, 'The caption was too long', { subcode: 2207010 })
    if (carousel && (children.length < 2 || children.length > 10))
      throw new GraphError(100, 'Carousel needs 2 to 10 items', { subcode: 2207028 })
    const problem = [
      [type !== undefined && !['REELS', 'CAROUSEL', 'STORIES'].includes(type), `media_type ${type} is none`],
      [
        [image, video, fields.children].filter((each) => each !== undefined).length !== 1,
        'one kind of media is wanted',
      ],
      [carousel !== (fields.children !== undefined), 'children are for CAROUSEL only'],
      [video !== undefined && type !== 'REELS', 'a film is a reel'],
      [alt !== undefined && image === undefined, 'alt_text is for images only'],
      [[...(alt ?? '')].length > 1000, 'alt_text is too long'],
      [child && fields.caption !== undefined, 'an item has no caption'],
      [children.some((each) => !each?.child || this.stateOf(each) !== 'FINISHED'), 'a child is not ready'],
    ].find(([wrong]) => wrong)?.[1]
    if (problem) throw new GraphError(100, `Param is invalid: ${String(problem)}`)
    const url = image ?? video
    const media = url === undefined ? null : await this.fetched(url)
    if (url !== undefined && media === null)
      throw new GraphError(9004, 'Only photo or video can be accepted as media type.', {
        subcode: 2207052,
        forPeople: 'The media could not be fetched from this URI',
      })
    if (image !== undefined) await checkImage(media!.bytes)
    return {
      id: this.newId(),
      userId,
      caption,
      alt: alt ?? '',
      child,
      children: children as Container[],
      madeAt: this.now(),
      media: media?.sha256 ?? null,
      failure:
        video !== undefined && media?.type !== 'video/mp4'
          ? 'Error: Media upload has failed with error code 2207026'
          : null,
      looks: this.preparing,
      published: false,
    }
  }

  /** “`user` … only returned if the app user created the IG Comment, otherwise `username`.” */
  private below(id: string, fields: string, asking: string): object[] {
    return [...this.comments.values()]
      .filter((comment) => comment.parent === id)
      .map((comment) => ({
        id: comment.id,
        text: comment.text,
        ...(comment.userId === asking && fields.includes('user,') ? { user: { id: asking } } : {}),
        ...(comment.userId === asking ? {} : { username: this.users.get(comment.userId) }),
        timestamp: this.instant(comment.at),
        ...(fields.includes('replies{') ? { replies: { data: this.below(comment.id, 'user,', asking) } } : {}),
      }))
  }

  private mediaOf(userId: string): Medium[] {
    return [...this.media.values()].filter((medium) => medium.userId === userId).toReversed()
  }

  private shown({ id, container, at }: Medium): object {
    const permalink = `https://www.instagram.com/p/${id}/`
    return { id, caption: container.caption, permalink, timestamp: this.instant(at) }
  }
}

async function checkImage(bytes: Uint8Array): Promise<void> {
  const { format, width, height } = await sharp(bytes).metadata()
  if (format !== 'jpeg') throw new GraphError(36001, 'The image format is not supported', { subcode: 2207005 })
  if (bytes.length > 8_000_000) throw new GraphError(36000, 'The image size is too large', { subcode: 2207004 })
  const shape = width / height
  if (shape < 0.79 || shape > 1.92)
    throw new GraphError(36003, 'The aspect ratio is not supported', { subcode: 2207009 })
}
