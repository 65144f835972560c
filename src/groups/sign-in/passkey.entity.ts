import type { DateTime } from 'luxon'
import { Check, Column, Entity, PrimaryColumn } from 'typeorm'

import { InstantColumn } from '../../database/instant.column.js'

/** A key that a person's device or password manager holds; here is only the half that everybody may know. */
@Entity('passkeys')
@Check('passkeys_name_length', 'length(name) between 1 and 60')
export class PasskeyEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'passkeys_pkey' })
  id: string

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string

  /** The device's own name for the key, in base64url. */
  @Column({ name: 'credential_id', type: 'text' })
  credentialId: string

  /** COSE key (RFC 9052) in base64url. */
  @Column({ name: 'public_key', type: 'text' })
  publicKey: string

  /** How often it has signed, as the device counts; many devices do not count and say 0. A string, as PostgreSQL gives it. */
  @Column({ type: 'bigint' })
  counter: string

  @Column({ type: 'text', array: true, default: '{}' })
  transports: string[]

  /** Kept by a password manager on several devices, rather than by one device alone. */
  @Column({ name: 'backed_up', type: 'boolean' })
  backedUp: boolean

  @Column({ type: 'text' })
  name: string

  @InstantColumn({ name: 'created_at' })
  createdAt: DateTime

  @InstantColumn({ name: 'last_used_at', nullable: true })
  lastUsedAt: DateTime | null
}
