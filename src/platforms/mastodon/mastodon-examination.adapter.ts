import { DateTime } from 'luxon'

import type { HttpApi } from '../http-api.adapter.js'
import type { Connection, Finding } from '../platform.js'
import { said } from './mastodon-answers.js'
import { limitsOf } from './mastodon-limits.js'
import { accountIdOf, failureOf, instanceOf } from './mastodon-server.adapter.js'
import type { RemoteAccount } from './mastodon-wire.js'

const fewLeft = 30
const muchAside = 60

const good = (about: string, told: string): Finding => ({ about, state: 'good', said: told, nextStep: null })
const warning = (about: string, told: string, nextStep: string): Finding => ({
  about,
  state: 'warning',
  said: told,
  nextStep,
})
const bad = (about: string, told: string, nextStep: string): Finding => ({ about, state: 'bad', said: told, nextStep })

/** Looks at the server, the account, what we may do there, what is left of the quota, and the two clocks. */
export async function examineServer(
  api: HttpApi,
  connection: Connection,
  now: DateTime,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    const instance = await instanceOf(api, signal)
    const { textLimit, pictures, altText } = limitsOf(instance)
    findings.push(good('server', `It answers, and runs ${instance.version ?? 'a version that it does not tell'}.`))
    findings.push(
      good('limits', `${textLimit} characters, ${pictures} pictures, descriptions of ${altText} characters.`),
    )
  } catch (error) {
    const next = 'Look at the address in a browser. If it opens there, this machine may not be allowed to reach it.'
    return [bad('server', said(failureOf(error)), next)]
  }
  try {
    const path = '/api/v1/accounts/verify_credentials'
    const { body, headers } = await api.call<RemoteAccount>({ method: 'GET', path, signal })
    findings.push(accountFinding(body, connection), ...quotaFinding(headers), ...clockFinding(headers, now))
  } catch (error) {
    const failure = failureOf(error)
    const next = failure.status === 401 || failure.status === 403 ? 'Connect the channel again.' : 'Try again later.'
    findings.push(bad('account', said(failure), next))
  }
  return [...findings, ...(await scopesFinding(api, connection, signal))]
}

function accountFinding(account: RemoteAccount | null, connection: Connection): Finding {
  if (account?.id !== accountIdOf(connection))
    return bad('account', 'The server gave access to another account.', 'Connect the channel again.')
  const handle = `@${connection.handle}`
  if (account.suspended === true) return bad('account', `${handle} is suspended.`, 'Ask the people who run the server.')
  if (account.moved) return bad('account', `${handle} has moved.`, 'Connect the account to which it has moved.')
  if (account.limited === true)
    return warning('account', `${handle} is hidden from strangers.`, 'Ask the people who run the server.')
  return good('account', `${handle} is connected.`)
}

/** https://docs.joinmastodon.org/api/rate-limits/; compatible servers send no such headers. */
function quotaFinding(headers: Headers): Finding[] {
  const left = headers.get('x-ratelimit-remaining')
  const limit = headers.get('x-ratelimit-limit')
  if (left === null || limit === null) return []
  const reset = DateTime.fromISO(headers.get('x-ratelimit-reset') ?? '', { zone: 'utc' })
  const until = reset.isValid ? ` until ${reset.toFormat('HH:mm')} (UTC)` : ''
  const told = `${left} of ${limit} calls are left${until}.`
  if (Number(left) >= fewLeft) return [good('quota', told)]
  return [warning('quota', told, 'Wait; other programs may use the same account.')]
}

function clockFinding(headers: Headers, now: DateTime): Finding[] {
  const theirs = DateTime.fromHTTP(headers.get('date') ?? '', { zone: 'utc' })
  if (!theirs.isValid) return []
  const aside = Math.round(Math.abs(theirs.diff(now).as('seconds')))
  if (aside <= muchAside) return [good('clock', `The server’s clock and ours are ${aside} seconds apart.`)]
  const next = 'Set this machine’s clock. With clocks apart, a post in doubt may not be recognised.'
  return [warning('clock', `The server’s clock and ours are ${aside} seconds apart.`, next)]
}

/** https://docs.joinmastodon.org/methods/apps/#verify_credentials tells scopes since 4.3. */
async function scopesFinding(api: HttpApi, { credentials }: Connection, signal: AbortSignal): Promise<Finding[]> {
  try {
    const path = '/api/v1/apps/verify_credentials'
    const { body } = await api.call<{ scopes?: readonly string[] } | null>({ method: 'GET', path, signal })
    if (!Array.isArray(body?.scopes)) return []
    const missing = (credentials.scope ?? '')
      .split(' ')
      .filter((scope) => scope !== '' && !body.scopes?.includes(scope))
    if (missing.length === 0) return [good('scopes', 'Seconder may do all that it needs.')]
    return [bad('scopes', `The server does not allow ${missing.join(', ')}.`, 'Connect the channel again.')]
  } catch {
    // A server that does not tell; whether the account can be used was found out above.
    return []
  }
}
