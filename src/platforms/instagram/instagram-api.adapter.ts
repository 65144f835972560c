import type { Clock } from '../../kernel/clock.js'
import { graphVersion, secretProof } from '../facebook-login.adapter.js'
import { type GraphFault, graphFaultOf } from '../graph-answers.js'
import { ApiFault, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection } from '../platform.js'

export type Form = Readonly<Record<string, string | undefined>>

/**
 * A comment as Instagram lists it: “`user`: ID of IG User who created the IG Comment. Only returned if the app user
 * created the IG Comment, otherwise `username` will be returned instead”
 * (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment).
 */
export interface Comment {
  readonly id: string
  readonly text: string
  readonly timestamp: string
  readonly user?: { readonly id: string } | string
  readonly username?: string
  readonly replies?: { readonly data: readonly Comment[] }
}

/** A post as Instagram lists it. */
export interface Medium {
  readonly id: string
  readonly caption?: string
  readonly permalink?: string
  readonly timestamp: string
}

/** One host for accounts that were connected at Instagram, one for those connected through their page. */
export class InstagramApi {
  constructor(
    private readonly outward: Outward,
    private readonly apiUrl: string,
    private readonly facebookApiUrl: string,
  ) {}

  /** @throws ApiFault */
  async call<Body>(
    { credentials: { token = '', appSecret = '', login } }: Connection,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    fields: Form,
    signal: AbortSignal,
  ): Promise<Body> {
    const facebook = login === 'facebook'
    const proof = secretProof(token, appSecret)
    const base = `${facebook ? this.facebookApiUrl : this.apiUrl}${graphVersion}`
    const given = { ...fields, access_token: token, ...(facebook ? { appsecret_proof: proof } : {}) }
    const api = new HttpApi(this.outward, base, {}, [token, appSecret, proof])
    return (await api.call<Body>({ method, path, ...(method === 'POST' ? { form: given } : { query: given }), signal }))
      .body
  }
}

/** Of what is no refusal (an answer without an id, a memo that was not kept) nobody knows what had left before. */
export function instagramFaultOf(error: unknown, clock: Clock): GraphFault {
  const said = error instanceof Error ? error.message : 'Something failed'
  const fault = error instanceof ApiFault ? error : new ApiFault(said, null, true, new Headers(), null, '')
  return graphFaultOf(fault, clock.now())
}
