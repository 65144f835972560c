import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'

import { type JWK, OAuth2Server, type MutableResponse, type TokenRequestIncomingMessage } from 'oauth2-mock-server'

import type {
  Account,
  Connection,
  Consent,
  Grant,
  KeepAliveOutcome,
  Limits,
  Network,
  Platform,
} from '../../src/platforms/platform.js'

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/**
 * A network that wants people to agree in the browser, under another's name and rules: its consent server is a real one
 * on loopback, which verifies PKCE, trades a code once, and takes a refresh token once, as X does.
 */
export class ConsentNetwork {
  /** Accounts that a consent opens, by remote id and handle. */
  accounts: readonly { id: string; handle: string }[] = [{ id: 'river', handle: '@river' }]
  /** Says no to the next trade with this code of RFC 6749, section 5.2. */
  refuseNext: string | null = null
  /** Awaited before a trade is answered. */
  duringTrade: (() => Promise<unknown>) | null = null
  /** What is told when somebody asks for limits. */
  limits: Limits | null = null
  limitsAsked = 0
  /** Forms of the trades that came, in order. */
  readonly trades: Record<string, string>[] = []
  readonly asked: Record<string, string>[] = []
  lastsMinutes = 120
  consentUntil: string | undefined
  /** How many grants were made: the number of the newest token. */
  granted = 0
  private readonly used = new Set<string>()
  private readonly alive = new Set<string>()

  private constructor(
    private readonly server: OAuth2Server,
    readonly origin: string,
    private readonly now: () => string,
  ) {
    server.service.on('beforeResponse', (response: MutableResponse, request: TokenRequestIncomingMessage) =>
      this.answer(response, request.body as unknown as Record<string, string>),
    )
  }

  static async start(now: () => string): Promise<ConsentNetwork> {
    const server = new OAuth2Server()
    // Its own way to make a key does not work under Jest: Node's key is an object of another realm than the tests'.
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'tests', alg: 'RS256' })
    await server.issuer.keys.add(JSON.parse(key) as JWK)
    await server.start(0, '127.0.0.1')
    const { port } = server.address() as AddressInfo
    return new ConsentNetwork(server, `http://127.0.0.1:${port}`, now)
  }

  stop(): Promise<void> {
    return this.server.stop()
  }

  /** A person opens the address, agrees, and is sent back: what the way back carries. */
  async agree(url: string): Promise<{ path: string; state: string; code: string }> {
    const response = await fetch(url, { redirect: 'manual' })
    const back = new URL(response.headers.get('location') ?? '')
    return {
      path: `${back.pathname}${back.search}`,
      state: back.searchParams.get('state') ?? '',
      code: back.searchParams.get('code') ?? '',
    }
  }

  /** The network as the application knows it. `like` lends its name, rules and everything else. */
  as(network: Network, like: Platform): Platform {
    return {
      ...like,
      rules: { ...like.rules, network },
      connectSteps: ['Make an app and allow it to come back to the address below.'],
      connectFields: [
        { name: 'server', label: 'Server', help: '', secret: false },
        { name: 'clientId', label: 'Client id', help: '', secret: false },
        { name: 'clientSecret', label: 'Client secret', help: '', secret: true },
      ],
      consent: this.consent(),
      keepAlive: (connection, signal) => this.keepAlive(connection, signal),
      askLimits: () => {
        this.limitsAsked += 1
        return Promise.resolve(this.limits)
      },
    }
  }

  /** Uses the credentials as an adapter does that finds them worn: trades once, then says the new access token. */
  async renew(connection: Connection): Promise<string> {
    const renewed = await connection.renew(connection.credentials, (current) => this.refresh(current))
    return renewed['accessToken'] ?? ''
  }

  private consent(): Consent {
    return {
      begin: (answers, { redirectUri, state, challenge }) => {
        this.asked.push(answers)
        const url = new URL('/authorize', answers['server'])
        const query = {
          response_type: 'code',
          scope: 'openid',
          client_id: answers['clientId'] ?? '',
          redirect_uri: redirectUri,
          state,
          code_challenge: challenge,
          code_challenge_method: 'S256',
        }
        for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
        return Promise.resolve({ kind: 'go', url: url.href, memo: { begunFor: answers['clientId'] ?? '' } })
      },
      finish: async (answers, { code, redirectUri, verifier, memo }) => {
        if (memo['begunFor'] !== answers['clientId']) throw new Error('the memo is of another consent')
        const tokens = await this.trade({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          client_id: answers['clientId'] ?? '',
          code_verifier: verifier,
        })
        if (typeof tokens === 'string')
          return {
            kind: 'refused',
            cause: `The network no longer takes this code (${tokens}). Try again.`,
            field: null,
          }
        const accounts = this.accounts.map(({ id, handle }): Account => ({
          remoteAccountId: id,
          handle,
          url: `https://network.example/${id}`,
          ...this.grant({ ...answers }, tokens),
        }))
        return { kind: 'accounts', accounts }
      },
    }
  }

  private async keepAlive(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome> {
    signal.throwIfAborted()
    try {
      await this.renew(connection)
      return { kind: 'renewed' }
    } catch (error) {
      const cause = error instanceof Error ? error.message : ''
      if (cause === 'invalid_grant') return { kind: 'unauthorized', cause: 'The permission was taken back.' }
      return { kind: 'retry', cause }
    }
  }

  private async refresh(current: Readonly<Record<string, string>>): Promise<Grant> {
    const tokens = await this.trade({ grant_type: 'refresh_token', refresh_token: current['refreshToken'] ?? '' })
    if (typeof tokens === 'string') throw new Error(tokens)
    return this.grant(current, tokens)
  }

  private grant(known: Readonly<Record<string, string>>, tokens: Tokens): Grant {
    this.alive.add(tokens.refresh_token)
    const renewAt = new Date(Date.parse(this.now()) + this.lastsMinutes * 60_000).toISOString()
    return {
      credentials: { ...known, accessToken: tokens.access_token, refreshToken: tokens.refresh_token },
      renewAt,
      ...(this.consentUntil === undefined ? {} : { consentUntil: this.consentUntil }),
    }
  }

  /** @returns the tokens, or the code of the refusal */
  private async trade(form: Record<string, string>): Promise<Tokens | string> {
    await this.duringTrade?.()
    const response = await fetch(`${this.origin}/token`, { method: 'POST', body: new URLSearchParams(form) })
    const text = await response.text()
    // A verifier that does not fit is no error of the protocol to this server: it says so in words.
    if (!text.startsWith('{')) return `status ${response.status}`
    const body = JSON.parse(text) as Tokens & { error?: string }
    return response.status === 200 ? body : (body.error ?? `status ${response.status}`)
  }

  private answer(response: MutableResponse, form: Record<string, string>): void {
    this.trades.push(form)
    const once = form['code'] ?? form['refresh_token'] ?? ''
    const isUsed = this.used.has(once) || (form['grant_type'] === 'refresh_token' && !this.alive.has(once))
    const error = this.refuseNext ?? (isUsed ? 'invalid_grant' : null)
    this.refuseNext = null
    if (error !== null) Object.assign(response, { statusCode: 400, body: { error } })
    else {
      this.used.add(once)
      this.granted += 1
      const fresh = { refresh_token: `refresh-${this.granted}`, access_token: `access-${this.granted}` }
      Object.assign(response.body as object, fresh)
    }
  }
}
