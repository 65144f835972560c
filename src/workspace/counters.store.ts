import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

/** The newest reading of a publication's counters; null is "the network does not tell". */
export interface CountersRow {
  readonly reactions: number | null
  readonly replies: number | null
  readonly reposts: number | null
  readonly clicks: number | null
  readonly impressions: number | null
  readonly takenAt: string
}

@Injectable()
export class CountersStore {
  async latest(
    manager: EntityManager,
    groupId: string,
    publicationIds: readonly string[],
  ): Promise<Map<string, CountersRow>> {
    if (publicationIds.length === 0) return new Map()
    const rows: (Record<keyof Omit<CountersRow, 'takenAt'>, string | null> & { id: string; taken_at: Date })[] =
      await manager.query(
        `select distinct on (publication_id) publication_id as id, taken_at, reactions, replies, reposts, clicks, impressions
       from engagement_samples where group_id = $1 and publication_id = any ($2) order by publication_id, taken_at desc`,
        [groupId, [...publicationIds]],
      )
    return new Map(
      rows.map((row) => [
        row.id,
        {
          reactions: number(row.reactions),
          replies: number(row.replies),
          reposts: number(row.reposts),
          clicks: number(row.clicks),
          impressions: number(row.impressions),
          takenAt: row.taken_at.toISOString(),
        },
      ]),
    )
  }
}

function number(value: string | null): number | null {
  return value === null ? null : Number(value)
}
