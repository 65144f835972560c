import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { type Answer, ApiFault, type Call, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection, Credentials, Grant } from '../platform.js'

/** Where LinkedIn is reached, and which month’s version of its API is spoken; other addresses are for tests. */
export interface LinkedInHosts {
  readonly api: string
  /** Where people consent and tokens are given out. */
  readonly site: string
  /** YYYYMM. A version lives for about a year; after that every call is answered with 426. */
  readonly version: string
}

/** No valid token could be had; nothing public can have come of it. */
export class RenewalFault extends Error {
  constructor(readonly fault: ApiFault) {
    super(fault.message, { cause: fault })
    this.name = 'RenewalFault'
  }
}

export interface Tokens {
  readonly access_token: string
  readonly expires_in?: number
  /** Given to approved partners only. */
  readonly refresh_token?: string
  readonly refresh_token_expires_in?: number
  /** With commas or spaces between. */
  readonly scope?: string
}

/** Access tokens live 60 days; with a refresh token they are renewed this long before. */
const RENEW_BEFORE = { days: 10 }

/** One account (a member, or a page) at LinkedIn. Made for one errand, and thrown away. */
export class LinkedInAccount {
  private credentials: Credentials

  constructor(
    private readonly outward: Outward,
    private readonly hosts: LinkedInHosts,
    private readonly clock: Clock,
    private readonly connection: Connection,
  ) {
    this.credentials = connection.credentials
  }

  /** `urn:li:person:…` or `urn:li:organization:…`. */
  get urn(): string {
    return this.connection.remoteAccountId
  }

  get isPage(): boolean {
    return this.urn.startsWith('urn:li:organization:')
  }

  has(scope: string): boolean {
    return scopesOf(this.credentials.scope).includes(scope)
  }

  /** Calls once, and once more with a new token if the first was refused. @throws ApiFault @throws RenewalFault */
  async call<Body>(call: Call): Promise<Answer<Body>> {
    try {
      return await this.api().call<Body>(call)
    } catch (error) {
      if (!(error instanceof ApiFault) || error.status !== 401 || !this.credentials.refreshToken) throw error
      await this.renew(call.signal)
      return this.api().call<Body>(call)
    }
  }

  /** @throws RenewalFault */
  async renew(signal: AbortSignal): Promise<void> {
    const trade = async (current: Credentials): Promise<Grant> => {
      const fields = { grant_type: 'refresh_token', refresh_token: current.refreshToken }
      const given = await tokens(this.outward, this.hosts, current, fields, signal)
      return grantOf(given, current, this.clock.now())
    }
    this.credentials = await this.connection.renew(this.credentials, trade).catch((error: unknown) => {
      throw error instanceof ApiFault ? new RenewalFault(error) : error
    })
  }

  /** What LinkedIn says about the token itself: whether it is good, until when, and for what. @throws ApiFault */
  async introspect(signal: AbortSignal): Promise<{ active?: boolean; expires_at?: number; scope?: string }> {
    const { clientId, clientSecret = '', accessToken = '' } = this.credentials
    const form = { client_id: clientId, client_secret: clientSecret, token: accessToken }
    const site = new HttpApi(this.outward, this.hosts.site, {}, [clientSecret, accessToken])
    const call = { method: 'POST', path: '/oauth/v2/introspectToken', form, signal } as const
    return (await site.call<{ active?: boolean; expires_at?: number; scope?: string }>(call)).body ?? {}
  }

  /** Sends a file where LinkedIn said. The token goes along, and so to LinkedIn’s own hosts only. @throws ApiFault */
  async put(address: string, body: Uint8Array, signal: AbortSignal): Promise<Headers> {
    const { hostname } = new URL(address)
    const own = hostname === new URL(this.hosts.api).hostname || hostname.endsWith('.linkedin.com')
    if (!own) throw new Error(`LinkedIn named ${hostname} for a file, which is not its own.`)
    const headers = { 'content-type': 'application/octet-stream' }
    return (await this.call({ method: 'PUT', path: address, body, headers, signal })).headers
  }

  private api(): HttpApi {
    const { accessToken = '' } = this.credentials
    return linkedInApi(this.outward, this.hosts, accessToken)
  }
}

/** Source of the headers: https://learn.microsoft.com/en-us/linkedin/marketing/versioning */
export function linkedInApi(outward: Outward, { api, version }: LinkedInHosts, accessToken: string): HttpApi {
  const headers = {
    authorization: `Bearer ${accessToken}`,
    'linkedin-version': version,
    'x-restli-protocol-version': '2.0.0',
  }
  return new HttpApi(outward, api, headers, [accessToken])
}

/**
 * Asks for tokens.
 * Source: https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow
 * @throws ApiFault
 */
export async function tokens(
  outward: Outward,
  { site }: LinkedInHosts,
  { clientId, clientSecret = '' }: Credentials,
  fields: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Tokens> {
  const secrets = [clientSecret, fields.refresh_token ?? '', fields.code ?? '']
  const form = { ...fields, client_id: clientId, client_secret: clientSecret }
  const call = { method: 'POST', path: '/oauth/v2/accessToken', form, signal } as const
  return (await new HttpApi(outward, site, {}, secrets).call<Tokens>(call)).body
}

/** What is kept of tokens. Without a refresh token a person has to consent again when the access token ends. */
export function grantOf(given: Tokens, kept: Credentials, now: DateTime): Grant {
  const ends = now.plus({ seconds: given.expires_in ?? 60 * 24 * 3600 })
  const credentials = { ...kept, accessToken: given.access_token, scope: scopesOf(given.scope ?? kept.scope).join(' ') }
  const refreshToken = given.refresh_token ?? kept.refreshToken
  if (!refreshToken) return { credentials, consentUntil: ends.toISO()! }
  // A refresh token keeps its first end (365 days), however often it is used.
  const refreshEnds = given.refresh_token_expires_in
    ? now.plus({ seconds: given.refresh_token_expires_in }).toISO()!
    : kept.refreshEnds
  return {
    credentials: { ...credentials, refreshToken, ...(refreshEnds ? { refreshEnds } : {}) },
    renewAt: ends.minus(RENEW_BEFORE).toISO()!,
    ...(refreshEnds ? { consentUntil: refreshEnds } : {}),
  }
}

export function scopesOf(scope: string | undefined): string[] {
  return (scope ?? '').split(/[\s,]+/).filter((each) => each !== '')
}
