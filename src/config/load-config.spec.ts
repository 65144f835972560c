import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ConfigError, loadConfig } from './load-config.js'

const production = {
  NODE_ENV: 'production',
  PUBLIC_ORIGIN: 'https://queue.example.org',
  DATABASE_URL: 'postgres://seconder:password@localhost:5432/seconder',
  SMTP_URL: 'smtps://user:password@mail.example.org:465',
  SECRET: 'f'.repeat(64),
}

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'seconder-config-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** What is complained about, one sentence a problem. */
function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig({ DATA_DIR: dataDir, ...environment })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('an installation without settings', () => {
  it('starts on this machine alone, with a demonstration and a mailbox', () => {
    expect(loadConfig({ DATA_DIR: dataDir })).toMatchObject({
      production: false,
      host: '127.0.0.1',
      publicOrigin: 'http://localhost:3000',
      demo: true,
      mailboxOpen: true,
      trustProxy: 0,
    })
  })

  it('makes a secret once, which only its own user may read', () => {
    const { secret } = loadConfig({ DATA_DIR: dataDir })
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    expect(loadConfig({ DATA_DIR: dataDir }).secret).toBe(secret)
    expect(readFileSync(join(dataDir, 'secret'), 'utf8').trim()).toBe(secret)
    expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600)
  })

  it('writes no secret down when it is given one', () => {
    expect(loadConfig({ DATA_DIR: dataDir, SECRET: production.SECRET }).secret).toBe(production.SECRET)
    expect(existsSync(join(dataDir, 'secret'))).toBe(false)
  })

  it('takes an empty line of a settings file as not set', () => {
    expect(loadConfig({ DATA_DIR: dataDir, PORT: '', SMTP_URL: ' ' })).toMatchObject({ port: 3000, mailboxOpen: true })
  })
})

describe('wrong settings', () => {
  it('are named all at once, each with its value or its remedy', () => {
    const wrong = {
      PORT: 'eighty',
      PUBLIC_ORIGIN: 'https://queue.example.org/seconder',
      DATABASE_URL: 'mysql://localhost/seconder',
      SMTP_URL: 'mail.example.org',
      SECRET: 'short',
      DEMO: 'perhaps',
      TRUST_PROXY: '-1',
      LOG_LEVEL: 'loud',
    }
    const problems = problemsOf(wrong)
    for (const variable of Object.keys(wrong)) expect(problems.some((each) => each.includes(variable))).toBe(true)
    const text = new ConfigError(problems).message
    expect(text).toContain('write scheme and host only, such as https://queue.example.org')
    expect(text).toContain('SMTP_URL has to start with smtp:// or smtps://')
    expect(text).toContain('openssl rand -hex 32')
    expect(text).toContain('DEMO is "perhaps"; write yes or no')
    expect(existsSync(join(dataDir, 'secret'))).toBe(false)
  })
})

describe('production', () => {
  it('starts with its four settings, without demonstration and mailbox', () => {
    expect(loadConfig({ DATA_DIR: dataDir, ...production })).toMatchObject({
      production: true,
      demo: false,
      mailboxOpen: false,
    })
  })

  it.each(['PUBLIC_ORIGIN', 'DATABASE_URL', 'SMTP_URL', 'SECRET'])('refuses to start without %s', (variable) => {
    const problems = problemsOf({ ...production, [variable]: '' })
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${variable} is not set\\. [A-Z].{20,}`))])
  })

  it('says for all four at once how to get them', () => {
    const problems = problemsOf({ NODE_ENV: 'production' }).join('\n')
    for (const remedy of ['https://queue.example.org', 'createdb', 'mail provider', 'openssl rand -hex 32']) {
      expect(problems).toContain(remedy)
    }
  })

  it('refuses to start with the demonstration on', () => {
    expect(problemsOf({ ...production, DEMO: 'yes' })).toEqual([expect.stringContaining('anybody enter as anybody')])
  })

  it('refuses an address without HTTPS, except on this very machine', () => {
    const at = (origin: string) => problemsOf({ ...production, PUBLIC_ORIGIN: origin })
    expect(at('http://queue.example.org')).toEqual([expect.stringContaining('has to start with https://')])
    expect(at('http://localhost.example.org')).toHaveLength(1)
    expect(at('http://localhost:3000')).toEqual([])
  })
})
