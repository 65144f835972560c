import { Column, Entity, PrimaryColumn } from 'typeorm'

/** One picture of a notice, with the bytes that the reviewers approved. */
@Entity('noticeboard_pictures')
export class NoticeboardPictureEntity {
  @PrimaryColumn({ name: 'group_id', type: 'uuid', primaryKeyConstraintName: 'noticeboard_pictures_pkey' })
  groupId: string

  @PrimaryColumn({ name: 'post_id', type: 'uuid', primaryKeyConstraintName: 'noticeboard_pictures_pkey' })
  postId: string

  /** From 0, in the approved order. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'noticeboard_pictures_pkey' })
  position: number

  @Column({ type: 'text' })
  sha256: string

  @Column({ type: 'text' })
  mime: string

  @Column({ type: 'integer' })
  width: number

  @Column({ type: 'integer' })
  height: number

  @Column({ type: 'text' })
  alt: string

  @Column({ type: 'bytea', select: false })
  bytes: Buffer
}
