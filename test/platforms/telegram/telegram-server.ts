import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sha256 } from '../../../src/kernel/ids.js'
import type { PublicPost } from '../contract.js'

interface Chat {
  readonly id: number
  readonly type: 'channel' | 'supergroup'
  readonly title: string
  readonly username?: string
  member: { status: string; can_post_messages?: boolean; can_delete_messages?: boolean }
}

interface Kept {
  readonly id: number
  readonly chat: number
  readonly date: number
  readonly text: string
  readonly pictures: readonly string[]
  readonly group: number
  readonly replyTo: number | null
  readonly preview: unknown
  readonly kind: string
}

/** Refused as the Bot API words it. */
class Refused extends Error {
  constructor(
    readonly code: number,
    description: string,
  ) {
    super(description)
  }
}

const bad = (description: string) => new Refused(400, `Bad Request: ${description}`)

/** What each method takes: anything else is a mistake of ours that the real server would pass over in silence. */
const known: Readonly<Record<string, readonly string[]>> = {
  getMe: [],
  getChat: ['chat_id'],
  getChatMember: ['chat_id', 'user_id'],
  sendMessage: ['chat_id', 'text', 'link_preview_options', 'reply_parameters'],
  sendPhoto: ['chat_id', 'photo', 'caption', 'reply_parameters'],
  sendAnimation: ['chat_id', 'animation', 'caption', 'reply_parameters'],
  sendVideo: ['chat_id', 'video', 'caption', 'supports_streaming', 'reply_parameters'],
  sendMediaGroup: ['chat_id', 'media', 'reply_parameters'],
  deleteMessage: ['chat_id', 'message_id'],
}

/**
 * As much of the Bot API as a bot that posts in a channel needs, in the words of https://core.telegram.org/bots/api
 * (10.1): strict about what it is sent, with one number after the other for messages, no keys, and no way to read back.
 */
export class TelegramServer {
  readonly token = '123456789:AAExampleTokenOfATestBot_0123456789'
  readonly chats: Chat[] = [
    {
      id: -1001234567890,
      type: 'channel',
      title: 'Riverside',
      username: 'riverside',
      member: { status: 'administrator', can_post_messages: true, can_delete_messages: true },
    },
    {
      id: -1009876543210,
      type: 'channel',
      title: 'Private riverside',
      member: { status: 'administrator', can_post_messages: true, can_delete_messages: false },
    },
    { id: -1001111111111, type: 'supergroup', title: 'Chatter', username: 'chatter', member: { status: 'member' } },
    { id: -1002222222222, type: 'channel', title: 'Not ours', username: 'notours', member: { status: 'left' } },
  ]
  readonly kept: Kept[] = []
  /** Seconds that the server's clock is ahead: what is older than 48 hours is not deleted. */
  aheadSeconds = 0
  private lastId = 100
  private server = createServer()

  static async start(): Promise<TelegramServer> {
    const telegram = new TelegramServer()
    telegram.server = createServer((request, response) => void telegram.handle(request, response))
    telegram.server.listen(0, '127.0.0.1')
    await once(telegram.server, 'listening')
    return telegram
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    const closed = once(this.server, 'close')
    this.server.close()
    await closed
  }

  /** As somebody who reads the channel sees it: a group of pictures is one post. */
  published(chat: number): PublicPost[] {
    const groups = Map.groupBy(
      this.kept.filter((message) => message.chat === chat),
      (message) => message.group,
    )
    return [...groups.values()].map((messages) => {
      const [first] = messages
      const replyTo = first?.replyTo ?? null
      const above = this.kept.find((message) => message.id === replyTo)
      const parent = above && this.kept.filter((message) => message.group === above.group)
      return {
        remoteId: messages.map((message) => message.id).join(','),
        text: first?.text ?? '',
        alts: [],
        pictures: messages.flatMap((message) => message.pictures),
        ...(parent ? { under: parent.map((message) => message.id).join(',') } : {}),
      }
    })
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    try {
      const result = await this.call(request, Buffer.concat(chunks))
      answer(200, { ok: true, result })
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused(500, `Internal Server Error: ${String(error)}`)
      answer(refused.code, { ok: false, error_code: refused.code, description: refused.message })
    }
  }

  private async call(request: IncomingMessage, bytes: Buffer): Promise<unknown> {
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? []
    if (token !== this.token) throw new Refused(401, 'Unauthorized')
    const takes = method ? known[method] : undefined
    if (!method || !takes) throw new Refused(404, 'Not Found')
    const type = request.headers['content-type'] ?? ''
    const files = new Map<string, Buffer>()
    const fields: Record<string, unknown> = {}
    if (type.startsWith('application/json')) Object.assign(fields, JSON.parse(bytes.toString()))
    else if (type.startsWith('multipart/form-data')) {
      const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData()
      for (const [name, value] of form.entries()) {
        if (typeof value === 'string') fields[name] = /^[[{]/.test(value) ? JSON.parse(value) : value
        else files.set(name, Buffer.from(await value.arrayBuffer()))
      }
    } else throw bad(`content type "${type}" is not understood`)
    const attached = [...files.keys()].filter((name) => !takes.includes(name) && !/^picture\d$/.test(name))
    const unknown = [...Object.keys(fields).filter((name) => !takes.includes(name)), ...attached]
    if (unknown.length > 0) throw bad(`unknown parameter ${unknown.join(', ')}`)
    return this.run(method, fields, files)
  }

  private run(method: string, fields: Record<string, unknown>, files: Map<string, Buffer>): unknown {
    if (method === 'getMe') return { id: 123456789, is_bot: true, first_name: 'Riverside', username: 'riverside_bot' }
    const chat = this.chats.find(({ id, username }) =>
      [String(id), username && `@${username}`].includes(String(fields['chat_id'])),
    )
    if (!chat) throw bad('chat not found')
    const { member, ...shown } = chat
    if (method === 'getChat') return shown
    if (method === 'getChatMember') {
      if (fields['user_id'] !== 123456789) throw bad('user not found')
      return { user: { id: 123456789 }, ...member }
    }
    if (member.status === 'left') throw new Refused(403, 'Forbidden: bot is not a member of the channel chat')
    if (member.status === 'kicked') throw new Refused(403, 'Forbidden: bot was kicked from the channel chat')
    if (method === 'deleteMessage') return this.remove(chat, fields['message_id'])
    if (!member.can_post_messages) throw bad('need administrator rights in the channel chat')
    return this.send(method, chat, fields, files)
  }

  private remove(chat: Chat, id: unknown): true {
    const at = this.kept.findIndex((message) => message.chat === chat.id && message.id === id)
    const message = this.kept[at]
    if (!message) throw bad('message to delete not found')
    if (this.now() - message.date > 48 * 3600 || !chat.member.can_delete_messages) throw bad("message can't be deleted")
    this.kept.splice(at, 1)
    return true
  }

  private send(method: string, chat: Chat, fields: Record<string, unknown>, files: Map<string, Buffer>): unknown {
    const reply = fields['reply_parameters'] as { message_id?: unknown } | undefined
    const replyTo = reply ? this.kept.find(({ id, chat: where }) => where === chat.id && id === reply.message_id) : null
    if (replyTo === undefined) throw bad('message to be replied not found')
    const group = this.lastId + 1
    const keep = (kind: string, text: string, pictures: readonly string[]) => {
      this.lastId += 1
      const preview = fields['link_preview_options']
      const message = { id: this.lastId, chat: chat.id, date: this.now(), text, pictures, group, kind, preview }
      this.kept.push({ ...message, replyTo: replyTo?.id ?? null })
      return { message_id: message.id, date: message.date, chat: { id: chat.id, type: chat.type } }
    }
    const caption = (given: unknown) => {
      const text = typeof given === 'string' ? given : ''
      if (text.length > 1024) throw bad('message caption is too long')
      return text
    }
    if (method === 'sendMessage') {
      const text = fields['text']
      if (typeof text !== 'string' || text.trim() === '') throw bad('message text is empty')
      if (text.length > 4096) throw bad('message is too long')
      return keep('text', text, [])
    }
    if (method === 'sendMediaGroup') {
      const media = fields['media'] as { type: string; media: string; caption?: string }[]
      if (!Array.isArray(media) || media.length < 2 || media.length > 10) throw bad('wrong number of media')
      const items = media.map((item) => {
        const file = files.get(item.media.replace('attach://', ''))
        if (item.type !== 'photo' || !file) throw bad('wrong file identifier/HTTP URL specified')
        if (file.length > 10_000_000) throw new Refused(413, 'Request Entity Too Large')
        return { text: caption(item.caption), hash: sha256(new Uint8Array(file)) }
      })
      return items.map(({ text, hash }) => keep('photo', text, [hash]))
    }
    const [kind = ''] = ['photo', 'animation', 'video'].filter((name) => files.has(name))
    const file = files.get(kind)
    if (!file || method.toLowerCase() !== `send${kind}`) throw bad('there is no file in the request')
    if (file.length > (kind === 'photo' ? 10_000_000 : 50_000_000)) throw new Refused(413, 'Request Entity Too Large')
    return keep(kind, caption(fields['caption']), [sha256(new Uint8Array(file))])
  }

  private now(): number {
    return Math.floor(Date.now() / 1000) + this.aheadSeconds
  }
}
