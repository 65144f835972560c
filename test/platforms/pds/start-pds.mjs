/**
 * Starts a real Bluesky personal data server (PDS) for tests, with a directory of identities (PLC) in memory.
 * Both listen on 127.0.0.1 only. Prints one line of JSON when ready: { "url": "http://127.0.0.1:port" }.
 * SIGTERM stops it and removes its files.
 *
 * PDS_PUBLIC_PORT: the port that the server names as its own in identity documents, when a proxy stands before it.
 */
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'

import { Secp256k1Keypair } from '@atproto/crypto'
import { PDS } from '@atproto/pds'
import plc from '@did-plc/lib'

const listenLocally = async (server) => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}

/** The part of the PLC directory's API (https://web.plc.directory) that a PDS uses; signatures are really checked. */
function directory() {
  const operations = new Map()

  async function answer(request) {
    const [did, part, which] = new URL(request.url, 'http://plc').pathname.slice(1).split('/').map(decodeURIComponent)
    if (did === '_health') return [200, { version: 'memory' }]
    const known = operations.get(did)
    if (request.method === 'POST') {
      const log = [...(known ?? []), JSON.parse(await textOf(request))]
      await plc.validateOperationLog(did, log)
      operations.set(did, log)
      return [200, {}]
    }
    if (!known) return [404, { message: `DID not registered: ${did}` }]
    if (part === 'log') return [200, which === 'last' ? known.at(-1) : known]
    const data = await plc.validateOperationLog(did, known)
    if (!data) return [410, { message: `DID not available: ${did}` }]
    return [200, part === 'data' ? data : plc.formatDidDoc(data)]
  }

  return http.createServer((request, response) => {
    void answer(request)
      .catch((error) => [400, { message: error.message }])
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      })
  })
}

async function textOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const plcServer = directory()
const plcPort = await listenLocally(plcServer)
const pdsServer = http.createServer()
const pdsPort = await listenLocally(pdsServer)

const files = fs.mkdtempSync(path.join(os.tmpdir(), 'seconder-test-pds-'))
const rotation = await Secp256k1Keypair.create({ exportable: true })
const recovery = await Secp256k1Keypair.create()

const pds = await PDS.fromEnv({
  devMode: true,
  hostname: 'localhost',
  port: Number(process.env.PDS_PUBLIC_PORT ?? pdsPort),
  dataDirectory: files,
  blobstoreDiskLocation: path.join(files, 'blobs'),
  didPlcUrl: `http://127.0.0.1:${plcPort}`,
  plcRotationKeyK256PrivateKeyHex: Buffer.from(await rotation.export()).toString('hex'),
  recoveryDidKey: recovery.did(),
  adminPassword: 'only-for-tests',
  jwtSecret: 'only-for-tests',
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
  rateLimitsEnabled: false,
  // No AppView: what it would answer is 502 UpstreamFailure.
  bskyAppViewUrl: 'https://appview.invalid',
  bskyAppViewDid: 'did:example:appview',
  bskyAppViewCdnUrlPattern: 'https://cdn.invalid/%s/%s/%s',
  modServiceUrl: 'https://moderation.invalid',
  modServiceDid: 'did:example:moderation',
})

// PDS.start() would listen on every interface, and on the public port: hand it the server that listens already.
pds.app.listen = () => {
  pdsServer.on('request', pds.app)
  setImmediate(() => pdsServer.emit('listening'))
  return pdsServer
}
await pds.start()

async function stop() {
  await pds.destroy()
  plcServer.closeAllConnections()
  plcServer.close()
  fs.rmSync(files, { recursive: true, force: true })
  process.exit(0)
}

process.once('SIGTERM', () => void stop())

process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${pdsPort}` })}\n`)
