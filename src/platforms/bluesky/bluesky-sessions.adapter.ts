import { AtpBaseClient, XRPCError } from '@atproto/api'

import { sha256 } from '../../kernel/ids.js'
import { Outward, OutwardFault } from '../outward.adapter.js'
import type { Connection } from '../platform.js'
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
 * Keeps one session per channel in memory, because a server allows only 30 sign-ins in 5 minutes, and renews it
 * once when a call finds it stale.
 */
export class BlueskySessions {
  private readonly kept = new Map<string, { login: string; session: Promise<Session> }>()

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
    const used = await this.session(connection, signal)
    try {
      return await work(this.client(used))
    } catch (error) {
      if (!isStaleToken(failureOf(error))) throw error
    }
    return work(this.client(await this.renewed(connection, used, signal)))
  }

  /** A client that sends the session's access token. */
  client(session: Session): AtpBaseClient {
    const api = this.anonymous(session.pds)
    api.setHeader('authorization', `Bearer ${session.accessJwt}`)
    return api
  }

  private session(connection: Connection, signal: AbortSignal): Promise<Session> {
    const { pds, accessJwt, refreshJwt } = connection.credentials
    const kept = this.kept.get(connection.channelId)
    if (kept?.login === loginOf(connection)) return kept.session
    return this.keep(
      connection,
      pds && accessJwt && refreshJwt
        ? Promise.resolve({ did: connection.remoteAccountId, handle: connection.handle, pds, accessJwt, refreshJwt })
        : this.login(connection, signal),
    )
  }

  private async renewed(connection: Connection, stale: Session, signal: AbortSignal): Promise<Session> {
    const current = await this.session(connection, signal)
    // Another call of this channel has renewed it meanwhile.
    if (current.accessJwt !== stale.accessJwt) return current
    return this.keep(
      connection,
      this.refresh(stale, signal).catch((error: unknown) => {
        const failure = failureOf(error)
        if (failure.status === null || failure.status >= 500 || failure.status === 429) throw new SignInFault(error)
        return this.login(connection, signal)
      }),
    )
  }

  private async refresh(stale: Session, signal: AbortSignal): Promise<Session> {
    const headers = { authorization: `Bearer ${stale.refreshJwt}` }
    const { data } = await this.anonymous(stale.pds).com.atproto.server.refreshSession(undefined, { headers, signal })
    return { ...data, pds: pdsIn(data.didDoc) ?? stale.pds }
  }

  private async login(connection: Connection, signal: AbortSignal): Promise<Session> {
    const { service, appPassword } = connection.credentials
    try {
      const session = await this.signIn(service ?? '', connection.remoteAccountId, appPassword ?? '', signal)
      if (session.did === connection.remoteAccountId) return session
    } catch (error) {
      throw new SignInFault(error)
    }
    // Approvals are bound to the account; another one that answers to the same password must not get the post.
    throw new SignInFault(new XRPCError(401, 'AuthenticationRequired', 'the app password belongs to another account'))
  }

  /** Parallel calls share one sign-in; a failed one is forgotten, so that the next call tries again. */
  private keep(connection: Connection, session: Promise<Session>): Promise<Session> {
    const entry = { login: loginOf(connection), session }
    this.kept.set(connection.channelId, entry)
    session.catch(() => {
      if (this.kept.get(connection.channelId) === entry) this.kept.delete(connection.channelId)
    })
    return session
  }
}

/** Changes when the channel is connected again, so that the old session is not used with the new account. */
function loginOf({ remoteAccountId, credentials }: Connection): string {
  return sha256(JSON.stringify([remoteAccountId, credentials.service, credentials.appPassword, credentials.refreshJwt]))
}

/** The service entry `#atproto_pds` of a DID document. Source: https://atproto.com/specs/did */
function pdsIn(document: unknown): string | null {
  const services = (document as { service?: { id?: string; serviceEndpoint?: unknown }[] } | undefined)?.service ?? []
  const found = services.find((service) => service.id?.endsWith('#atproto_pds'))?.serviceEndpoint
  return typeof found === 'string' && URL.canParse(found) ? new URL(found).origin : null
}
