import { GraphError, GraphServer } from './graph-server.js'

/** A page that somebody may open for the app. */
export interface FakePage {
  readonly id: string
  readonly name: string
  /** What the person may do there; everything unless told. */
  readonly tasks?: readonly string[]
  readonly instagram?: { readonly id: string; readonly username: string }
}

/**
 * Facebook Login as one person with some pages meets it: dialog, code, a short and a long token, pages with their own
 * tokens. Source: https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
 */
export abstract class FacebookLoginServer extends GraphServer {
  readonly facebookApp = {
    id: '4712',
    secret: 'facebook-app-secret',
    redirect: 'https://queue.example.org/connect/back',
  }
  protected override readonly facebookSecret = 'facebook-app-secret'
  /** The pages that the person lets the app see. */
  readonly pages: FakePage[] = []
  scopes: string[] = []
  private readonly codes = new Set<string>()
  private readonly person = '10001'

  constructor() {
    super()
    const { id, secret, redirect } = this.facebookApp
    const wanted = ['client_id', 'redirect_uri', 'state', 'response_type', 'scope']
    this.onOpen('GET', /^\/v26\.0\/dialog\/oauth$/, wanted, ({ fields }) => {
      if (fields.client_id !== id || fields.redirect_uri !== redirect || fields.response_type !== 'code')
        throw new GraphError(191, 'Can’t load URL: the domain of this URL isn’t included in the app’s domains')
      this.scopes = (fields.scope ?? '').split(',')
      const code = `AQ${this.newId()}`
      this.codes.add(code)
      return { redirect: `${redirect}?code=${code}&state=${encodeURIComponent(fields.state ?? '')}` }
    })
    const trade = ['client_id', 'client_secret', 'redirect_uri', 'code', 'grant_type', 'fb_exchange_token']
    this.onOpen('GET', /^\/v26\.0\/oauth\/access_token$/, trade, ({ fields }) => {
      if (fields.client_id !== id || fields.client_secret !== secret)
        throw new GraphError(1, 'Error validating client secret.')
      if (fields.grant_type === 'fb_exchange_token') {
        if (!this.tokens.has(fields.fb_exchange_token ?? '')) throw new GraphError(190, 'Invalid OAuth access token.')
        const expires = 60 * 86_400
        return {
          access_token: this.tokenFor(this.person, { facebook: true }),
          token_type: 'bearer',
          expires_in: expires,
        }
      }
      if (!this.codes.delete(fields.code ?? '') || fields.redirect_uri !== redirect)
        throw new GraphError(100, 'This authorization code has been used.', { subcode: 36009 })
      const token = this.tokenFor(this.person, { seconds: 3600, facebook: true })
      return { access_token: token, token_type: 'bearer', expires_in: 3600 }
    })
    this.on('GET', /^\/v26\.0\/me\/accounts$/, ['fields', 'limit'], ({ fields }, { userId }) => {
      if (userId !== this.person) throw new GraphError(100, 'Tried accessing nonexisting field (accounts)')
      const instagram = fields.fields?.includes('instagram_business_account{id,username}')
      const data = this.pages.map((page) => {
        const access_token = this.tokenFor(instagram ? (page.instagram?.id ?? page.id) : page.id, {
          facebook: true,
          seconds: 3650 * 86_400,
        })
        const account = instagram && page.instagram ? { instagram_business_account: page.instagram } : {}
        return {
          access_token,
          id: page.id,
          name: page.name,
          tasks: page.tasks ?? ['CREATE_CONTENT', 'MODERATE'],
          ...account,
        }
      })
      return { data, paging: {} }
    })
    this.onOpen('GET', /^\/v26\.0\/debug_token$/, ['input_token', 'access_token'], ({ fields }) => {
      if (fields.access_token !== `${id}|${secret}`) throw new GraphError(190, 'Invalid OAuth access token.')
      const token = this.tokens.get(fields.input_token ?? '')
      const reads = Math.floor(this.now() / 1000) + 90 * 86_400
      const valid = token !== undefined
      return {
        data: {
          app_id: id,
          type: 'PAGE',
          is_valid: valid,
          expires_at: 0,
          data_access_expires_at: reads,
          scopes: this.scopes,
        },
      }
    })
  }
}
