import { AtpBaseClient, XRPCError } from '@atproto/api'

import { Outward, OutwardFault } from '../outward.adapter.js'
import type { Connection, Credentials } from '../platform.js'
import { type Failure, isStaleToken } from './bluesky-answers.js'

/** Two tokens of one sign-in: access lives about 2 hours, refresh about 90 days (reference server). */
export interface Session {
  readonly did: string
  readonly handle: string
  /** Origin of the account's own server, which may differ from the one that signs in. */
  readonly pds: string
  readonly accessJwt: string
  readonly refreshJwt: string
}

/** No session could be had; nothing public can have come of it. `cause` is the call's own error. */
export class SignInFault extends Error {
  constructor(cause: unknown) {
    super('No session could be had.', { cause })
    this.name = 'SignInFault'
  }
}

/** What a thrown error says about a call; anything that is no answer of the server counts as sent, unless known otherwise. */
export function failureOf(error: unknown): Failure {
  const thrown = error instanceof SignInFault ? error.cause : error
  const cause = thrown instanceof Error ? thrown.cause : undefined
  const fault = thrown instanceof OutwardFault ? thrown : cause instanceof OutwardFault ? cause : null
  if (fault) return { status: null, sent: fault.sent, error: '', message: fault.message, headers: {} }
  // Below 100 are the library's own codes: no answer, or one that its lexicon does not know.
  if (thrown instanceof XRPCError && thrown.status >= 100) {
    return {
      status: thrown.status,
      sent: true,
      error: thrown.error,
      message: thrown.message,
      headers: thrown.headers ?? {},
    }
  }
  return {
    status: null,
    sent: true,
    error: '',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    headers: {},
  }
}

/**
 * Sessions of channels. A server allows only 30 sign-ins in 5 minutes, so the tokens of one are kept with the channel's
 * credentials, and a session that a call finds stale is renewed once, for all processes, through `connection.renew`.
 */
export class BlueskySessions {
  /** What a connection was renewed to since it was opened. */
  private readonly renewed = new WeakMap<Connection, Credentials>()

  constructor(private readonly outward: Outward) {}

  /** A client without credentials, for what anybody may read. */
  anonymous(service: string): AtpBaseClient {
    return new AtpBaseClient({ service, fetch: this.outward.fetch })
  }

  /** Signs in with an app password. @throws XRPCError */
  async signIn(service: string, identifier: string, password: string, signal: AbortSignal): Promise<Session> {
    const api = this.anonymous(service)
    const { data } = await api.com.atproto.server.createSession({ identifier, password }, { signal })
    return { ...data, pds: pdsIn(data.didDoc) ?? service }
  }

  /** Calls `work` with the channel's session, and once more with a new one if the first was stale. @throws SignInFault */
  async run<T>(connection: Connection, signal: AbortSignal, work: (api: AtpBaseClient) => Promise<T>): Promise<T> {
    const used = this.renewed.get(connection) ?? connection.credentials
    const { accessJwt = '' } = used
    if (accessJwt !== '') {
      try {
        return await work(this.client(used))
      } catch (error) {
        if (!isStaleToken(failureOf(error))) throw error
      }
    }
    return work(this.client(await this.renew(connection, used, signal)))
  }

  private client({ pds, service, accessJwt }: Credentials): AtpBaseClient {
    const api = this.anonymous(pds ?? service ?? '')
    api.setHeader('authorization', `Bearer ${accessJwt}`)
    return api
  }

  private async renew(connection: Connection, used: Credentials, signal: AbortSignal): Promise<Credentials> {
    try {
      const credentials = await connection.renew(used, async (current) => {
        const { pds, accessJwt, refreshJwt } = await this.traded(connection, current, signal)
        return { credentials: { ...current, pds, accessJwt, refreshJwt } }
      })
      this.renewed.set(connection, credentials)
      return credentials
    } catch (error) {
      throw error instanceof SignInFault ? error : new SignInFault(error)
    }
  }

  /** A new session by the refresh token, else by the app password. */
  private async traded(connection: Connection, current: Credentials, signal: AbortSignal): Promise<Session> {
    const { service = '', pds, refreshJwt = '', appPassword = '' } = current
    if (refreshJwt !== '') {
      try {
        return sameAccount(connection, await this.refresh(pds ?? service, refreshJwt, signal))
      } catch (error) {
        const { status } = failureOf(error)
        if (status === null || status >= 500 || status === 429) throw error
      }
    }
    return sameAccount(connection, await this.signIn(service, connection.remoteAccountId, appPassword, signal))
  }

  private async refresh(pds: string, refreshJwt: string, signal: AbortSignal): Promise<Session> {
    const headers = { authorization: `Bearer ${refreshJwt}` }
    const { data } = await this.anonymous(pds).com.atproto.server.refreshSession(undefined, { headers, signal })
    return { ...data, pds: pdsIn(data.didDoc) ?? pds }
  }
}

/** Approvals are bound to the account; another one that answers to the same password must not get the post. */
function sameAccount(connection: Connection, session: Session): Session {
  if (session.did === connection.remoteAccountId) return session
  throw new XRPCError(401, 'AuthenticationRequired', 'the app password belongs to another account')
}

/** The service entry `#atproto_pds` of a DID document. Source: https://atproto.com/specs/did */
function pdsIn(document: unknown): string | null {
  const services = (document as { service?: { id?: string; serviceEndpoint?: unknown }[] } | undefined)?.service ?? []
  const found = services.find((service) => service.id?.endsWith('#atproto_pds'))?.serviceEndpoint
  return typeof found === 'string' && URL.canParse(found) ? new URL(found).origin : null
}
