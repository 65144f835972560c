/** A refusal by the API; `message` is a sentence for the person, as the server said it. */
export class ApiProblem extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** The refusal's stable code, `offline` when the server could not be reached. */
    readonly code: string,
    /** The whole problem document; a 409 of a post carries `current`. */
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(message)
    this.name = 'ApiProblem'
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Asks the person for the proof that the problem wants; false when they would rather not. */
type AskForProof = (problem: ApiProblem) => Promise<boolean>

let askForProof: AskForProof | null = null

/** From now on, requests that are refused for want of a fresh proof are repeated once it was given. */
export function proveBy(ask: AskForProof | null): void {
  askForProof = ask
}

/**
 * Asks the API. Unsafe methods carry `X-Seconder: 1`, without which the server refuses them.
 * Where the server first wants a fresh proof of who is there, the person is asked for it, and the request repeated.
 * @throws ApiProblem for every answer that is not 2xx, and when there is none
 */
export async function api<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  return proving(() => request<T>(method, path, body, signal))
}

async function proving<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'step-up-needed' || !askForProof) throw error
    if (!(await askForProof(error))) throw error
    return ask()
  }
}

async function request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-Seconder'] = '1'
  const isForm = body instanceof FormData
  if (body !== undefined && !isForm) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers,
      signal,
      credentials: 'same-origin',
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem('', 0, 'offline', {})
  }
  if (response.status === 204) return undefined as T
  if (!response.ok) throw await problemIn(response)
  const answer: unknown = await response.json().catch(() => null)
  return answer as T
}

/** Fetches a file that the server makes, and hands it to the browser to keep. @throws ApiProblem */
export async function download(path: string, name: string): Promise<void> {
  const response = await proving(async () => {
    const answer = await fetch(`/api${path}`, {
      method: 'POST',
      headers: { 'X-Seconder': '1' },
      credentials: 'same-origin',
    }).catch(() => {
      throw new ApiProblem('', 0, 'offline', {})
    })
    if (!answer.ok) throw await problemIn(answer)
    return answer
  })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

async function problemIn(response: Response): Promise<ApiProblem> {
  const answer: unknown = await response.json().catch(() => null)
  const problem = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>
  const detail = [problem['detail'], problem['title']].find((text) => typeof text === 'string' && text !== '')
  const code = typeof problem['code'] === 'string' ? problem['code'] : `http-${response.status}`
  return new ApiProblem(typeof detail === 'string' ? detail : '', response.status, code, problem)
}
