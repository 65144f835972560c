import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { DataSource, EntityManager } from 'typeorm'

import { DomainError } from '../kernel/domain-error.js'
import { createDataSource } from './data-source.js'
import { jobSchema, sharing } from './jobs.js'
import { type Kept, privilegesOn } from './privileges.js'

/** Where the database is, for the application and for whoever makes its tables. */
export interface DatabaseAddresses {
  /** The application's own role. */
  readonly url: string
  /** The role that owns the tables; the application's own where none is given. */
  readonly ownerUrl?: string | undefined
  /** Past a pooler that lends a session for one transaction only; `url` where none is given. */
  readonly directUrl?: string | undefined
}

/** Who the application is to the database from now on. */
export interface Roles {
  readonly application: string
  /** Whether the application could take the triggers off: it owns the tables, or is a superuser. */
  readonly ownsTables: boolean
}

const insufficientPrivilege = '42501'

/**
 * Brings the database's tables up to this version, and gives the application's role what it needs and no more.
 * Several processes may call it at once: one migrates, the others wait.
 * @param demonstration whether the clock may be moved
 */
export async function migrate(addresses: DatabaseAddresses, demonstration: boolean): Promise<Roles> {
  const application = roleOf(addresses.url)
  const owner = addresses.ownerUrl ? roleOf(addresses.ownerUrl) : application
  if (owner.database !== application.database) {
    throw new DomainError(
      'two-databases',
      `DATABASE_OWNER_URL leads to the database "${owner.database}" and DATABASE_URL to "${application.database}". They are two ways into one database: write the same name in both.`,
    )
  }
  const source = await createDataSource(addresses.ownerUrl ?? addresses.directUrl ?? addresses.url).initialize()
  const lock = source.createQueryRunner()
  try {
    // A lock of a transaction, not of a session: behind a pooler the next statement may be in another session.
    await lock.startTransaction()
    await lock.query('set local idle_in_transaction_session_timeout = 0')
    await lock.query('set local statement_timeout = 0')
    await lock.query('select pg_advisory_xact_lock(736412)')
    if (await source.showMigrations()) await runMigrations(source, owner.name)
    const acting = await ownsTables(source, owner.name)
    if (acting) await makeJobTables(source)
    if (owner.name !== application.name) {
      await makeRole(source, application)
      await source.transaction((manager) => grant(manager, application.name, demonstration))
    }
    return { application: application.name, ownsTables: await ownsTables(source, application.name) }
  } finally {
    if (lock.isTransactionActive) await lock.rollbackTransaction()
    await lock.release()
    await source.destroy()
  }
}

interface Role {
  readonly name: string
  readonly password: string | undefined
  readonly database: string
}

function roleOf(url: string): Role {
  const { user, password, database } = new pg.Client({ connectionString: url })
  return { name: user ?? '', password: password ?? undefined, database: database ?? '' }
}

async function runMigrations(source: DataSource, role: string): Promise<void> {
  const [row]: { may: boolean }[] = await source.query(`select has_schema_privilege('public', 'create') as may`)
  if (!row?.may) {
    throw new DomainError(
      'database-owner-needed',
      `The tables have to be brought up to date, and the role "${role}" may not do that. Set DATABASE_OWNER_URL to the address with the role that owns them for this start; see "Two roles in the database" in docs/operations.md.`,
    )
  }
  await source.runMigrations()
}

async function ownsTables(source: DataSource, role: string): Promise<boolean> {
  const [row]: { owns: boolean }[] = await source.query(
    `select pg_has_role($1::name, relowner, 'member') as owns from pg_class where oid = 'public.publications'::regclass`,
    [role],
  )
  return row?.owns ?? false
}

/** The tables of the side jobs, which the application would otherwise have to make itself. */
async function makeJobTables(source: DataSource): Promise<void> {
  const boss = new PgBoss({ db: sharing(source), schema: jobSchema, schedule: false, supervise: false })
  await boss.start()
  await boss.stop({ graceful: false })
}

async function makeRole(source: DataSource, { name, password }: Role): Promise<void> {
  const known: unknown[] = await source.query('select 1 from pg_roles where rolname = $1', [name])
  if (known.length > 0) return
  const secret = password === undefined ? '' : ` password ${pg.escapeLiteral(password)}`
  try {
    await source.query(`create role ${pg.escapeIdentifier(name)} login${secret}`)
  } catch (error) {
    const { code } = error as { code?: unknown }
    // another database of this server was given its application at the same moment
    if (code === '42710' || code === '23505') return
    if (code !== insufficientPrivilege) throw error
    throw new DomainError(
      'database-role-missing',
      `DATABASE_URL names the role "${name}", which does not exist, and the role of DATABASE_OWNER_URL may not make it. Make it with: createuser -P ${name}`,
    )
  }
}

/** Everything anew at each start, so that a table of a later version is never forgotten. */
async function grant(manager: EntityManager, name: string, demonstration: boolean): Promise<void> {
  const role = pg.escapeIdentifier(name)
  const run = (sql: string) => manager.query(sql)
  const [schema]: { open: boolean }[] = await manager.query(
    `select has_schema_privilege($1::name, 'public', 'create') as open`,
    [name],
  )
  if (schema?.open) await run(`revoke create on schema public from public, ${role}`)
  await run(`grant usage on schema public, ${jobSchema} to ${role}`)
  await run(`grant select, insert, update, delete on all tables in schema ${jobSchema} to ${role}`)
  await run(`grant usage on all sequences in schema ${jobSchema} to ${role}`)
  await run(`grant execute on all functions in schema ${jobSchema} to ${role}`)
  await run(`revoke all on all tables in schema public from ${role}`)
  for (const { table, ...kept } of await tables(manager)) {
    const privileges = privilegesOn(table, kept, demonstration).join(', ')
    await run(`grant ${privileges} on public.${pg.escapeIdentifier(table)} to ${role}`)
  }
}

async function tables(manager: EntityManager): Promise<(Kept & { readonly table: string })[]> {
  // 8 and 16: the bits of pg_trigger.tgtype for delete and update
  return manager.query(
    `select c.relname as "table",
       coalesce(bool_or(t.tgtype::integer & 16 > 0), false) as "fromUpdate",
       coalesce(bool_or(t.tgtype::integer & 8 > 0), false) as "fromDelete"
     from pg_class c
     left join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal and t.tgfoid = 'public.forbid_change'::regproc
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.relname order by 1`,
  )
}
