import type { INestApplicationContext } from '@nestjs/common'

import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import { type Given, needed, UsageError } from './usage.js'

/** @throws UsageError naming the groups that there are */
export async function groupOf(app: INestApplicationContext, given: Given): Promise<Group> {
  const name = needed(given, 'group')
  const group = await app.get(GroupsService).findByIdOrSlug(name)
  if (group) return group
  const known = (await app.get(GroupsService).all()).map((each) => each.slug)
  throw new UsageError(
    `There is no group "${name}". ${known.length > 0 ? `There are: ${known.join(', ')}.` : 'Make one with group:create.'}`,
  )
}
