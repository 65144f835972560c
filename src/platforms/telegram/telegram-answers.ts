import type { DateTime } from 'luxon'

import { retryAfter, secondsUntil } from '../pausing.js'
import type { ConnectOutcome, PublishOutcome, RetractOutcome } from '../platform.js'

/** How a call of the Bot API failed. */
export interface Fault {
  /** HTTP status; null when no whole answer came. */
  readonly status: number | null
  /** False only if it is certain that not one byte left. */
  readonly sent: boolean
  readonly headers: Headers
  readonly body: unknown
  readonly message: string
  /** The raw answer, for admins. */
  readonly detail: string
}

/** `{ ok: false, error_code, description, parameters? }`. Source: https://core.telegram.org/bots/api#making-requests */
interface Refusal {
  readonly description: string
  readonly retryAfterSeconds: number | null
}

/** The bot is out of the channel, or may not post there: a person lets it in again and connects anew. */
const outOfChannel =
  /bot was kicked|bot is not a member|chat not found|not enough rights|need administrator rights|CHAT_ADMIN_REQUIRED|CHAT_WRITE_FORBIDDEN|group chat was upgraded|chat was deleted/i
/** Telegram itself has closed the channel. */
const closed = /CHAT_RESTRICTED|CHANNEL_PRIVATE|deactivated/i
const aboutText = /message is too long|caption is too long|message text is empty|text must be/i
const aboutPictures =
  /PHOTO_|IMAGE_|MEDIA_|VIDEO_|wrong file|file is too big|failed to get HTTP|wrong type of the web page/i

/** The outcome of a send that failed. Each send is one call, so what was sent may be public. */
export function publishOutcomeOf(fault: Fault, now: DateTime): PublishOutcome {
  const { status, detail } = fault
  if (status === null || status >= 500) {
    const cause = status === null ? fault.message : `Telegram broke down while it took the post (${status}).`
    return fault.sent ? { kind: 'unknown', cause, detail } : { kind: 'retry', cause, afterSeconds: null }
  }
  const { description } = refusalIn(fault)
  if (status === 429) {
    const until = pausedUntil(fault, now).toISO()!
    return { kind: 'limited', cause: 'Telegram asks for a pause: too much was sent.', until, scope: 'channel' }
  }
  if (isTokenGone(status)) return { kind: 'unauthorized', cause: tokenGone }
  if (closed.test(description))
    return {
      kind: 'blocked',
      cause: `Telegram has closed this channel: ${description}. Look at it in Telegram.`,
      detail,
    }
  if (status === 403 || outOfChannel.test(description))
    return {
      kind: 'unauthorized',
      cause: `The bot may no longer post in the channel (${description}). Make it an administrator who may post messages, then connect the channel again.`,
    }
  if (status === 413)
    return { kind: 'rejected', cause: 'Telegram finds the pictures or the film too large.', field: 'pictures' }
  return { kind: 'rejected', cause: `Telegram refused the post: ${description}.`, field: fieldIn(description), detail }
}

/** The outcome of a deletion that failed; repeating one is safe. */
export function retractOutcomeOf(fault: Fault, now: DateTime): RetractOutcome {
  const { status } = fault
  if (status === null || status >= 500) return { kind: 'retry', cause: fault.message, afterSeconds: null }
  if (status === 429)
    return {
      kind: 'retry',
      cause: 'Telegram asks for a pause: too much was sent.',
      afterSeconds: secondsUntil(pausedUntil(fault, now), now),
    }
  const { description } = refusalIn(fault)
  if (/message to delete not found|message identifier is not specified/i.test(description)) return { kind: 'retracted' }
  if (isTokenGone(status)) return { kind: 'unauthorized', cause: tokenGone }
  return {
    kind: 'by-hand',
    cause: `Telegram does not let the bot delete it (${description}); it may be older than 48 hours. Delete it in the channel.`,
  }
}

/** What to tell the person who connects. */
export function connectRefusalOf(fault: Fault, step: 'bot' | 'channel'): ConnectOutcome {
  const refused = (cause: string, field: string | null): ConnectOutcome => ({ kind: 'refused', cause, field })
  if (fault.status === null)
    return refused(`${fault.message} Check the server’s address, or try again later.`, 'server')
  if (fault.status === 429) return refused('Telegram asks for a pause. Try again in a minute.', null)
  if (isTokenGone(fault.status))
    return refused(
      'Telegram does not know this token. Copy it again from @BotFather; it looks like 123456789:AAE…',
      'token',
    )
  const { description } = refusalIn(fault)
  if (step === 'channel')
    return refused(
      `Telegram does not show this channel to the bot (${description}). Check the name, and make the bot an administrator of the channel first.`,
      'channel',
    )
  return refused(`Telegram answered ${fault.status}: ${description}. Try again later.`, null)
}

export const tokenGone =
  'Telegram no longer knows the bot’s token. Get a new one from @BotFather and connect the channel again.'

/** 401 for a token that was taken back, 404 for one that never was (tried against api.telegram.org by many; no document). */
function isTokenGone(status: number): boolean {
  return status === 401 || status === 404
}

function pausedUntil(fault: Fault, now: DateTime): DateTime {
  const { retryAfterSeconds } = refusalIn(fault)
  if (retryAfterSeconds !== null) return now.plus({ seconds: retryAfterSeconds })
  return retryAfter(fault.headers, now) ?? now.plus({ minutes: 1 })
}

function refusalIn({ body, status }: Fault): Refusal {
  const said = body as { description?: unknown; parameters?: { retry_after?: unknown } } | null
  const description = typeof said?.description === 'string' ? said.description : `it answered ${String(status)}`
  const after = said?.parameters?.retry_after
  return {
    description: description.replace(/^(Bad Request|Forbidden|Unauthorized): /, '').replace(/\.$/, ''),
    retryAfterSeconds: typeof after === 'number' ? after : null,
  }
}

function fieldIn(description: string): string | null {
  if (aboutText.test(description)) return 'text'
  return aboutPictures.test(description) ? 'pictures' : null
}
