import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../database/instant.column.js'

/** A time in which nothing of a group, or of some of its channels, goes out. */
@Entity('silences')
@Check('silences_last', 'starts_at < ends_at')
@Check('silences_of_something', 'channel_ids is null or cardinality(channel_ids) > 0')
export class SilenceEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'silences_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'silences_pkey' })
  id: string

  @Column({ type: 'text' })
  name: string

  /** `YYYY-MM-DDTHH:mm` in `zone`. */
  @Column({ name: 'from_wall', type: 'text' })
  fromWall: string

  @Column({ name: 'until_wall', type: 'text' })
  untilWall: string

  @Column({ type: 'text' })
  zone: string

  @InstantColumn({ name: 'starts_at' })
  startsAt: DateTime

  /** Exclusive. */
  @InstantColumn({ name: 'ends_at' })
  endsAt: DateTime

  /** Null: every channel of the group. */
  @Column({ name: 'channel_ids', type: 'uuid', array: true, nullable: true })
  channelIds: string[] | null

  @Column({ name: 'made_by', type: 'uuid' })
  madeBy: string

  @InstantColumn({ name: 'made_at' })
  madeAt: DateTime

  @Column({ name: 'removed_by', type: 'uuid', nullable: true })
  removedBy: string | null

  @InstantColumn({ name: 'removed_at', nullable: true })
  removedAt: DateTime | null
}
