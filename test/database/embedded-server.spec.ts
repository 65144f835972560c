import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import {
  connectToEmbeddedServer,
  type EmbeddedServer,
  startEmbeddedServer,
} from '../../src/database/embedded/embedded-server.js'
import { isAlive } from '../../src/database/embedded/process.js'
import { until } from '../support/until.js'

const isRoot = process.getuid?.() === 0
const extra = { fsync: 'off' }
let folder: string
let dataDir: string
let servers: EmbeddedServer[]
let apps: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seconder-embedded-'))
  chmodSync(folder, 0o711)
  dataDir = join(folder, 'data')
  servers = []
  apps = []
})

afterEach(async () => {
  for (const app of apps) if (app.exitCode === null && app.signalCode === null) signalGroup(app, 'SIGKILL')
  for (const server of servers) await server.stop()
  // what a killed application left behind
  const last = existsSync(join(dataDir, 'postgres', 'db', 'PG_VERSION')) && (await start().catch(() => null))
  if (last) await last.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(options: { refuge?: string; log?: (line: string) => void } = {}): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ dataDir, extra, ...options })
  servers.push(server)
  return server
}

async function connect(): Promise<EmbeddedServer> {
  const server = await connectToEmbeddedServer({ dataDir, extra })
  servers.push(server)
  return server
}

/** The application as a process of its own, in a process group of its own, as a terminal would run it. */
function launchApp(): ChildProcess {
  const hooks = join(import.meta.dirname, '..', 'support', 'run-typescript.js')
  const program = join(import.meta.dirname, '..', 'support', 'app-with-database.ts')
  const app = spawn(process.execPath, ['--import', hooks, program, dataDir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  apps.push(app)
  return app
}

async function isUp(app: ChildProcess): Promise<{ url: string; pid: number; adopted: boolean }> {
  const [words] = (await once(app.stdout!, 'data')) as [Buffer]
  return JSON.parse(words.toString()) as { url: string; pid: number; adopted: boolean }
}

function signalGroup(app: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(-app.pid!, signal)
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}

describe('an embedded PostgreSQL', () => {
  it('listens on the loopback only, with a password nobody else can read and a locale that cannot change', async () => {
    const server = await start()
    const [row] = await query(
      server.url,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
        (select format('%s %s', datlocprovider, datlocale) from pg_database where datname = current_database()) as locale`,
    )
    expect(row).toEqual({ addresses: '127.0.0.1', sockets: '', locale: 'b C.UTF-8' })
    expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600)
    expect(new URL(server.url).password).toMatch(/^[\w-]{32}$/)
    const wrong = server.url.replace(/:[\w-]{32}@/, ':seconder@')
    await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/)
  })

  it('that outlived a killed application is taken over with its data', async () => {
    const app = launchApp()
    const before = await isUp(app)
    await query(before.url, "insert into outcomes values ('kept')")
    signalGroup(app, 'SIGKILL')
    await once(app, 'exit')
    expect(isAlive(before.pid)).toBe(true)

    const server = await start()
    expect(server).toMatchObject({ adopted: true, pid: before.pid, url: before.url })
    expect(await query(server.url, 'select words from outcomes')).toEqual([{ words: 'kept' }])
  })

  it('that is killed under a running application comes back at the same address', async () => {
    const server = await start()
    const { pid } = server
    process.kill(pid, 'SIGKILL')
    await until('a new process', () => server.pid !== pid)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('starts again when application and server were both killed', async () => {
    const app = launchApp()
    const before = await isUp(app)
    await query(before.url, "insert into outcomes values ('kept')")
    signalGroup(app, 'SIGKILL')
    process.kill(before.pid, 'SIGKILL')

    const server = await start()
    expect(server.adopted).toBe(false)
    expect(await query(server.url, 'select words from outcomes')).toEqual([{ words: 'kept' }])
  })

  it('survives Ctrl-C, which reaches the whole process group, until the application has written its outcome', async () => {
    const app = launchApp()
    const { pid } = await isUp(app)
    signalGroup(app, 'SIGINT')
    const [code] = (await once(app, 'exit')) as [number | null]
    expect(code).toBe(0)
    expect(isAlive(pid)).toBe(false)

    const { url } = await start()
    expect(await query(url, 'select words from outcomes')).toEqual([{ words: 'written after Ctrl-C' }])
  })

  it('is created afresh when its creation was cut off in the middle', async () => {
    const app = launchApp()
    const home = join(dataDir, 'postgres')
    const unfinished = (name: string) => name.startsWith('db.new-')
    await until('initdb at work', () => existsSync(home) && readdirSync(home).some(unfinished))
    signalGroup(app, 'SIGKILL')
    await once(app, 'exit')
    expect(readdirSync(home)).not.toContain('db')
    expect(readdirSync(home).some(unfinished)).toBe(true)

    const { url } = await start()
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(readdirSync(home).some(unfinished)).toBe(false)
  })

  it('belongs to one application: a second one is refused, the command line may connect', async () => {
    const server = await start()
    const line = await connect()
    expect(line).toMatchObject({ url: server.url, pid: server.pid, adopted: true })
    await line.stop()
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])

    await expect(start()).rejects.toMatchObject({
      code: 'data-directory-in-use',
      message: expect.stringContaining(
        `Another Seconder (process ${process.pid}) is running on the data in `,
      ) as string,
    })
  })

  it('that the command line started ends with it, unless an application has taken it over', async () => {
    const alone = await connect()
    expect(alone.adopted).toBe(false)
    await alone.stop()
    expect(isAlive(alone.pid)).toBe(false)

    const line = await connect()
    const app = await start()
    expect(app.pid).toBe(line.pid)
    await line.stop()
    expect(await query(app.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it.each([
    [19, 'newer'],
    [17, 'older'],
  ])('does not touch the data of PostgreSQL %i, and says the way out', async (version, comparison) => {
    const cluster = join(dataDir, 'postgres', 'db')
    mkdirSync(cluster, { recursive: true, mode: 0o755 })
    writeFileSync(join(cluster, 'PG_VERSION'), `${version}\n`)
    await expect(start()).rejects.toMatchObject({
      code: 'database-of-another-version',
      message: expect.stringMatching(
        new RegExp(
          `made by PostgreSQL ${version}, which is ${comparison} .* Nothing was changed\\. Start it with the Seconder that made it`,
        ),
      ) as string,
    })
    expect(readdirSync(cluster)).toEqual(['PG_VERSION'])
  })

  it('is refused on a data directory that cannot be written', async () => {
    // modes do not stop root, a file in the way does
    if (isRoot) writeFileSync(dataDir, '')
    else mkdirSync(dataDir, { mode: 0o500 })
    await expect(start()).rejects.toMatchObject({
      code: 'data-directory-not-writable',
      message: expect.stringMatching(
        /Seconder cannot keep its database in .* set DATA_DIR to another folder\./,
      ) as string,
    })
  })

  it('never runs as root, and moves out of a folder that only root can enter', async () => {
    chmodSync(folder, 0o700)
    const refuge = mkdtempSync(join(tmpdir(), 'seconder-refuge-'))
    chmodSync(refuge, 0o711)
    const lines: string[] = []
    try {
      const server = await start({ refuge, log: (line) => lines.push(line) })
      expect(statSync(server.dataDirectory).uid).not.toBe(0)
      // someone other than root can enter his own closed folder, and stays
      expect(server.dataDirectory.startsWith(isRoot ? refuge : folder)).toBe(true)
      expect(lines.join(' ')).toMatch(isRoot ? /The database is kept in .* instead/ : /^$/)
      await server.stop()

      const again = await start({ refuge: join(folder, 'another-refuge') })
      expect(again.dataDirectory).toBe(server.dataDirectory)
      await again.stop()
    } finally {
      rmSync(refuge, { recursive: true, force: true })
    }
  })
})
