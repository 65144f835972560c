import type { INestApplicationContext } from '@nestjs/common'

import { ChannelsService } from '../channels/channels.service.js'
import { CheckingService, titleOf } from '../channels/checking.service.js'
import { GroupsService } from '../groups/groups.service.js'
import type { Finding } from '../platforms/platform.js'
import { groupOf } from './group-of.js'
import { type Given, UsageError } from './usage.js'

const marks: Record<Finding['state'], string> = { good: 'good', warning: 'look', bad: 'BAD ' }

/** Looks at channels one after the other. @returns 1 when something is bad with any of them */
export async function examineChannels(
  app: INestApplicationContext,
  given: Given,
  say: (line: string) => void,
): Promise<number> {
  const groups = given['group'] === undefined ? await app.get(GroupsService).all() : [await groupOf(app, given)]
  const wanted = given['channel']
  let [looked, bad] = [0, 0]
  for (const group of groups) {
    for (const channel of await app.get(ChannelsService).list(group.id)) {
      if (wanted !== undefined && ![channel.id, channel.name, channel.handle].includes(wanted)) continue
      looked += 1
      say(`${group.slug}: ${titleOf(channel)}`)
      const findings = await app.get(CheckingService).check(group.id, channel.id)
      for (const { about, state, said, nextStep } of findings) {
        say(`  ${marks[state]}  ${about}: ${said}`)
        if (nextStep !== null) say(`        ${nextStep}`)
      }
      if (findings.some(({ state }) => state === 'bad')) bad += 1
    }
  }
  if (looked === 0 && wanted !== undefined)
    throw new UsageError(`There is no channel "${wanted}". Give its name, handle or id.`)
  say(`${looked} ${looked === 1 ? 'channel' : 'channels'} looked at, ${bad === 0 ? 'none' : bad} with something bad.`)
  return bad === 0 ? 0 : 1
}
