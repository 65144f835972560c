import { ApiFault, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type { Connection } from '../platform.js'
import type { Failure } from './mastodon-answers.js'
import { type Instance, type Status, statusesIn } from './mastodon-wire.js'

/** The address of a server from what a person types: `mastodon.social`, an address of it, or `@group@mastodon.social`. */
export function originOf(typed: string): string | null {
  const text = typed.trim()
  const named = /^@?[\w.-]+@([^\s@/]+)$/.exec(text)?.[1]
  const full = /^https?:\/\//.test(text) ? text : `https://${named ?? text}`
  if (text === '' || /\s/.test(full) || !URL.canParse(full)) return null
  const { origin, hostname, username } = new URL(full)
  return username === '' && (hostname.includes('.') || hostname === 'localhost') ? origin : null
}

/** `host/id`, since a server numbers its accounts itself. */
export function accountIdOf({ remoteAccountId }: Connection): string {
  return remoteAccountId.slice(remoteAccountId.lastIndexOf('/') + 1)
}

/** The account's server, with what it gave us. */
export function serverOf(outward: Outward, { credentials }: Connection): HttpApi {
  const { server = '', accessToken = '', clientSecret = '' } = credentials
  return new HttpApi(outward, server, { authorization: `Bearer ${accessToken}` }, [accessToken, clientSecret])
}

/** What a thrown error says about a call; anything that is no answer of the server counts as sent. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiFault) return error
  const message = error instanceof Error ? error.message : String(error)
  return { status: null, sent: true, message, headers: new Headers(), body: null, detail: '' }
}

/** What the server tells about itself; compatible ones may know the first version of this answer only. */
export async function instanceOf(api: HttpApi, signal: AbortSignal): Promise<Instance> {
  try {
    return (await api.call<Instance>({ method: 'GET', path: '/api/v2/instance', signal })).body ?? {}
  } catch (error) {
    if (failureOf(error).status !== 404) throw error
  }
  const { body } = await api.call<Instance & { uri?: string; max_toot_chars?: number }>({
    method: 'GET',
    path: '/api/v1/instance',
    signal,
  })
  const { uri, max_toot_chars: characters, ...instance } = body ?? {}
  const statuses = { max_characters: characters, ...instance.configuration?.statuses }
  return { domain: uri, ...instance, configuration: { ...instance.configuration, statuses } }
}

const quotesSince = 7

/** Whether the server makes quotes; one that does not would take the words alone and say nothing. */
export async function hasQuotes(api: HttpApi, signal: AbortSignal): Promise<boolean> {
  const { api_versions: versions } = await instanceOf(api, signal)
  return (versions?.mastodon ?? 0) >= quotesSince
}

const perPage = 40

/** The account's own statuses, the newest first, page by page, each page asked for when it is needed. */
export async function* ownStatuses(
  api: HttpApi,
  accountId: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): AsyncGenerator<Status> {
  let last: string | undefined
  for (;;) {
    const { body } = await api.call({
      method: 'GET',
      path: `/api/v1/accounts/${encodeURIComponent(accountId)}/statuses`,
      query: { limit: perPage, ...query, max_id: last },
      signal,
    })
    const page = statusesIn(body)
    // A server that ignores `max_id` would otherwise be read for ever.
    const oldest = page.at(-1)?.id
    if (oldest === undefined || oldest === last) return
    last = oldest
    yield* page
  }
}

/**
 * The server's own id of a post: it may be named by its address on any server, which the server then fetches.
 * @throws ApiFault, also when it finds nothing
 */
export async function localId(api: HttpApi, remoteId: string, signal: AbortSignal): Promise<string> {
  return /^https?:\/\//.test(remoteId) ? (await statusAt(api, remoteId, signal)).id : remoteId
}

/**
 * A post by its address on any server (https://docs.joinmastodon.org/methods/search/, `resolve`).
 * @throws ApiFault, also when the server finds nothing
 */
export async function statusAt(api: HttpApi, address: string, signal: AbortSignal): Promise<Status> {
  const query = { q: address, type: 'statuses', resolve: 'true', limit: 1 }
  const { body, headers } = await api.call<{ statuses?: unknown }>({
    method: 'GET',
    path: '/api/v2/search',
    query,
    signal,
  })
  const [found] = statusesIn(body?.statuses)
  if (found) return found
  throw new ApiFault('The server answered 404', 404, true, headers, { error: `${address} was not found` }, '')
}
