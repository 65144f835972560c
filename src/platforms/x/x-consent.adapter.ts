import type { Clock } from '../../kernel/clock.js'
import { ApiFault, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { ConnectField, ConnectOutcome, Consent, Credentials } from '../platform.js'
import { grantOf, tokens, type XHosts } from './x-account.adapter.js'
import { connectRefusalOf } from './x-answers.js'

/** Each is needed: reading and writing posts, the account's own id, pictures, and a refresh token. */
const SCOPES = ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access']
/** The longest post that an account with a paid plan may write. Source: https://help.x.com/en/using-x/x-premium */
const LONGEST = 25_000

export const xConnectFields: readonly ConnectField[] = [
  {
    name: 'clientId',
    label: 'Client ID',
    help: 'Of your own app in X’s developer console, under “OAuth 2.0 Client ID and Client Secret”.',
    secret: false,
  },
  {
    name: 'clientSecret',
    label: 'Client secret',
    help: 'Beside the client ID. Only an app of the type “Native App” has none.',
    secret: true,
    optional: true,
  },
  {
    name: 'textLimit',
    label: 'Longest post',
    help: 'Only if the account pays X for longer posts: how many characters you want to allow.',
    secret: false,
    optional: true,
    placeholder: '280',
  },
]

export const xConnectSteps: readonly string[] = [
  'Sign in at console.x.com with the group’s account, accept the developer agreement and buy some credit: every post costs money.',
  'Make an app and open its “User authentication settings”.',
  'Choose “Read and write”, the type “Web App”, and enter as callback address exactly the one shown here.',
  'Copy the client ID and the client secret into the fields below.',
  'X asks whether this app may act for the account: it has to be the group’s account, not your own. Press Authorize app.',
]

/** Connecting to X: OAuth 2 with code and PKCE (docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code). */
export class XConsent implements Consent {
  constructor(
    private readonly outward: Outward,
    private readonly hosts: XHosts,
    private readonly clock: Clock,
  ) {}

  async begin(answers: Readonly<Record<string, string>>, way: Parameters<Consent['begin']>[1]) {
    const { clientId, refusal } = typedIn(answers)
    if (refusal) return refusal
    const url = new URL(this.hosts.authorize)
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: way.redirectUri,
      scope: SCOPES.join(' '),
      state: way.state,
      code_challenge: way.challenge,
      code_challenge_method: 'S256',
    }).toString()
    return { kind: 'go' as const, url: url.href, memo: {} }
  }

  async finish(
    answers: Readonly<Record<string, string>>,
    came: Parameters<Consent['finish']>[1],
    signal: AbortSignal,
  ): ReturnType<Consent['finish']> {
    const { clientId, clientSecret, textLimit } = typedIn(answers)
    const app: Credentials = {
      clientId,
      ...(clientSecret ? { clientSecret } : {}),
      ...(textLimit ? { textLimit } : {}),
    }
    try {
      const fields = {
        grant_type: 'authorization_code',
        code: came.code,
        redirect_uri: came.redirectUri,
        code_verifier: came.verifier,
      }
      const given = await tokens(this.outward, this.hosts, app, fields, signal)
      const granted = (given.scope ?? '').split(' ')
      const missing = SCOPES.filter((scope) => !granted.includes(scope))
      if (missing.length > 0) {
        return refused(
          `X left out the permission ${missing.join(', ')}. Set the app to “Read and write”, and start again.`,
        )
      }
      const authorization = { authorization: `Bearer ${given.access_token}` }
      const { body } = await new HttpApi(this.outward, this.hosts.api, authorization, [given.access_token]).call<{
        data?: { id: string; username: string }
      }>({ method: 'GET', path: '/2/users/me', signal })
      if (!body?.data?.id) return refused('X did not say whose account this is. Start again.')
      const { id, username } = body.data
      const account = { remoteAccountId: id, handle: username, url: `https://x.com/${username}` }
      return { kind: 'accounts', accounts: [{ ...account, ...grantOf(given, app, this.clock.now()) }] }
    } catch (error) {
      if (error instanceof ApiFault) return connectRefusalOf(error)
      return refused('X gave an answer that nobody understands. Start again.')
    }
  }
}

function typedIn(answers: Readonly<Record<string, string>>) {
  const [clientId, clientSecret, textLimit] = ['clientId', 'clientSecret', 'textLimit'].map((name) =>
    (answers[name] ?? '').trim(),
  ) as [string, string, string]
  const length = Number(textLimit || '280')
  const refusal =
    clientId === ''
      ? refused('Enter the client ID of your app at X.', 'clientId')
      : Number.isInteger(length) && length >= 280 && length <= LONGEST
        ? null
        : refused(`“${textLimit}” is no length that X knows; it lies between 280 and ${LONGEST}.`, 'textLimit')
  return { clientId, clientSecret, textLimit, refusal }
}

function refused(cause: string, field: string | null = null): Extract<ConnectOutcome, { kind: 'refused' }> {
  return { kind: 'refused', cause, field }
}
