import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import { type EntityManager, In } from 'typeorm'

import { MediaEntity } from './media.entity.js'
import type { KnownPicture, MediaView } from './media.js'

export type MediaWithBytes = MediaView & { readonly bytes: Buffer }

interface NewMedia {
  groupId: string
  id: string
  sha256: string
  mime: string
  width: number
  height: number
  bytes: Buffer
  uploadedBy: string
  createdAt: DateTime
}

@Injectable()
export class MediaStore {
  async insert(manager: EntityManager, media: NewMedia): Promise<MediaView> {
    await manager.insert(MediaEntity, media)
    return present(media)
  }

  async list(manager: EntityManager, groupId: string, ids: readonly string[]): Promise<MediaView[]> {
    if (ids.length === 0) return []
    const rows: (Omit<MediaView, 'size'> & { size: string })[] = await manager
      .createQueryBuilder(MediaEntity, 'm')
      .select(['m.id as id', 'm.sha256 as sha256', 'm.mime as mime', 'm.width as width', 'm.height as height'])
      .addSelect('octet_length(m.bytes)', 'size')
      .addSelect('m.uploaded_by', 'uploadedBy')
      .where({ groupId, id: In([...ids]) })
      .getRawMany()
    return rows.map((row) => ({ ...row, size: Number(row.size) }))
  }

  async withBytes(manager: EntityManager, groupId: string, id: string): Promise<MediaWithBytes | null> {
    return this.one(manager, { groupId, id })
  }

  async withBytesByHash(manager: EntityManager, groupId: string, sha256: string): Promise<MediaWithBytes | null> {
    return this.one(manager, { groupId, sha256 })
  }

  async byHash(manager: EntityManager, groupId: string, hashes: readonly string[]): Promise<Map<string, KnownPicture>> {
    const found = await manager.find(MediaEntity, {
      select: { id: true, sha256: true, width: true, height: true },
      where: { groupId, sha256: In([...hashes]) },
    })
    return new Map(found.map(({ sha256, id, width, height }) => [sha256, { id, width, height }]))
  }

  private async one(
    manager: EntityManager,
    where: { groupId: string; id?: string; sha256?: string },
  ): Promise<MediaWithBytes | null> {
    const media = await manager.createQueryBuilder(MediaEntity, 'm').addSelect('m.bytes').where(where).limit(1).getOne()
    return media ? { ...present(media), bytes: media.bytes } : null
  }
}

function present(media: NewMedia): MediaView {
  const { id, sha256, mime, width, height, bytes, uploadedBy } = media
  return { id, sha256, mime, width, height, size: bytes.length, uploadedBy }
}
