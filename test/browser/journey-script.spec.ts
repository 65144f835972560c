import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { Instance, type WaitingMail } from '../support/instance.js'
import { until } from '../support/until.js'
import type { Visitor } from '../support/visitor.js'

const script = join(import.meta.dirname, '..', '..', 'scripts', 'journey.mjs')
let instance: Instance

beforeAll(async () => {
  instance = await Instance.start({ LOG_LEVEL: 'debug' })
}, 180_000)

afterAll(async () => {
  expect(await instance?.stop()).toBe(0)
})

async function journey(origin: string): Promise<{ status: number; lines: string[]; errors: string }> {
  const child = spawn(process.execPath, [script, '--origin', origin], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [said, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status: status as number, lines: said.trimEnd().split('\n'), errors }
}

describe('`npm run journey`', () => {
  it('does the main job over HTTP and mail, and says so', async () => {
    const { status, lines, errors } = await journey(instance.origin)
    expect([status, errors, lines.filter((line) => !/^(ok |journey:)/.test(line))]).toEqual([0, '', []])
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.at(-1)).toMatch(/^journey: done in [\d.]+ s$/)
  }, 120_000)

  it('ends with a sentence and another status where there is no Seconder', async () => {
    const { status, lines, errors } = await journey('http://127.0.0.1:9')
    expect([status, errors]).toEqual([1, ''])
    expect(lines.join('\n')).toContain('http://127.0.0.1:9')
    expect(lines.at(-1)).toMatch(/^journey: failed after [\d.]+ s$/)
  })

  it('leaves no token, code, address or words of a post in the log, however much is logged', async () => {
    const ana = await instance.enter('Ana')
    const signedIn = await signInByMail()
    const [mails, posts] = [await instance.mails(), await wordsOfPosts(ana)]
    const secrets = {
      tokens: mails.flatMap(tokensIn),
      codes: mails.flatMap((mail) => (mail.kind === 'review-code' ? (mail.text.match(/\b\d{6}\b/g) ?? []) : [])),
      cookies: [ana, signedIn].flatMap((visitor) =>
        visitor.cookieHeader.split('; ').map((each) => each.split('=')[1]!),
      ),
      addresses: mails.map((mail) => mail.to),
      posts,
    }
    for (const [kind, values] of Object.entries(secrets)) {
      expect([kind, values.length > 0, values.every((value) => value.length >= 6)]).toEqual([kind, true, true])
      // as a word: six digits in a row stand in the time of a line by chance
      const isLogged = (value: string) =>
        kind === 'codes' ? new RegExp(`\\b${value}\\b`).test(instance.log) : instance.log.includes(value)
      expect([kind, values.filter(isLogged)]).toEqual([kind, []])
    }
    expect(instance.log).not.toMatch(/[\w.]+@[\w-]+\.\w+/)
    expect(instance.log).toContain('Seconder is ready')
  })
})

/** Asks for a sign-in link, opens it, presses its button, and opens a link that does not exist. */
async function signInByMail(): Promise<Visitor> {
  const visitor = instance.visitor()
  expect((await visitor.post('/api/sign-in', { email: 'ana@demo.example' })).status).toBe(202)
  const mail = await until('the mail', async () => (await instance.mails()).find(({ kind }) => kind === 'sign-in'))
  const link = new URL(mail.links.find((each) => each.includes('/sign-in/confirm'))!)
  expect((await visitor.get(link.pathname + link.search)).status).toBe(303)
  expect((await visitor.submit('/sign-in/confirm')).status).toBe(303)
  expect((await visitor.get('/r/a-link-that-was-cut-off')).status).toBe(404)
  return visitor
}

/** What makes the links of a mail worth having: the parts of their addresses that nobody could guess. */
function tokensIn({ links }: WaitingMail): string[] {
  return links.flatMap((link) => {
    const { pathname, searchParams } = new URL(link)
    const [, first, token] = pathname.split('/')
    return [searchParams.get('token') ?? '', ['r', 'unsubscribe'].includes(first!) ? token! : ''].filter(Boolean)
  })
}

/** The first words of every post that the queue shows. */
async function wordsOfPosts(editor: Visitor): Promise<string[]> {
  const { body: session } = await editor.get<{ groups: { id: string }[] }>('/api/session')
  const { body } = await editor.get<Record<string, { firstWords: string }[] | null>>(
    `/api/groups/${session.groups[0]!.id}/queue`,
  )
  return Object.values(body)
    .flatMap((cards) => cards ?? [])
    .map(({ firstWords }) => firstWords.slice(0, 20))
}
