import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

import { quantile, withClient } from './server.mjs'

/** Somebody with a session. Every kind of question comes from an address of its own, because the server counts by it. */
export class Asker {
  addresses = 0

  constructor(origin, cookie) {
    this.origin = origin
    this.cookie = cookie
    this.move()
  }

  /** From now on from another address of this machine. */
  move() {
    this.addresses += 1
    this.agent?.destroy()
    this.agent = new Agent({ keepAlive: true, maxSockets: 4, localAddress: `127.0.${this.addresses >> 8}.${this.addresses & 255}` })
  }

  /** @returns the body, and how many milliseconds it took until the last of it was there */
  ask(method, path, body) {
    const begun = performance.now()
    const text = body === undefined ? '' : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const asking = request(
        new URL(path, this.origin),
        {
          method,
          agent: this.agent,
          headers: {
            cookie: this.cookie,
            ...(method === 'GET' ? {} : { 'x-seconder': '1', origin: this.origin, 'content-type': 'application/json' }),
            ...(text === '' ? {} : { 'content-length': Buffer.byteLength(text) }),
          },
        },
        (response) => {
          let said = ''
          response.setEncoding('utf8')
          response.on('data', (piece) => (said += piece))
          response.on('error', reject)
          response.on('end', () => {
            const ms = performance.now() - begun
            if (response.statusCode < 300) resolve({ body: said === '' ? null : JSON.parse(said), ms })
            else reject(new Error(`${method} ${path}: ${response.statusCode} ${said.slice(0, 300)}`))
          })
        },
      )
      asking.on('error', reject)
      asking.end(text)
    })
  }
} // prettier-ignore

/**
 * Asks the same again and again, after some rounds that do not count: p50 and p99 in milliseconds, and of how many.
 * @param mostSeconds after which no more are asked
 */
export async function timed(rounds, once, mostSeconds = Infinity) {
  const times = []
  let begun = performance.now()
  for (let round = -5; round < rounds; round += 1) {
    const ms = await once(round + 10)
    if (round < 0) begun = performance.now()
    else times.push(ms)
    if (times.length >= 5 && performance.now() - begun > mostSeconds * 1000) break
  }
  return { p50: rounded(quantile(times, 0.5)), p99: rounded(quantile(times, 0.99)), times: times.length }
}

export function rounded(ms) {
  return Number(ms.toFixed(ms < 10 ? 1 : 0))
}

/** How many statements the database gets for this, those of transactions left out. Other work of the process counts too. */
export async function statementsOf(server, database, logFile, work) {
  const log = (what) =>
    withClient(database.ownerUrl, async (client) => {
      await client.query(`alter system set log_statement = '${what}'`)
      await client.query('select pg_reload_conf()')
    })
  await log('all')
  await pause(300)
  const before = readFileSync(logFile, 'utf8').length
  await work()
  await pause(100)
  const fresh = readFileSync(logFile, 'utf8').slice(before)
  await log('none')
  const found = [...fresh.matchAll(/^(\w+)\|LOG: {2}(?:statement|execute [^:]*): (.*(?:\n\s.*)*)/gm)]
    .filter(([, name]) => name === database.name)
    .map(([, , text]) => text.replace(/\s+/g, ' ').trim())
  return found.filter((text) => !/^(begin|start transaction|commit|rollback|savepoint|release|alter system|select pg_reload)/i.test(text))
} // prettier-ignore

/** Waits until a request for several posts is dealt with. */
export async function bulkDone(asker, group, id) {
  for (;;) {
    const { body } = await asker.ask('GET', `/api/groups/${group}/bulk/${id}`)
    if (body.state !== 'running') return body
    await pause(250)
  }
}
