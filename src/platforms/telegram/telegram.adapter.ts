import { DateTime } from 'luxon'

import type { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import { asChecked } from '../checked.js'
import { ApiFault, HttpApi } from '../http-api.adapter.js'
import type { Outward } from '../outward.adapter.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  Credentials,
  Finding,
  FindOutcome,
  OutgoingPost,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
  SentPicture,
} from '../platform.js'
import { connectRefusalOf, publishOutcomeOf, retractOutcomeOf, tokenGone } from './telegram-answers.js'
import { telegramRules } from './telegram-rules.js'

const OFFICIAL = 'https://api.telegram.org'
const CONNECT_MS = 20_000

/** Source: https://core.telegram.org/bots/api#chatfullinfo */
interface Chat {
  readonly id: number
  readonly type: string
  readonly title?: string
  readonly username?: string
}
/** Source: https://core.telegram.org/bots/api#message */
interface Message {
  readonly message_id: number
  readonly date: number
}
/** Source: https://core.telegram.org/bots/api#chatmember */
interface ChatMember {
  readonly status: string
  readonly can_post_messages?: boolean
  readonly can_delete_messages?: boolean
}

/**
 * A Telegram channel, through a bot of the group's own (Bot API). The text goes as it is, without `parse_mode`, so that
 * nothing in it can be taken for markup; Telegram itself makes addresses and hashtags pressable.
 *
 * The Bot API has no keys and lets no bot read what it posted: after a lost answer nobody can tell by machine.
 */
export class TelegramAdapter implements Platform {
  readonly rules = telegramRules
  readonly connectSteps = [
    'In Telegram, write to @BotFather: /newbot. Give the bot a name, and copy the token that you are shown.',
    'Open your channel, then Administrators, then Add administrator, and choose the bot.',
    'Let it post messages and delete messages, and nothing else.',
  ]
  readonly connectFields = [
    {
      name: 'token',
      label: 'Token of the bot',
      help: 'From @BotFather. Whoever has it can post as the bot.',
      secret: true,
      placeholder: '123456789:AAE…',
    },
    {
      name: 'channel',
      label: 'Channel',
      help: 'Its public name with the @, or for a private channel its number, which begins with -100.',
      secret: false,
      placeholder: '@ourgroup',
    },
    {
      name: 'server',
      label: 'Server',
      help: 'Only if you run a Bot API server of your own.',
      secret: false,
      optional: true,
      placeholder: OFFICIAL,
    },
  ]

  constructor(
    private readonly outward: Outward,
    private readonly clock: Clock,
  ) {}

  async connect(_group: unknown, answers: Record<string, string>): Promise<ConnectOutcome> {
    const token = (answers.token ?? '').trim()
    const name = channelIn(answers.channel ?? '')
    const server = (answers.server ?? '').trim() || OFFICIAL
    const refused = (cause: string, field: string): ConnectOutcome => ({ kind: 'refused', cause, field })
    if (!/^\d+:[\w-]{30,}$/.test(token))
      return refused('This is no token of a bot. It looks like 123456789:AAE… and comes from @BotFather.', 'token')
    if (name === null)
      return refused(`“${answers.channel ?? ''}” is no name of a channel. It looks like @ourgroup.`, 'channel')
    if (!URL.canParse(server))
      return refused(`“${server}” is no address of a server; it looks like ${OFFICIAL}.`, 'server')
    const credentials = { token, server: new URL(server).origin }
    const signal = AbortSignal.timeout(CONNECT_MS)
    let step: 'bot' | 'channel' = 'bot'
    try {
      const bot = await this.ask<{ id: number; username?: string }>(credentials, 'getMe', {}, signal)
      step = 'channel'
      const chat = await this.ask<Chat>(credentials, 'getChat', { chat_id: name }, signal)
      const member = await this.ask<ChatMember>(
        credentials,
        'getChatMember',
        { chat_id: chat.id, user_id: bot.id },
        signal,
      )
      if (chat.type !== 'channel')
        return refused(`“${chat.title ?? name}” is a ${chat.type}, and no channel.`, 'channel')
      if (!mayPost(member))
        return refused('The bot may not post there. Make it an administrator who may post messages.', 'channel')
      return {
        kind: 'connected',
        remoteAccountId: String(chat.id),
        handle: chat.username ? `@${chat.username}` : (chat.title ?? String(chat.id)),
        url: chat.username ? `https://t.me/${chat.username}` : `https://t.me/c/${inner(chat.id)}`,
        credentials,
      }
    } catch (error) {
      return connectRefusalOf(faultOf(error), step)
    }
  }

  async publish(
    connection: Connection,
    post: OutgoingPost,
    _key: PublishKey,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const [problem] = this.rules.check(asChecked(post))
    if (problem) return { kind: 'rejected', cause: problem.message, field: problem.field }
    const files = [...post.pictures, ...(post.video ? [post.video] : [])]
    if (files.some((file) => sha256(file.bytes) !== file.sha256))
      return { kind: 'rejected', cause: 'A picture is not the one that was approved.', field: 'pictures' }
    if (signal.aborted)
      return { kind: 'retry', cause: 'The time for this post was over before it was sent.', afterSeconds: null }
    try {
      const { method, fields } = asCall(connection, post)
      const answer = await this.ask<Message | Message[]>(connection.credentials, method, fields, signal)
      const messages = Array.isArray(answer) ? answer : [answer]
      const [first] = messages
      if (!first) return { kind: 'unknown', cause: 'Telegram took the post and did not say where it is.' }
      return {
        kind: 'published',
        remoteId: messages.map((message) => message.message_id).join(','),
        url: urlOf(connection, first.message_id),
        at: DateTime.fromSeconds(first.date, { zone: 'utc' }).toISO()!,
      }
    } catch (error) {
      return publishOutcomeOf(faultOf(error), this.clock.now())
    }
  }

  find({ handle }: Connection): Promise<FindOutcome> {
    const cause = `Telegram lets no bot read what it posted. Open ${handle} and look whether the post is there.`
    return Promise.resolve({ kind: 'cannot-tell', cause })
  }

  /** Several pictures are several messages, deleted together. */
  async retract(
    { credentials, remoteAccountId }: Connection,
    remoteId: string,
    signal: AbortSignal,
  ): Promise<RetractOutcome> {
    const ids = idsIn(remoteId)
    if (ids.length === 0)
      return { kind: 'by-hand', cause: `${remoteId} is no post of this channel. Delete it in Telegram.` }
    try {
      for (const message_id of ids)
        await this.ask(credentials, 'deleteMessage', { chat_id: remoteAccountId, message_id }, signal).catch(
          (error: unknown) => {
            if (retractOutcomeOf(faultOf(error), this.clock.now()).kind !== 'retracted') throw error
          },
        )
      return { kind: 'retracted' }
    } catch (error) {
      return retractOutcomeOf(faultOf(error), this.clock.now())
    }
  }

  counters(): Promise<Map<string, Counters>> {
    return Promise.resolve(new Map())
  }

  async examine({ credentials, remoteAccountId }: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    try {
      const bot = await this.ask<{ id: number; username?: string }>(credentials, 'getMe', {}, signal)
      const member = await this.ask<ChatMember>(
        credentials,
        'getChatMember',
        { chat_id: remoteAccountId, user_id: bot.id },
        signal,
      )
      return [
        finding('bot', 'good', `The token belongs to @${bot.username ?? String(bot.id)}.`, null),
        mayPost(member)
          ? finding('posting', 'good', 'The bot may post in the channel.', null)
          : finding('posting', 'bad', 'The bot may not post in the channel.', 'Make it an administrator who may post.'),
        member.can_delete_messages || member.status === 'creator'
          ? finding('deleting', 'good', 'The bot may delete posts.', null)
          : finding(
              'deleting',
              'warning',
              'The bot may not delete posts.',
              'Let it delete messages, to take posts down.',
            ),
      ]
    } catch (error) {
      const fault = faultOf(error)
      const isToken = fault.status === 401 || fault.status === 404
      return [
        finding(
          'bot',
          'bad',
          isToken ? tokenGone : `Telegram could not be asked: ${fault.message}.`,
          isToken ? 'Connect the channel again with a new token.' : 'Look again later.',
        ),
      ]
    }
  }

  /** @throws ApiFault */
  private async ask<Result>(
    { token = '', server = OFFICIAL }: Credentials,
    method: string,
    fields: Readonly<Record<string, unknown>> | FormData,
    signal: AbortSignal,
  ): Promise<Result> {
    const api = new HttpApi(this.outward, server, {}, [token])
    const given = fields instanceof FormData ? { body: fields } : { json: fields }
    const { body } = await api.call<{ result: Result }>({
      method: 'POST',
      path: `/bot${token}/${method}`,
      signal,
      ...given,
    })
    return body.result
  }
}

/** One call makes the whole post public: a message, one file with a caption, or a group of pictures. */
function asCall(
  { remoteAccountId: chat_id }: Connection,
  { text, link, pictures, video, under }: OutgoingPost,
): { method: string; fields: Readonly<Record<string, unknown>> | FormData } {
  const reply_parameters = under ? { message_id: idsIn(under.parent)[0] ?? 0 } : undefined
  if (video || pictures.length > 0) {
    const form = new FormData()
    form.set('chat_id', chat_id)
    if (reply_parameters) form.set('reply_parameters', JSON.stringify(reply_parameters))
    const [picture] = pictures
    if (video) return one(form, 'sendVideo', 'video', video, text, { supports_streaming: 'true' })
    if (picture && pictures.length === 1) {
      const isMoving = picture.mime === 'image/gif'
      return one(form, isMoving ? 'sendAnimation' : 'sendPhoto', isMoving ? 'animation' : 'photo', picture, text)
    }
    pictures.forEach((each, index) => form.set(`picture${index}`, blobOf(each), nameOf(each)))
    // The caption of the first item is the caption of the group.
    const media = pictures.map((_, index) => ({
      type: 'photo',
      media: `attach://picture${index}`,
      ...(index === 0 && text !== '' ? { caption: text } : {}),
    }))
    form.set('media', JSON.stringify(media))
    return { method: 'sendMediaGroup', fields: form }
  }
  // Without a link of the post no card is shown, not even of an address in the text: nobody approved one.
  const link_preview_options = link === null ? { is_disabled: true } : { url: link }
  return {
    method: 'sendMessage',
    fields: { chat_id, text, link_preview_options, ...(reply_parameters ? { reply_parameters } : {}) },
  }
}

function one(
  form: FormData,
  method: string,
  field: string,
  file: Pick<SentPicture, 'bytes' | 'mime'>,
  caption: string,
  more: Readonly<Record<string, string>> = {},
): { method: string; fields: FormData } {
  form.set(field, blobOf(file), nameOf(file))
  if (caption !== '') form.set('caption', caption)
  for (const [name, value] of Object.entries(more)) form.set(name, value)
  return { method, fields: form }
}

function blobOf({ bytes, mime }: Pick<SentPicture, 'bytes' | 'mime'>): Blob {
  return new Blob([new Uint8Array(bytes)], { type: mime })
}

function nameOf({ mime }: { readonly mime: string }): string {
  return `file.${mime.split('/')[1] ?? 'bin'}`
}

function idsIn(remoteId: string): number[] {
  return /^\d+(,\d+)*$/.test(remoteId) ? remoteId.split(',').map(Number) : []
}

/** By its public name where the channel has one. */
function urlOf({ handle, remoteAccountId }: Connection, messageId: number): string {
  return handle.startsWith('@')
    ? `https://t.me/${handle.slice(1)}/${messageId}`
    : `https://t.me/c/${inner(Number(remoteAccountId))}/${messageId}`
}

/** A channel's id within links is without the -100 before it. */
function inner(id: number): string {
  return String(id).replace(/^-100/, '')
}

/** `@name`, a link to it, or the number of a private channel. */
function channelIn(typed: string): string | null {
  const text = typed.trim().replace(/^(https?:\/\/)?t\.me\//, '@')
  if (/^-100\d{5,}$/.test(text)) return text
  const name = text.startsWith('@') ? text : `@${text}`
  return /^@[A-Za-z]\w{3,31}$/.test(name) ? name : null
}

function mayPost({ status, can_post_messages }: ChatMember): boolean {
  return status === 'creator' || (status === 'administrator' && can_post_messages === true)
}

function finding(about: string, state: Finding['state'], said: string, nextStep: string | null): Finding {
  return { about, state, said, nextStep }
}

/** Anything but a fault of the call is a bug of ours; what was sent may be public all the same. */
function faultOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error
  return new ApiFault('Something broke while this was being sent.', null, true, new Headers(), null, '', {
    cause: error,
  })
}
