import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'

import { build, install, root } from '../../scripts/prepare.mjs'
import { makeDirectory, removeCluster } from '../../test/support/throwaway-cluster.js'

/** The secret of every application that a bench starts. */
export const secret = 'a secret of the measurements alone, with nothing behind it'

/** Builds the server when its sources changed; the benches run what `npm start` runs. */
export function prepare() {
  install()
  build(['build:server'])
}

/** A module of the built application. */
export function product(path) {
  return import(new URL(`../../dist/${path}`, import.meta.url).href)
}

/**
 * A PostgreSQL with the product's own settings (it waits for the disk), thrown away afterwards. Every database is a
 * copy of one that the product has migrated.
 */
export async function openServer(extra = {}) {
  const directory = makeDirectory()
  process.once('exit', () => removeCluster(directory))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  const { startEmbeddedServer } = await product('src/database/embedded/embedded-server.js')
  const { migrate } = await product('src/database/migrate.js')
  const server = await startEmbeddedServer({ dataDir: directory, database: 'empty', extra })
  await migrate({ url: server.applicationUrl, ownerUrl: server.url }, true)
  const addresses = (name) => ({ url: at(server.applicationUrl, name), ownerUrl: at(server.url, name), name })
  const administer = (sql) => withClient(at(server.url, 'postgres'), (client) => client.query(sql))
  return {
    directory,
    get pid() {
      return server.pid
    },
    /** A database with the product's tables, or a copy of another. */
    async database(name, template = 'empty') {
      await administer(`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`)
      return addresses(name)
    },
    async drop(name) {
      await administer(`drop database ${pg.escapeIdentifier(name)} with (force)`)
    },
    async version() {
      return withClient(at(server.url, 'postgres'), async (client) => {
        const { rows } = await client.query('show server_version')
        return rows[0].server_version
      })
    },
    async close() {
      await server.stop()
      removeCluster(directory)
    },
  }
}

function at(url, name) {
  const result = new URL(url)
  result.pathname = `/${name}`
  return result.href
}

export async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The figures of one bench: a line each for people, all of them as JSON at the end. */
export class Figures {
  constructor(bench, about = {}) {
    this.values = {
      bench,
      at: new Date().toISOString(),
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      loadBefore: Number(loadavg()[0].toFixed(1)),
      ...about,
    }
  }

  note(key, value, words) {
    this.values[key] = value
    say(`${String(value).padStart(10)}  ${words}`)
  }

  end() {
    this.values.loadAfter = Number(loadavg()[0].toFixed(1))
    say(JSON.stringify(this.values))
  }
}

export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** The n-th part of sorted numbers: `quantile(times, 0.99)`. */
export function quantile(numbers, part) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

export const benchFolder = join(import.meta.dirname, '..')
