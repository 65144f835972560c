import { DataSource, type EntityMetadata } from 'typeorm'
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js'

import { createDataSource } from '../../src/database/data-source.js'
import { applicationRole } from '../../src/database/embedded/cluster.js'
import { movesFrom, postStates } from '../../src/drafts/post.js'
import { mayMove, publicationStates } from '../../src/scheduler/publication.js'
import { startApp, type TestApp } from '../support/app.js'
import { cloneDatabase, type TestDatabase } from '../support/database.js'

/** Tables that no entity stands for, and why. */
const withoutEntity: Record<string, string> = {
  schema_migrations: 'kept by TypeORM',
  clock_settings: 'one row, which only the database reads',
  audit_heads: 'written by the function audit_append alone',
  spreads: 'written once and read once, by plain SQL',
  bulks: 'read and written by plain SQL: progress is counted in the database',
  bulk_items: 'read and written by plain SQL, one at a time',
  network_limits: 'written and read by two statements, the second in the database',
  audit_entries: 'written by the function audit_append alone',
  audit_details: 'read and written by plain SQL, as the log that it belongs to',
  audit_states: 'read and written by plain SQL: a few columns at a time, the rest decided in the database',
  sign_in_users: 'of the sign-in library',
  sign_in_sessions: 'of the sign-in library',
  sign_in_accounts: 'of the sign-in library',
  sign_in_verifications: 'of the sign-in library',
}

/** What the application's role may do to tables that it may do more or less to than read, add and change. The kept ones are all here. */
const unusualRights: Record<string, string> = {
  schema_migrations: 'select',
  audit_heads: 'select',
  audit_entries: 'select',
  audit_details: 'delete, insert, select',
  revisions: 'insert, select',
  contributors: 'insert, select',
  verdicts: 'insert, select',
  media: 'insert, select',
  mails: 'delete, insert, select, update',
  windows: 'delete, insert, select, update',
  clock_settings: 'select, update',
  noticeboard_posts: 'delete, insert, select, update',
  noticeboard_pictures: 'delete, insert, select, update',
  sign_in_users: 'delete, insert, select, update',
  sign_in_sessions: 'delete, insert, select, update',
  sign_in_accounts: 'delete, insert, select, update',
  sign_in_verifications: 'delete, insert, select, update',
  passkeys: 'delete, insert, select, update',
  passkey_challenges: 'delete, insert, select, update',
  step_up_codes: 'delete, insert, select, update',
  known_devices: 'delete, insert, select, update',
  accountable_managers: 'delete, insert, select, update',
  role_ends: 'delete, insert, select, update',
  absences: 'delete, insert, select, update',
  hand_over_ticks: 'delete, insert, select, update',
}

interface Column {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly fallback: string | null
  readonly primary: boolean
}

let app: TestApp
beforeAll(async () => {
  app = await startApp({ ticking: false })
})
afterAll(() => app?.close())

describe('the entities and the tables', () => {
  let entities: EntityMetadata[]
  let tables: Map<string, Column[]>
  beforeAll(async () => {
    const source = app.app.get(DataSource)
    entities = source.entityMetadatas
    tables = await columnsOf(source)
  })

  it('every table has an entity, or a reason to have none', () => {
    const known = [...entities.map((entity) => entity.tableName), ...Object.keys(withoutEntity)]
    expect([...tables.keys()].sort()).toEqual(known.sort())
  })

  it('every column is what its entity says: name, type, whether it may be empty, default, key', () => {
    expect(entities.length).toBeGreaterThan(15)
    for (const entity of entities) {
      const said = entity.columns.map((column) => columnOf(app.app.get(DataSource), column)).sort(byName)
      expect({ [entity.tableName]: said }).toEqual({ [entity.tableName]: tables.get(entity.tableName) })
    }
  })

  it('the group leads the key of every table that belongs to one', async () => {
    const rows = await app.query<{ name: string; first: string }>(
      `select c.relname as name, a.attname as first from pg_index i join pg_class c on c.oid = i.indrelid
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       join information_schema.columns g on g.table_schema = 'public' and g.table_name = c.relname and g.column_name = 'group_id' and g.is_nullable = 'NO'
       where i.indisprimary order by 1`,
    )
    expect(rows.length).toBeGreaterThan(15)
    for (const { name, first } of rows) expect({ [name]: first }).toEqual({ [name]: 'group_id' })
  })
})

describe('the application’s role', () => {
  it('can do what it needs with each table, and no more', async () => {
    const rows = await app.query<{ table: string; may: string }>(
      `select c.relname as "table", string_agg(lower(p.privilege_type), ', ' order by p.privilege_type) as may
       from pg_class c cross join lateral aclexplode(c.relacl) p
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and p.grantee = $1::regrole group by 1`,
      [applicationRole],
    )
    const may = new Map(rows.map((row) => [row.table, row.may]))
    for (const table of (await columnsOf(app.owner)).keys())
      // a table that is not listed may be read, added to, and changed where no trigger refuses that
      expect({ [table]: may.get(table) }).toEqual({
        [table]: unusualRights[table] ?? (expect.stringMatching(/^insert, select(, update)?$/) as string),
      })
  })

  it('can make, alter and empty nothing, nor act as somebody else', async () => {
    const [row] = await app.query<{ can: string[] }>(
      `select array(
         select 'owns ' || c.relname from pg_class c where pg_has_role($1, c.relowner, 'member') and c.relnamespace = 'public'::regnamespace
         union all select p.privilege_type || ' ' || c.relname from pg_class c cross join lateral aclexplode(c.relacl) p
           where p.grantee in (0, $1::regrole) and p.privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES') and c.relnamespace = 'public'::regnamespace
         union all select 'may ' || rolname from pg_roles where rolname = $1 and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
         union all select 'belongs to ' || roleid::regrole from pg_auth_members where member = $1::regrole
         union all select 'creates in ' || nspname from pg_namespace where has_schema_privilege($1, oid, 'create') and nspname !~ '^pg_temp'
         union all select 'sets ' || parname from pg_parameter_acl a cross join lateral aclexplode(a.paracl) p where p.grantee in (0, $1::regrole)
       ) as can`,
      [applicationRole],
    )
    expect(row?.can).toEqual([])
  })
})

describe('the states of a publication', () => {
  it('move in the database as they do in the rules', async () => {
    const [row] = await app.query<{ source: string }>(
      `select prosrc as source from pg_proc where proname = 'publication_moves'`,
    )
    const inDatabase = [...row!.source.matchAll(/'([a-z_]+>[a-z_]+)'/g)].map((match) => match[1]!)
    const inRules = publicationStates.flatMap((from) =>
      publicationStates.filter((to) => mayMove(from, to)).map((to) => `${from}>${to}`),
    )
    expect(inDatabase.length).toBeGreaterThan(10)
    expect(inDatabase.sort()).toEqual(inRules.sort())
    const [check] = await app.query<{ source: string }>(
      `select pg_get_constraintdef(oid) as source from pg_constraint where conname = 'publications_state_known'`,
    )
    expect([...check!.source.matchAll(/'([a-z_]+)'/g)].map((match) => match[1]!).sort()).toEqual(
      [...publicationStates].sort(),
    )
  })
})

describe('the states of a post', () => {
  it('move in the database as they do in the rules', async () => {
    const [row] = await app.query<{ source: string }>(
      `select prosrc as source from pg_proc where proname = 'post_moves'`,
    )
    const inDatabase = [...row!.source.matchAll(/'([a-z_]+>[a-z_]+)'/g)].map((match) => match[1]!)
    // A new version of a post that waits leaves it waiting, which is no move to the database.
    const inRules = postStates.flatMap((from) =>
      movesFrom(from)
        .filter((to) => to !== from)
        .map((to) => `${from}>${to}`),
    )
    expect(inDatabase.length).toBeGreaterThan(10)
    expect(inDatabase.sort()).toEqual(inRules.sort())
    const [check] = await app.query<{ source: string }>(
      `select pg_get_constraintdef(oid) as source from pg_constraint where conname = 'posts_state_known'`,
    )
    expect([...check!.source.matchAll(/'([a-z_]+)'/g)].map((match) => match[1]!).sort()).toEqual([...postStates].sort())
  })
})

describe('the migrations', () => {
  let database: TestDatabase
  let source: DataSource
  beforeAll(async () => {
    database = await cloneDatabase()
    source = await createDataSource(database.ownerUrl).initialize()
  })
  afterAll(async () => {
    await source?.destroy()
    await database?.drop()
  })

  it('go down to nothing and up again to the same', async () => {
    const before = await everythingMade(source)
    expect(before.length).toBeGreaterThan(200)
    for (let count = source.migrations.length; count > 0; count -= 1) await source.undoLastMigration()
    expect((await everythingMade(source)).filter((line) => !line.includes('schema_migrations'))).toEqual([])
    await source.runMigrations()
    expect(await everythingMade(source)).toEqual(before)
  })

  it('have nothing left to do on a database that is up to date', async () => {
    expect(await source.runMigrations()).toEqual([])
  })

  it('fix the search path of every function, so that nobody’s table in front of ours is trusted', async () => {
    const functions: { name: string; settings: string[] | null }[] = await source.query(
      `select p.proname as name, p.proconfig as settings from pg_proc p where p.pronamespace = 'public'::regnamespace and ${ours('p.oid')}`,
    )
    expect(functions.length).toBeGreaterThan(10)
    for (const { name, settings } of functions) {
      const paths = settings?.filter((each) => !/^(enable_\w+=off|plan_cache_mode=force_generic_plan)$/.test(each))
      expect({ [name]: paths }).toEqual({ [name]: ['search_path=public, pg_temp'] })
    }
  })

  it('run few functions with the rights of the owner', async () => {
    const rows: { name: string }[] = await source.query(
      `select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`,
    )
    expect(rows.map((row) => row.name)).toEqual(['audit_append', 'audit_append_all', 'erase_notes', 'retire_rows'])
  })

  it('keep the rows that must stay, whoever asks: these triggers fire always', async () => {
    const rows: { name: string; enabled: string }[] = await source.query(
      `select tgname as name, tgenabled as enabled from pg_trigger where not tgisinternal`,
    )
    const always = rows.filter((row) => row.enabled === 'A').map((row) => row.name)
    const needed = [
      'audit_entries',
      'revisions',
      'contributors',
      'verdicts',
      'attempts',
      'publications',
      'policies',
    ].map((table) => `${table}_no_truncate`)
    const rest = [
      'audit_entries_next_link',
      'audit_heads_move_on',
      'audit_heads_no_truncate',
      'audit_details_unchanged',
      'publications_chain',
      'audit_entries_append_only',
      'revisions_sealed',
      'contributors_append_only',
      'verdicts_append_only',
      'verdicts_checked',
      'attempts_settle_once',
      'pauses_moves',
      'pauses_no_delete',
      'pauses_no_truncate',
      'silences_kept',
      'silences_no_delete',
      'silences_no_truncate',
      'attempts_kept',
      'publication_parts_kept',
      'publication_parts_no_truncate',
      'policies_checked',
      'groups_first_policy',
      'revisions_under_policy',
      'members_two_admins',
      'people_two_admins',
      'role_ends_two_admins',
      'codes_of_ethics_append_only',
      'codes_of_ethics_no_truncate',
      'verdicts_note_ethics',
      'members_end_review_links',
      'comments_kept',
      'comments_no_truncate',
      'suggestions_kept',
      'suggestions_no_truncate',
    ]
    expect(always.sort()).toEqual(
      [
        ...needed,
        ...rest,
        'posts_move_on',
        'posts_moves',
        'people_stay_one',
        'publications_gate',
        'publications_stillness',
        'publications_moves',
      ].sort(),
    )
  })
})

/** Leaves out what extensions brought along. */
function ours(oid: string): string {
  return `not exists (select 1 from pg_depend d where d.objid = ${oid} and d.deptype = 'e')`
}

/** Every table, column, constraint, index, function and trigger of ours as a line each. */
async function everythingMade(source: DataSource): Promise<string[]> {
  const rows: { line: string }[] = await source.query(`
    select 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line
      from information_schema.columns where table_schema = 'public'
    union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
    union all select 'function ' || pg_get_functiondef(p.oid) from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and ${ours('p.oid')}
    union all select 'trigger ' || tgenabled::text || ' ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    order by 1`)
  return rows.map((row) => row.line)
}

async function columnsOf(source: DataSource): Promise<Map<string, Column[]>> {
  const rows: (Column & { table: string })[] = await source.query(`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
      pg_get_expr(d.adbin, d.adrelid) as fallback, coalesce(a.attnum = any (i.indkey), false) as primary
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`)
  const tables = Map.groupBy(rows, (row) => row.table)
  return new Map(
    [...tables].map(([name, columns]) => [
      name,
      columns
        .map(({ name: column, type, nullable, fallback, primary }) => ({
          name: column,
          type,
          nullable,
          fallback: plainDefault(fallback),
          primary,
        }))
        .sort(byName),
    ]),
  )
}

function columnOf(source: DataSource, column: ColumnMetadata): Column {
  const type = source.driver.normalizeType(column)
  const fallback =
    column.default === undefined || column.default === null ? null : source.driver.normalizeDefault(column)
  return {
    name: column.databaseName,
    type: `${type === 'timestamptz' ? 'timestamp with time zone' : type}${column.isArray ? '[]' : ''}`,
    nullable: column.isNullable,
    fallback: plainDefault(fallback ?? null),
    primary: column.isPrimary,
  }
}

/** `'planned'::text` as `'planned'`, and `'1'` as `1`. */
function plainDefault(fallback: string | null): string | null {
  return fallback?.replace(/::[a-z ]+(\[\])?$/, '').replace(/^'(-?\d+)'$/, '$1') ?? null
}

function byName(one: Column, other: Column): number {
  return one.name < other.name ? -1 : 1
}
