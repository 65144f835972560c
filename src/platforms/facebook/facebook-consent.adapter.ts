import type { Clock } from '../../kernel/clock.js'
import { appIn, appRefusal, FacebookLogin } from '../facebook-login.adapter.js'
import { graphConnectRefusal, graphFaultOf } from '../graph-answers.js'
import { ApiFault } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection, Consent, Finding } from '../platform.js'

/** https://developers.facebook.com/docs/pages-api/overview#permissions */
/** The permissions that a page is asked for, and that an app has to have. */
export const SCOPES = [
  'pages_show_list',
  'pages_manage_posts',
  'pages_manage_engagement',
  'pages_read_engagement',
  'pages_read_user_content',
  'read_insights',
]
/** The task that lets a person's app post as the page. */
const POSTING = 'CREATE_CONTENT'
/** A consent that ends sooner is worth a word. */
const SOON_DAYS = 14

interface Page {
  readonly id: string
  readonly name: string
  readonly access_token: string
  readonly tasks?: readonly string[]
  readonly link?: string
}

/** Consent at Facebook: one person's, for each of the pages that they let the app see. */
export class FacebookConsent implements Consent {
  private readonly login: FacebookLogin

  constructor(
    outward: Outward,
    private readonly clock: Clock,
    apiUrl: string,
    siteUrl: string,
  ) {
    this.login = new FacebookLogin(outward, apiUrl, siteUrl)
  }

  begin: Consent['begin'] = (answers, way) => {
    const app = appIn(answers)
    const refusal = appRefusal(app)
    if (refusal) return Promise.resolve({ kind: 'refused', ...refusal })
    return Promise.resolve({ kind: 'go', url: this.login.address(app, way, SCOPES), memo: {} })
  }

  finish: Consent['finish'] = async (answers, { code, redirectUri }, signal) => {
    const app = appIn(answers)
    try {
      const user = await this.login.userToken(app, code, redirectUri, signal)
      const pages = await this.login.pages<Page>(app, user, 'id,name,access_token,tasks,link', signal)
      const open = pages.filter(({ tasks }) => tasks === undefined || tasks.includes(POSTING))
      if (open.length === 0) {
        const cause =
          pages.length === 0
            ? 'You allowed no page. Begin again, choose the group’s page, and leave every permission on.'
            : 'You may not post as any of these pages. Somebody with full control of the page can give you access to content.'
        return { kind: 'refused', cause, field: null }
      }
      // A page's token has no end of its own; the app's right to read what the person sees has one, the same for all.
      const { until } = await this.login.inspect(app, open[0]!.access_token, signal)
      const accounts = open.map(({ id, name, access_token: token, link }) => ({
        remoteAccountId: id,
        handle: name,
        url: link ?? `https://www.facebook.com/${id}`,
        credentials: { ...app, token },
        ...(until ? { consentUntil: until.toISO()! } : {}),
      }))
      return { kind: 'accounts', accounts }
    } catch (error) {
      if (error instanceof ApiFault) return graphConnectRefusal('Facebook', graphFaultOf(error, this.clock.now()))
      return { kind: 'refused', cause: 'Facebook gave an answer that nobody understands. Start again.', field: null }
    }
  }

  /** Whether the consent stands, what it misses and when it ends. */
  async examine({ credentials }: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    const about = 'credentials'
    const again = 'Connect the channel again and leave every permission on.'
    const { valid, scopes, until } = await this.login.inspect(appIn(credentials), credentials.token ?? '', signal)
    if (!valid) return [{ about, state: 'bad', said: 'Facebook no longer accepts the consent.', nextStep: again }]
    const missing = SCOPES.filter((scope) => !scopes.includes(scope))
    if (missing.length > 0)
      return [{ about: 'scopes', state: 'bad', said: `The consent misses ${missing.join(', ')}.`, nextStep: again }]
    if (!until) return [{ about, state: 'good', said: 'The consent stands and has no end.', nextStep: null }]
    const soon = until < this.clock.now().plus({ days: SOON_DAYS })
    const said = `The consent stands until ${until.toISODate()}.`
    return [
      { about, state: soon ? 'warning' : 'good', said, nextStep: soon ? 'Connect the channel again before.' : null },
    ]
  }
}
