import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A real personal data server that runs for the length of a test file. */
export interface TestPds {
  /** Origin, such as `http://127.0.0.1:40123`. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts the server of `test/platforms/pds` (its packages must be installed there: `npm ci --ignore-scripts`).
 * @param publicPort the port of a proxy before it, which it then names as its own
 */
export async function startPds(publicPort: number): Promise<TestPds> {
  const child = spawn(process.execPath, ['start-pds.mjs'], {
    cwd: new URL('./pds/', import.meta.url),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_ENABLED: 'false', PDS_PUBLIC_PORT: String(publicPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the personal data server ended before it was ready:\n${complaints}`)
  })
  const ready = once(createInterface(child.stdout), 'line').then(
    ([line]) => (JSON.parse(String(line)) as { url: string }).url,
  )
  const url = await Promise.race([ready, ended])
  ended.catch(() => undefined)
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Calls a method of the server past the adapter and any proxy. @throws Error with the server's answer */
export async function callPds<T>(url: string, method: string, token: string | null, body?: object): Promise<T> {
  const response = await fetch(`${url}/xrpc/${method}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`)
  return (text === '' ? {} : JSON.parse(text)) as T
}

/** A new account with one app password, as a group would make it. */
export interface TestAccount {
  readonly did: string
  readonly handle: string
  readonly mainPassword: string
  readonly appPassword: string
  /** Of the main password's session. */
  readonly accessJwt: string
}

export async function createAccount(url: string, name: string): Promise<TestAccount> {
  const handle = `${name}.test`
  const mainPassword = `main password of ${name}`
  const { did, accessJwt } = await callPds<{ did: string; accessJwt: string }>(
    url,
    'com.atproto.server.createAccount',
    null,
    {
      handle,
      email: `${name}@example.org`,
      password: mainPassword,
    },
  )
  const made = await callPds<{ password: string }>(url, 'com.atproto.server.createAppPassword', accessJwt, {
    name: 'Seconder',
  })
  return { did, handle, mainPassword, appPassword: made.password, accessJwt }
}
