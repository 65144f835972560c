import { createHmac } from 'node:crypto'

import { DateTime } from 'luxon'

import { HttpApi } from './http-api.adapter.js'
import type { Outward } from './outward.adapter.js'

/** Current since 2026-04; Meta keeps a version for about two years (https://developers.facebook.com/docs/graph-api/changelog). */
export const graphVersion = '/v26.0'

/** An app of the group's own at Meta. */
export interface MetaApp {
  readonly appId: string
  readonly appSecret: string
}

/** What was consented to, as Meta tells it. */
export interface Inspection {
  readonly valid: boolean
  readonly scopes: readonly string[]
  /** Until when the app may read; then a person has to consent again. Null when it does not end. */
  readonly until: DateTime | null
}

/**
 * That whoever uses a token also knows the app's secret
 * (https://developers.facebook.com/docs/graph-api/guides/secure-requests).
 */
export function secretProof(token: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(token).digest('hex')
}

/** What was typed to connect, without the spaces that copying brings along. */
export function appIn(answers: Readonly<Record<string, string>>): MetaApp {
  return { appId: (answers.appId ?? '').trim(), appSecret: (answers.appSecret ?? '').trim() }
}

/** Which field of the app to correct; null when both look right. */
export function appRefusal({ appId, appSecret }: MetaApp): { cause: string; field: string } | null {
  if (!/^\d+$/.test(appId)) return { cause: 'The app’s id is a number: copy it from the dashboard.', field: 'appId' }
  if (appSecret === '') return { cause: 'Copy the app’s secret from the dashboard.', field: 'appSecret' }
  return null
}

/**
 * Facebook Login: one consent that opens the pages, and the Instagram accounts behind them, that a person chooses there.
 * Source: https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and
 * .../access-tokens/get-long-lived
 */
export class FacebookLogin {
  constructor(
    private readonly outward: Outward,
    private readonly apiUrl: string,
    private readonly siteUrl: string,
  ) {}

  /** Where the person's browser goes. There is no PKCE with a secret. */
  address({ appId }: MetaApp, way: { redirectUri: string; state: string }, scopes: readonly string[]): string {
    const url = new URL(`${graphVersion}/dialog/oauth`, this.siteUrl)
    url.search = new URLSearchParams({
      client_id: appId,
      redirect_uri: way.redirectUri,
      state: way.state,
      response_type: 'code',
      scope: scopes.join(','),
    }).toString()
    return url.href
  }

  /**
   * Trades the code for a token of the person that lasts 60 days; the pages' tokens taken with it do not end by themselves.
   * @throws ApiFault
   */
  async userToken(app: MetaApp, code: string, redirectUri: string, signal: AbortSignal): Promise<string> {
    const path = `${graphVersion}/oauth/access_token`
    const client = { client_id: app.appId, client_secret: app.appSecret }
    const api = this.api(app, code)
    const short = await api.call<{ access_token: string }>({
      method: 'GET',
      path,
      query: { ...client, redirect_uri: redirectUri, code },
      signal,
    })
    const exchange = { grant_type: 'fb_exchange_token', fb_exchange_token: short.body.access_token }
    const long = await api.call<{ access_token: string }>({
      method: 'GET',
      path,
      query: { ...client, ...exchange },
      signal,
    })
    return long.body.access_token
  }

  /**
   * The pages that the person let the app see, with the fields asked for; the first hundred.
   * @throws ApiFault
   */
  async pages<Page>(app: MetaApp, token: string, fields: string, signal: AbortSignal): Promise<readonly Page[]> {
    const query = { fields, limit: 100, access_token: token, appsecret_proof: secretProof(token, app.appSecret) }
    const path = `${graphVersion}/me/accounts`
    return (await this.api(app, token).call<{ data: Page[] }>({ method: 'GET', path, query, signal })).body.data
  }

  /** @throws ApiFault */
  async inspect(app: MetaApp, token: string, signal: AbortSignal): Promise<Inspection> {
    const query = { input_token: token, access_token: `${app.appId}|${app.appSecret}` }
    const { body } = await this.api(app, token).call<{ data: Record<string, unknown> }>({
      method: 'GET',
      path: `${graphVersion}/debug_token`,
      query,
      signal,
    })
    const { is_valid: valid, scopes, expires_at: ends, data_access_expires_at: reads } = body.data
    const moments = [ends, reads].map(Number).filter((seconds) => seconds > 0)
    return {
      valid: valid === true,
      scopes: Array.isArray(scopes) ? (scopes as string[]) : [],
      until: moments.length > 0 ? DateTime.fromSeconds(Math.min(...moments), { zone: 'utc' }) : null,
    }
  }

  private api({ appSecret }: MetaApp, ...secrets: string[]): HttpApi {
    return new HttpApi(this.outward, this.apiUrl, {}, [appSecret, ...secrets])
  }
}
