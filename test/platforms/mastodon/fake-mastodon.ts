import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** What servers of one API do differently. */
export interface Manners {
  readonly version: string
  readonly apiVersion?: number
  readonly maxCharacters: number
  readonly perUrl: number
  readonly maxMedia: number
  /** Whether a text that is too long is refused at all. */
  readonly enforcesLength: boolean
  readonly descriptionLimit?: number
  readonly rateHeaders: boolean
  readonly pkce: boolean
  /** Whether `/api/v2/instance` and the OAuth metadata exist. */
  readonly tells: boolean
}

/** As Mastodon 4.5 answers (https://docs.joinmastodon.org/entities/Instance/). */
export const mastodon45: Manners = {
  version: '4.5.0',
  apiVersion: 7,
  maxCharacters: 500,
  perUrl: 23,
  maxMedia: 4,
  enforcesLength: true,
  descriptionLimit: 1500,
  rateHeaders: true,
  pkce: true,
  tells: true,
}

/** As a compatible server was seen to answer. */
export const compatible: Manners = {
  version: '2.7.2 (compatible; Other 1.0)',
  maxCharacters: 10_000,
  perUrl: 256,
  maxMedia: 8,
  enforcesLength: false,
  rateHeaders: false,
  pkce: false,
  tells: false,
}

export interface FakeStatus {
  readonly id: string
  readonly by: string
  readonly text: string
  readonly spoiler: string
  readonly visibility: string
  readonly language: string | null
  readonly media: readonly FakeMedia[]
  readonly under: string | null
  readonly quoted: string | null
  readonly reblogOf: string | null
  /** What its author lets the group do: `automatic`, `manual` or `denied`. */
  readonly quotable: string
  readonly at: Date
}

export interface FakeMedia {
  readonly id: string
  readonly bytes: Uint8Array
  readonly type: string
  readonly description: string
  /** Looks that are still answered with 206. */
  looks: number
  used: boolean
}

interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: Record<string, unknown>
  readonly files: FormData | null
}

type Answered = readonly [number, unknown]

const hour = 3_600_000
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const statusFields = [
  'status',
  'content_type',
  'media_ids',
  'in_reply_to_id',
  'visibility',
  'spoiler_text',
  'sensitive',
  'language',
  'quoted_status_id',
]

/** A server with one group's account and strangers, that remembers what became public. */
export class FakeMastodon {
  /** The account has chosen Markdown for posts that name no type, as glitch-soc and GoToSocial let it. */
  markdownUnlessTold = false
  readonly statuses: FakeStatus[] = []
  readonly media = new Map<string, FakeMedia>()
  readonly account = { id: '109', username: 'group', suspended: false }
  /** How often a new picture or film answers 206 before it is ready. */
  looksUntilReady = 0
  /** Milliseconds by which the server's clock is ahead. */
  ahead = 0
  /** Between the making of a status and the storing of its key. */
  afterMaking: () => Promise<unknown> = () => turn()
  /** Makes HTML of Markdown, as servers do on which an account is set so. */
  markdown = false
  scopes = ''
  private readonly apps = new Map<string, { secret: string; redirect: string; scopes: string }>()
  private readonly codes = new Map<
    string,
    { client: string; redirect: string; challenge: string | null; scopes: string }
  >()
  private readonly tokens = new Map<string, string>()
  private readonly keys = new Map<string, { id: string; until: number }>()
  private readonly server = createServer()
  private count = 1000
  url = ''

  constructor(readonly manners: Manners) {}

  async start(): Promise<void> {
    this.server.on('request', (request: IncomingMessage, response) => {
      void this.answer(request)
        .catch((error: unknown): Answered => [500, { error: String(error) }])
        .then(([status, body]) => {
          response.writeHead(status, {
            'content-type': 'application/json; charset=utf-8',
            ...(this.manners.rateHeaders
              ? {
                  'x-ratelimit-limit': '300',
                  'x-ratelimit-remaining': '299',
                  'x-ratelimit-reset': new Date(this.now() + 300_000).toISOString(),
                }
              : {}),
          })
          response.end(JSON.stringify(body))
        })
    })
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    this.server.closeAllConnections()
    await closed
  }

  /** A token as the group's consent would give it. */
  grant(scopes: string): string {
    const token = `token-${randomUUID()}`
    this.tokens.set(token, scopes)
    return token
  }

  revokeAll(): void {
    this.tokens.clear()
  }

  /** What the group's member does in the browser: allow, and come back with a code. */
  allow(address: string): { code: string; state: string | null } {
    const url = new URL(address)
    const asked = (name: string) => url.searchParams.get(name)
    const app = this.apps.get(asked('client_id') ?? '')
    if (url.pathname !== '/oauth/authorize' || asked('response_type') !== 'code') throw new Error('no such page')
    if (!app || app.redirect !== asked('redirect_uri')) throw new Error('the redirect uri is not valid')
    if ((asked('scope') ?? '').split(' ').some((scope) => !app.scopes.split(' ').includes(scope)))
      throw new Error('the requested scope is invalid')
    if (asked('code_challenge') !== null && asked('code_challenge_method') !== 'S256') throw new Error('plain PKCE')
    const code = `code-${randomUUID()}`
    const challenge = this.manners.pkce ? asked('code_challenge') : null
    this.codes.set(code, {
      client: asked('client_id')!,
      redirect: app.redirect,
      challenge,
      scopes: asked('scope') ?? '',
    })
    return { code, state: asked('state') }
  }

  /** Something that a stranger, or the group in another program, posts. */
  say(text: string, by = 'stranger', changes: Partial<FakeStatus> = {}): FakeStatus {
    this.count += 1
    const status: FakeStatus = {
      id: String(this.count),
      by,
      text,
      spoiler: '',
      visibility: 'public',
      language: 'en',
      media: [],
      under: null,
      quoted: null,
      reblogOf: null,
      quotable: 'automatic',
      at: new Date(this.now()),
      ...changes,
    }
    this.statuses.push(status)
    return status
  }

  private now(): number {
    return Date.now() + this.ahead
  }

  private async answer(request: IncomingMessage): Promise<Answered> {
    const asked = await askedBy(request)
    const { method, url } = asked
    const path = url.pathname
    const open = this.openRoutes(`${method} ${path}`, asked)
    if (open) return open
    const token = /^Bearer (.+)$/.exec(asked.headers.authorization ?? '')?.[1] ?? ''
    const scopes = this.tokens.get(token)
    if (scopes === undefined) return [401, { error: 'The access token is invalid' }]
    const may = (scope: string) => {
      const has = scopes.split(' ')
      return has.includes(scope) || has.includes(scope.split(':')[0] ?? '')
    }
    if (this.account.suspended) return [403, { error: 'Your login is currently disabled' }]
    for (const [pattern, scope, answer] of this.routes) {
      const found = pattern.exec(`${method} ${path}`)
      if (!found) continue
      if (scope !== null && !scope.split('|').some(may))
        return [403, { error: 'This action is outside the authorized scopes' }]
      return answer(asked, found[1] ?? '', scopes)
    }
    return [404, { error: 'Not Found' }]
  }

  private openRoutes(route: string, { body, headers }: Asked): Answered | null {
    const { manners } = this
    if (route === 'POST /api/v1/apps') {
      if (!body.client_name) return [422, { error: 'Validation failed: Application name can’t be blank' }]
      const clientId = `client-${randomUUID()}`
      const app = {
        secret: `secret-${randomUUID()}`,
        redirect: words(body.redirect_uris),
        scopes: words(body.scopes),
      }
      if (app.scopes.includes('profile') && !manners.tells) return [422, { error: 'Scopes doesn’t match configured' }]
      this.apps.set(clientId, app)
      return [200, { id: '1', name: body.client_name, client_id: clientId, client_secret: app.secret }]
    }
    if (route === 'POST /oauth/token') return this.token(body, words(headers['content-type']))
    if (route === 'GET /api/v1/instance')
      return [
        200,
        { uri: 'group.example', version: manners.version, max_toot_chars: manners.maxCharacters, ...this.told() },
      ]
    if (route === 'GET /api/v2/instance' && manners.tells) {
      const versions = manners.apiVersion === undefined ? {} : { api_versions: { mastodon: manners.apiVersion } }
      return [200, { domain: 'group.example', version: manners.version, ...versions, ...this.told() }]
    }
    if (route === 'GET /.well-known/oauth-authorization-server' && manners.tells) {
      const pkce = manners.pkce ? { code_challenge_methods_supported: ['S256'] } : {}
      const scopes = ['read', 'write', 'profile', 'read:accounts']
      return [200, { issuer: this.url, scopes_supported: scopes, ...pkce }]
    }
    return null
  }

  private told(): object {
    const { maxCharacters, maxMedia, perUrl, descriptionLimit } = this.manners
    return {
      configuration: {
        statuses: {
          max_characters: maxCharacters,
          max_media_attachments: maxMedia,
          characters_reserved_per_url: perUrl,
        },
        media_attachments: {
          supported_mime_types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'video/mp4', 'audio/mpeg'],
          image_size_limit: 16_777_216,
          video_size_limit: 103_809_024,
          ...(descriptionLimit === undefined ? {} : { description_limit: descriptionLimit }),
        },
      },
    }
  }

  private token(body: Record<string, unknown>, type: string): Answered {
    const refused = (description: string): Answered => [400, { error: 'invalid_grant', error_description: description }]
    if (!type.startsWith('application/x-www-form-urlencoded')) return refused('not a form')
    const code = this.codes.get(words(body.code))
    this.codes.delete(words(body.code))
    if (!code || body.grant_type !== 'authorization_code' || body.client_id !== code.client)
      return refused('The provided authorization grant is invalid, expired, revoked.')
    if (this.apps.get(code.client)?.secret !== body.client_secret) return [401, { error: 'invalid_client' }]
    if (body.redirect_uri !== code.redirect) return refused('The redirect URI does not match.')
    const proof = createHash('sha256').update(words(body.code_verifier)).digest('base64url')
    if (code.challenge !== null && proof !== code.challenge) return refused('The code verifier does not match.')
    this.scopes = code.scopes
    return [200, { access_token: this.grant(code.scopes), token_type: 'Bearer', scope: code.scopes, created_at: 1 }]
  }

  private readonly routes: readonly (readonly [
    RegExp,
    string | null,
    (asked: Asked, id: string, scopes: string) => Answered | Promise<Answered>,
  ])[] = [
    [/^GET \/api\/v1\/accounts\/verify_credentials$/, 'profile|read:accounts', () => [200, this.accountOf('group')]],
    [
      /^GET \/api\/v1\/apps\/verify_credentials$/,
      null,
      (_asked, _id, scopes) => [
        200,
        { name: 'Seconder', ...(this.manners.tells ? { scopes: scopes.split(' ') } : {}) },
      ],
    ],
    [/^POST \/api\/v2\/media$/, 'write:media', ({ files }) => this.takeMedia(files)],
    [/^GET \/api\/v1\/media\/(\w+)$/, 'write:media', (_asked, id) => this.lookAtMedia(id)],
    [/^POST \/api\/v1\/statuses$/, 'write:statuses', (asked) => this.make(asked)],
    [/^POST \/api\/v1\/statuses\/(\w+)\/reblog$/, 'write:statuses', ({ body }, id) => this.reblog(id, body)],
    [/^DELETE \/api\/v1\/statuses\/(\w+)$/, 'write:statuses', (_asked, id) => this.remove(id)],
    [/^GET \/api\/v1\/statuses\/(\w+)$/, 'read:statuses', (_asked, id) => this.withStatus(id, (one) => this.show(one))],
    [
      /^GET \/api\/v1\/statuses\/(\w+)\/context$/,
      'read:statuses',
      (_asked, id) => this.withStatus(id, () => ({ ancestors: [], descendants: this.below(id) })),
    ],
    [
      /^GET \/api\/v1\/statuses\/(\w+)\/source$/,
      'read:statuses',
      (_asked, id) => this.withStatus(id, ({ text, spoiler }) => ({ id, text, spoiler_text: spoiler })),
    ],
    [/^GET \/api\/v1\/accounts\/(\w+)\/statuses$/, 'read:statuses', ({ url }, id) => this.list(id, url.searchParams)],
    [/^GET \/api\/v1\/notifications$/, 'read:notifications', ({ url }) => this.notifications(url.searchParams)],
    [
      /^GET \/api\/v2\/search$/,
      'read:search',
      ({ url }) => {
        const found = this.statuses.find((status) => this.show(status).url === url.searchParams.get('q'))
        return [200, { accounts: [], hashtags: [], statuses: found ? [this.show(found)] : [] }]
      },
    ],
  ]

  private async takeMedia(files: FormData | null): Promise<Answered> {
    const file = files?.get('file')
    if (!(file instanceof Blob)) return [422, { error: 'Validation failed: File can’t be blank' }]
    if (!/^(image\/(jpeg|png|gif|webp)|video\/mp4)$/.test(file.type))
      return [422, { error: 'Validation failed: File content type is invalid' }]
    const said = files?.get('description')
    const description = typeof said === 'string' ? said : ''
    if ([...description].length > (this.manners.descriptionLimit ?? 1500))
      return [422, { error: 'Validation failed: Description is too long (maximum is 1500 characters)' }]
    this.count += 1
    const id = String(this.count)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const item = { id, bytes, type: file.type, description, looks: this.looksUntilReady, used: false }
    this.media.set(id, item)
    return [item.looks > 0 ? 202 : 200, { id, type: 'image', url: item.looks > 0 ? null : `${this.url}/media/${id}` }]
  }

  private lookAtMedia(id: string): Answered {
    const item = this.media.get(id)
    if (!item || item.used) return [404, { error: 'Record not found' }]
    item.looks = Math.max(0, item.looks - 1)
    return [item.looks > 0 ? 206 : 200, { id, type: 'image' }]
  }

  private async make({ body, headers }: Asked): Promise<Answered> {
    const unknown = Object.keys(body).filter((field) => !statusFields.includes(field))
    if (unknown.length > 0) return [422, { error: `Unknown: ${unknown.join(', ')}` }]
    const key = words(headers['idempotency-key'])
    const kept = this.keys.get(key)
    if (key !== '' && kept && kept.until > this.now()) return this.withStatus(kept.id, (one) => this.show(one))
    const isPlain = body.content_type === 'text/plain' || !this.markdownUnlessTold
    const text = isPlain ? words(body.status) : words(body.status).replace(/[*_#]/g, '')
    const spoiler = words(body.spoiler_text)
    const ids = (body.media_ids ?? []) as string[]
    const media = ids.map((id) => this.media.get(id))
    const refusal = this.refusal(text, spoiler, media, body)
    if (refusal) return refusal
    // Other requests run meanwhile, as on a server of many processes.
    await turn()
    const attached = media as FakeMedia[]
    attached.forEach((item) => (item.used = true))
    const status = this.say(text === '' ? spoiler : text, 'group', {
      spoiler: text === '' ? '' : spoiler,
      visibility: words(body.visibility, 'public'),
      language:
        typeof body.language === 'string' && /^([a-z]{2,3}|zh-[A-Z]{2})$/.test(body.language) ? body.language : null,
      media: attached,
      under: (body.in_reply_to_id as string | undefined) ?? null,
      quoted: this.manners.apiVersion === undefined ? null : ((body.quoted_status_id as string | undefined) ?? null),
    })
    await this.afterMaking()
    if (key !== '') this.keys.set(key, { id: status.id, until: this.now() + hour })
    return [200, this.show(status)]
  }

  private refusal(
    text: string,
    spoiler: string,
    media: (FakeMedia | undefined)[],
    body: Record<string, unknown>,
  ): Answered | null {
    const invalid = (words: string): Answered => [422, { error: `Validation failed: ${words}` }]
    const { maxCharacters, maxMedia, enforcesLength } = this.manners
    if (text === '' && media.length === 0) return invalid('Text can’t be blank')
    if (enforcesLength && this.lengthOf(spoiler + text) > maxCharacters)
      return invalid(`Text character limit of ${maxCharacters} exceeded`)
    if (media.length > maxMedia) return [422, { error: `Cannot attach more than ${maxMedia} files` }]
    if (media.some((item) => !item || item.used)) return [422, { error: 'Media attachment was not found' }]
    if (media.some((item) => item && item.looks > 0))
      return [422, { error: 'Cannot attach files that have not finished processing. Try again in a moment!' }]
    if (!['public', 'unlisted', 'private'].includes(words(body.visibility, 'public')))
      return [422, { error: 'Visibility is not valid' }]
    const quoted = this.statuses.find(({ id }) => id === body.quoted_status_id)
    if (body.quoted_status_id !== undefined && (!quoted || quoted.quotable === 'denied'))
      return [404, { error: 'The post you are trying to quote does not appear to exist.' }]
    const under = body.in_reply_to_id
    if (under !== undefined && !this.statuses.some(({ id }) => id === under))
      return [404, { error: 'The post you are trying to reply to does not appear to exist.' }]
    return null
  }

  /** Counted apart from the product's own counting. */
  private lengthOf(text: string): number {
    const counted = text
      .replace(/https?:\/\/[^\s]+\.[^\s]+/g, 'x'.repeat(this.manners.perUrl))
      .replace(/(@\w+)@[\w.]+/g, '$1')
    return [...graphemes.segment(counted)].length
  }

  private reblog(id: string, body: Record<string, unknown>): Answered {
    const target = this.statuses.find((status) => status.id === id)
    if (!target) return [404, { error: 'Record not found' }]
    const before = this.statuses.find(({ reblogOf, by }) => reblogOf === id && by === 'group')
    const made = before ?? this.say('', 'group', { reblogOf: id, visibility: words(body.visibility, 'public') })
    return [200, this.show(made)]
  }

  private remove(id: string): Answered {
    const place = this.statuses.findIndex((status) => status.id === id && status.by === 'group')
    if (place < 0) return [404, { error: 'Record not found' }]
    const [removed] = this.statuses.splice(place, 1)
    return [200, { ...this.show(removed!), text: removed!.text }]
  }

  private list(accountId: string, query: URLSearchParams): Answered {
    if (accountId !== this.account.id) return [404, { error: 'Record not found' }]
    const limit = Math.min(Number(query.get('limit') ?? 20), 40)
    const before = Number(query.get('max_id') ?? Infinity)
    const own = this.statuses
      .filter(({ id, by, reblogOf }) => {
        return by === 'group' && Number(id) < before && !(query.get('exclude_reblogs') === 'true' && reblogOf !== null)
      })
      .sort((a, b) => Number(b.id) - Number(a.id))
    return [200, own.slice(0, limit).map((status) => this.show(status))]
  }

  private notifications(query: URLSearchParams): Answered {
    const types = query.getAll('types[]')
    const before = Number(query.get('max_id') ?? Infinity)
    const told = this.statuses
      .filter(({ by, text, quoted }) => by !== 'group' && (text.includes('@group') || quoted !== null))
      .map((status) => ({
        id: status.id,
        type: status.quoted === null ? 'mention' : 'quote',
        created_at: status.at.toISOString(),
        account: this.accountOf(status.by),
        status: this.show(status),
      }))
      .filter(({ id, type }) => types.includes(type) && Number(id) < before)
      .sort((a, b) => Number(b.id) - Number(a.id))
    return [200, told.slice(0, 40)]
  }

  private below(id: string): object[] {
    const direct = this.statuses.filter(({ under }) => under === id)
    return direct.flatMap((status) => [this.show(status), ...this.below(status.id)])
  }

  private withStatus(id: string, work: (status: FakeStatus) => object): Answered {
    const status = this.statuses.find((one) => one.id === id)
    return status ? [200, work(status)] : [404, { error: 'Record not found' }]
  }

  private accountOf(by: string): object {
    const id = by === 'group' ? this.account.id : `9${by.length}`
    return { id, username: by, acct: by, display_name: `The ${by}`, url: `${this.url}/@${by}` }
  }

  show(status: FakeStatus): { id: string; url: string } & Record<string, unknown> {
    const parent = this.statuses.find(({ id }) => id === status.under)
    const reblogged = this.statuses.find(({ id }) => id === status.reblogOf)
    const count = (of: (other: FakeStatus) => string | null) =>
      this.statuses.filter((one) => of(one) === status.id).length
    return {
      id: status.id,
      url: reblogged
        ? `${this.url}/users/${status.by}/statuses/${status.id}/activity`
        : `${this.url}/@${status.by}/${status.id}`,
      created_at: status.at.toISOString(),
      content: htmlOf(this.markdown ? status.text.replace(/[*_]/g, '') : status.text, this.url),
      spoiler_text: status.spoiler,
      visibility: status.visibility,
      language: status.language,
      in_reply_to_id: status.under,
      in_reply_to_account_id: parent ? (this.accountOf(parent.by) as { id: string }).id : null,
      media_attachments: status.media.map(({ id, description }) => ({ id, type: 'image', description })),
      reblog: reblogged ? this.show(reblogged) : null,
      reblogged: this.statuses.some(({ reblogOf, by }) => reblogOf === status.id && by === 'group'),
      favourites_count: 0,
      reblogs_count: count((one) => one.reblogOf),
      replies_count: count((one) => one.under),
      ...(this.manners.apiVersion === undefined
        ? {}
        : {
            quotes_count: count((one) => one.quoted),
            quote_approval: { automatic: ['public'], manual: [], current_user: status.quotable },
          }),
      ...(status.quoted === null ? {} : { quote: { state: 'accepted', quoted_status: { id: status.quoted } } }),
      account: this.accountOf(status.by),
    }
  }
}

/** As app/lib/text_formatter.rb writes it. */
export function htmlOf(text: string, origin: string): string {
  const escaped = (part: string) =>
    part.replace(/[&<>"]/g, (mark) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[mark] ?? mark)
  const marked = text
    .split(/(https?:\/\/[^\s]+|(?<![\w/])[#@][\p{L}\w]+(?:@[\w.]+\w)?)/u)
    .map((part) => {
      if (/^https?:/.test(part)) {
        const [start] = /^https?:\/\/(www\.)?/.exec(part)!
        const rest = part.slice(start.length)
        const shown = `<span class="${rest.length > 30 ? 'ellipsis' : ''}">${escaped(rest.slice(0, 30))}</span>`
        return `<a href="${escaped(part)}" target="_blank" rel="nofollow noopener noreferrer"><span class="invisible">${start}</span>${shown}<span class="invisible">${escaped(rest.slice(30))}</span></a>`
      }
      if (part.startsWith('#'))
        return `<a href="${origin}/tags/${part.slice(1)}" class="mention hashtag" rel="tag">#<span>${part.slice(1)}</span></a>`
      const name = /^@(\w+)/.exec(part)?.[1]
      if (name && part.startsWith('@'))
        return `<span class="h-card"><a href="${origin}/@${name}" class="u-url mention">@<span>${name}</span></a></span>`
      return escaped(part)
    })
    .join('')
  return marked
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br />')}</p>`)
    .join('')
}

async function askedBy(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  const asked = {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://fake'),
    headers: request.headers,
    body: {},
    files: null,
  }
  if (type.startsWith('multipart/form-data'))
    return {
      ...asked,
      files: await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData(),
    }
  if (type.startsWith('application/json'))
    return { ...asked, body: JSON.parse(bytes.toString()) as Record<string, unknown> }
  if (type.startsWith('application/x-www-form-urlencoded'))
    return { ...asked, body: Object.fromEntries(new URLSearchParams(bytes.toString())) }
  return asked
}

function words(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise
}
