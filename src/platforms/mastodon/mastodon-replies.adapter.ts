import { DateTime } from 'luxon'

import type { HttpApi } from '../http-api.adapter.js'
import type { Reply } from '../platform.js'
import { failureOf } from './mastodon-server.adapter.js'
import { plainText } from './mastodon-text.js'
import { isStatus, type Notification, type Status, statusesIn } from './mastodon-wire.js'

const perPage = 40
const mostPages = 5

/**
 * What others wrote: mentions and quotes from the notifications
 * (https://docs.joinmastodon.org/methods/notifications/#get), and answers below our posts that do not name us
 * (https://docs.joinmastodon.org/methods/statuses/#context). What was written to the account alone (`direct`) stays
 * with the account: it was not meant for everybody in the group.
 * @throws ApiFault when the notifications cannot be read
 */
export async function repliesSince(
  api: HttpApi,
  accountId: string,
  since: string,
  remoteIds: readonly string[],
  signal: AbortSignal,
): Promise<Reply[]> {
  const begin = DateTime.fromISO(since, { zone: 'utc' })
  const found = new Map<string, Reply>()
  const take = (status: Status, kind: Reply['kind']) => {
    const at = DateTime.fromISO(status.created_at ?? '', { zone: 'utc' })
    const ours = status.account?.id === accountId
    if (!at.isValid || at < begin || ours || status.visibility === 'direct' || found.has(status.id)) return
    found.set(status.id, replyOf(status, kind, at))
  }
  for (const { status, type } of await notifications(api, begin, signal)) {
    if (!isStatus(status)) continue
    const answers = status.in_reply_to_account_id === accountId || remoteIds.includes(status.in_reply_to_id ?? '')
    take(status, type === 'quote' ? 'quote' : answers ? 'reply' : 'mention')
  }
  for (const remoteId of remoteIds) {
    for (const status of await below(api, remoteId, signal)) take(status, 'reply')
  }
  return [...found.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

async function notifications(api: HttpApi, begin: DateTime, signal: AbortSignal): Promise<Notification[]> {
  const all: Notification[] = []
  let last: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    // A type that the server does not know is passed over there (4.5 brought quotes).
    const path = '/api/v1/notifications?types[]=mention&types[]=quote'
    const { body } = await api.call({ method: 'GET', path, query: { limit: perPage, max_id: last }, signal })
    const items = (Array.isArray(body) ? body : []) as Notification[]
    all.push(...items)
    const oldest = items.at(-1)
    const reached = DateTime.fromISO(oldest?.created_at ?? '', { zone: 'utc' })
    if (oldest === undefined || oldest.id === last || !(reached >= begin)) break
    last = oldest.id
  }
  // Servers that know no `types[]` tell of everything.
  return all.filter(({ type }) => type === 'mention' || type === 'quote')
}

/** Everything below a post of ours; nothing when it is gone or cannot be read now. */
async function below(api: HttpApi, remoteId: string, signal: AbortSignal): Promise<Status[]> {
  try {
    const path = `/api/v1/statuses/${encodeURIComponent(remoteId)}/context`
    const { body } = await api.call<{ descendants?: unknown }>({ method: 'GET', path, signal })
    return statusesIn(body?.descendants)
  } catch (error) {
    const { status } = failureOf(error)
    if (status === 404 || status === 410) return []
    throw error
  }
}

function replyOf(status: Status, kind: Reply['kind'], at: DateTime): Reply {
  const { quoted_status: quoted, quoted_status_id: quotedId } = status.quote ?? {}
  return {
    remoteId: status.id,
    url: status.url ?? null,
    about: (kind === 'quote' ? (quotedId ?? quoted?.id) : status.in_reply_to_id) ?? null,
    kind,
    author: {
      handle: status.account?.acct ?? '',
      name: status.account?.display_name || (status.account?.username ?? ''),
    },
    text: plainText(status.content ?? ''),
    at: at.toISO()!,
  }
}
