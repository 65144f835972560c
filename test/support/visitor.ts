/** What came back. `body` is the parsed JSON, or the text of anything else. */
export interface Answer<Body = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** Somebody with a browser: keeps cookies, sends what the web workspace sends, follows no redirects by itself. */
export class Visitor {
  private readonly cookies = new Map<string, string>()

  constructor(private readonly origin: string) {}

  get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>> {
    return this.ask('GET', path)
  }

  post<Body = Record<string, unknown>>(path: string, body: unknown = {}): Promise<Answer<Body>> {
    return this.ask('POST', path, body)
  }

  put<Body = Record<string, unknown>>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.ask('PUT', path, body)
  }

  patch<Body = Record<string, unknown>>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.ask('PATCH', path, body)
  }

  delete<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>> {
    return this.ask('DELETE', path)
  }

  /** Presses the button of a server-rendered form. */
  submit<Body = string>(path: string, fields: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.send('POST', path, new URLSearchParams(fields), { Origin: this.origin })
  }

  async ask<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const headers: Record<string, string> =
      method === 'GET' || method === 'HEAD' ? {} : { 'X-Seconder': '1', Origin: this.origin }
    if (body !== undefined && !(body instanceof FormData)) headers['Content-Type'] = 'application/json'
    return this.send(
      method,
      path,
      body === undefined || body instanceof FormData ? body : JSON.stringify(body),
      headers,
    )
  }

  async send<Body>(
    method: string,
    path: string,
    body: string | FormData | URLSearchParams | undefined,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const cookie = this.cookieHeader
    const response = await fetch(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(cookie === '' ? {} : { Cookie: cookie }) },
      ...(body === undefined ? {} : { body }),
    })
    this.keep(response.headers.getSetCookie())
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : text) as Body,
    }
  }

  /** Takes cookies as a browser does; an emptied or run-out one goes. */
  keep(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined) continue
      if (!value || /;\s*max-age=0/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}
