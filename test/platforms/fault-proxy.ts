import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a request instead of passing through. */
export type Fault = {
  /** Which requests it meets, written as `METHOD path`. */
  readonly path: RegExp
  /** How many requests it meets; all of them unless told. */
  readonly times?: number
} & (
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: object
    }
  /** The connection is closed; the server behind sees nothing. */
  | { readonly kind: 'close' }
  /** The server behind does its work, and its answer is thrown away. */
  | { readonly kind: 'lose-answer' }
  /** The server behind does its work, and its answer stops half-way; `stalled` is called then. */
  | { readonly kind: 'slow-body'; readonly stalled: () => void }
)

/** A reverse proxy on 127.0.0.1 before a real server, in which tests plant faults. */
export class FaultProxy {
  /** Every request that came, as `METHOD path`. */
  readonly seen: string[] = []
  private faults: { fault: Fault; left: number }[] = []
  private target = ''
  private server = createServer()
  private chosenPort = 0

  static async start(): Promise<FaultProxy> {
    const proxy = new FaultProxy()
    await proxy.open()
    return proxy
  }

  get port(): number {
    return this.chosenPort
  }

  get url(): string {
    return `http://127.0.0.1:${this.chosenPort}`
  }

  forwardTo(origin: string): void {
    this.target = origin
  }

  plant(fault: Fault): void {
    this.faults.push({ fault, left: fault.times ?? Infinity })
  }

  heal(): void {
    this.faults = []
    this.seen.length = 0
  }

  /** Listens (again) on the port it had, so that after `close` connections are accepted once more. */
  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy())
    })
    this.server.listen(this.chosenPort, '127.0.0.1')
    await once(this.server, 'listening')
    this.chosenPort = (this.server.address() as AddressInfo).port
  }

  /** Refuses connections. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    this.server.closeAllConnections()
    await closed
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    this.seen.push(`${request.method} ${path}`)
    const body = await bytesOf(request)
    const planted = this.faults.find(({ fault, left }) => left > 0 && fault.path.test(`${request.method} ${path}`))
    if (planted) planted.left -= 1
    const fault = planted?.fault
    if (fault?.kind === 'close') {
      response.destroy()
      return
    }
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
      response.end(JSON.stringify(fault.body ?? {}))
      return
    }
    const answer = await this.pass(request, body)
    if (fault?.kind === 'lose-answer') {
      response.destroy()
    } else if (fault?.kind === 'slow-body') {
      response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length) })
      response.write(answer.body.subarray(0, answer.body.length / 2), () => fault.stalled())
    } else {
      response.writeHead(answer.status, answer.headers)
      response.end(answer.body)
    }
  }

  private async pass(request: IncomingMessage, body: Buffer) {
    const onward = httpRequest(new URL(request.url ?? '/', this.target), {
      method: request.method,
      headers: { ...request.headers, connection: 'close' },
      agent: false,
    })
    onward.end(body)
    const [answer] = (await once(onward, 'response')) as [IncomingMessage]
    const headers = { ...answer.headers }
    delete headers['transfer-encoding']
    delete headers.connection
    return { status: answer.statusCode ?? 502, headers, body: await bytesOf(answer) }
  }
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
