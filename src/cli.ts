import { parseArgs } from 'node:util'

import { NestFactory } from '@nestjs/core'

import { AppModule } from './app.module.js'
import { commands, UsageError } from './command-line/commands.js'
import { loadConfig, readEnvironmentFile } from './config/load-config.js'
import { connectToEmbeddedServer } from './database/embedded/embedded-server.js'
import { migrate } from './start.js'

// `npm run cli -- <command>`: what operators do without the web.
const say = (line: string) => process.stdout.write(`${line}\n`)
const complain = (line: string) => process.stderr.write(`${line}\n`)
const [name = 'help', ...rest] = process.argv.slice(2)
const command = commands[name]
if (!command) {
  ;(name === 'help' ? say : complain)(usage(name))
  process.exit(name === 'help' ? 0 : 2)
}
process.exitCode = await run()
process.exit()

async function run(): Promise<number> {
  readEnvironmentFile()
  const config = loadConfig()
  const embedded = config.databaseUrl ? null : await connectToEmbeddedServer({ dataDir: config.dataDir })
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? ''
  await migrate(databaseUrl)
  const app = await NestFactory.createApplicationContext(AppModule.with(config, databaseUrl, { ticking: false }), {
    logger: ['error', 'warn'],
  })
  try {
    const { values } = parseArgs({ args: rest, options: command!.options, strict: true })
    return await command!.run(app, values as Record<string, string | undefined>, say)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const forPeople =
      error instanceof UsageError ||
      ['DomainError', 'ConfigError', 'EmbeddedServerError'].includes(error.name) ||
      (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
    complain(forPeople ? `${error.message}\n\n${usage(name)}` : (error.stack ?? error.message))
    return 3
  } finally {
    await app.close()
    await embedded?.stop()
  }
}

function usage(given: string): string {
  const known = Object.entries(commands).map(([each, { about, options }]) => {
    const words = Object.keys(options).map((option) => `--${option} …`)
    return `  ${[each, ...words].join(' ')}\n      ${about}`
  })
  const unknown = given !== 'help' && !commands[given] ? `There is no command "${given}".\n\n` : ''
  return `${unknown}Usage: npm run cli -- <command>\n\n${known.join('\n')}`
}
