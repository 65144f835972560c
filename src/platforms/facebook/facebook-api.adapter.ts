import { graphVersion, secretProof } from '../facebook-login.adapter.js'
import { HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection } from '../platform.js'

export type Form = Readonly<Record<string, string | undefined>>

/** A file of a call, sent as multipart. */
export interface Upload {
  readonly bytes: Uint8Array
  readonly mime: string
}

/** The Graph API as a page: every call has the page's token and a proof of the app's secret. */
export class FacebookApi {
  constructor(
    private readonly outward: Outward,
    private readonly apiUrl: string,
  ) {}

  /** @throws ApiFault */
  async call<Body>(
    { credentials: { token = '', appSecret = '' } }: Connection,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    fields: Form,
    signal: AbortSignal,
    source?: Upload,
  ): Promise<Body> {
    const proof = secretProof(token, appSecret)
    const api = new HttpApi(this.outward, `${this.apiUrl}${graphVersion}`, {}, [token, appSecret, proof])
    const given = { ...fields, access_token: token, appsecret_proof: proof }
    const content = source ? { body: multipart(given, source) } : method === 'POST' ? { form: given } : { query: given }
    return (await api.call<Body>({ method, path, ...content, signal })).body
  }
}

function multipart(fields: Form, { bytes, mime }: Upload): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value)
  form.set('source', new Blob([new Uint8Array(bytes)], { type: mime }), `source.${mime.split('/')[1]}`)
  return form
}
