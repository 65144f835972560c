import sharp from 'sharp'

import { sha256 } from '../../../src/kernel/ids.js'
import type { PublicPost } from '../contract.js'
import { FacebookLoginServer } from '../meta/facebook-login-server.js'
import { GraphError } from '../meta/graph-server.js'

interface Photo {
  readonly id: string
  readonly pageId: string
  readonly sha256: string
  readonly alt: string
  readonly madeAt: number
  attached: boolean
}

interface Post {
  readonly id: string
  readonly pageId: string
  readonly message: string
  readonly link: string | null
  readonly photos: readonly Photo[]
  readonly film: string | null
  readonly filmId?: string
  readonly at: number
}

/** A film is a thing of its own beside its post, and outlives it. */
interface Film {
  readonly id: string
  readonly pageId: string
  readonly description: string
  readonly post: string
  readonly at: number
}

interface Comment {
  readonly id: string
  readonly authorId: string
  readonly author: string
  /** The post or comment that it hangs on. */
  readonly parent: string
  readonly message: string
  readonly at: number
}

const DAY = 86_400_000

/**
 * A stand-in for Facebook's pages: uploads that nobody sees until a post has them, refusal of a post that says the same
 * as the one before, comments, metrics of which some are gone.
 * Source: https://developers.facebook.com/docs/pages-api
 */
export class FacebookServer extends FacebookLoginServer {
  /** Whether posts are listed at once. */
  listing = true
  /** Whether Facebook has worked through films: before, they name no post. */
  worked = true
  /** The list in which films are: `published_posts` has no reels. */
  filmsIn: 'published_posts' | 'videos' | 'video_reels' = 'published_posts'
  /** Metrics that Meta has taken away. */
  gone: string[] = []
  private readonly photos = new Map<string, Photo>()
  private readonly posts = new Map<string, Post>()
  private readonly comments = new Map<string, Comment>()
  private readonly films = new Map<string, Film>()
  private readonly names = new Map<string, string>()

  constructor() {
    super()
    this.publishing()
    this.commenting()
    this.reading()
  }

  addPage(name: string): string {
    const id = this.newId()
    this.names.set(id, name)
    return id
  }

  /** Everything public of a page: posts and comments. */
  published(pageId: string): PublicPost[] {
    const posts = this.postsOf(pageId).map(({ id, message, photos }) => ({
      remoteId: id,
      text: message,
      alts: photos.map((photo) => photo.alt),
      pictures: photos.map((photo) => photo.sha256),
    }))
    const comments = [...this.comments.values()]
      .filter(({ authorId }) => authorId === pageId)
      .map(({ id, message, parent }) => ({ remoteId: id, text: message, alts: [], pictures: [], under: parent }))
    return [...posts, ...comments]
  }

  linkOf(remoteId: string): string | null {
    return this.posts.get(remoteId)?.link ?? null
  }

  filmOf(remoteId: string): string | null {
    return this.posts.get(remoteId)?.film ?? null
  }

  /** The films that can be seen among the films of a page. */
  filmsOf(pageId: string): string[] {
    return [...this.films.values()].filter((film) => film.pageId === pageId).map(({ id }) => id)
  }

  /** Something that somebody else writes below a post or comment. */
  commentBy(author: string, parent: string, message: string): string {
    const id = `${parent.split('_')[1] ?? parent}_${this.newId()}`
    this.comments.set(id, { id, authorId: this.newId(), author, parent, message, at: this.now() })
    return id
  }

  private publishing(): void {
    const upload = ['published', 'alt_text_custom']
    this.on('POST', /^\/v26\.0\/(\d+)\/photos$/, upload, async ({ match, fields, files }, { userId }) => {
      this.own(match[1]!, userId)
      const bytes = files.get('source')
      if (fields.published !== 'false') throw new GraphError(100, 'Photos go out with their post here')
      const format =
        bytes &&
        (
          await sharp(bytes)
            .metadata()
            .catch(() => null)
        )?.format
      if (!bytes || !['jpeg', 'png'].includes(format ?? '')) throw new GraphError(324, 'Missing or invalid image file')
      if (bytes.length > 4_000_000)
        throw new GraphError(100, 'Invalid parameter', {
          subcode: 1366046,
          forPeople: 'Photos should be smaller than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or WebP files.',
        })
      const id = this.newId()
      const alt = fields.alt_text_custom ?? ''
      this.photos.set(id, { id, pageId: userId, sha256: sha256(bytes), alt, madeAt: this.now(), attached: false })
      return { id }
    })
    const media = Array.from({ length: 10 }, (_, index) => `attached_media[${index}]`)
    this.on('POST', /^\/v26\.0\/(\d+)\/feed$/, ['message', 'link', ...media], ({ match, fields }, { userId }) => {
      this.own(match[1]!, userId)
      const { message = '', link = null } = fields
      const photos = media
        .filter((name) => fields[name] !== undefined)
        .map((name) => this.attachable(fields[name]!, userId))
      if (message === '' && link === null && photos.length === 0)
        throw new GraphError(100, '(requires one of the params: message, link, …)')
      if (message.length > 63_206) throw new GraphError(100, 'The message is too long')
      if (link !== null && !URL.canParse(link)) throw new GraphError(1609005, 'The link could not be scraped')
      const [last] = this.postsOf(userId)
      if (photos.length === 0 && last?.message === message && last.link === link && last.photos.length === 0)
        throw new GraphError(506, 'Duplicate status message')
      for (const photo of photos) photo.attached = true
      return { id: this.put({ pageId: userId, message, link, photos, film: null }).id }
    })
    this.on('POST', /^\/v26\.0\/(\d+)\/videos$/, ['description'], ({ match, fields, files }, { userId }) => {
      this.own(match[1]!, userId)
      const bytes = files.get('source')
      if (!bytes) throw new GraphError(390, 'There was a problem uploading your video file. Please try again.')
      const { description: message = '' } = fields
      const id = this.newId()
      const post = this.put({ pageId: userId, message, link: null, photos: [], film: sha256(bytes), filmId: id })
      this.films.set(id, { id, pageId: userId, description: message, post: post.id.split('_')[1]!, at: post.at })
      return { id }
    })
    this.on('DELETE', /^\/v26\.0\/(\d+(?:_\d+)?)$/, [], ({ match }, { userId }) => {
      const id = match[1]!
      const mine = [this.posts.get(id)?.pageId, this.comments.get(id)?.authorId, this.films.get(id)?.pageId]
      if (!mine.includes(userId)) throw this.missing(id)
      this.posts.delete(id)
      this.films.delete(id)
      this.comments.delete(id)
      return { success: true }
    })
  }

  private commenting(): void {
    this.on('POST', /^\/v26\.0\/(\d+(?:_\d+)?)\/comments$/, ['message'], ({ match, fields }, { userId }) => {
      const parent = match[1]!
      if (!this.posts.has(parent) && !this.comments.has(parent)) throw this.missing(parent)
      const { message = '' } = fields
      if (message === '' || message.length > 8000) throw new GraphError(100, 'Comment must be 8000 characters or less')
      const id = `${parent.split('_')[1] ?? parent}_${this.newId()}`
      const author = this.names.get(userId) ?? ''
      this.comments.set(id, { id, authorId: userId, author, parent, message, at: this.now() })
      return { id }
    })
    const listed = ['fields', 'filter', 'order', 'since', 'limit']
    this.on('GET', /^\/v26\.0\/(\d+(?:_\d+)?)\/comments$/, listed, ({ match, fields }) => {
      const id = match[1]!
      if (!this.posts.has(id) && !this.comments.has(id)) throw this.missing(id)
      const direct = [...this.comments.values()].filter(({ parent }) => parent === id)
      // "stream" shows answers to comments beside these.
      const deeper =
        fields.filter === 'stream'
          ? direct.flatMap((each) => [...this.comments.values()].filter(({ parent }) => parent === each.id))
          : []
      const data = [...direct, ...deeper]
        .filter(({ at }) => at >= Number(fields.since) * 1000)
        .toReversed()
        .map(({ id: own, authorId, author, message, parent, at }) => ({
          id: own,
          message,
          created_time: this.instant(at),
          permalink_url: `https://www.facebook.com/${own}`,
          ...(author === '' ? {} : { from: { id: authorId, name: author } }),
          ...(parent === id && this.posts.has(id) ? {} : { parent: { id: parent } }),
        }))
      return { data, paging: {} }
    })
  }

  private reading(): void {
    this.on('GET', /^\/v26\.0\/(\d+(?:_\d+)?)$/, ['fields'], ({ match, fields }, { userId }) => {
      const id = match[1]!
      if (id === userId) return { id, name: this.names.get(id) }
      if (this.comments.has(id) && fields.fields?.includes('attachments'))
        throw new GraphError(100, '(#100) Tried accessing nonexisting field (attachments) on node type (Comment)')
      if (this.comments.has(id)) return { id, permalink_url: `https://www.facebook.com/${id}` }
      const film = this.films.get(id)
      if (film && /reactions|shares|attachments/.test(fields.fields ?? ''))
        throw new GraphError(100, '(#100) Tried accessing nonexisting field on node type (Video)')
      if (film) return this.shownFilm(film)
      if (!this.posts.has(id)) throw this.missing(id)
      if (fields.fields?.includes('attachments')) return shown(this.posts.get(id)!, '')
      if (!fields.fields?.includes('reactions'))
        return { id, permalink_url: `https://www.facebook.com/page/posts/${id}` }
      const total = (total_count: number) => ({ data: [], summary: { total_count } })
      // `shares` is left out while there are none.
      return { id, reactions: total(4), comments: total(2) }
    })
    this.on(
      'GET',
      /^\/v26\.0\/(\d+)\/published_posts$/,
      ['fields', 'since', 'limit'],
      ({ match, fields }, { userId }) => {
        this.own(match[1]!, userId)
        const since = Number(fields.since) * 1000
        const found = this.postsOf(userId)
          .filter(({ at }) => this.listing && at >= since)
          .filter(({ film }) => film === null || this.filmsIn === 'published_posts')
        return {
          data: found.slice(0, Number(fields.limit)).map((post) => shown(post, this.instant(post.at))),
          paging: {},
        }
      },
    )
    for (const edge of ['videos', 'video_reels']) {
      this.on('GET', new RegExp(`^/v26\\.0/(\\d+)/${edge}$`), ['fields', 'limit'], ({ match, fields }, { userId }) => {
        this.own(match[1]!, userId)
        const mine = [...this.films.values()].filter(({ pageId }) => pageId === userId && this.filmsIn === edge)
        const data = mine.toReversed().map((film) => this.shownFilm(film))
        return { data: data.slice(0, Number(fields.limit)), paging: {} }
      })
    }
    this.on('GET', /^\/v26\.0\/(\d+_\d+)\/insights$/, ['metric'], ({ match, fields: { metric = '' } }) => {
      if (!this.posts.has(match[1]!)) throw this.missing(match[1]!)
      const known: Record<string, unknown> = {
        post_media_view: 90,
        post_clicks_by_type: { 'link clicks': 3, 'other clicks': 5 },
      }
      if (!(metric in known) || this.gone.includes(metric))
        throw new GraphError(100, 'The value must be a valid insights metric')
      return { data: [{ name: metric, period: 'lifetime', values: [{ value: known[metric] }] }], paging: {} }
    })
  }

  private shownFilm({ id, description, post, at }: Film): object {
    return {
      id,
      ...(description === '' ? {} : { description }),
      created_time: this.instant(at),
      permalink_url: `/page/videos/${id}/`,
      ...(this.worked ? { post_id: post } : {}),
    }
  }

  private own(account: string, userId: string): void {
    if (account !== userId) throw this.missing(account)
  }

  private attachable(given: string, pageId: string): Photo {
    const id = (JSON.parse(given) as { media_fbid?: string }).media_fbid ?? ''
    const photo = this.photos.get(id)
    if (photo?.pageId !== pageId || this.now() - photo.madeAt > DAY) throw this.missing(id)
    if (photo.attached)
      throw new GraphError(100, 'Invalid parameter', {
        subcode: 1366051,
        forPeople: 'These photos were already posted.',
      })
    return photo
  }

  private put(post: Omit<Post, 'id' | 'at'>): Post {
    const made = { ...post, id: `${post.pageId}_${this.newId()}`, at: this.now() }
    this.posts.set(made.id, made)
    return made
  }

  private postsOf(pageId: string): Post[] {
    return [...this.posts.values()].filter((post) => post.pageId === pageId).toReversed()
  }
}

/** One picture is an attachment, several are the parts of one (graph-api/reference/post, `attachments`). */
function shown({ id, message, link, photos, filmId }: Post, created_time: string): object {
  const media = photos.map((photo) => ({ media_type: 'photo', target: { id: photo.id } }))
  const attachment =
    media.length > 1
      ? { media_type: 'album', target: { id }, subattachments: { data: media } }
      : (media[0] ?? (filmId ? { media_type: 'video', target: { id: filmId } } : link ? { media_type: 'link' } : null))
  return {
    id,
    ...(message === '' ? {} : { message }),
    created_time,
    permalink_url: `https://www.facebook.com/page/posts/${id}`,
    ...(attachment ? { attachments: { data: [attachment] } } : {}),
  }
}
