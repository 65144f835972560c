import type { Policy } from '../../src/groups/policy.js'
import type { Database } from './published-post.js'

/** Puts other rules in force as two of the group's admins do, by plain statements. */
export async function changePolicy(
  database: Database,
  groupId: string,
  change: Partial<Policy & { number: number }>,
): Promise<void> {
  const { number: _number, ...fields } = change
  const admins = (await database.query(
    `select distinct on (root_person(person_id)) id from members
     where group_id = $1 and status = 'active' and 'admin' = any (roles) limit 2`,
    [groupId],
  )) as { id: string }[]
  const [first, second] = admins
  await database.query(
    `insert into policies (group_id, number, content, made_by)
     select group_id, (select max(number) + 1 from policies where group_id = $1), content || $2, $3 from policies
     where group_id = $1 and number = current_policy($1)`,
    [groupId, JSON.stringify(fields), first?.id],
  )
  await database.query(
    `update policies set state = 'in_force', settled_by = $2 where group_id = $1 and state = 'proposed'`,
    [groupId, second?.id],
  )
}
