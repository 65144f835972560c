import type { AppBskyNotificationListNotifications } from '@atproto/api'
import { DateTime } from 'luxon'

import type { Connection, Finding, Reply } from '../platform.js'
import { addressOf, urlOf } from './bluesky-records.adapter.js'
import { type BlueskySessions, failureOf } from './bluesky-sessions.adapter.js'

const kinds = ['reply', 'mention', 'quote'] as const
const perPage = 100
const mostPages = 5
const muchAside = 60

type Notification = AppBskyNotificationListNotifications.Notification

/**
 * What others wrote: answers, mentions and quotes from the account's notifications (lexicon
 * app.bsky.notification.listNotifications), which the account's server asks of its AppView.
 * @throws XRPCError, SignInFault when they cannot be read
 */
export async function repliesSince(
  sessions: BlueskySessions,
  connection: Connection,
  since: string,
  signal: AbortSignal,
): Promise<Reply[]> {
  const begin = DateTime.fromISO(since, { zone: 'utc' })
  const found = new Map<string, Reply>()
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const { data } = await sessions.run(connection, signal, (api) =>
      api.app.bsky.notification.listNotifications(
        { reasons: [...kinds], limit: perPage, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
    )
    for (const notification of data.notifications) {
      const reply = replyIn(notification)
      if (reply && DateTime.fromISO(reply.at) >= begin) found.set(reply.remoteId, reply)
    }
    const oldest = data.notifications.at(-1)
    cursor = data.cursor
    if (cursor === undefined || !oldest || !(DateTime.fromISO(oldest.indexedAt) >= begin)) break
  }
  return [...found.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/** The moment is the AppView's (`indexedAt`): what a post says of itself may be any date. */
function replyIn({ uri, author, reason, reasonSubject, record, indexedAt }: Notification): Reply | null {
  const kind = kinds.find((known) => known === reason)
  const at = DateTime.fromISO(indexedAt, { zone: 'utc' })
  const address = addressOf(uri)
  if (!kind || !at.isValid || !address) return null
  const { text, reply } = record as { text?: unknown; reply?: { parent?: { uri?: unknown } } }
  const parent = typeof reply?.parent?.uri === 'string' ? reply.parent.uri : null
  return {
    remoteId: uri,
    url: urlOf(address),
    about: kind === 'quote' ? (reasonSubject ?? null) : parent,
    kind,
    author: { handle: author.handle, name: author.displayName ?? '' },
    text: typeof text === 'string' ? text : '',
    at: at.toISO()!,
  }
}

/** Looks at the server, the sign-in, the clocks, and whether counters and answers can be read. */
export async function examineAccount(
  sessions: BlueskySessions,
  connection: Connection,
  now: DateTime,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const say = (about: string, state: Finding['state'], said: string, nextStep: string | null = null) =>
    findings.push({ about, state, said, nextStep })
  const { pds, service } = connection.credentials
  try {
    const api = sessions.anonymous(pds ?? service ?? '')
    const { headers } = await api.com.atproto.server.describeServer(undefined, { signal })
    say('server', 'good', `${new URL(pds ?? service ?? '').host} answers.`)
    const theirs = DateTime.fromHTTP(headers.date ?? '', { zone: 'utc' })
    const aside = Math.round(Math.abs(theirs.diff(now).as('seconds')))
    const apart = `The server’s clock and ours are ${aside} seconds apart.`
    if (theirs.isValid && aside <= muchAside) say('clock', 'good', apart)
    else if (theirs.isValid) say('clock', 'warning', apart, 'Set this machine’s clock: posts carry its date.')
  } catch (error) {
    const next = 'Look whether the server answers elsewhere. If so, this machine may not be allowed to reach it.'
    say('server', 'bad', failureOf(error).message, next)
    return findings
  }
  try {
    const { data, headers } = await sessions.run(connection, signal, (api) =>
      api.com.atproto.server.getSession(undefined, { signal }),
    )
    if (data.active === false)
      say('account', 'bad', `@${data.handle} is ${data.status ?? 'not active'}.`, 'Look at the account on Bluesky.')
    else say('account', 'good', `@${data.handle} is connected.`)
    const [left, limit] = [headers['ratelimit-remaining'], headers['ratelimit-limit']]
    if (left !== undefined && limit !== undefined) say('quota', 'good', `${left} of ${limit} calls are left.`)
  } catch (error) {
    const failure = failureOf(error)
    const refused = failure.status !== null && failure.status < 500 && failure.status !== 429
    say('account', 'bad', failure.message, refused ? 'Connect the channel again.' : 'Try again later.')
    return findings
  }
  try {
    await sessions.run(connection, signal, (api) => api.app.bsky.notification.getUnreadCount({}, { signal }))
    say('counters and answers', 'good', 'They can be read.')
  } catch (error) {
    const next = 'Posting works without them. They come back with the server’s connection to Bluesky’s AppView.'
    say('counters and answers', 'warning', `They cannot be read: ${failureOf(error).message}`, next)
  }
  return findings
}
