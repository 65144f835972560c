import { Injectable } from '@nestjs/common'
import { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import type { OutgoingPost } from '../platform.js'
import type { Notice, Noticeboard, NoticeLookup, NoticePage, NoticePicture } from './notice.js'

/** A notice as the adapter keeps it. */
export interface KeptNotice {
  readonly id: string
  readonly publishedAt: DateTime
  readonly text: string
  readonly link: string | null
  readonly language: string
  readonly pictures: readonly { readonly sha256: string; readonly alt: string }[]
  readonly takenDown: boolean
}

export interface NewNotice {
  readonly groupId: string
  readonly channelId: string
  readonly id: string
  readonly publishKey: string
  readonly publishedAt: DateTime
  readonly post: OutgoingPost
}

/** The bytes of a picture and how to serve them. */
export interface ServedPicture {
  readonly bytes: Buffer
  readonly mime: string
  readonly sha256: string
}

interface NoticeRow {
  id: string
  text: string
  link: string | null
  language: string
  published_at: Date
  deleted_at: Date | null
  useful: string
}

type PictureRow = NoticePicture & { readonly post_id: string }

const noticeColumns = 'id, text, link, language, published_at, deleted_at, useful'
const pictureColumns = 'post_id, position, mime, octet_length(bytes) as size, width, height, alt'

/** Notices in the database: the public page reads them, the adapter writes them. */
@Injectable()
export class NoticeboardStore {
  /** False if a notice with this key was there before. */
  async insert(manager: EntityManager, notice: NewNotice): Promise<boolean> {
    const { groupId, channelId, id, publishKey, publishedAt, post } = notice
    const rows: unknown[] = await manager.query(
      `insert into noticeboard_posts (group_id, channel_id, id, publish_key, text, link, language, published_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict on constraint noticeboard_posts_key_unique do nothing
       returning id`,
      [groupId, channelId, id, publishKey, post.text, post.link, post.language, publishedAt.toISO()],
    )
    if (rows.length === 0) return false
    for (const [position, picture] of post.pictures.entries()) {
      await manager.query(
        `insert into noticeboard_pictures (group_id, post_id, position, sha256, mime, width, height, alt, bytes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          groupId,
          id,
          position,
          picture.sha256,
          picture.mime,
          picture.width,
          picture.height,
          picture.alt,
          Buffer.from(picture.bytes),
        ],
      )
    }
    return true
  }

  /** The notice with this key, taken down or not. */
  async byKey(
    manager: EntityManager,
    groupId: string,
    channelId: string,
    publishKey: string,
  ): Promise<KeptNotice | null> {
    const rows: NoticeRow[] = await manager.query(
      `select ${noticeColumns} from noticeboard_posts
       where group_id = $1 and channel_id = $2 and publish_key = $3`,
      [groupId, channelId, publishKey],
    )
    const row = rows[0]
    if (!row) return null
    const pictures: { sha256: string; alt: string }[] = await manager.query(
      'select sha256, alt from noticeboard_pictures where group_id = $1 and post_id = $2 order by position',
      [groupId, row.id],
    )
    const { id, text, link, language } = row
    return {
      id,
      text,
      link,
      language,
      publishedAt: instant(row.published_at),
      pictures,
      takenDown: row.deleted_at !== null,
    }
  }

  /** Takes a notice down; one that is down already stays as it is. */
  async takeDown(manager: EntityManager, groupId: string, channelId: string, id: string, at: DateTime): Promise<void> {
    await manager.query(
      `update noticeboard_posts set deleted_at = $4
       where group_id = $1 and channel_id = $2 and id = $3 and deleted_at is null`,
      [groupId, channelId, id, at.toISO()],
    )
  }

  async counters(
    manager: EntityManager,
    groupId: string,
    channelId: string,
    ids: readonly string[],
  ): Promise<{ id: string; useful: number; views: number }[]> {
    const rows: { id: string; useful: string; views: string }[] = await manager.query(
      `select id, useful, views from noticeboard_posts
       where group_id = $1 and channel_id = $2 and id = any($3::uuid[]) and deleted_at is null`,
      [groupId, channelId, ids],
    )
    return rows.map(({ id, useful, views }) => ({ id, useful: Number(useful), views: Number(views) }))
  }

  /** A group has a public page from the day it connects its noticeboard; before that its name is nobody's business. */
  async board(manager: EntityManager, slug: string): Promise<Noticeboard | null> {
    const rows: { id: string; slug: string; name: string; time_zone: string; demo: boolean }[] = await manager.query(
      `select id, slug, name, time_zone, demo from groups g
       where slug = $1 and exists (select 1 from channels c where c.group_id = g.id and c.network = 'noticeboard')`,
      [slug],
    )
    const row = rows[0]
    return row ? { groupId: row.id, slug: row.slug, name: row.name, timeZone: row.time_zone, demo: row.demo } : null
  }

  /** The newest `size` notices, or those just before or after a notice. */
  async page(
    manager: EntityManager,
    groupId: string,
    from: { readonly before?: string; readonly after?: string },
    size: number,
  ): Promise<NoticePage> {
    const anchor = from.before ?? from.after ?? null
    const backwards = from.before === undefined && from.after !== undefined
    // a page is told by a notice, not by a number, so that a new notice shifts nothing while somebody reads
    const rows: NoticeRow[] = await manager.query(
      `select ${noticeColumns} from noticeboard_posts
       where group_id = $1 and deleted_at is null
         and ($2::uuid is null or (published_at, id) ${backwards ? '>' : '<'} (
           select a.published_at, a.id from noticeboard_posts a where a.group_id = $1 and a.id = $2))
       order by published_at ${backwards ? 'asc' : 'desc'}, id ${backwards ? 'asc' : 'desc'}
       limit $3`,
      [groupId, anchor, size + 1],
    )
    const more = rows.length > size
    const shown = rows.slice(0, size)
    if (backwards) shown.reverse()
    return {
      notices: await this.withPictures(manager, groupId, shown),
      hasNewer: backwards ? more : anchor !== null,
      hasOlder: backwards ? true : more,
    }
  }

  async one(manager: EntityManager, groupId: string, id: string): Promise<NoticeLookup> {
    const rows: NoticeRow[] = await manager.query(
      `select ${noticeColumns} from noticeboard_posts where group_id = $1 and id = $2`,
      [groupId, id],
    )
    const row = rows[0]
    if (!row) return { kind: 'unknown' }
    if (row.deleted_at) return { kind: 'retracted', at: instant(row.deleted_at) }
    const [notice] = await this.withPictures(manager, groupId, [row])
    return notice ? { kind: 'shown', notice } : { kind: 'unknown' }
  }

  /** A picture of a notice that is still up. */
  async picture(
    manager: EntityManager,
    groupId: string,
    noticeId: string,
    position: number,
  ): Promise<ServedPicture | null> {
    const rows: ServedPicture[] = await manager.query(
      `select bytes, mime, sha256 from noticeboard_pictures i
       where i.group_id = $1 and i.post_id = $2 and i.position = $3
         and exists (select 1 from noticeboard_posts p
           where p.group_id = i.group_id and p.id = i.post_id and p.deleted_at is null)`,
      [groupId, noticeId, position],
    )
    return rows[0] ?? null
  }

  async addUseful(manager: EntityManager, groupId: string, id: string): Promise<void> {
    await manager.query(
      'update noticeboard_posts set useful = useful + 1 where group_id = $1 and id = $2 and deleted_at is null',
      [groupId, id],
    )
  }

  async addView(manager: EntityManager, groupId: string, id: string): Promise<void> {
    await manager.query(
      'update noticeboard_posts set views = views + 1 where group_id = $1 and id = $2 and deleted_at is null',
      [groupId, id],
    )
  }

  private async withPictures(manager: EntityManager, groupId: string, rows: NoticeRow[]): Promise<Notice[]> {
    if (rows.length === 0) return []
    const pictures: PictureRow[] = await manager.query(
      `select ${pictureColumns} from noticeboard_pictures
       where group_id = $1 and post_id = any($2::uuid[]) order by post_id, position`,
      [groupId, rows.map((row) => row.id)],
    )
    return rows.map((row) => ({
      id: row.id,
      text: row.text,
      link: row.link,
      language: row.language,
      publishedAt: instant(row.published_at),
      useful: Number(row.useful),
      pictures: pictures.filter((picture) => picture.post_id === row.id),
    }))
  }
}

function instant(value: Date): DateTime {
  return DateTime.fromJSDate(value, { zone: 'utc' })
}
