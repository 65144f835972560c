import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { plainToInstance } from 'class-transformer'
import { validateSync } from 'class-validator'

import { Config, settingNotes } from './config.js'

/** All that is wrong with the settings, in one message that says how to mend each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Seconder cannot start with these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** Adds what the file `.env` of this folder says to the environment; what is set already stays. */
export function readEnvironmentFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}

/**
 * Reads and validates the settings; the only reader of the environment.
 * @throws ConfigError naming every problem at once
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given: Record<string, string> = {}
  const problems: string[] = []
  for (const [property, note] of settingNotes()) {
    const value = environment[note.variable]?.trim()
    if (value) given[property] = value
  }
  const config = plainToInstance(Config, given)
  for (const error of validateSync(config)) {
    const variable = settingNotes().get(error.property)?.variable ?? error.property
    for (const message of Object.values(error.constraints ?? {})) {
      problems.push(message.includes(variable) ? message : `${variable} is "${String(error.value)}": ${message}`)
    }
  }
  if (config.production) {
    for (const [property, note] of settingNotes()) {
      if (note.neededInProduction && given[property] === undefined) {
        problems.push(`${note.variable} is not set. ${note.neededInProduction}`)
      }
    }
    if (
      given['publicOrigin']?.startsWith('http://') &&
      !/^http:\/\/(localhost|127\.0\.0\.1)(:|$)/.test(given['publicOrigin'])
    ) {
      problems.push(
        `PUBLIC_ORIGIN is "${given['publicOrigin']}"; people sign in over it, so it has to start with https://`,
      )
    }
    if (config.demo === true) {
      problems.push('DEMO is on. The demonstration lets anybody enter as anybody: leave DEMO out, or set it to no.')
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)

  config.dataDir = resolve(config.dataDir)
  config.demo ??= !config.production
  config.publicOrigin ??= `http://localhost:${config.port}`
  config.secret ??= keptSecret(config.dataDir)
  return config
}

function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'secret')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(dataDir, { recursive: true })
  const secret = randomBytes(32).toString('hex')
  writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  return secret
}
