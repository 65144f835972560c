import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { graphConnectRefusal, graphFaultOf, graphKeepAliveOutcome, madeId } from '../graph-answers.js'
import { ApiFault, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection, Consent, Credentials, Grant, KeepAliveOutcome } from '../platform.js'

/** What the app may do, asked for in one consent (https://developers.facebook.com/docs/threads/get-started). */
/** The permissions that an account is asked for, and that an app has to have. */
export const SCOPES = [
  'threads_basic',
  'threads_content_publish',
  'threads_manage_replies',
  'threads_read_replies',
  'threads_manage_insights',
  'threads_delete',
]
/** A long-lived token is renewed at the earliest so many hours after it was made. */
const RENEWABLE_HOURS = 24
const EXCHANGE_MS = 30_000

/**
 * Consent at Threads: a code, a token of an hour, a token of 60 days, which can be renewed for 60 more while it lives.
 * There is no PKCE. Source: https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions
 * and .../long-lived-tokens
 */
export class ThreadsConsent implements Consent {
  constructor(
    private readonly outward: Outward,
    private readonly clock: Clock,
    private readonly apiUrl: string,
    private readonly siteUrl: string,
  ) {}

  begin: Consent['begin'] = (answers, { redirectUri, state }) => {
    const { appId, appSecret } = appOf(answers)
    if (!/^\d+$/.test(appId)) {
      const cause = 'The app’s id is a number: copy “Threads app ID” from the app’s dashboard.'
      return Promise.resolve({ kind: 'refused', cause, field: 'appId' })
    }
    if (appSecret === '') {
      const cause = 'Copy “Threads app secret” from the app’s dashboard.'
      return Promise.resolve({ kind: 'refused', cause, field: 'appSecret' })
    }
    const url = new URL('/oauth/authorize', this.siteUrl)
    url.search = new URLSearchParams({
      client_id: appId,
      redirect_uri: redirectUri,
      scope: SCOPES.join(','),
      response_type: 'code',
      state,
    }).toString()
    return Promise.resolve({ kind: 'go', url: url.href, memo: {} })
  }

  finish: Consent['finish'] = async (answers, { code, redirectUri }, signal) => {
    const { appId, appSecret } = appOf(answers)
    const api = this.api(appSecret, code)
    try {
      const { body: short } = await api.call<{ access_token: string }>({
        method: 'POST',
        path: '/oauth/access_token',
        form: {
          client_id: appId,
          client_secret: appSecret,
          grant_type: 'authorization_code',
          redirect_uri: redirectUri,
          // "#_" is appended to the address and not part of the code.
          code: code.replace(/#_$/, ''),
        },
        signal,
      })
      const { body: long } = await api.call<LongLived>({
        method: 'GET',
        path: '/access_token',
        query: { grant_type: 'th_exchange_token', client_secret: appSecret, access_token: short.access_token },
        signal,
      })
      const { body: me } = await api.call<{ id: string; username: string }>({
        method: 'GET',
        path: '/v1.0/me',
        query: { fields: 'id,username', access_token: long.access_token },
        signal,
      })
      const account = { remoteAccountId: madeId(me), handle: me.username, url: profileOf(me.username) }
      return { kind: 'accounts', accounts: [{ ...account, ...this.grant({ appId, appSecret }, long) }] }
    } catch (error) {
      if (error instanceof ApiFault) return graphConnectRefusal('Threads', graphFaultOf(error, this.clock.now()))
      return { kind: 'refused', cause: 'Threads gave an answer that nobody understands. Start again.', field: null }
    }
  }

  /** Renews the token for 60 more days. */
  async keepAlive(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome> {
    const { token, appSecret, since } = connection.credentials
    const renewable = DateTime.fromISO(since ?? '').plus({ hours: RENEWABLE_HOURS }) <= this.clock.now()
    if (!renewable) return { kind: 'retry', cause: 'Threads renews a consent only when it is a day old.' }
    try {
      await connection.renew(connection.credentials, async (current) => {
        const { body } = await this.api(appSecret ?? '', token ?? '').call<LongLived>({
          method: 'GET',
          path: '/refresh_access_token',
          query: { grant_type: 'th_refresh_token', access_token: current.token },
          signal: AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_MS)]),
        })
        return this.grant(current, body)
      })
      return { kind: 'renewed' }
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error
      return graphKeepAliveOutcome('Threads', graphFaultOf(error, this.clock.now()))
    }
  }

  /** Renewed at half its time, so that a month without success is no harm. */
  private grant(credentials: Credentials, { access_token: token, expires_in: seconds }: LongLived): Grant {
    const now = this.clock.now()
    const until = now.plus({ seconds }).toISO()!
    return {
      credentials: { ...credentials, token, since: now.toISO()!, until },
      renewAt: now.plus({ seconds: seconds / 2 }).toISO()!,
      consentUntil: until,
    }
  }

  private api(...secrets: string[]): HttpApi {
    return new HttpApi(this.outward, this.apiUrl, {}, secrets)
  }
}

interface LongLived {
  readonly access_token: string
  readonly expires_in: number
}

/** Where people see the account. */
export function profileOf(username: string): string {
  return `https://www.threads.com/@${username}`
}

function appOf(answers: Readonly<Record<string, string>>): { appId: string; appSecret: string } {
  return { appId: (answers.appId ?? '').trim(), appSecret: (answers.appSecret ?? '').trim() }
}
