import pg from 'pg'

import { DomainError } from '../kernel/domain-error.js'
import { sessionOptions } from './data-source.js'

/**
 * Looks whether a session is as the application asks for it. A pooler that is told to leave out `options` gives sessions
 * as the server has them.
 * @returns what an operator should know, in sentences
 * @throws DomainError `database-time-zone` when days would be counted in another time zone
 */
export async function checkSessions(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, options: sessionOptions, application_name: 'seconder' })
  await client.connect()
  try {
    const { rows } = await client.query<Session>(
      `select current_user as role, current_setting('TimeZone') as zone,
         bool_and(extract(timezone from day) = 0) as "isUtc",
         bool_and(current_setting('statement_timeout') <> '0'
           and current_setting('idle_in_transaction_session_timeout') <> '0') as "timesOut"
       from unnest(array[timestamptz '2026-01-01 12:00Z', timestamptz '2026-07-01 12:00Z']) as day`,
    )
    const [session] = rows
    if (!session) return []
    const role = /^[a-z_][a-z0-9_]*$/.test(session.role) ? session.role : pg.escapeIdentifier(session.role)
    if (!session.isUtc) {
      throw new DomainError(
        'database-time-zone',
        `The database counts days in the time zone ${session.zone}, because a pooler leaves out what Seconder asks for when it connects. Run "alter role ${role} set timezone = 'UTC'", then RECONNECT in the pooler's console, and start again.`,
      )
    }
    if (session.timesOut) return []
    return [
      `Note: the database ends no statement or transaction that hangs, because a pooler leaves out what Seconder asks for when it connects. Run "alter role ${role} set statement_timeout = '60s'" and "alter role ${role} set idle_in_transaction_session_timeout = '60s'", then RECONNECT in the pooler's console.`,
    ]
  } finally {
    await client.end().catch(() => undefined)
  }
}

interface Session {
  readonly role: string
  readonly zone: string
  readonly isUtc: boolean
  readonly timesOut: boolean
}

/** What to do about a pooler that lets nobody in who asks for settings; null for any other error. */
export function refusedByPooler(error: unknown): DomainError | null {
  if (!(error instanceof Error) || !/unsupported startup parameter/.test(error.message)) return null
  return new DomainError(
    'pooler-refuses-options',
    `The pooler of DATABASE_URL refuses the settings that Seconder asks for when it connects (${error.message}). Write "ignore_startup_parameters = options" into its configuration; see "Behind PgBouncer" in docs/scale.md.`,
  )
}
