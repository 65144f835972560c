import { HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection } from '../platform.js'

export type Form = Readonly<Record<string, string | undefined>>

/** The Threads API on behalf of one account (https://developers.facebook.com/docs/threads). */
export class ThreadsApi {
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
  ): Promise<Body> {
    const api = new HttpApi(this.outward, `${this.apiUrl}/v1.0`, {}, [token, appSecret])
    const given = { ...fields, access_token: token }
    return (await api.call<Body>({ method, path, ...(method === 'POST' ? { form: given } : { query: given }), signal }))
      .body
  }
}
