import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One window of a group, or of one of its channels. */
@Entity('windows')
@Check('windows_days_known', 'days <@ array[1, 2, 3, 4, 5, 6, 7] and cardinality(days) > 0')
@Check('windows_times', `starts ~ '^[0-2][0-9]:[0-5][0-9]$' and ends ~ '^[0-2][0-9]:[0-5][0-9]$' and starts < ends`)
@Index('windows_by_channel', ['groupId', 'channelId'])
export class WindowEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'windows_pkey' })
  groupId: string

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'windows_pkey' })
  id: string

  /** Null: the group's own, for every channel without windows of its own. */
  @Column({ name: 'channel_id', type: 'uuid', nullable: true })
  channelId: string | null

  @Column({ type: 'integer', array: true })
  days: number[]

  @Column({ type: 'text' })
  starts: string

  @Column({ type: 'text' })
  ends: string

  @Column({ type: 'text' })
  name: string
}
