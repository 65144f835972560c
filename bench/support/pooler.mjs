import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

import { withClient } from './server.mjs'

/** The version of this PgBouncer, or null where it cannot be run. */
export function poolerVersion(program) {
  return spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.split('\n')[0] ?? null
}

/**
 * A PgBouncer in transaction mode in front of this server.
 * @param urls addresses of the server, one for each role that comes through it
 * @param sessions how many the pooler opens for each role and database
 */
export async function startPooler(program, urls, { sessions, ignore = 'options' }) {
  const [{ hostname, port: behind }] = urls.map((url) => new URL(url))
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'seconder-pooler-'))
  const users = urls.map((url) => new URL(url)).map((url) => `"${decodeURIComponent(url.username)}" "${decodeURIComponent(url.password)}"`)
  writeFileSync(join(folder, 'users'), `${[...new Set(users)].join('\n')}\n`)
  const settings = `[databases]
* = host=${hostname} port=${behind}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users')}
pool_mode = transaction
default_pool_size = ${sessions}
max_client_conn = 200
admin_users = ${decodeURIComponent(new URL(urls[0]).username)}
log_connections = 0
log_disconnections = 0
${ignore ? `ignore_startup_parameters = ${ignore}` : ''}
`
  writeFileSync(join(folder, 'settings'), settings)
  // PgBouncer refuses to run as root; what it reads then belongs to nobody.
  const root = userInfo().uid === 0
  if (root) for (const file of ['', 'users', 'settings']) chownSync(join(folder, file), 65_534, 65_534)
  chmodSync(folder, 0o700)
  const child = spawn(program, [...(root ? ['-u', 'nobody'] : []), join(folder, 'settings')], { stdio: ['ignore', 'ignore', 'pipe'] })
  process.once('exit', () => child.kill('SIGKILL'))
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (words) => (log += words))
  while (!log.includes('process up')) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended:\n${log}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    port,
    through(url) {
      const result = new URL(url)
      result.port = String(port)
      return result.href
    },
    /** Sessions, and what the pooler remembers of them, as roles are now. */
    async reconnect() {
      const console = new URL(this.through(urls[0]))
      console.pathname = '/pgbouncer'
      await withClient(console.href, (client) => client.query('reconnect'))
    },
    async stop() {
      child.kill('SIGINT')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
} // prettier-ignore

export async function freePort() {
  const server = createServer()
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
