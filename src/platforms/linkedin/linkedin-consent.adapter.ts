import type { Clock } from '../../kernel/clock.js'
import { ApiFault, type HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Account, ConnectField, ConnectOutcome, Consent } from '../platform.js'
import { grantOf, linkedInApi, type LinkedInHosts, scopesOf, tokens } from './linkedin-account.adapter.js'
import { connectRefusalOf } from './linkedin-answers.js'

/** Products “Sign In with LinkedIn using OpenID Connect” and “Share on LinkedIn”, which any app gets at once. */
const SHARING = ['openid', 'profile', 'w_member_social']
/**
 * Product “Community Management API”, for which LinkedIn reviews the app, and which has to be the app's only one: asked
 * for `openid` too, LinkedIn refuses the whole consent. Source: github.com/gitroomhq/postiz-app/pull/1658
 */
const COMMUNITY = [
  'r_basicprofile',
  'w_member_social',
  'r_organization_social',
  'w_organization_social',
  'rw_organization_admin',
]
/** For comments, since 2025 (Comments API, “Permissions”); without them everything else works. */
const COMMENTS = ['w_member_social_feed', 'r_organization_social_feed', 'w_organization_social_feed']

export const linkedinConnectFields: readonly ConnectField[] = [
  {
    name: 'clientId',
    label: 'Client ID',
    help: 'Of your own app at LinkedIn, under “Auth”.',
    secret: false,
  },
  {
    name: 'clientSecret',
    label: 'Primary client secret',
    help: 'Beside the client ID.',
    secret: true,
  },
  {
    name: 'pages',
    label: 'Post as',
    help: 'What the app has at LinkedIn decides it: one of the two, never both.',
    secret: false,
    optional: true,
    choices: [
      { value: 'no', label: 'A person (Share on LinkedIn)' },
      { value: 'yes', label: 'A company page that you administer (Community Management API)' },
    ],
  },
]

export const linkedinConnectSteps: readonly string[] = [
  'Sign in at linkedin.com/developers/apps and press Create app. LinkedIn wants a company page for it, and an administrator of that page to confirm.',
  'Under Products, add “Sign In with LinkedIn using OpenID Connect” and “Share on LinkedIn”. To post as a page, ask for “Community Management API” instead, in an app that has no other product, and wait for LinkedIn’s review.',
  'Under Auth, enter under “Authorized redirect URLs for your app” exactly the address shown here.',
  'Copy the client ID and the primary client secret into the fields below.',
  'LinkedIn asks whether the app may act for you: look whose name it shows, and press Allow. Then choose the account or page.',
]

/** Connecting to LinkedIn: OAuth 2 with code and state; LinkedIn has no PKCE for apps with a secret. */
export class LinkedInConsent implements Consent {
  constructor(
    private readonly outward: Outward,
    private readonly hosts: LinkedInHosts,
    private readonly clock: Clock,
  ) {}

  async begin(answers: Readonly<Record<string, string>>, way: Parameters<Consent['begin']>[1]) {
    const { clientId, clientSecret, pages } = typedIn(answers)
    if (clientId === '') return refused('Enter the client ID of your app at LinkedIn.', 'clientId')
    if (clientSecret === '') return refused('Enter the primary client secret of your app at LinkedIn.', 'clientSecret')
    const url = new URL('/oauth/v2/authorization', this.hosts.site)
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: way.redirectUri,
      state: way.state,
      scope: (pages ? [...COMMUNITY, ...COMMENTS] : SHARING).join(' '),
    }).toString()
    return { kind: 'go' as const, url: url.href, memo: {} }
  }

  async finish(
    answers: Readonly<Record<string, string>>,
    came: Parameters<Consent['finish']>[1],
    signal: AbortSignal,
  ): ReturnType<Consent['finish']> {
    const { clientId, clientSecret, pages } = typedIn(answers)
    const app = { clientId, clientSecret }
    try {
      const fields = { grant_type: 'authorization_code', code: came.code, redirect_uri: came.redirectUri }
      const given = await tokens(this.outward, this.hosts, app, fields, signal)
      const missing = (pages ? COMMUNITY : SHARING).filter((each) => !scopesOf(given.scope).includes(each))
      if (missing.length > 0) {
        const cause = `LinkedIn left out the permission ${missing.join(', ')}. Add the product to the app under Products, and start again.`
        return refused(cause)
      }
      const grant = grantOf(given, app, this.clock.now())
      const api = linkedInApi(this.outward, this.hosts, given.access_token)
      const found = pages
        ? [await basicProfileOf(api, signal), ...(await pagesOf(api, signal))]
        : [await memberOf(api, signal)]
      return { kind: 'accounts', accounts: found.map((account) => ({ ...account, ...grant })) }
    } catch (error) {
      if (error instanceof ApiFault) return connectRefusalOf(error)
      return refused('LinkedIn gave an answer that nobody understands. Start again.')
    }
  }
}

type Who = Pick<Account, 'remoteAccountId' | 'handle' | 'url'>

/** Source: https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2 */
async function memberOf(api: HttpApi, signal: AbortSignal): Promise<Who> {
  const { body } = await api.call<{ sub: string; name?: string }>({ method: 'GET', path: '/v2/userinfo', signal })
  return member(body.sub, body.name)
}

/** Source: https://learn.microsoft.com/en-us/linkedin/shared/integrations/people/profile-api */
async function basicProfileOf(api: HttpApi, signal: AbortSignal): Promise<Who> {
  const { body } = await api.call<{ id: string; localizedFirstName?: string; localizedLastName?: string }>({
    method: 'GET',
    path: '/v2/me',
    signal,
  })
  return member(body.id, [body.localizedFirstName, body.localizedLastName].filter(Boolean).join(' '))
}

function member(id: string, name = ''): Who {
  // The address of a profile is not told to every app; this one leads whoever is signed in to their own.
  return {
    remoteAccountId: `urn:li:person:${id}`,
    handle: name || 'LinkedIn member',
    url: 'https://www.linkedin.com/in/me/',
  }
}

/** The pages that the member administers. Source: …/organizations/organization-access-control-by-role */
async function pagesOf(api: HttpApi, signal: AbortSignal): Promise<Who[]> {
  const query = { q: 'roleAssignee', role: 'ADMINISTRATOR', state: 'APPROVED', count: 100 }
  const headers = { 'x-restli-method': 'FINDER' }
  const { body } = await api.call<{ elements?: { organization: string }[] }>({
    method: 'GET',
    path: '/rest/organizationAcls',
    query,
    headers,
    signal,
  })
  const pages: Who[] = []
  for (const { organization } of body.elements ?? []) {
    const id = organization.split(':').at(-1) ?? ''
    const path = `/rest/organizations/${encodeURIComponent(id)}`
    const page = await api.call<{ localizedName?: string; vanityName?: string }>({ method: 'GET', path, signal })
    const { localizedName = organization, vanityName = id } = page.body
    const url = `https://www.linkedin.com/company/${encodeURIComponent(vanityName)}/`
    pages.push({ remoteAccountId: organization, handle: localizedName, url })
  }
  return pages
}

function typedIn(answers: Readonly<Record<string, string>>) {
  const typed = (name: string) => (answers[name] ?? '').trim()
  const pages = /^(y|yes|true|1|on)$/i.test(typed('pages'))
  return { clientId: typed('clientId'), clientSecret: typed('clientSecret'), pages }
}

function refused(cause: string, field: string | null = null): Extract<ConnectOutcome, { kind: 'refused' }> {
  return { kind: 'refused', cause, field }
}
