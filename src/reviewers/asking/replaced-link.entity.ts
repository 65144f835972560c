import type { DateTime } from 'luxon'
import { Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** A link that a newer one for the same request replaced: it opens nothing, and says so. */
@Entity('replaced_links')
export class ReplacedLinkEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid' })
  groupId: string

  @PrimaryColumn({ name: 'token_hash', type: 'text' })
  tokenHash: string

  @Column({ name: 'request_id', type: 'uuid' })
  requestId: string

  @InstantColumn({ name: 'replaced_at' })
  replacedAt: DateTime
}
