import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import { Transaction } from '../database/transaction.js'
import type { Actor } from '../kernel/actor.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId, sha256 } from '../kernel/ids.js'
import type { KnownPicture, MediaView } from './media.js'
import { MediaStore, type MediaWithBytes } from './media.store.js'
import { type Film, FilmFault, looksLikeFilm, readFilm } from './mp4.js'
import { type CleanPicture, cleanPicture, jpegOf, smallPicture } from './picture.adapter.js'

/** Pictures, made anew at upload, and films, emptied of what is no film; kept by the hash of their bytes. */
@Injectable()
export class MediaService {
  constructor(
    private readonly store: MediaStore,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError when the file is no picture or film that we can use */
  async upload({ groupId, memberId: uploadedBy }: Actor, file: Buffer): Promise<MediaView> {
    const now = this.clock.now()
    const row = (made: CleanPicture | Film, madeFrom: string | null) => ({
      mime: 'video/mp4',
      seconds: null,
      ...made,
      groupId,
      id: newId(now.toMillis()),
      sha256: sha256(made.bytes),
      madeFrom,
      uploadedBy,
      createdAt: now,
    })
    if (looksLikeFilm(file)) {
      const film = row(filmIn(file), null)
      return this.transaction.run((manager) => this.store.insert(manager, film, null))
    }
    const picture = await cleanPicture(file)
    const kept = row(picture, null)
    const jpeg = await jpegOf(picture)
    return this.transaction.run((manager) => this.store.insert(manager, kept, jpeg && row(jpeg, kept.id)))
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

  async filmsAmong(manager: EntityManager, groupId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return ids.length === 0 ? new Set() : this.store.filmsAmong(manager, groupId, ids)
  }

  /** A preview of a picture, at most `limit` bytes if that can be. */
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

/** Kept in one piece by the database and by whoever sends it, so not too long a film. */
const largestFilm = 40_000_000

function filmIn(file: Buffer): Film {
  if (file.length > largestFilm) {
    const megabytes = Math.ceil(file.length / 1_000_000)
    throw new DomainError(
      'film-too-large',
      `This film has ${megabytes} MB; at most 40 MB can be sent. Make it shorter or smaller.`,
    )
  }
  try {
    return readFilm(file)
  } catch (error) {
    if (error instanceof FilmFault) throw new DomainError('film-unusable', error.message)
    throw error
  }
}
