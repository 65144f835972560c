import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../database/transaction.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId, sha256 } from '../kernel/ids.js'
import type { KnownPicture, MediaView } from './media.js'
import { MediaStore, type MediaWithBytes } from './media.store.js'
import { cleanPicture, smallPicture } from './picture.adapter.js'

/** Pictures: made anew at upload, kept by the hash of their bytes. */
@Injectable()
export class MediaService {
  constructor(
    private readonly store: MediaStore,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError when the file is no picture that we can use */
  async upload(actor: Actor, file: Buffer): Promise<MediaView> {
    const picture = await cleanPicture(file)
    const now = this.clock.now()
    return this.transaction.run((manager) =>
      this.store.insert(manager, {
        ...picture,
        groupId: actor.groupId,
        id: newId(now.toMillis()),
        sha256: sha256(picture.bytes),
        uploadedBy: actor.memberId,
        createdAt: now,
      }),
    )
  }

  /** @throws DomainError when this group has no such picture */
  async bytes(groupId: string, id: string): Promise<MediaWithBytes> {
    const media = await this.store.withBytes(this.transaction.manager, groupId, id)
    if (!media) throw new DomainError('no-such-picture', 'There is no such picture in this group.', 'not-found')
    return media
  }

  bytesByHash(
    groupId: string,
    hash: string,
    manager: EntityManager = this.transaction.manager,
  ): Promise<MediaWithBytes | null> {
    return this.store.withBytesByHash(manager, groupId, hash)
  }

  list(
    groupId: string,
    ids: readonly string[],
    manager: EntityManager = this.transaction.manager,
  ): Promise<MediaView[]> {
    return this.store.list(manager, groupId, ids)
  }

  /** A preview, at most `limit` bytes if that can be. */
  small(media: MediaWithBytes, limit: number): Promise<{ bytes: Buffer; mime: string }> {
    return smallPicture(media.bytes, limit)
  }

  /** The group's pictures with these bytes, by SHA-256; their bytes stay in the database. */
  byHash(
    groupId: string,
    hashes: readonly string[],
    manager: EntityManager = this.transaction.manager,
  ): Promise<Map<string, KnownPicture>> {
    return this.store.byHash(manager, groupId, hashes)
  }
}
