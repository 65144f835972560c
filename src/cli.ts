import { parseArgs } from 'node:util'

import { NestFactory } from '@nestjs/core'

import { AppModule } from './app.module.js'
import { type Command, commands } from './command-line/commands.js'
import { type Given, UsageError } from './command-line/usage.js'
import { loadConfig, readEnvironmentFile } from './config/load-config.js'
import { addressesOf } from './database/addresses.js'
import { connectToEmbeddedServer } from './database/embedded/embedded-server.js'
import { migrate } from './database/migrate.js'

// `npm run cli -- <command>`: what operators do without the web.
const say = (line: string) => process.stdout.write(`${line}\n`)
const complain = (line: string) => process.stderr.write(`${line}\n`)
/** Not 1 or 2, which are findings of audit:verify. */
const couldNotRun = 3
const [name = 'help', ...rest] = process.argv.slice(2)
const command = commands[name]
if (!command) {
  ;(name === 'help' ? say : complain)(usage(name))
  process.exit(name === 'help' ? 0 : couldNotRun)
}
process.exitCode = await run().catch(explain)
process.exit()

async function run(): Promise<number> {
  const { options, words } = command!
  const { values, positionals } = parseArgs({
    args: rest,
    options,
    strict: true,
    allowPositionals: words !== undefined,
  })
  if (positionals.length > 1) throw new UsageError(`"${positionals[1]}" is one word too many.`)
  const given: Given = { ...(values as Given), ...(words && positionals[0] ? { [words]: positionals[0] } : {}) }
  if (given['file'] !== undefined && command!.onFile) return command!.onFile(given, say)
  readEnvironmentFile()
  const config = loadConfig()
  const embedded = config.databaseUrl ? null : await connectToEmbeddedServer({ dataDir: config.dataDir })
  const database = addressesOf(config, embedded)
  await migrate(database, !config.production)
  const app = await NestFactory.createApplicationContext(AppModule.with(config, database, { ticking: false }), {
    logger: ['error', 'warn'],
  })
  try {
    return await command!.run(app, given, say)
  } finally {
    await app.close()
    await embedded?.stop()
  }
}

/** Says what went wrong. @returns the exit status */
function explain(error: unknown): number {
  if (!(error instanceof Error)) throw error
  const aboutWords = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  const forPeople = aboutWords || ['DomainError', 'ConfigError', 'EmbeddedServerError'].includes(error.name)
  complain(forPeople ? error.message : (error.stack ?? error.message))
  if (aboutWords) complain(`\n${usage(name)}`)
  return couldNotRun
}

/** How to write the given command, or all of them where it is not known. */
function usage(given: string): string {
  if (commands[given]) return `Usage: npm run cli -- ${written(given, commands[given])}`
  const known = Object.entries(commands).map(([each, about]) => `  ${written(each, about)}`)
  const unknown = given === 'help' ? '' : `There is no command "${given}".\n\n`
  return `${unknown}Usage: npm run cli -- <command>\n\n${known.join('\n')}`
}

function written(each: string, { about, options }: Command): string {
  const words = Object.keys(options).map((option) => `--${option} …`)
  return `${[each, ...words].join(' ')}\n      ${about}`
}
