import type { EntityManager } from 'typeorm'

import type { TestApp } from './app.js'

const guards = ['append_only', 'no_truncate', 'next_link'].map((name) => `audit_entries_${name}`)
const headGuards = ['move_on', 'no_truncate'].map((name) => `audit_heads_${name}`)

/** Work on the log by somebody with the rights of the owner who first takes the triggers off, as a superuser can. */
export function tamper(app: TestApp, work: (manager: EntityManager) => Promise<unknown>): Promise<void> {
  return app.owner.transaction(async (manager) => {
    for (const table of ['audit_entries', 'audit_heads'])
      await manager.query(`alter table ${table} disable trigger user`)
    await work(manager)
    for (const guard of guards) await manager.query(`alter table audit_entries enable always trigger ${guard}`)
    for (const guard of headGuards) await manager.query(`alter table audit_heads enable always trigger ${guard}`)
  })
}

/** Writes the whole chain anew from this entry on, so that every hash fits again: what only an anchor gives away. */
export async function rewrite(manager: EntityManager, groupId: string, seq: number, payload: string): Promise<void> {
  await manager.query('alter table audit_entries drop constraint audit_entries_chain')
  await manager.query('update audit_entries set payload = $3 where group_id = $1 and seq = $2', [groupId, seq, payload])
  await manager.query(
    `do $do$ declare entry audit_entries; before text; begin
       for entry in select * from audit_entries where group_id = '${groupId}' and seq >= ${seq} order by seq loop
         before := coalesce(before, entry.previous_hash);
         update audit_entries set previous_hash = before,
           hash = audit_hash(entry.group_id, entry.seq, before, entry.at, entry.payload)
         where group_id = entry.group_id and seq = entry.seq returning hash into before;
       end loop;
       update audit_heads set hash = before where group_id = '${groupId}';
     end $do$`,
  )
  await manager.query('alter table audit_entries add constraint audit_entries_chain unique (group_id, previous_hash)')
}
