import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import { type EntityManager, In } from 'typeorm'

import { MediaEntity } from './media.entity.js'
import { isFilm, type KnownPicture, type MediaView } from './media.js'

export type MediaWithBytes = MediaView & { readonly bytes: Buffer }

interface NewMedia {
  groupId: string
  id: string
  sha256: string
  mime: string
  width: number
  height: number
  seconds: number | null
  madeFrom: string | null
  bytes: Buffer
  uploadedBy: string
  createdAt: DateTime
}

@Injectable()
export class MediaStore {
  async insert(manager: EntityManager, media: NewMedia, jpeg: NewMedia | null): Promise<MediaView> {
    await manager.insert(MediaEntity, media)
    if (jpeg) await manager.insert(MediaEntity, jpeg)
    return present(media, jpeg && { sha256: jpeg.sha256, mime: jpeg.mime, size: jpeg.bytes.length })
  }

  async list(manager: EntityManager, groupId: string, ids: readonly string[]): Promise<MediaView[]> {
    if (ids.length === 0) return []
    return manager.query(
      `select m.id, m.sha256, m.mime, m.width, m.height, m.seconds, octet_length(m.bytes) as size,
         m.uploaded_by as "uploadedBy",
         case when j.id is not null
           then json_build_object('sha256', j.sha256, 'mime', j.mime, 'size', octet_length(j.bytes)) end as "asJpeg"
       from media m left join media j on j.group_id = m.group_id and j.made_from = m.id
       where m.group_id = $1 and m.id = any($2)`,
      [groupId, ids],
    )
  }

  async withBytes(manager: EntityManager, groupId: string, id: string): Promise<MediaWithBytes | null> {
    return this.one(manager, { groupId, id })
  }

  async withBytesByHash(manager: EntityManager, groupId: string, sha256: string): Promise<MediaWithBytes | null> {
    return this.one(manager, { groupId, sha256 })
  }

  async byHash(manager: EntityManager, groupId: string, hashes: readonly string[]): Promise<Map<string, KnownPicture>> {
    const found = await manager.find(MediaEntity, {
      select: { id: true, sha256: true, mime: true, width: true, height: true },
      where: { groupId, sha256: In([...hashes]) },
    })
    return new Map(
      found.map(({ sha256, id, width, height, mime }) => [sha256, { id, width, height, film: isFilm({ mime }) }]),
    )
  }

  async filmsAmong(manager: EntityManager, groupId: string, ids: readonly string[]): Promise<Set<string>> {
    const films = await manager.find(MediaEntity, {
      select: { id: true },
      where: { groupId, id: In([...ids]), mime: 'video/mp4' },
    })
    return new Set(films.map(({ id }) => id))
  }

  private async one(
    manager: EntityManager,
    where: { groupId: string; id?: string; sha256?: string },
  ): Promise<MediaWithBytes | null> {
    const media = await manager.createQueryBuilder(MediaEntity, 'm').addSelect('m.bytes').where(where).limit(1).getOne()
    return media ? { ...present(media, null), bytes: media.bytes } : null
  }
}

function present(media: NewMedia, asJpeg: MediaView['asJpeg']): MediaView {
  const { id, sha256, mime, width, height, seconds, bytes, uploadedBy } = media
  return { id, sha256, mime, width, height, seconds, size: bytes.length, uploadedBy, asJpeg }
}
