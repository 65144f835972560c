import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sha256 } from '../../../src/kernel/ids.js'
import type { PublicPost } from '../contract.js'

interface Picture {
  readonly mime: string
  readonly alt: string
  readonly sha256: string
  readonly base64: string
}

interface Posted {
  readonly key: string
  readonly text: string
  readonly contentWarning: string | null
  readonly visibility: 'public' | 'unlisted' | 'followers'
  readonly under: { kind: string; root: string; parent: string } | null
  readonly pictures: readonly Picture[]
}

/**
 * A program such as a group would write: it checks the signature and the time, keeps `webhook-id`, and answers where the
 * post is. `plain` is one that knows of posts only, and not of the other questions.
 */
export class Receiver {
  readonly secret = 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciBvZiB0aGUgdGVzdHM='
  readonly posts = new Map<string, Posted>()
  /** By `webhook-id`, what was answered. */
  private readonly answered = new Map<string, object>()
  plain = false
  /** Its clock, as milliseconds. */
  now = (): number => Date.now()
  private server = createServer()

  static async start(): Promise<Receiver> {
    const receiver = new Receiver()
    receiver.server = createServer((request, response) => void receiver.handle(request, response))
    receiver.server.listen(0, '127.0.0.1')
    await once(receiver.server, 'listening')
    return receiver
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

  published(): PublicPost[] {
    return [...this.posts].map(([remoteId, post]) => ({
      remoteId,
      text: post.text,
      alts: post.pictures.map(({ alt }) => alt),
      pictures: post.pictures.map(({ base64 }) => sha256(new Uint8Array(Buffer.from(base64, 'base64')))),
      visibility: post.visibility,
      ...(post.under ? { under: post.under.parent } : {}),
      ...(post.contentWarning ? { contentWarning: post.contentWarning } : {}),
    }))
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { status, body } = this.answer(request, Buffer.concat(chunks).toString())
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }

  private answer(request: IncomingMessage, body: string): { status: number; body: object } {
    const header = (name: string) => String(request.headers[name] ?? '')
    const [id, at, signature] = [header('webhook-id'), header('webhook-timestamp'), header('webhook-signature')]
    const key = Buffer.from(this.secret.slice('whsec_'.length), 'base64')
    const right = `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`
    const same = signature.length === right.length && timingSafeEqual(Buffer.from(signature), Buffer.from(right))
    if (!same || Math.abs(this.now() / 1000 - Number(at)) > 300) return { status: 401, body: { error: 'not signed' } }
    if (request.method !== 'POST' || header('content-type') !== 'application/json' || header('idempotency-key') !== id)
      return { status: 400, body: { error: 'not a webhook' } }
    const { type, data } = JSON.parse(body) as { type: string; timestamp: string; data: Record<string, unknown> }
    if (this.plain && type !== 'post.publish') return { status: 200, body: {} }
    switch (type) {
      case 'connection.check':
        return { status: 200, body: {} }
      case 'post.publish':
        return { status: 200, body: this.publish(id, data as unknown as Posted) }
      case 'post.find': {
        const found = this.answered.get(String(data['key'])) as { id: string } | undefined
        return {
          status: 200,
          body: found && this.posts.has(found.id) ? { state: 'public', ...found } : { state: 'absent' },
        }
      }
      case 'post.retract':
        return this.posts.delete(String(data['id'])) ? { status: 200, body: {} } : { status: 404, body: {} }
      case 'post.counters': {
        const counted = { reactions: 1, replies: 2, reposts: 3, clicks: 4, impressions: 5 }
        const ids = (data['ids'] as string[]).filter((each) => this.posts.has(each))
        return { status: 200, body: { counters: Object.fromEntries(ids.map((each) => [each, counted])) } }
      }
      default:
        return { status: 400, body: { error: `unknown type ${type}` } }
    }
  }

  private publish(webhookId: string, post: Posted): object {
    const before = this.answered.get(webhookId)
    if (before) return before
    const id = `post-${this.posts.size + this.answered.size + 1}`
    this.posts.set(id, post)
    const answer = { id, url: `https://example.org/posts/${id}` }
    this.answered.set(webhookId, answer)
    return answer
  }
}
