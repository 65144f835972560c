import pg from 'pg'

import { startEmbeddedServer } from '../../src/database/embedded/embedded-server.js'

// The part of the application that the tests of the embedded server kill: run with the data directory as argument.
// Says one line of JSON when the database is up; on SIGINT still writes a row, as a send that is being written down.
const server = await startEmbeddedServer({ dataDir: process.argv[2]!, extra: { fsync: 'off' } })
const { url, pid, adopted } = server
const client = new pg.Client(url)
client.on('error', () => undefined)
await client.connect()
await client.query('create table if not exists outcomes (words text)')

process.on('SIGINT', () => void drain())
process.stdout.write(`${JSON.stringify({ url, pid, adopted })}\n`)

async function drain(): Promise<void> {
  await client.query('select pg_sleep(0.3)')
  await client.query("insert into outcomes values ('written after Ctrl-C')")
  await client.end()
  await server.stop()
  process.exit(0)
}
