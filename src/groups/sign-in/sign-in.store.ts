import type { IncomingHttpHeaders } from 'node:http'

import { Injectable } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import { betterAuth, type BetterAuthPlugin } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { fromNodeHeaders } from 'better-auth/node'
import { magicLink } from 'better-auth/plugins'
import type { Pool } from 'pg'
import { DataSource, type EntityManager } from 'typeorm'

import { Config } from '../../config/config.js'
import { newToken, sha256 } from '../../kernel/ids.js'
import { hashedSessions } from './hashed-sessions.adapter.js'
import { SessionsStore } from './sessions.store.js'
import { linkMinutes, sessionDays } from './sign-in.js'

/** A device that has just been signed in: the cookies to set there, who it was, and the session that began. */
export interface Opened {
  readonly sessionId: string
  readonly cookies: readonly string[]
  readonly personId: string
}

/**
 * Links, sessions and their cookies, by better-auth as a library: none of its own addresses is served.
 * Only the SHA-256 of a token is stored, of links and of sessions. It shares the connections of the product's data source.
 */
@Injectable()
export class SignInStore {
  private readonly auth: ReturnType<typeof library>

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly sessions: SessionsStore,
    config: Config,
  ) {
    // The driver is PostgreSQL's; its pool has no other public name.
    const { master } = source.driver as unknown as { master: Pool }
    this.auth = library(master, config)
  }

  /** Lets a person sign in with this address. Does nothing when they can already. */
  async addUser(manager: EntityManager, user: { personId: string; name: string; email: string }): Promise<void> {
    await manager.query(
      `insert into sign_in_users ("personId", "name", "email") values ($1, $2, $3) on conflict ("email") do nothing`,
      [user.personId, user.name, user.email],
    )
  }

  /** A new link's token for this address, good once and for 15 minutes. The address must be a user's to be of use. */
  async mintLink(email: string): Promise<string> {
    let token = ''
    await this.auth.api.signInMagicLink({
      body: { email, metadata: { take: (made: string) => (token = made) } },
      headers: new Headers(),
    })
    if (token === '') throw new Error('The sign-in library made no link')
    return token
  }

  /** Whom this token would sign in; null when it is unknown, used or too old. Changes nothing. */
  async peek(token: string): Promise<{ name: string; email: string } | null> {
    const rows: { name: string; email: string }[] = await this.source.query(
      `select u."name", u."email" from sign_in_verifications v join sign_in_users u on u."email" = v."value"::json ->> 'email'
       where v."identifier" = $1 and v."expiresAt" > clock_timestamp()`,
      [sha256(token)],
    )
    return rows[0] ?? null
  }

  /** Uses the token up and signs the device in; null when it does not open anything (any more). */
  async open(token: string, headers: IncomingHttpHeaders): Promise<Opened | null> {
    if ((await this.peek(token)) === null) return null
    try {
      const { headers: answer, response } = await this.auth.api.magicLinkVerify({
        query: { token },
        headers: fromNodeHeaders(headers),
        returnHeaders: true,
      })
      const personId = (response.user as { personId?: unknown }).personId
      if (typeof personId !== 'string') throw new Error('A user without a person signed in')
      return { cookies: answer.getSetCookie(), personId, sessionId: response.session.id }
    } catch (error) {
      // A token used up by a parallel request is answered by a redirect, which the library throws.
      if ((error as { status?: unknown } | null)?.status === 'FOUND') return null
      throw error
    }
  }

  /** Signs the device in as a person who has proved who they are otherwise; null when they cannot sign in at all. */
  async openAs(personId: string, headers: IncomingHttpHeaders): Promise<Opened | null> {
    const users: { id: string }[] = await this.source.query('select "id" from sign_in_users where "personId" = $1', [
      personId,
    ])
    const userId = users[0]?.id
    if (userId === undefined) return null
    const { headers: answer, response } = await this.auth.api.openSession({
      body: { userId },
      headers: fromNodeHeaders(headers),
      returnHeaders: true,
    })
    return { cookies: answer.getSetCookie(), personId, sessionId: response.sessionId }
  }

  /** The session that the cookies prove, and whose it is; or null. Changes nothing. */
  async sessionOf(headers: IncomingHttpHeaders): Promise<{ sessionId: string; personId: string } | null> {
    if (headers.cookie === undefined) return null
    const session = await this.auth.api.getSession({ headers: fromNodeHeaders(headers) })
    const personId = (session?.user as { personId?: unknown } | undefined)?.personId
    return session && typeof personId === 'string' ? { sessionId: session.session.id, personId } : null
  }

  /** Ends the session of these cookies. Returns the cookies to set. */
  async signOut(headers: IncomingHttpHeaders): Promise<string[]> {
    const { headers: answer } = await this.auth.api.signOut({ headers: fromNodeHeaders(headers), returnHeaders: true })
    return answer.getSetCookie()
  }

  /**
   * Ends every session of this human being and makes their unused links useless.
   * The devices that they confirmed for reviewing are forgotten too: one of them may be the one that was lost.
   */
  async endAll(manager: EntityManager, personId: string): Promise<void> {
    await manager.query(
      `delete from sign_in_verifications where "value"::json ->> 'email' in (select "email" from sign_in_users where "personId" in (select people_of($1)))`,
      [personId],
    )
    await manager.query(
      `delete from sign_in_sessions where "userId" in (select "id" from sign_in_users where "personId" in (select people_of($1)))`,
      [personId],
    )
    await this.sessions.forgetReviewDevices(manager, personId)
    await this.sessions.forgetDevices(manager, personId)
  }

  /** Removes what has run out. */
  async sweep(): Promise<void> {
    await this.source.query('delete from sign_in_verifications where "expiresAt" < clock_timestamp()')
    await this.source.query('delete from sign_in_sessions where "expiresAt" < clock_timestamp()')
  }
}

/** Begins a session for a user whom our own code has recognised, with the library's own row and cookie. */
const openingSessions = {
  id: 'opening-sessions',
  endpoints: {
    openSession: createAuthEndpoint(
      { method: 'POST', metadata: { $Infer: { body: {} as { userId: string } } } },
      async (context) => {
        const { userId } = context.body
        const { internalAdapter } = context.context
        const user = await internalAdapter.findUserById(userId)
        const session = user && (await internalAdapter.createSession(userId))
        if (!user || !session) throw new Error('The sign-in library began no session')
        await setSessionCookie(context, { session, user })
        return { sessionId: session.id }
      },
    ),
  },
} satisfies BetterAuthPlugin

function library(pool: Pool, config: Config) {
  const secure = config.production
  return betterAuth({
    appName: 'Seconder',
    baseURL: config.publicOrigin,
    // Another key than the one that seals credentials, from the same secret.
    secret: sha256(`sign-in sessions ${config.secret}`),
    database: hashedSessions(pool),
    telemetry: { enabled: false },
    logger: { disabled: true },
    user: {
      modelName: 'sign_in_users',
      additionalFields: { personId: { type: 'string', required: true, input: false } },
    },
    session: {
      modelName: 'sign_in_sessions',
      expiresIn: sessionDays * 24 * 60 * 60,
      // GET changes nothing: neither prolongs a session nor deletes one that has run out.
      deferSessionRefresh: true,
      disableSessionRefresh: true,
    },
    account: { modelName: 'sign_in_accounts' },
    verification: { modelName: 'sign_in_verifications' },
    advanced: {
      database: { generateId: 'uuid' },
      useSecureCookies: false,
      ipAddress: { disableIpTracking: true },
      cookies: {
        session_token: {
          // __Host- binds the cookie to this very host, HTTPS and "/" (RFC 6265bis, section 4.1.3.2).
          name: secure ? '__Host-seconder' : 'seconder',
          attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
        },
      },
    },
    plugins: [
      openingSessions,
      magicLink({
        expiresIn: linkMinutes * 60,
        disableSignUp: true,
        generateToken: () => newToken(),
        storeToken: { type: 'custom-hasher', hash: (token) => Promise.resolve(sha256(token)) },
        sendMagicLink: ({ token, metadata }) => {
          const take: unknown = metadata?.['take']
          if (typeof take === 'function') take(token)
        },
      }),
    ],
  })
}
