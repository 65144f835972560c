import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { type Answer, ApiFault, type Call, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection, Credentials, Grant } from '../platform.js'

/** Where X is reached; other addresses are for tests. */
export interface XHosts {
  readonly api: string
  /** The page on which a person consents. */
  readonly authorize: string
}

/** No valid token could be had; nothing public can have come of it. */
export class RenewalFault extends Error {
  constructor(readonly fault: ApiFault) {
    super(fault.message, { cause: fault })
    this.name = 'RenewalFault'
  }
}

interface Tokens {
  readonly access_token: string
  readonly refresh_token?: string
  readonly expires_in?: number
  readonly scope?: string
}

/** Access tokens live 2 hours; this much before their end they are renewed rather than tried. */
const SPARE_SECONDS = 60
/** Refresh tokens end unused after about six months; a channel that rests is renewed long before. */
const RENEW_AFTER = { days: 30 }

/** One account at X, with its token renewed when it has run out. Made for one errand, and thrown away. */
export class XAccount {
  private credentials: Credentials

  constructor(
    private readonly outward: Outward,
    private readonly hosts: XHosts,
    private readonly clock: Clock,
    private readonly connection: Connection,
  ) {
    this.credentials = connection.credentials
  }

  get id(): string {
    return this.connection.remoteAccountId
  }

  /** Calls once, and once more with a new token if the first was refused. @throws ApiFault @throws RenewalFault */
  async call<Body>(call: Call): Promise<Answer<Body>> {
    if (this.runsOut()) await this.renew(call.signal)
    try {
      return await this.api().call<Body>(call)
    } catch (error) {
      if (!(error instanceof ApiFault) || error.status !== 401 || !this.credentials.refreshToken) throw error
      await this.renew(call.signal)
      return this.api().call<Body>(call)
    }
  }

  /** Trades the refresh token, which is good once: the new one is stored before it is used. @throws RenewalFault */
  async renew(signal: AbortSignal): Promise<void> {
    const trade = async (current: Credentials): Promise<Grant> => {
      const fields = { grant_type: 'refresh_token', refresh_token: current.refreshToken }
      return grantOf(await tokens(this.outward, this.hosts, current, fields, signal), current, this.clock.now())
    }
    this.credentials = await this.connection.renew(this.credentials, trade).catch((error: unknown) => {
      throw error instanceof ApiFault ? new RenewalFault(error) : error
    })
  }

  private runsOut(): boolean {
    const { expiresAt, refreshToken } = this.credentials
    if (!expiresAt || !refreshToken) return false
    return DateTime.fromISO(expiresAt, { zone: 'utc' }) < this.clock.now().plus({ seconds: SPARE_SECONDS })
  }

  private api(): HttpApi {
    const { accessToken = '' } = this.credentials
    return new HttpApi(this.outward, this.hosts.api, { authorization: `Bearer ${accessToken}` }, [accessToken])
  }
}

/**
 * Asks for tokens. An app with a secret proves itself by HTTP Basic, one without names its id in the form.
 * Source: https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
 * @throws ApiFault
 */
export async function tokens(
  outward: Outward,
  { api }: XHosts,
  { clientId = '', clientSecret = '' }: Credentials,
  fields: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Tokens> {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')
  const secrets = [clientSecret, fields.refresh_token ?? '', fields.code ?? '', basic]
  const { body } = await new HttpApi(outward, api, {}, secrets).call<Tokens>({
    method: 'POST',
    path: '/2/oauth2/token',
    form: clientSecret === '' ? { ...fields, client_id: clientId } : fields,
    headers: clientSecret === '' ? {} : { authorization: `Basic ${basic}` },
    signal,
  })
  return body
}

/** What is kept of tokens. X leaves out a new refresh token only if the old one stays good. */
export function grantOf(given: Tokens, kept: Credentials, now: DateTime): Grant {
  const refreshToken = given.refresh_token ?? kept.refreshToken
  return {
    credentials: {
      ...kept,
      accessToken: given.access_token,
      ...(refreshToken ? { refreshToken } : {}),
      expiresAt: now.plus({ seconds: given.expires_in ?? 7200 }).toISO()!,
    },
    renewAt: now.plus(RENEW_AFTER).toISO()!,
  }
}
