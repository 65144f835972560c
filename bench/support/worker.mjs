import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

import { product } from './server.mjs'

// A process that only publishes (ROLE=worker), as `npm start` would run it, but for the network: NETWORK_PORT is where a
// stand-in answers; without it every send succeeds after NETWORK_DELAY milliseconds. Says "ready" on its first line.
const { loadConfig } = await product('src/config/load-config.js')
const { createApp } = await product('src/start.js')
const { PlatformRegistry } = await product('src/platforms/platform-registry.js')
const { platformRules } = await product('src/platforms/rules.js')
const { OWNER_URL, DIRECT_URL, NETWORK_PORT, NETWORK_DELAY = '0' } = process.env

const config = loadConfig()
const app = await createApp(
  config,
  { url: config.databaseUrl, ownerUrl: OWNER_URL, directUrl: DIRECT_URL },
  { quiet: true },
)
const agent = new Agent({ keepAlive: true, maxSockets: 128 })
const network = {
  rules: platformRules.bluesky,
  connectFields: [],
  connectSteps: [],
  publish: NETWORK_PORT ? publishOverHttp : publishAtOnce,
  async find(_connection, _post, key, signal) {
    try {
      const { there } = await ask('/find', { id: key.publicationId }, signal)
      return there ? { kind: 'found', ...addressOf(key), at: key.createdAt } : { kind: 'absent' }
    } catch {
      return { kind: 'cannot-tell', cause: 'The network does not answer.' }
    }
  },
  counters: () => Promise.resolve(new Map()),
}
app.get(PlatformRegistry).get = () => network
app.enableShutdownHooks()
await app.init()
process.stdout.write('ready\n')

async function publishAtOnce(_connection, _post, key) {
  if (NETWORK_DELAY !== '0') await pause(Number(NETWORK_DELAY))
  return { kind: 'published', ...addressOf(key), at: key.createdAt }
}

async function publishOverHttp(_connection, post, key, signal) {
  try {
    await ask('/publish', { id: key.publicationId, text: post.text }, signal)
    return { kind: 'published', ...addressOf(key), at: key.createdAt }
  } catch (error) {
    // Refused before a byte left: safe to repeat.
    if (error.code === 'ECONNREFUSED') return { kind: 'retry', cause: 'Nobody answers there.', afterSeconds: null }
    return { kind: 'unknown', cause: 'No answer came.' }
  }
}

function addressOf({ publicationId }) {
  return { remoteId: `at://network/${publicationId}`, url: `https://network.example/${publicationId}` }
}

function ask(path, body, signal) {
  return new Promise((resolve, reject) => {
    const sending = request(
      { host: '127.0.0.1', port: NETWORK_PORT, path, method: 'POST', agent, signal },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece) => (text += piece))
        response.on('end', () => (response.complete ? resolve(JSON.parse(text)) : reject(new Error('cut off'))))
        response.on('error', reject)
      },
    )
    sending.on('error', reject)
    sending.end(JSON.stringify(body))
  })
}
