import { lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import { mayConnectTo } from './outward-addresses.adapter.js'
import { see } from './outward-watch.adapter.js'

/** A host's address as the resolver told it. */
export interface Address {
  readonly address: string
  readonly family: number
}

export interface OutwardOptions {
  /** Allows plain http and private addresses for every host: for tests and closed networks only. */
  readonly allowPrivateAddresses?: boolean
  /** Host names for which plain http and private addresses are allowed: a group's own server. */
  readonly privateHosts?: readonly string[]
  /** Longest answer that is read, in bytes; 4 MB unless told. */
  readonly maximumAnswerBytes?: number
  /** Replaces the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>
}

/**
 * A request that got no whole answer. `sent` is false only when it is certain that not one byte of the
 * request left: such a request may be repeated at once. The message is for people.
 */
export class OutwardFault extends Error {
  constructor(
    message: string,
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'OutwardFault'
  }
}

const LONGEST_MS = 60_000
const MOST_REDIRECTS = 3

/**
 * The only door to other people's servers. Https only; names are resolved here, every address is checked
 * against the ranges that are not public, and the connection goes to exactly the checked addresses, so
 * that a name cannot change its meaning in between (DNS rebinding). One connection per request: a reused
 * one may be half dead, and then nobody can say whether the request left.
 * @example await outward.fetch('https://bsky.social/xrpc/_health', { signal: AbortSignal.timeout(5000) })
 */
export class Outward {
  constructor(private readonly options: OutwardOptions = {}) {}

  /**
   * As the global `fetch`, with the answer read to its end. Redirects are followed for GET and HEAD only:
   * a write is never carried to another place than the one that was named.
   * @throws OutwardFault
   */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const asked = new Request(input, init)
    const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(LONGEST_MS)])
    const body = asked.body === null ? null : Buffer.from(await asked.arrayBuffer())
    const reads = asked.method === 'GET' || asked.method === 'HEAD'
    let url = new URL(asked.url)
    for (let redirects = 0; ; redirects += 1) {
      const response = await this.exchange(url, asked.method, asked.headers, body, signal)
      const location = response.headers.get('location')
      if (!reads || location === null || response.status < 300 || response.status >= 400) return response
      if (redirects === MOST_REDIRECTS) throw new OutwardFault(`${url.host} redirects in a circle.`, true)
      const next = new URL(location, url)
      if (next.origin !== url.origin) {
        asked.headers.delete('authorization')
        asked.headers.delete('cookie')
      }
      url = next
    }
  }

  private async exchange(
    url: URL,
    method: string,
    headers: Headers,
    body: Buffer | null,
    signal: AbortSignal,
  ): Promise<Response> {
    const from = performance.now()
    try {
      const response = await this.attempt(url, method, headers, body, signal)
      const at = performance.now()
      see({ host: url.host, ms: at - from, answered: { date: response.headers.get('date'), at }, fault: null })
      return response
    } catch (error) {
      const fault = error instanceof Error ? error.message : 'No whole answer came.'
      see({ host: url.host, ms: performance.now() - from, answered: null, fault })
      throw error
    }
  }

  private async attempt(url: URL, method: string, headers: Headers, body: Buffer | null, signal: AbortSignal) {
    const socket = await this.connect(url, signal)
    const stop = () => socket.destroy(new Error('the time for this request was over'))
    signal.addEventListener('abort', stop, { once: true })
    try {
      if (signal.aborted || socket.destroyed) {
        throw new OutwardFault(`The connection to ${url.host} was over before the request was sent.`, false)
      }
      const answer = await send(socket, url, method, headers, body)
      const bytes = await this.read(answer, url)
      return asResponse(answer, bytes)
    } catch (error) {
      if (error instanceof OutwardFault) throw error
      throw new OutwardFault(`${url.host} gave no whole answer: ${reasonOf(error)}.`, true, { cause: error })
    } finally {
      signal.removeEventListener('abort', stop)
      socket.destroy()
    }
  }

  /** An open, and for https verified, connection. Whatever fails here fails before a byte was sent. */
  private async connect(url: URL, signal: AbortSignal): Promise<Socket> {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const trusted = this.trusts(host)
    if (url.protocol !== 'https:' && !(trusted && url.protocol === 'http:')) {
      throw new OutwardFault(`${url.origin} is not reached: only https addresses are.`, false)
    }
    const addresses = await this.resolve(host, signal)
    const refused = addresses.find(({ address }) => !mayConnectTo(address, trusted))
    if (refused || addresses.length === 0) {
      throw new OutwardFault(
        `${host} is not reached: its address ${refused?.address ?? ''} belongs to a private network. ` +
          'Whoever runs this installation can allow the host.',
        false,
      )
    }
    const lookup: LookupFunction = (_host, options, done) => {
      if (options.all) done(null, [...addresses])
      else done(null, addresses[0]!.address, addresses[0]!.family)
    }
    const secure = url.protocol === 'https:'
    const options = { host, port: Number(url.port) || (secure ? 443 : 80), lookup, autoSelectFamily: true }
    const socket = secure
      ? connectTls({ ...options, servername: isIP(host) ? undefined : host, ALPNProtocols: ['http/1.1'] })
      : connectTcp(options)
    // Whoever listens at the moment, an error of this socket must never end the process.
    socket.on('error', () => undefined)
    return new Promise((resolve, reject) => {
      const stop = () => socket.destroy(new Error('the time for this request was over'))
      const fail = (error: Error) => {
        signal.removeEventListener('abort', stop)
        reject(new OutwardFault(`${url.host} was not reached: ${reasonOf(error)}.`, false, { cause: error }))
      }
      socket.once('error', fail)
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        signal.removeEventListener('abort', stop)
        socket.off('error', fail)
        resolve(socket)
      })
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
    })
  }

  private async resolve(host: string, signal: AbortSignal): Promise<readonly Address[]> {
    const family = isIP(host)
    if (family) return [{ address: host, family }]
    const ask = this.options.resolve ?? ((name: string) => systemLookup(name, { all: true }))
    try {
      return await beforeAbort(ask(host), signal)
    } catch (error) {
      const sentence = unknownNames.includes(codeOf(error))
        ? `There is no server with the name ${host}.`
        : `The name ${host} could not be looked up: ${reasonOf(error)}.`
      throw new OutwardFault(sentence, false, { cause: error })
    }
  }

  private async read(answer: IncomingMessage, url: URL): Promise<Buffer> {
    const most = this.options.maximumAnswerBytes ?? 4_000_000
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) throw new OutwardFault(`${url.host} answered with more than ${most} bytes.`, true)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  private trusts(host: string): boolean {
    return this.options.allowPrivateAddresses === true || (this.options.privateHosts ?? []).includes(host)
  }
}

function send(socket: Socket, url: URL, method: string, headers: Headers, body: Buffer | null) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => socket,
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...Object.fromEntries(headers),
        host: url.host,
        ...(body === null ? {} : { 'content-length': body.length }),
      },
    })
    request.once('response', resolve)
    request.once('error', reject)
    request.end(body ?? undefined)
  })
}

function asResponse(answer: IncomingMessage, bytes: Buffer): Response {
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  const status = answer.statusCode ?? 0
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : new Uint8Array(bytes), { status, headers })
}

function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('the time for this request was over'))
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** What `getaddrinfo` and c-ares say of a name that nobody has. */
const unknownNames = ['ENOTFOUND', 'ENODATA', 'ENONAME']

/** System errors (errno(3)) and OpenSSL's verdicts (X509_verify_cert_error_string) in words for people. */
const reasons: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'this installation gets no answer about names at the moment',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENETUNREACH: 'there is no way to it from this installation',
  EHOSTUNREACH: 'there is no way to it from this installation',
  ETIMEDOUT: 'it took too long',
  CERT_HAS_EXPIRED: 'its certificate is out of date',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody who is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody who is trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody who is trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody who is trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** Why it failed, without Node's own words: those are kept as the cause. A code that is not known here stays a code. */
function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return 'no secure connection could be made'
  if (code !== '') return reasons[code] ?? code
  return error instanceof Error ? error.message : String(error)
}

/** Node gives an error that groups the failures of several addresses the code of the first. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}
