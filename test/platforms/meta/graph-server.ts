import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sha256 } from '../../../src/kernel/ids.js'

/** An error as the Graph API words it; `status` is 400 unless told, as it mostly is there. */
export class GraphError extends Error {
  constructor(
    readonly code: number,
    readonly said: string,
    readonly more: {
      readonly status?: number
      readonly subcode?: number
      readonly forPeople?: string
      readonly transient?: boolean
    } = {},
  ) {
    super(said)
  }
}

/** One request, taken apart. */
export interface Asked {
  readonly match: RegExpExecArray
  readonly fields: Readonly<Record<string, string>>
  readonly files: ReadonlyMap<string, Uint8Array>
}

interface Token {
  readonly userId: string
  readonly expiresAt: number
  readonly madeAt: number
  /** Made by Facebook Login: every call then proves that it knows the app's secret. */
  readonly facebook: boolean
}

/** An answer that sends a browser on. */
export interface Redirect {
  readonly redirect: string
}

type Handler = (asked: Asked, token: Token) => object | Promise<object>

/**
 * What the stand-ins of Meta's three networks have in common: requests taken apart strictly (method, path, content type,
 * token, no field that is not documented), errors as the Graph API words them, tokens, a clock that can be moved, and
 * pictures that are really fetched.
 */
export abstract class GraphServer {
  /** Moves this server's clock. */
  offsetMs = 0
  protected readonly tokens = new Map<string, Token>()
  private readonly routes: {
    method: string
    path: RegExp
    open: boolean
    fields: readonly string[]
    handle: Handler
  }[] = []
  /** Where the public finds the installation in a test: what leads to `named` is fetched `at`. */
  outside = { named: '', at: '' }
  private readonly server = createServer()
  private nextId = 17_900_000_000_000_000n

  async start(): Promise<void> {
    this.server.on('request', (request: IncomingMessage, response) => {
      this.answer(request).then(
        ({ status, body }) => {
          const redirect = (body as Partial<Redirect>).redirect
          if (redirect !== undefined) response.writeHead(302, { location: redirect }).end()
          else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
        },
        (error: unknown) => response.writeHead(599).end(String(error)),
      )
    })
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.server.close()
    this.server.closeAllConnections()
    await once(this.server, 'close')
  }

  /** A token that works, as if somebody had consented. */
  tokenFor(userId: string, { seconds = 60 * 86_400, facebook = false } = {}): string {
    const token = `TOKEN${this.newId()}`
    this.tokens.set(token, { userId, madeAt: this.now(), expiresAt: this.now() + seconds * 1000, facebook })
    return token
  }

  revoke(token: string): void {
    this.tokens.delete(token)
  }

  protected now(): number {
    return Date.now() + this.offsetMs
  }

  protected newId(): string {
    this.nextId += 7n
    return String(this.nextId)
  }

  protected instant(ms: number): string {
    return new Date(ms).toISOString().replace(/\.\d+Z$/, '+0000')
  }

  /** A call that needs a token and takes these fields. */
  protected on(method: string, path: RegExp, fields: readonly string[], handle: Handler): void {
    this.routes.push({ method, path, open: false, fields: [...fields, 'access_token', 'appsecret_proof'], handle })
  }

  /** A call that needs none. */
  protected onOpen(method: string, path: RegExp, fields: readonly string[], handle: (asked: Asked) => object): void {
    this.routes.push({ method, path, open: true, fields, handle })
  }

  /** Fetches a picture or film as Meta's servers do. */
  protected async fetched(url: string): Promise<{ sha256: string; type: string; bytes: Uint8Array } | null> {
    const response = await fetch(url.replace(this.outside.named, this.outside.at), {
      redirect: 'error',
      headers: { 'user-agent': 'facebookexternalhit/1.1' },
    }).catch(() => null)
    if (!response?.ok) return null
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { sha256: sha256(bytes), type: response.headers.get('content-type') ?? '', bytes }
  }

  protected missing(id: string): GraphError {
    const said =
      `Unsupported request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or ` +
      'does not support this operation'
    return new GraphError(100, said, { subcode: 33 })
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const url = new URL(request.url ?? '/', 'http://graph')
    try {
      const route = this.routes.find(({ method, path }) => method === request.method && path.test(url.pathname))
      if (!route) throw new GraphError(2500, `Unknown path components: ${request.method} ${url.pathname}`)
      const { fields, files } = await takenApart(request, url)
      const unknown = Object.keys(fields).filter((name) => !route.fields.includes(name))
      if (unknown.length > 0) throw new GraphError(100, `Param ${unknown.join(', ')} is not one that is known here`)
      const token = route.open ? nobody : this.tokenOf(fields)
      return { status: 200, body: await route.handle({ match: route.path.exec(url.pathname)!, fields, files }, token) }
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      const { code, said, more } = error
      const body = {
        message: `(#${code}) ${said}`,
        type: code === 190 ? 'OAuthException' : 'GraphMethodException',
        code,
        ...(more.subcode ? { error_subcode: more.subcode } : {}),
        is_transient: more.transient ?? false,
        ...(more.forPeople ? { error_user_title: 'Error', error_user_msg: more.forPeople } : {}),
        fbtrace_id: 'AbCdEf',
      }
      return { status: more.status ?? (code === 190 ? 401 : 400), body: { error: body } }
    }
  }

  /** The secret of the app behind tokens of Facebook Login. */
  protected readonly facebookSecret: string = ''

  private tokenOf({ access_token: given = '', appsecret_proof: proof }: Asked['fields']): Token {
    const token = this.tokens.get(given)
    if (!token) throw new GraphError(190, 'Invalid OAuth access token - Cannot parse access token')
    if (token.expiresAt <= this.now())
      throw new GraphError(190, 'Error validating access token: Session has expired', { subcode: 463 })
    if (token.facebook && proof !== createHmac('sha256', this.facebookSecret).update(given).digest('hex'))
      throw new GraphError(100, 'API calls from the server require an appsecret_proof argument')
    return token
  }
}

const nobody: Token = { userId: '', madeAt: 0, expiresAt: 0, facebook: false }

/** The fields of a GET or DELETE are in its address, those of a POST in its body and nowhere else. */
async function takenApart(request: IncomingMessage, url: URL): Promise<Pick<Asked, 'fields' | 'files'>> {
  if (request.method !== 'POST') return { fields: Object.fromEntries(url.searchParams), files: new Map() }
  if (url.search !== '') throw new GraphError(100, 'A POST has its fields in its body here')
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const type = request.headers['content-type'] ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type))
    throw new GraphError(100, `The content type ${type} is none that is taken`)
  const body = await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData()
  const fields: Record<string, string> = {}
  const files = new Map<string, Uint8Array>()
  for (const [name, value] of body.entries()) {
    if (typeof value === 'string') fields[name] = value
    else files.set(name, new Uint8Array(await value.arrayBuffer()))
  }
  return { fields, files }
}

/** Serves pictures to the networks as an installation would: at addresses that name their bytes. */
export class MediaHost {
  private readonly pictures = new Map<string, { bytes: Uint8Array; mime: string }>()
  private readonly server = createServer((request, response) => {
    const found = this.pictures.get((request.url ?? '').slice(1))
    if (!found) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': found.mime }).end(found.bytes)
  })

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
  }

  /** Where these bytes can be fetched from now on. */
  readonly publicUrl = ({ bytes, mime }: { bytes: Uint8Array; mime: string }): string => {
    const name = sha256(bytes)
    this.pictures.set(name, { bytes, mime })
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`
  }

  async stop(): Promise<void> {
    this.server.close()
    this.server.closeAllConnections()
    await once(this.server, 'close')
  }
}
