import { ConfigError, loadConfig, readEnvironmentFile } from './config/load-config.js'
import { addressesOf } from './database/addresses.js'
import { startEmbeddedServer } from './database/embedded/embedded-server.js'
import { migrate } from './database/migrate.js'
import { checkSessions, refusedByPooler } from './database/sessions.js'
import { createApp } from './start.js'

/** Starts the process: settings, database, migrations, web server; and stops them in the reverse order. */
export async function serve(): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  try {
    readEnvironmentFile()
    const config = loadConfig()
    const embedded = config.databaseUrl ? null : await startEmbeddedServer({ dataDir: config.dataDir, log: say })
    const database = addressesOf(config, embedded)
    const roles = await migrate(database, !config.production)
    for (const line of await checkSessions(database.url)) say(line)
    if (roles.ownsTables) say(oneRole(roles.application))
    const app = await createApp(config, database)
    await app.listen(config.port, config.host)
    say(`Seconder is ready: ${config.publicOrigin}`)
    if (config.mailboxOpen) say(`Mails wait at ${config.publicOrigin}/mailbox, because SMTP_URL is not set.`)
    // The application closes first and writes its outcomes; the database stops last.
    let stopping: Promise<void> | undefined
    const stop = () => {
      stopping ??= app
        .close()
        .then(() => embedded?.stop())
        .then(() => process.exit(0))
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  } catch (error) {
    const known = refusedByPooler(error) ?? error
    process.stderr.write(
      `${known instanceof ConfigError || isForPeople(known) ? known.message : String((known as Error).stack)}\n`,
    )
    process.exit(1)
  }
}

/** What it means that one role does everything, and how to mend it. */
function oneRole(role: string): string {
  return (
    `Note: the database role "${role}" of DATABASE_URL owns the tables, so whoever gets hold of the application could ` +
    'switch off the rules that the database keeps. To separate the two: "createuser -P seconder_app", set ' +
    'DATABASE_OWNER_URL to the address of now, put seconder_app and its password into DATABASE_URL, and start again.'
  )
}

/** Errors that say in a sentence what to do need no stack. */
function isForPeople(error: unknown): error is Error {
  const code = (error as { code?: string } | null)?.code
  return (
    error instanceof Error &&
    (error.name === 'EmbeddedServerError' || code === 'EADDRINUSE' || error.name === 'DomainError')
  )
}
