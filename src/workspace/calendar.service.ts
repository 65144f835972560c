import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'

import { ChannelsService } from '../channels/channels.service.js'
import type { ActingMember } from '../groups/acting-member.js'
import { GroupsService } from '../groups/groups.service.js'
import { MembersService } from '../groups/members.service.js'
import { Clock } from '../kernel/clock.js'
import { LateService } from '../reviewers/late.service.js'
import { HolidaysService } from '../scheduler/holidays.service.js'
import { PausesService } from '../scheduler/pauses.service.js'
import { type NewSilence, SilencesService } from '../scheduler/silences.service.js'
import { dayMs, sayTime } from '../scheduler/wall-time.js'
import type { CalendarView, HolidaysView, PauseView } from './calendar.dto.js'

const nextHolidays = 8

/** When nothing goes out, and which days are like weekend, as people see it. */
@Injectable()
export class CalendarService {
  constructor(
    private readonly silences: SilencesService,
    private readonly pauses: PausesService,
    private readonly late: LateService,
    private readonly holidays: HolidaysService,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly channels: ChannelsService,
    private readonly clock: Clock,
  ) {}

  async get(acting: ActingMember): Promise<CalendarView> {
    const names = await this.names(acting)
    const channels = new Map((await this.channels.listAll(acting.groupId)).map((each) => [each.id, each.name]))
    const now = this.clock.now()
    return {
      pause: await this.pause(acting),
      silences: (await this.silences.list(acting.groupId)).map((each) => ({
        id: each.id,
        name: each.name,
        from: each.fromWall,
        until: each.untilWall,
        text: `${sayTime(each.startsAt, each.zone)} to ${sayTime(each.endsAt, each.zone)} (${each.zone})`,
        channels: each.channelIds?.map((id) => channels.get(id) ?? 'A channel that was removed') ?? null,
        madeBy: names.get(each.madeBy) ?? 'Somebody who left',
        now: each.startsAt <= now,
      })),
    }
  }

  async pause(acting: ActingMember): Promise<PauseView | null> {
    const pause = await this.pauses.current(acting.groupId)
    if (!pause) return null
    const names = await this.names(acting)
    const asked = pause.releaseAskedBy
    const isMine = asked !== null && (await this.members.areOne(acting.groupId, asked, acting.memberId))
    return {
      by: names.get(pause.pausedBy) ?? 'Somebody who left',
      since: pause.pausedAt.toISO() ?? '',
      reason: pause.reason,
      releaseAskedBy: asked === null ? null : (names.get(asked) ?? 'Somebody who left'),
      whyNotRelease: isMine ? 'You asked for this yourself; somebody else has to confirm it.' : null,
    }
  }

  /** What was planned inside is moved at once, or waits for a new time. */
  async addSilence(acting: ActingMember, given: NewSilence): Promise<CalendarView> {
    await this.silences.add(acting, given)
    await this.late.moveSilenced()
    return this.get(acting)
  }

  /** Holidays of a country or a part of it: what can be chosen, and which come next. */
  async holidaysOf(acting: ActingMember, region: string | null): Promise<HolidaysView> {
    if (region !== null) await this.holidays.require(region)
    const today = this.clock.now().setZone(acting.group.timeZone)
    const days = await this.holidays.between(region, today, today.plus({ years: 1 }))
    const from = Math.floor(today.setZone('utc', { keepLocalTime: true }).toMillis() / dayMs)
    return {
      of: region,
      countries: await this.holidays.regions(null),
      parts: region === null ? [] : await this.holidays.regions(region.split('-')[0] ?? region),
      next: [...days]
        .filter(([day]) => day >= from)
        .sort(([one], [other]) => one - other)
        .slice(0, nextHolidays)
        .map(([day, name]) => {
          const date = DateTime.fromMillis(day * dayMs, { zone: 'utc' })
          const said = date.setLocale('en-GB').toFormat('cccc d LLLL yyyy')
          return { date: date.toFormat('yyyy-MM-dd'), text: `${said}: ${name}` }
        }),
    }
  }

  async keepHolidays(acting: ActingMember, region: string | null): Promise<HolidaysView> {
    if (region !== null) await this.holidays.require(region)
    await this.groups.change(acting, { holidays: region })
    return this.holidaysOf(acting, region)
  }

  private async names(acting: ActingMember): Promise<Map<string, string>> {
    return new Map((await this.members.list(acting.groupId)).map((each) => [each.id, each.name]))
  }
}
