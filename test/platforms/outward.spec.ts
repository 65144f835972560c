import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'

import { mayConnectTo } from '../../src/platforms/outward-addresses.adapter.js'
import { Outward, OutwardFault } from '../../src/platforms/outward.adapter.js'

const servers: Server[] = []

async function serve(listener: RequestListener): Promise<{ port: number; url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}` }
}

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

const local = new Outward({ privateHosts: ['127.0.0.1'] })

async function faultOf(work: Promise<Response>): Promise<OutwardFault> {
  const outcome = await work.then(
    (response) => `answered ${response.status}`,
    (error: unknown) => error,
  )
  if (!(outcome instanceof OutwardFault)) throw new Error(`expected a fault, got ${String(outcome)}`)
  return outcome
}

describe('the way out', () => {
  it.each([
    ['this machine', 'https://127.0.0.1/'],
    ['this machine, written as a number', 'https://2130706433/'],
    ['this machine over IPv6', 'https://[::1]/'],
    ['this machine inside an IPv6 address', 'https://[::ffff:127.0.0.1]/'],
    ['an office network', 'https://192.168.1.1/'],
    ['the cloud’s metadata', 'https://169.254.169.254/latest/meta-data'],
    ['a shared carrier network', 'https://100.64.0.1/'],
    ['a unique local address', 'https://[fd12::1]/'],
    ['an IPv4 address behind NAT64', 'https://[64:ff9b::7f00:1]/'],
  ])('does not lead to %s', async (_what, url) => {
    const fault = await faultOf(new Outward().fetch(url))
    expect(fault).toMatchObject({ sent: false, message: expect.stringMatching(/private network/) })
  })

  it('does not lead to a private address behind a public name, not even as one of several', async () => {
    const resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '10.0.0.7', family: 4 },
    ]
    const fault = await faultOf(new Outward({ resolve }).fetch('https://innocent.example/'))
    expect(fault.message).toContain('10.0.0.7')
  })

  it('connects to the address that was checked, and asks for the name only once', async () => {
    const { port } = await serve((request, response) => response.end(request.headers.host))
    let asked = 0
    const resolve = async () => {
      asked += 1
      return [{ address: asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }]
    }
    const outward = new Outward({ privateHosts: ['pds.example'], resolve })
    const response = await outward.fetch(`http://pds.example:${port}/`)
    expect(await response.text()).toBe(`pds.example:${port}`)
    expect(asked).toBe(1)
  })

  it('leads to metadata addresses for nobody, even where private ones are allowed', () => {
    expect(mayConnectTo('10.0.0.1', true)).toBe(true)
    expect(mayConnectTo('169.254.169.254', true)).toBe(false)
    expect(mayConnectTo('::ffff:169.254.169.254', true)).toBe(false)
    expect(mayConnectTo('93.184.215.14', false)).toBe(true)
    expect(mayConnectTo('2606:4700::1111', false)).toBe(true)
  })

  it('allows a private host by name only, and plain http only there', async () => {
    const { url } = await serve((_request, response) => response.end('mine'))
    expect(await (await local.fetch(url)).text()).toBe('mine')
    const other = new Outward({ privateHosts: ['pds.example'] })
    expect((await faultOf(other.fetch(url))).message).toContain('only https')
  })

  it('follows a reading to another page, but not into the private network, and leaves the token behind', async () => {
    const inner = await serve((request, response) => response.end(`token: ${request.headers.authorization}`))
    const headers = { authorization: 'Bearer secret' }
    const outer = await serve((_request, response) => response.writeHead(302, { location: inner.url }).end())
    expect(await (await local.fetch(outer.url, { headers })).text()).toBe('token: undefined')
    const inward = await serve((_request, response) => response.writeHead(302, { location: 'https://10.0.0.1/' }).end())
    expect((await faultOf(local.fetch(inward.url))).message).toContain('10.0.0.1')
  })

  it('carries a write nowhere else', async () => {
    let arrived = 0
    const inner = await serve((_request, response) => {
      arrived += 1
      response.end()
    })
    const outer = await serve((_request, response) => response.writeHead(307, { location: inner.url }).end())
    expect((await local.fetch(outer.url, { method: 'POST', body: 'x' })).status).toBe(307)
    expect(arrived).toBe(0)
  })

  it('reads no more than it was told', async () => {
    const { url } = await serve((_request, response) => response.end('x'.repeat(2000)))
    const careful = new Outward({ privateHosts: ['127.0.0.1'], maximumAnswerBytes: 1000 })
    expect(await faultOf(careful.fetch(url))).toMatchObject({ sent: true })
  })

  it('knows that nothing was sent when nobody listens, the name is unknown, TLS fails or time was over before', async () => {
    const { url, port } = await serve((_request, response) => response.end())
    const gone = createTcpServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const { port: closed } = gone.address() as AddressInfo
    gone.close()
    await once(gone, 'close')
    const faults = await Promise.all([
      faultOf(local.fetch(`http://127.0.0.1:${closed}/`, { method: 'POST' })),
      faultOf(local.fetch('https://no-such-host.invalid/', { method: 'POST' })),
      faultOf(local.fetch(`https://127.0.0.1:${port}/`, { method: 'POST' })),
      faultOf(local.fetch(url, { method: 'POST', signal: AbortSignal.abort() })),
    ])
    expect(faults.map((fault) => fault.sent)).toEqual([false, false, false, false])
    expect(faults.slice(0, 3).map((fault) => fault.message)).toEqual([
      `127.0.0.1:${closed} was not reached: nothing answers there.`,
      expect.stringContaining('no-such-host.invalid'),
      `127.0.0.1:${port} was not reached: no secure connection could be made.`,
    ])
  })

  it.each([
    ['ENOTFOUND', 'There is no server with the name pds.example.'],
    ['EAI_AGAIN', 'The name pds.example could not be looked up: this installation gets no answer about names'],
  ])('says in plain words what %s means, and keeps the technical words as the cause', async (code, sentence) => {
    const cause = Object.assign(new Error(`getaddrinfo ${code} pds.example`), { code })
    const fault = await faultOf(new Outward({ resolve: () => Promise.reject(cause) }).fetch('https://pds.example/'))
    expect(fault.message).toContain(sentence)
    expect(fault.message).not.toMatch(/getaddrinfo/)
    expect(fault.cause).toBe(cause)
  })

  it('knows that something may have been done when the answer breaks off or comes too late', async () => {
    const deadline = new AbortController()
    const hangsUp = await serve((request) => request.socket.destroy())
    const stalls = await serve((_request, response) => {
      response.write('half', () => deadline.abort())
    })
    expect((await faultOf(local.fetch(hangsUp.url, { method: 'POST' }))).sent).toBe(true)
    expect((await faultOf(local.fetch(stalls.url, { method: 'POST', signal: deadline.signal }))).sent).toBe(true)
  })

  it('sends the bytes it was given and gives back status, headers and bytes', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(201, { 'x-length': request.headers['content-length'], 'content-type': 'image/png' })
      request.pipe(response)
    })
    const bytes = new Uint8Array([0, 255, 10, 13])
    const response = await local.fetch(url, { method: 'PUT', body: bytes, headers: { 'content-type': 'image/png' } })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-length')).toBe('4')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
  })
})
