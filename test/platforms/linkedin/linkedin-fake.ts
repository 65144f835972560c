import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sha256 } from '../../../src/kernel/ids.js'

/** A post or comment as LinkedIn keeps it. */
export interface FakePost {
  readonly urn: string
  readonly author: string
  /** As people read it: little text is taken apart, and ends at the first reserved character that is not escaped. */
  readonly text: string
  /** As it was sent. */
  readonly commentary: string
  readonly content: Record<string, unknown> | null
  readonly under: string | null
  readonly reshares: string | null
  readonly at: Date
  deleted: boolean
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly raw: string
  readonly headers: Headers
  readonly body: Buffer
}

interface Given {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

const products = {
  sharing: ['openid', 'profile', 'email', 'w_member_social'],
  community: [
    'r_basicprofile',
    'w_member_social',
    'w_member_social_feed',
    'r_organization_social',
    'r_organization_social_feed',
    'w_organization_social',
    'w_organization_social_feed',
    'rw_organization_admin',
  ],
}

/** An answer other than the good one, in the words of LinkedIn's error guide and of those who met them. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: object,
  ) {
    super(JSON.stringify(body))
  }
}

const invalid = (description: string, fieldPath = '') =>
  new Refusal(422, {
    errorDetailType: 'com.linkedin.common.error.BadRequest',
    message: 'com.linkedin.content.common.exception.BadRequestResponseException: Invalid input',
    errorDetails: { inputErrors: [{ description, input: { inputPath: { fieldPath } }, code: 'FIELD_INVALID' }] },
    status: 422,
  })
const denied = (message: string) =>
  new Refusal(403, { status: 403, serviceErrorCode: 100, code: 'ACCESS_DENIED', message })

/**
 * A stand-in for LinkedIn on 127.0.0.1: its OAuth, posts, pictures, films, comments and statistics in the documented
 * wire format, strict about what it takes and with LinkedIn's oddities: little text that is cut off, the same words
 * refused with the address of the post that has them even after it was deleted, members that cannot be read, versions
 * that are retired.
 */
export class LinkedInFake {
  readonly posts: FakePost[] = []
  readonly app = { clientId: 'app-1', clientSecret: 'secret/of the app' }
  /** What the app was given: one product for pages excludes the others. */
  product: 'sharing' | 'community' = 'sharing'
  readonly member = { sub: 'AbC123', name: 'Ana Example' }
  /** The pages that the member administers. */
  readonly pages = [{ id: '5001', localizedName: 'River Group', vanityName: 'river-group' }]
  readonly active = ['202607', '202608']
  /** Whether refresh tokens are given out, as to approved partners. */
  partner = false
  withheld: readonly string[] = []
  filmRounds = 2
  filmFails = false
  /** Another host that is named for uploads. */
  uploadHost: string | null = null
  private readonly images = new Map<string, { owner: string; sha256: string | null }>()
  private readonly films = new Map<
    string,
    { owner: string; size: number; parts: Map<number, Buffer>; token: string; left: number | null }
  >()
  private readonly codes = new Map<string, { redirectUri: string; scope: string }>()
  private readonly live = new Map<string, { scope: string; ends: number }>()
  private readonly refreshable = new Map<string, string>()
  private revoked = false
  private serial = 0n
  private port = 0
  /** Where uploads are named to go: the proxy before this server, so that faults meet them too. */
  front = ''
  private readonly server = createServer((request, response) => {
    this.handle(request)
      .then(({ status, headers, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers })
        response.end(body === undefined ? undefined : JSON.stringify(body))
      })
      .catch(() => response.destroy())
  })

  static async start(): Promise<LinkedInFake> {
    const fake = new LinkedInFake()
    fake.server.listen(0, '127.0.0.1')
    await once(fake.server, 'listening')
    fake.port = (fake.server.address() as AddressInfo).port
    fake.front = fake.url
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get memberUrn(): string {
    return `urn:li:person:${this.member.sub}`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  /** A token without a browser, for tests of anything but consent. */
  tokenFor(scope: string): string {
    const token = `access-${randomUUID()}`
    this.live.set(token, { scope, ends: Date.now() + 60 * 24 * 3600_000 })
    return token
  }

  refreshTokenFor(scope: string): string {
    const token = `refresh-${randomUUID()}`
    this.refreshable.set(token, scope)
    return token
  }

  /** Ends access tokens, as sixty days do. */
  expire(): void {
    this.live.clear()
    this.revoked = false
  }

  /** The member takes the permission back. */
  revoke(): void {
    this.live.clear()
    this.refreshable.clear()
    this.revoked = true
  }

  /** Something that an author posts with LinkedIn's own tools. */
  write(author: string, text: string, at = new Date(), under: string | null = null): FakePost {
    return this.keep(author, text, text, null, under, null, at)
  }

  pictureOf(urn: string): string | null {
    return this.images.get(urn)?.sha256 ?? null
  }

  filmOf(urn: string): string {
    const parts = [...(this.films.get(urn)?.parts ?? [])].sort(([one], [other]) => one - other)
    return sha256(new Uint8Array(Buffer.concat(parts.map(([, part]) => part))))
  }

  private newNumber(at: Date): string {
    this.serial += 1n
    return String((BigInt(at.getTime()) << 22n) + (this.serial & 0x3fffffn))
  }

  private keep(
    author: string,
    commentary: string,
    text: string,
    content: Record<string, unknown> | null,
    under: string | null,
    reshares: string | null,
    at = new Date(),
  ): FakePost {
    const number = this.newNumber(at)
    const urn = under ? `urn:li:comment:(${under},${number})` : `urn:li:share:${number}`
    const post = { urn, author, text, commentary, content, under, reshares, at, deleted: false }
    this.posts.push(post)
    return post
  }

  private async handle(request: IncomingMessage): Promise<Given> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const raw = request.url ?? '/'
    const url = new URL(raw, this.url)
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value)
    const { method = '' } = request
    const asked = { method, path: url.pathname, query: url.searchParams, raw, headers, body: Buffer.concat(chunks) }
    try {
      return this.answer(asked)
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: error.body }
      throw error
    }
  }

  private answer(asked: Asked): Given {
    const route = `${asked.method} ${asked.path}`
    if (route === 'GET /oauth/v2/authorization') return this.authorize(asked)
    if (route === 'POST /oauth/v2/accessToken') return { status: 200, body: this.token(asked) }
    if (route === 'POST /oauth/v2/introspectToken') return { status: 200, body: this.introspect(asked) }
    const scopes = this.scopesOf(asked)
    if (route === 'GET /v2/userinfo' && scopes.includes('openid')) return { status: 200, body: this.member }
    if (route === 'GET /v2/me' && scopes.includes('r_basicprofile')) {
      const [localizedFirstName, localizedLastName] = this.member.name.split(' ')
      return { status: 200, body: { id: this.member.sub, localizedFirstName, localizedLastName } }
    }
    if (asked.method === 'PUT') return this.upload(asked)
    this.checkHeaders(asked)
    if (route === 'POST /rest/images') return { status: 200, body: this.beginImage(asked) }
    if (route === 'POST /rest/videos') return { status: 200, body: this.film(asked) }
    if (route === 'GET /rest/organizationAcls') return { status: 200, body: this.acls(asked, scopes) }
    if (route === 'GET /rest/organizationalEntityShareStatistics')
      return { status: 200, body: this.statistics(asked, scopes) }
    if (route === 'POST /rest/posts') return this.create(asked, scopes)
    if (route === 'GET /rest/posts') return { status: 200, body: this.list(asked, scopes) }
    const [, kind = '', first = '', last] =
      /^\/rest\/(posts|videos|organizations|socialActions)\/([^/]+)(?:\/comments(?:\/(\d+))?)?$/.exec(asked.path) ?? []
    const id = decodeURIComponent(first)
    // Rest.li takes no colon in a path that is not encoded.
    if (first.includes(':')) throw new Refusal(400, { status: 400, message: 'Syntax exception in path variables' })
    if (kind === 'organizations') return { status: 200, body: this.pages.find((page) => page.id === id) }
    if (kind === 'videos' && asked.method === 'GET') return { status: 200, body: this.filmStatus(id) }
    if (kind === 'posts' && asked.method === 'GET') return { status: 200, body: this.read(id, scopes) }
    if (kind === 'posts' && asked.method === 'DELETE') return this.remove(id, asked, scopes)
    if (kind === 'socialActions' && last) return this.remove(`urn:li:comment:(${id},${last})`, asked, scopes)
    if (kind === 'socialActions' && asked.method === 'POST') return this.comment(id, asked, scopes)
    if (kind === 'socialActions' && asked.method === 'GET') return { status: 200, body: this.comments(id, scopes) }
    throw new Refusal(404, { status: 404, code: 'NOT_FOUND', message: `No virtual resource found for ${route}` })
  }

  /** The page with the button “Allow”, pressed at once. */
  private authorize({ query }: Asked): Given {
    for (const name of ['response_type', 'client_id', 'redirect_uri', 'state', 'scope'])
      if (!query.get(name)) throw new Refusal(400, { error: 'invalid_request', error_description: name })
    if (query.get('client_id') !== this.app.clientId) throw new Refusal(400, { error: 'invalid_client' })
    const back = new URL(query.get('redirect_uri')!)
    const scopes = query.get('scope')!.split(' ')
    const strange = scopes.find((each) => !products[this.product].includes(each))
    if (strange !== undefined) {
      const error_description = `Scope "${strange}" is not authorized for your application`
      const said = { error: 'unauthorized_scope_error', error_description, state: query.get('state')! }
      back.search = new URLSearchParams(said).toString()
      return { status: 302, headers: { location: back.href } }
    }
    const code = randomUUID()
    const scope = scopes.filter((each) => !this.withheld.includes(each)).join(',')
    this.codes.set(code, { redirectUri: query.get('redirect_uri')!, scope })
    back.search = new URLSearchParams({ code, state: query.get('state')! }).toString()
    return { status: 302, headers: { location: back.href } }
  }

  private token({ headers, body }: Asked): object {
    const form = formIn(headers, body)
    this.checkApp(form)
    const refused = (said: string) => new Refusal(400, { error: 'invalid_grant', error_description: said })
    if (form.get('grant_type') === 'refresh_token') {
      const scope = this.refreshable.get(form.get('refresh_token') ?? '')
      if (scope === undefined)
        throw refused('The provided authorization grant or refresh token is invalid, expired or revoked.')
      return this.tokenAnswer(scope, form.get('refresh_token')!)
    }
    if (form.get('grant_type') !== 'authorization_code') throw refused('grant_type')
    const kept = this.codes.get(form.get('code') ?? '')
    this.codes.delete(form.get('code') ?? '')
    if (!kept || kept.redirectUri !== form.get('redirect_uri')) {
      throw new Refusal(400, {
        error: 'invalid_request',
        error_description:
          'Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code.',
      })
    }
    return this.tokenAnswer(kept.scope, this.partner ? this.refreshTokenFor(kept.scope) : null)
  }

  private tokenAnswer(scope: string, refresh: string | null): object {
    this.revoked = false
    return {
      access_token: this.tokenFor(scope),
      expires_in: 5_184_000,
      scope,
      token_type: 'Bearer',
      ...(refresh ? { refresh_token: refresh, refresh_token_expires_in: 31_536_000 } : {}),
    }
  }

  private introspect({ headers, body }: Asked): object {
    const form = formIn(headers, body)
    this.checkApp(form)
    const found = this.live.get(form.get('token') ?? '')
    if (!found) return { active: false, status: this.revoked ? 'revoked' : 'expired' }
    return { active: true, status: 'active', scope: found.scope, expires_at: Math.floor(found.ends / 1000) }
  }

  private checkApp(form: URLSearchParams): void {
    if (form.get('client_id') === this.app.clientId && form.get('client_secret') === this.app.clientSecret) return
    throw new Refusal(401, { error: 'invalid_client', error_description: 'Client authentication failed' })
  }

  private scopesOf({ headers }: Asked): string[] {
    const found = this.live.get(headers.get('authorization')?.replace(/^Bearer /, '') ?? '')
    if (found) return found.scope.split(/[ ,]/)
    throw new Refusal(
      401,
      this.revoked
        ? {
            status: 401,
            serviceErrorCode: 65601,
            code: 'REVOKED_ACCESS_TOKEN',
            message: 'The token used in the request has been revoked by the user',
          }
        : {
            status: 401,
            serviceErrorCode: 65602,
            code: 'EXPIRED_ACCESS_TOKEN',
            message: 'The token used in the request has expired',
          },
    )
  }

  private checkHeaders({ headers }: Asked): void {
    const version = headers.get('linkedin-version') ?? ''
    if (!this.active.includes(version)) {
      throw new Refusal(426, {
        status: 426,
        code: 'NONEXISTENT_VERSION',
        message: `Requested version ${version}01 is not active`,
      })
    }
    if (headers.get('x-restli-protocol-version') !== '2.0.0')
      throw new Refusal(400, { status: 400, message: 'X-Restli-Protocol-Version' })
  }

  private mayWrite(author: string, scopes: readonly string[], kind: '' | '_feed' = ''): void {
    const page = this.pages.some(({ id }) => author === `urn:li:organization:${id}`)
    const scope = `${page ? 'w_organization_social' : 'w_member_social'}${kind}`
    if ((!page && author !== this.memberUrn) || !scopes.includes(scope))
      throw denied(`Not enough permissions to access: posts.CREATE.20260701`)
  }

  private mayRead(author: string, scopes: readonly string[], kind: '' | '_feed' = ''): void {
    const scope = `${author.startsWith('urn:li:organization:') ? 'r_organization_social' : 'r_member_social'}${kind}`
    if (!scopes.includes(scope)) throw denied('Not enough permissions to access: partnerApiPostsExternal.FINDER-author')
  }

  private uploadUrl(path: string): string {
    return `${this.uploadHost ?? this.front}${path}`
  }

  private beginImage(asked: Asked): object {
    const { initializeUploadRequest: request } = jsonIn(asked, ['initializeUploadRequest'])
    const { owner } = request as { owner: string }
    if (asked.query.get('action') !== 'initializeUpload' || !owner) throw invalid('owner')
    const urn = `urn:li:image:${randomUUID()}`
    this.images.set(urn, { owner, sha256: null })
    return {
      value: {
        uploadUrlExpiresAt: Date.now() + 3_600_000,
        uploadUrl: this.uploadUrl(`/dms-uploads/${encodeURIComponent(urn)}/0`),
        image: urn,
      },
    }
  }

  private upload({ path, body }: Asked): Given {
    const [, urn = '', part = ''] = /^\/dms-uploads\/([^/]+)\/(\d+)$/.exec(path) ?? []
    const image = this.images.get(decodeURIComponent(urn))
    const film = this.films.get(decodeURIComponent(urn))
    if (image) image.sha256 = sha256(new Uint8Array(body))
    else if (film) film.parts.set(Number(part), body)
    else throw new Refusal(404, { status: 404 })
    return { status: 201, headers: { etag: `"${etagOf(body)}"` } }
  }

  private film(asked: Asked): object | undefined {
    const json = jsonIn(asked, ['initializeUploadRequest', 'finalizeUploadRequest'])
    if (asked.query.get('action') === 'initializeUpload') {
      const request = json.initializeUploadRequest as { owner: string; fileSizeBytes: number }
      const urn = `urn:li:video:${randomUUID()}`
      const token = randomUUID()
      const { owner, fileSizeBytes: size } = request
      this.films.set(urn, { owner, size, parts: new Map(), token, left: null })
      const PART = 4_194_304
      const uploadInstructions = Array.from({ length: Math.ceil(size / PART) }, (_, index) => ({
        uploadUrl: this.uploadUrl(`/dms-uploads/${encodeURIComponent(urn)}/${index}`),
        firstByte: index * PART,
        lastByte: Math.min((index + 1) * PART, size) - 1,
      }))
      return { value: { uploadUrlsExpireAt: 1, video: urn, uploadInstructions, uploadToken: token } }
    }
    const { video, uploadToken, uploadedPartIds } = json.finalizeUploadRequest as {
      video: string
      uploadToken: string
      uploadedPartIds: string[]
    }
    const found = this.films.get(video)
    const etags = [...(found?.parts ?? [])].sort(([one], [other]) => one - other).map(([, part]) => etagOf(part))
    if (!found || found.token !== uploadToken || etags.join() !== uploadedPartIds.join())
      throw invalid('uploadedPartIds')
    found.left = this.filmRounds
    return undefined
  }

  private filmStatus(urn: string): object {
    const found = this.films.get(urn)
    if (!found) throw new Refusal(404, { status: 404 })
    if (found.left === null) return { id: urn, status: 'WAITING_UPLOAD' }
    found.left = Math.max(0, found.left - 1)
    if (found.left > 0) return { id: urn, status: 'PROCESSING' }
    return { id: urn, status: this.filmFails ? 'PROCESSING_FAILED' : 'AVAILABLE' }
  }

  private create(asked: Asked, scopes: readonly string[]): Given {
    const known =
      'author commentary visibility distribution content lifecycleState isReshareDisabledByAuthor reshareContext'
    const json = jsonIn(asked, known.split(' '))
    const author = String(json.author)
    this.mayWrite(author, scopes)
    const commentary = typeof json.commentary === 'string' ? json.commentary : ''
    const text = readLittle(commentary)
    if (text.length > 3000) throw invalid('The commentary is too long', '/commentary')
    if (json.visibility !== 'PUBLIC' || json.lifecycleState !== 'PUBLISHED') throw invalid('visibility', '/visibility')
    const { feedDistribution } = json.distribution as { feedDistribution?: string }
    if (feedDistribution !== 'MAIN_FEED') throw invalid('distribution', '/distribution')
    const content = (json.content as Record<string, unknown> | undefined) ?? null
    const reshares = (json.reshareContext as { parent?: string } | undefined)?.parent ?? null
    if (content && Object.keys(content).length !== 1) throw invalid('content is a union', '/content')
    this.checkContent(content, author)
    // Remembered for a day or two, also when it was deleted.
    const twin = this.posts.find(
      (post) => !post.under && commentary !== '' && post.author === author && post.commentary === commentary,
    )
    if (twin) {
      throw new Refusal(422, {
        errorDetailType: 'com.linkedin.common.error.BadRequest',
        message: `com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of ${twin.urn}`,
        errorDetails: {
          inputErrors: [{ description: 'Duplicate post is detected', input: {}, code: 'DUPLICATE_POST' }],
        },
        status: 422,
      })
    }
    const { urn } = this.keep(author, commentary, text, content, null, reshares)
    // LinkedIn sends no body; two bytes stand here so that an answer can stop half-way.
    return { status: 201, headers: { 'x-restli-id': urn }, body: {} }
  }

  private checkContent(content: Record<string, unknown> | null, author: string): void {
    if (!content) return
    const { media, multiImage, article } = content as {
      media?: { id: string; altText?: string }
      multiImage?: { images: { id: string; altText?: string }[] }
      article?: { source?: string; title?: string }
    }
    if (article && !(article.source && article.title))
      throw invalid('article needs source and title', '/content/article')
    if (multiImage && (multiImage.images.length < 2 || multiImage.images.length > 20))
      throw invalid('between 2 and 20 images', '/content/multiImage')
    for (const { id, altText = '' } of [...(media ? [media] : []), ...(multiImage?.images ?? [])]) {
      const image = this.images.get(id)
      const film = this.films.get(id)
      if (altText.length > 4086) throw invalid('too long', '/content/media/altText')
      if (image ? image.owner !== author || !image.sha256 : film?.owner !== author || film.left !== 0)
        throw invalid('media is not ready or not yours', '/content/media')
    }
  }

  private list({ query, headers }: Asked, scopes: readonly string[]): object {
    const author = query.get('author') ?? ''
    if (query.get('q') !== 'author' || headers.get('x-restli-method') !== 'FINDER') throw invalid('q')
    this.mayRead(author, scopes)
    const found = this.posts.filter((post) => !post.under && post.author === author && !post.deleted)
    const [start, count] = [Number(query.get('start') ?? 0), Number(query.get('count') ?? 10)]
    if (count > 100) throw invalid('count')
    const page = found.toReversed().slice(start, start + count)
    return { paging: { start, count, links: [] }, elements: page.map(shown) }
  }

  private read(urn: string, scopes: readonly string[]): object {
    const post = this.posts.find((each) => each.urn === urn)
    this.mayRead(post?.author ?? this.memberUrn, scopes)
    if (!post || post.deleted) throw new Refusal(404, { status: 404, code: 'NOT_FOUND', message: 'Not found' })
    return shown(post)
  }

  private remove(urn: string, { headers, query }: Asked, scopes: readonly string[]): Given {
    const post = this.posts.find((each) => each.urn === urn)
    if (headers.get('x-restli-method') !== 'DELETE') throw invalid('X-RestLi-Method')
    if (post) {
      this.mayWrite(post.author, scopes, post.under ? '_feed' : '')
      if (post.under && query.get('actor') !== post.author) throw denied('actor')
      post.deleted = true
    }
    return { status: 204 }
  }

  /** Plain text: what is escaped stays escaped. */
  private comment(below: string, asked: Asked, scopes: readonly string[]): Given {
    const { actor, object, message } = jsonIn(asked, ['actor', 'object', 'message', 'parentComment', 'content'])
    const { text = '' } = message as { text?: string }
    this.mayWrite(String(actor), scopes, '_feed')
    if (object !== below || text === '' || text.length > 1250) throw invalid('message/text', '/message/text')
    if (!this.posts.some(({ urn, deleted }) => urn === below && !deleted))
      throw new Refusal(404, { status: 404, message: 'Could not find entity' })
    const { urn } = this.keep(String(actor), text, text, null, below, null)
    const [, id = ''] = /,(\d+)\)$/.exec(urn) ?? []
    return { status: 201, headers: { 'x-restli-id': id }, body: { id, actor, object, message, commentUrn: urn } }
  }

  private comments(below: string, scopes: readonly string[]): object {
    this.mayRead(this.posts.find(({ urn }) => urn === below)?.author ?? '', scopes, '_feed')
    const found = this.posts.filter(({ under, deleted }) => under === below && !deleted)
    const elements = found.map(({ urn, author, text, at }) => ({
      id: /,(\d+)\)$/.exec(urn)?.[1],
      actor: author,
      object: below,
      message: { attributes: [], text },
      created: { actor: author, time: at.getTime() },
    }))
    return { paging: { start: 0, count: 100, links: [] }, elements }
  }

  private acls({ query }: Asked, scopes: readonly string[]): object {
    if (!scopes.includes('rw_organization_admin')) throw denied('Not enough permissions to access: organizationAcls')
    if (query.get('q') !== 'roleAssignee' || query.get('state') !== 'APPROVED') throw invalid('q')
    const roles = this.pages.map(({ id }) => ({
      role: 'ADMINISTRATOR',
      organization: `urn:li:organization:${id}`,
      roleAssignee: this.memberUrn,
      state: 'APPROVED',
    }))
    return { paging: { start: 0, count: 100, links: [] }, elements: roles }
  }

  private statistics({ query, raw }: Asked, scopes: readonly string[]): object {
    if (!scopes.includes('rw_organization_admin')) throw denied('Not enough permissions')
    // Rest.li 2.0: a list stands as List(a,b), with only its parts encoded.
    const list = /[?&]shares=List\(([^()]*)\)/.exec(raw)?.[1]
    if (query.get('q') !== 'organizationalEntity' || list === undefined || /urn:/.test(list)) throw invalid('shares')
    const wanted = list.split(',').map(decodeURIComponent)
    const found = this.posts.filter(
      ({ urn, deleted, author }) => wanted.includes(urn) && !deleted && author === query.get('organizationalEntity'),
    )
    const elements = found.map(({ urn, author }) => ({
      organizationalEntity: author,
      share: urn,
      totalShareStatistics: {
        clickCount: 5,
        commentCount: this.posts.filter(({ under }) => under === urn).length,
        engagement: 0.1,
        impressionCount: 120,
        likeCount: 7,
        shareCount: 1,
        uniqueImpressionsCount: 90,
      },
    }))
    return { paging: { start: 0, count: 10, links: [] }, elements }
  }
}

function shown({ urn, author, commentary, content, reshares, at }: FakePost): object {
  const moment = at.getTime()
  return {
    id: urn,
    author,
    commentary,
    ...(content ? { content } : {}),
    ...(reshares === null ? {} : { reshareContext: { parent: reshares, root: reshares } }),
    visibility: 'PUBLIC',
    lifecycleState: 'PUBLISHED',
    createdAt: moment,
    publishedAt: moment,
    lastModifiedAt: moment,
  }
}

/** As LinkedIn reads little text: the first reserved character that is not escaped ends it. */
function readLittle(little: string): string {
  let text = ''
  for (let at = 0; at < little.length; at += 1) {
    const tag = /^\{hashtag\|(\\#|＃)\|((?:\\.|[^|{}@[\]()<>#*_~\\])+)\}/.exec(little.slice(at))
    if (tag) {
      text += `${tag[1]}${tag[2]}`.replace(/\\(.)/g, '$1')
      at += tag[0].length - 1
    } else if (little[at] === '\\') {
      at += 1
      text += little[at] ?? ''
    } else if (/[|{}@[\]()<>#*_~]/.test(little[at]!)) return text
    else text += little[at]
  }
  return text
}

function etagOf(part: Buffer): string {
  return `/ambry-video/signedId/${createHash('md5').update(part).digest('hex')}`
}

function formIn(headers: Headers, body: Buffer): URLSearchParams {
  if (!headers.get('content-type')?.startsWith('application/x-www-form-urlencoded'))
    throw new Refusal(400, { error: 'invalid_request' })
  return new URLSearchParams(body.toString())
}

function jsonIn({ headers, body }: Asked, known: readonly string[]): Record<string, unknown> {
  if (headers.get('content-type') !== 'application/json') throw new Refusal(415, { status: 415 })
  const json = JSON.parse(body.toString()) as Record<string, unknown>
  const strange = Object.keys(json).find((name) => !known.includes(name))
  if (strange !== undefined) throw invalid(`/${strange} :: unrecognized field found but not allowed`, `/${strange}`)
  return json
}
