import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import { type EntityManager, IsNull } from 'typeorm'

import { PauseEntity } from './pause.entity.js'
import { SilenceEntity } from './silence.entity.js'
import type { Silence } from './slot.js'

/** When nothing goes out: silences, and the pause of everything. */
@Injectable()
export class StillnessStore {
  /** Silences that are not over, the first to begin first. */
  silences(manager: EntityManager, groupId: string): Promise<SilenceEntity[]> {
    return manager
      .createQueryBuilder(SilenceEntity, 's')
      .where('s.group_id = :groupId and s.removed_at is null and s.ends_at > clock()', { groupId })
      .orderBy('s.starts_at')
      .addOrderBy('s.id')
      .getMany()
  }

  /** What placing has to know of the group's calendar: its silences from now on, and whose holidays it keeps. */
  async calendar(
    manager: EntityManager,
    groupId: string,
  ): Promise<{ silencesOf: (channelId: string) => Silence[]; holidays: string | null }> {
    const rows: { holidays: string | null; name: string | null; from: Date; until: Date; of: string[] | null }[] =
      await manager.query(
        `select g.holidays, s.name, s.starts_at as "from", s.ends_at as until, s.channel_ids as of from groups g
         left join silences s on s.group_id = g.id and s.removed_at is null and s.ends_at > clock()
         where g.id = $1 order by s.starts_at`,
        [groupId],
      )
    return {
      holidays: rows[0]?.holidays ?? null,
      silencesOf: (channelId) =>
        rows.flatMap(({ name, from, until, of }) =>
          name === null || (of !== null && !of.includes(channelId))
            ? []
            : [{ name, from: instant(from), until: instant(until) }],
        ),
    }
  }

  async insertSilence(manager: EntityManager, silence: SilenceEntity): Promise<void> {
    await manager.insert(SilenceEntity, silence)
  }

  /** @returns false when there is no such silence in force */
  async removeSilence(manager: EntityManager, groupId: string, id: string, by: string, at: DateTime): Promise<boolean> {
    const { affected } = await manager.update(
      SilenceEntity,
      { groupId, id, removedAt: IsNull() },
      { removedBy: by, removedAt: at },
    )
    return affected === 1
  }

  /** The pause in force. */
  pause(manager: EntityManager, groupId: string): Promise<PauseEntity | null> {
    return manager.findOneBy(PauseEntity, { groupId, releasedAt: IsNull() })
  }

  lockPause(manager: EntityManager, groupId: string): Promise<PauseEntity | null> {
    return manager.findOne(PauseEntity, {
      where: { groupId, releasedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    })
  }

  async insertPause(manager: EntityManager, pause: PauseEntity): Promise<void> {
    await manager.insert(PauseEntity, pause)
  }

  async updatePause(
    manager: EntityManager,
    { groupId, id }: PauseEntity,
    changes: Partial<PauseEntity>,
  ): Promise<void> {
    await manager.update(PauseEntity, { groupId, id }, changes)
  }
}

function instant(date: Date): DateTime {
  return DateTime.fromJSDate(date, { zone: 'utc' })
}
