import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { appIn, appRefusal, FacebookLogin, graphVersion, type MetaApp } from '../facebook-login.adapter.js'
import { graphConnectRefusal, graphFaultOf, graphKeepAliveOutcome } from '../graph-answers.js'
import { ApiFault, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Account, Connection, Consent, Credentials, Grant, KeepAliveOutcome } from '../platform.js'

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login */
const INSTAGRAM_SCOPES = [
  'instagram_business_basic',
  'instagram_business_content_publish',
  'instagram_business_manage_comments',
  'instagram_business_manage_insights',
]
/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/get-started */
const FACEBOOK_SCOPES = [
  'instagram_basic',
  'instagram_content_publish',
  'instagram_manage_comments',
  'instagram_manage_insights',
  // Deleting posts, since 2026.
  'instagram_manage_contents',
  'pages_show_list',
  'pages_read_engagement',
]
/** A long-lived token is renewed at the earliest so many hours after it was made. */
const RENEWABLE_HOURS = 24
const EXCHANGE_MS = 30_000

/** Where the three servers of Instagram and the two of Facebook are. */
export interface InstagramPlaces {
  readonly apiUrl: string
  readonly tokenUrl: string
  readonly siteUrl: string
  readonly facebookApiUrl: string
  readonly facebookSiteUrl: string
}

/**
 * Two ways of consent: at Instagram (a token of 60 days, renewed while it lives), or at Facebook through the page that
 * the account belongs to (a token without end, and permission to delete).
 */
export class InstagramConsent implements Consent {
  private readonly facebook: FacebookLogin

  constructor(
    private readonly outward: Outward,
    private readonly clock: Clock,
    private readonly places: InstagramPlaces,
  ) {
    this.facebook = new FacebookLogin(outward, places.facebookApiUrl, places.facebookSiteUrl)
  }

  begin: Consent['begin'] = (answers, way) => {
    const app = appIn(answers)
    const login = (answers.login ?? '').trim().toLowerCase()
    const refusal = appRefusal(app)
    if (refusal) return Promise.resolve({ kind: 'refused', ...refusal })
    if (!['', 'instagram', 'facebook'].includes(login)) {
      const cause = `“${answers.login}” is no way to sign in: choose instagram or facebook.`
      return Promise.resolve({ kind: 'refused', cause, field: 'login' })
    }
    if (login === 'facebook') {
      const url = this.facebook.address(app, way, FACEBOOK_SCOPES)
      return Promise.resolve({ kind: 'go', url, memo: { login } })
    }
    const url = new URL('/oauth/authorize', this.places.siteUrl)
    url.search = new URLSearchParams({
      client_id: app.appId,
      redirect_uri: way.redirectUri,
      response_type: 'code',
      scope: INSTAGRAM_SCOPES.join(','),
      state: way.state,
    }).toString()
    return Promise.resolve({ kind: 'go', url: url.href, memo: { login: 'instagram' } })
  }

  finish: Consent['finish'] = async (answers, { code, redirectUri, memo }, signal) => {
    const app = appIn(answers)
    // "#_" is appended to the address and not part of the code.
    const plain = code.replace(/#_$/, '')
    try {
      const accounts =
        memo.login === 'facebook'
          ? await this.behindPages(app, plain, redirectUri, signal)
          : [await this.atInstagram(app, plain, redirectUri, signal)]
      if (accounts.length > 0) return { kind: 'accounts', accounts }
      const cause =
        'None of the pages that you allowed has an Instagram account. Link the account to its page in Instagram, and begin again.'
      return { kind: 'refused', cause, field: null }
    } catch (error) {
      if (error instanceof ApiFault) return graphConnectRefusal('Instagram', graphFaultOf(error, this.clock.now()))
      return { kind: 'refused', cause: 'Instagram gave an answer that nobody understands. Start again.', field: null }
    }
  }

  /** Renews a token of Instagram for 60 more days; one of a page needs none. */
  async keepAlive(connection: Connection, signal: AbortSignal): Promise<KeepAliveOutcome> {
    const { login, since, appSecret = '', token = '' } = connection.credentials
    if (login === 'facebook') return { kind: 'renewed' }
    const renewable = DateTime.fromISO(since ?? '').plus({ hours: RENEWABLE_HOURS }) <= this.clock.now()
    if (!renewable) return { kind: 'retry', cause: 'Instagram renews a consent only when it is a day old.' }
    try {
      await connection.renew(connection.credentials, async (current) => {
        const { body } = await new HttpApi(this.outward, this.places.apiUrl, {}, [token, appSecret]).call<LongLived>({
          method: 'GET',
          path: '/refresh_access_token',
          query: { grant_type: 'ig_refresh_token', access_token: current.token },
          signal: AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_MS)]),
        })
        return this.grant(current, body)
      })
      return { kind: 'renewed' }
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error
      return graphKeepAliveOutcome('Instagram', graphFaultOf(error, this.clock.now()))
    }
  }

  private async atInstagram(app: MetaApp, code: string, redirectUri: string, signal: AbortSignal): Promise<Account> {
    const { apiUrl, tokenUrl } = this.places
    const secrets = [app.appSecret, code]
    const traded = await new HttpApi(this.outward, tokenUrl, {}, secrets).call<Short | { data: [Short] }>({
      method: 'POST',
      path: '/oauth/access_token',
      form: {
        client_id: app.appId,
        client_secret: app.appSecret,
        grant_type: 'authorization_code',
        redirect_uri: redirectUri,
        code,
      },
      signal,
    })
    // The reference shows the answer in a list; servers have answered without one.
    const short = 'data' in traded.body ? traded.body.data[0] : traded.body
    const api = new HttpApi(this.outward, apiUrl, {}, [...secrets, short.access_token])
    const { body: long } = await api.call<LongLived>({
      method: 'GET',
      path: '/access_token',
      query: { grant_type: 'ig_exchange_token', client_secret: app.appSecret, access_token: short.access_token },
      signal,
    })
    const { body: me } = await api.call<{ user_id: string; username: string }>({
      method: 'GET',
      path: `${graphVersion}/me`,
      query: { fields: 'user_id,username', access_token: long.access_token },
      signal,
    })
    if (!me.user_id) throw new Error('The answer does not say whose account this is')
    const grant = this.grant({ ...app, login: 'instagram' }, long)
    return { remoteAccountId: String(me.user_id), handle: me.username, url: profileOf(me.username), ...grant }
  }

  private async behindPages(app: MetaApp, code: string, redirectUri: string, signal: AbortSignal): Promise<Account[]> {
    const user = await this.facebook.userToken(app, code, redirectUri, signal)
    const fields = 'access_token,instagram_business_account{id,username}'
    const pages = await this.facebook.pages<{
      access_token: string
      instagram_business_account?: { id: string; username: string }
    }>(app, user, fields, signal)
    // A page's token has no end of its own; the app's right to read what the person sees has one, the same for all.
    const until = pages[0] ? (await this.facebook.inspect(app, pages[0].access_token, signal)).until : null
    return pages.flatMap(({ access_token: token, instagram_business_account: account }) =>
      account
        ? [
            {
              remoteAccountId: account.id,
              handle: account.username,
              url: profileOf(account.username),
              credentials: { ...app, login: 'facebook', token },
              ...(until ? { consentUntil: until.toISO()! } : {}),
            },
          ]
        : [],
    )
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
}

interface Short {
  readonly access_token: string
}

interface LongLived {
  readonly access_token: string
  readonly expires_in: number
}

/** Where people see the account. */
export function profileOf(username: string): string {
  return `https://www.instagram.com/${username}/`
}
