import { HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Account, Consent } from '../platform.js'
import { said, wordsOf } from './mastodon-answers.js'
import { failureOf, instanceOf, originOf } from './mastodon-server.adapter.js'
import { isStatus, type RemoteAccount } from './mastodon-wire.js'

/** What a server says of its consent; older and compatible ones say nothing. RFC 8414, Mastodon 4.3. */
interface Discovery {
  readonly code_challenge_methods_supported?: readonly string[]
  readonly scopes_supported?: readonly string[]
}

/** The least that everything here needs. https://docs.joinmastodon.org/api/oauth-scopes/ */
const needed = ['read:statuses', 'read:notifications', 'read:search', 'write:statuses', 'write:media']

/**
 * Consent on the account's own server (https://docs.joinmastodon.org/client/authorized/). There is nobody with whom
 * Seconder could be registered for all servers, so it registers itself with each, for each channel.
 */
export class MastodonConsent implements Consent {
  constructor(private readonly outward: Outward) {}

  async begin(
    answers: Parameters<Consent['begin']>[0],
    { redirectUri, state, challenge }: Parameters<Consent['begin']>[1],
    signal: AbortSignal,
  ): ReturnType<Consent['begin']> {
    const server = originOf(answers.server ?? '')
    if (server === null) {
      const cause = `“${answers.server ?? ''}” is no address of a server; it looks like mastodon.social.`
      return { kind: 'refused', cause, field: 'server' }
    }
    const api = new HttpApi(this.outward, server)
    try {
      const discovery = await discover(api, signal)
      const pkce = discovery.code_challenge_methods_supported?.includes('S256') === true
      // `profile` tells the account's name and no more; before 4.3 only `read:accounts` did.
      const who = discovery.scopes_supported?.includes('profile') === true ? 'profile' : 'read:accounts'
      const scope = [who, ...needed].join(' ')
      const form = { client_name: 'Seconder', redirect_uris: redirectUri, scopes: scope }
      const { body } = await api.call<Record<string, unknown>>({ method: 'POST', path: '/api/v1/apps', form, signal })
      const { client_id: clientId, client_secret: clientSecret } = body ?? {}
      if (typeof clientId !== 'string' || typeof clientSecret !== 'string') return notMastodon(server)
      const url = new URL('/oauth/authorize', server)
      const query = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope, state }
      const proof = { code_challenge: challenge, code_challenge_method: 'S256' }
      for (const [name, value] of Object.entries(pkce ? { ...query, ...proof } : query))
        url.searchParams.set(name, value)
      return { kind: 'go', url: url.href, memo: { server, clientId, clientSecret, scope, pkce: pkce ? 'S256' : '' } }
    } catch (error) {
      const failure = failureOf(error)
      if (failure.status === 404 || failure.status === 405) return notMastodon(server)
      return { kind: 'refused', cause: `${said(failure)} Check the address, or try again later.`, field: 'server' }
    }
  }

  async finish(
    _answers: Parameters<Consent['finish']>[0],
    { code, redirectUri, verifier, memo }: Parameters<Consent['finish']>[1],
    signal: AbortSignal,
  ): ReturnType<Consent['finish']> {
    const { server = '', clientId = '', clientSecret = '', scope = '', pkce = '' } = memo
    const api = new HttpApi(this.outward, server, {}, [clientSecret, code])
    try {
      const { body } = await api.call<Record<string, unknown>>({
        method: 'POST',
        path: '/oauth/token',
        form: {
          grant_type: 'authorization_code',
          code,
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uri: redirectUri,
          code_verifier: pkce === '' ? undefined : verifier,
        },
        signal,
      })
      const { access_token: accessToken, scope: granted } = body ?? {}
      if (typeof accessToken !== 'string') return notMastodon(server)
      const missing = typeof granted === 'string' ? needed.filter((one) => !allows(granted, one)) : []
      if (missing.length > 0) {
        const cause = `The server did not allow ${missing.join(', ')}. Connect again and allow everything that is asked.`
        return { kind: 'refused', cause, field: null }
      }
      const account = await this.accountOf(server, accessToken, signal)
      if (account === null) return notMastodon(server)
      const credentials = { server, accessToken, clientId, clientSecret, scope }
      // Tokens of Mastodon do not end by themselves (https://docs.joinmastodon.org/methods/oauth/#token).
      return { kind: 'accounts', accounts: [{ ...account, credentials }] }
    } catch (error) {
      const failure = failureOf(error)
      const late = failure.status === 400 || failure.status === 401
      const cause = late
        ? `The server did not take the consent (“${wordsOf(failure.body) || failure.status}”). It may have come too late: connect again.`
        : `${said(failure)} Connect again.`
      return { kind: 'refused', cause, field: null }
    }
  }

  private async accountOf(
    server: string,
    accessToken: string,
    signal: AbortSignal,
  ): Promise<Omit<Account, 'credentials'> | null> {
    const api = new HttpApi(this.outward, server, { authorization: `Bearer ${accessToken}` }, [accessToken])
    const path = '/api/v1/accounts/verify_credentials'
    const { body } = await api.call<RemoteAccount>({ method: 'GET', path, signal })
    if (!isStatus(body) || body.username === undefined) return null
    const { host } = new URL(server)
    const domain = await instanceOf(api, signal).then(
      (instance) => instance.domain ?? host,
      () => host,
    )
    return {
      remoteAccountId: `${host}/${body.id}`,
      handle: `${body.username}@${domain}`,
      url: body.url ?? `${server}/@${body.username}`,
    }
  }
}

async function discover(api: HttpApi, signal: AbortSignal): Promise<Discovery> {
  try {
    const path = '/.well-known/oauth-authorization-server'
    return (await api.call<Discovery | null>({ method: 'GET', path, signal })).body ?? {}
  } catch (error) {
    // Whatever a server without this says of it; one that cannot be reached is found out by the next call.
    if (failureOf(error).status === null) throw error
    return {}
  }
}

/** `write` stands for `write:statuses`. */
function allows(granted: string, scope: string): boolean {
  const scopes = granted.split(/\s+/)
  return scopes.includes(scope) || scopes.includes(scope.split(':')[0] ?? scope)
}

function notMastodon(server: string) {
  const cause = `${new URL(server).host} does not speak Mastodon’s language. Enter the server where the account lives.`
  return { kind: 'refused', cause, field: 'server' } as const
}
