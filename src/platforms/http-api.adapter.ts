import { type Outward, OutwardFault } from './outward.adapter.js'

/** One call. At most one of `json`, `form` and `body`. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base, with its slash; or a whole address, where the network named one itself. */
  readonly path: string
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string | number | undefined>>
  /** Multipart when it is a `FormData`. */
  readonly body?: Uint8Array | FormData
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

export interface Answer<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON where the answer is some; its text otherwise; null when it is empty. */
  readonly body: Body
}

/** How a call failed: with the network's refusal, or without a whole answer (`status` null). */
export class ApiFault extends Error {
  constructor(
    /** For people when no answer came; else `The server answered 422`. */
    message: string,
    readonly status: number | null,
    /** False only if it is certain that not one byte left. */
    readonly sent: boolean,
    readonly headers: Headers,
    readonly body: unknown,
    /** The raw answer, shortened and without the secrets of the call: for admins. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'ApiFault'
  }
}

const mostDetail = 600

/**
 * A small client of one HTTP API.
 * @example
 * const api = new HttpApi(outward, 'https://mastodon.example', { authorization: `Bearer ${token}` }, [token])
 * const { body } = await api.call<{ id: string }>({ method: 'GET', path: '/api/v1/accounts/verify_credentials', signal })
 */
export class HttpApi {
  constructor(
    private readonly outward: Outward,
    private readonly base: string,
    private readonly headers: Readonly<Record<string, string>> = {},
    /** What must never be seen in a message or detail. */
    private readonly secrets: readonly string[] = [],
  ) {}

  /**
   * Calls once and follows no redirect of a write. Whether `Body` is what came is for the caller to make sure of.
   * @throws ApiFault for every answer but 2xx, and when none came
   */
  async call<Body = unknown>(call: Call): Promise<Answer<Body>> {
    const url = new URL(/^https?:/.test(call.path) ? call.path : `${this.base.replace(/\/$/, '')}${call.path}`)
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    let response: Response
    try {
      response = await this.outward.fetch(url, {
        method: call.method,
        headers: { accept: 'application/json', ...this.headers, ...typeOf(call), ...call.headers },
        body: bodyOf(call),
        signal: call.signal,
        redirect: 'manual',
      })
    } catch (error) {
      const fault = error instanceof OutwardFault ? error : null
      const message = this.redacted(fault?.message ?? 'No whole answer came.')
      throw new ApiFault(message, null, fault?.sent ?? !call.signal.aborted, new Headers(), null, '', { cause: error })
    }
    const text = await response.text()
    if (response.ok) return { status: response.status, headers: response.headers, body: parsed(text) as Body }
    // What is quoted of a refusal goes to people and into the database.
    const said = this.redacted(text)
    const body = parsed(said)
    const detail = `${response.status} ${said}`.slice(0, mostDetail)
    throw new ApiFault(`The server answered ${response.status}`, response.status, true, response.headers, body, detail)
  }

  private redacted(text: string): string {
    return this.secrets.filter((secret) => secret !== '').reduce((said, secret) => said.replaceAll(secret, '…'), text)
  }
}

function bodyOf({ json, form, body }: Call): RequestInit['body'] {
  if (json !== undefined) return JSON.stringify(json)
  if (form) {
    const fields = new URLSearchParams()
    for (const [name, value] of Object.entries(form)) if (value !== undefined) fields.set(name, String(value))
    return fields
  }
  return (body ?? null) as RequestInit['body']
}

/** A form and a `FormData` name their type, and its boundary, themselves. */
function typeOf({ json }: Call): Record<string, string> {
  return json === undefined ? {} : { 'content-type': 'application/json' }
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
