import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { NetworkView } from '../../src/channels/channels.dto.js'
import type { ConsentView } from '../../src/channels/consents.dto.js'
import { startApp, type TestApp } from '../support/app.js'
import { forgetLimits } from '../support/group-fixture.js'
import type { Visitor } from '../support/visitor.js'

// Whoever connects an account may name a server. None of them is a way into the operator's own network.

let app: TestApp
let ana: Visitor
/** Something that only this machine should reach. */
let inside: Server
let port: number
let reached: string[]

const answers: Readonly<Record<string, string>> = {
  handle: 'river.example.org',
  appPassword: 'abcd-efgh-ijkl-mnop',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  token: '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw8',
  botToken: '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw8',
  channel: '@river',
}
const places = [
  'http://127.0.0.1:PORT',
  'https://127.0.0.1:PORT',
  'https://localhost:PORT',
  'https://[::1]:PORT',
  'https://[::ffff:127.0.0.1]:PORT',
  'https://2130706433:PORT',
  'https://169.254.169.254',
]

beforeAll(async () => {
  inside = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  inside.on('connection', () => reached.push('a connection'))
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
  port = (inside.address() as AddressInfo).port
})
beforeEach(() => (reached = []))
afterAll(() => inside?.close())

async function start(settings: Record<string, string>): Promise<void> {
  app = await startApp({ ticking: false, settings })
  app.app.useLogger(false)
  await app.makeGroup({ name: 'River' }, [{ name: 'Ana', roles: ['admin'] }])
  ana = await app.signedIn('ana@example.org')
}

async function connect({ network, fields, consent }: NetworkView, place: string) {
  await forgetLimits(app)
  const given = Object.fromEntries(
    fields.map(({ name }) => [name, ['server', 'address'].includes(name) ? place : (answers[name] ?? 'x')]),
  )
  const path = `/api/groups/river/channels${consent ? '/consent' : ''}`
  return ana.post<ConsentView & { code?: string; detail?: string }>(path, { network, answers: given })
}

async function withServers(): Promise<NetworkView[]> {
  const { body } = await ana.get<NetworkView[]>('/api/networks')
  return body.filter(({ fields }) => fields.some(({ name }) => ['server', 'address'].includes(name)))
}

describe('a server that somebody names', () => {
  afterEach(() => app?.close())

  it('is not reached at an address inside, by any network', async () => {
    await start({})
    const networks = await withServers()
    expect(networks.map(({ network }) => network)).toEqual(expect.arrayContaining(['bluesky', 'mastodon', 'webhook']))
    for (const network of networks) {
      for (const place of places) {
        const answer = await connect(network, place.replace('PORT', String(port)))
        expect([network.network, place, answer.status, answer.body.code]).toEqual([
          network.network,
          place,
          422,
          'connection-refused',
        ])
      }
    }
    expect(reached).toEqual([])
  })

  it('is reached there where the operator has named it', async () => {
    await start({ PRIVATE_HOSTS: '127.0.0.1' })
    for (const network of await withServers()) {
      reached = []
      await connect(network, `http://127.0.0.1:${port}`)
      expect([network.network, reached.length > 0]).toEqual([network.network, true])
    }
  })
})
