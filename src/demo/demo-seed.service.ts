import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common'
import type { DateTime } from 'luxon'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { ClockShift } from '../groups/clock-shift.service.js'
import type { Group } from '../groups/group.js'
import { GroupsService } from '../groups/groups.service.js'
import type { Member } from '../groups/member.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { DemoPlay, type Cast } from './demo-play.service.js'
import { pastPosts } from './demo-posts.js'
import { DemoStore } from './demo.store.js'

const people = [
  { key: 'ana', name: 'Ana Price', email: 'ana@demo.example', roles: ['editor'] },
  { key: 'ben', name: 'Ben Okafor', email: 'ben@demo.example', roles: ['reviewer'] },
  { key: 'cleo', name: 'Cleo Marsh', email: 'cleo@demo.example', roles: ['reviewer', 'editor'] },
  { key: 'dora', name: 'Dora Lind', email: 'dora@demo.example', roles: ['admin'] },
] as const

type Who = (typeof people)[number]['key']

/**
 * Fills an empty installation with a group to look at. Nothing is invented behind the product's back: the clock is put
 * back by four weeks, and the posts are written, reviewed, published and counted by the same services as real ones.
 */
@Injectable()
export class DemoSeed implements OnApplicationBootstrap {
  private readonly log = new Logger('Demo')

  constructor(
    private readonly config: Config,
    private readonly store: DemoStore,
    private readonly transaction: Transaction,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly shift: ClockShift,
    private readonly clock: Clock,
    private readonly play: DemoPlay,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.demo || this.config.production || this.config.mode === 'test') return
    try {
      await this.seed()
    } catch (error) {
      this.log.error({
        message: 'The demonstration could not be finished. Everything else works; an empty DATA_DIR starts it afresh.',
        error: error instanceof Error ? error.stack : 'not an Error',
      })
    }
  }

  /** @returns whether there was nothing yet, so that the demonstration was made */
  async seed(): Promise<boolean> {
    return this.store.alone(async () => {
      if ((await this.groups.all()).length > 0) return false
      const start = performance.now()
      const days = pastPosts[0]!.daysAgo + 1
      await this.shift.moveOn(-days * 24 * 60)
      try {
        await this.tell(this.clock.now().plus({ days }))
      } finally {
        await this.store.clockRunsRight()
        await this.shift.refresh()
      }
      await this.store.forgetMails()
      this.log.log(`The demonstration is ready after ${Math.round(performance.now() - start)} ms`)
      return true
    })
  }

  private async tell(today: DateTime): Promise<void> {
    const { group, cast } = await this.transaction.run(async (manager) => {
      const made = await this.groups.create(manager, { name: 'Riverside', timeZone: 'Europe/London', demo: true })
      const entries: [Who, Member][] = []
      for (const { key, name, email, roles } of people) {
        entries.push([key, await this.members.add(manager, made, { name, email, roles, getsSummary: key === 'dora' })])
      }
      return {
        group: made,
        cast: Object.fromEntries(entries.map(([key, member]) => [key, actingAs(made, member)])) as Cast,
      }
    })
    await this.play.past(cast, today, (instant) => this.moveTo(instant))
    await this.moveTo(today)
    await this.play.present(cast)
    await this.play.summary(group, today)
  }

  private async moveTo(instant: DateTime): Promise<void> {
    const { minutes } = instant.diff(this.clock.now(), 'minutes')
    if (minutes > 0) await this.shift.moveOn(minutes)
  }
}

function actingAs(group: Group, member: Member): ActingMember {
  const { id: memberId, personId, name, email, roles } = member
  return { groupId: group.id, memberId, personId, name, email, roles, group }
}
