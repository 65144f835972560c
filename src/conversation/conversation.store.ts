import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { CommentEntity } from './comment.entity.js'
import { placeFrom, type Place } from './place.js'
import type { Listener, Remark } from './remark.js'
import { SuggestionEntity } from './suggestion.entity.js'

@Injectable()
export class ConversationStore {
  async insertComment(manager: EntityManager, comment: Omit<CommentEntity, 'removedAt' | 'toldAt'>): Promise<void> {
    await manager.insert(CommentEntity, comment)
  }

  comment(manager: EntityManager, groupId: string, postId: string, id: string): Promise<CommentEntity | null> {
    return manager.findOneBy(CommentEntity, { groupId, postId, id })
  }

  /** Takes the words away; that something was said stays. */
  async removeComment(manager: EntityManager, comment: CommentEntity, at: DateTime): Promise<void> {
    await manager.update(CommentEntity, { groupId: comment.groupId, id: comment.id }, { text: '', removedAt: at })
  }

  async insertSuggestion(
    manager: EntityManager,
    {
      place,
      ...suggestion
    }: Pick<
      SuggestionEntity,
      'groupId' | 'id' | 'postId' | 'revisionId' | 'memberId' | 'personId' | 'before' | 'words' | 'note' | 'at'
    > & { place: Place },
  ): Promise<void> {
    await manager.insert(SuggestionEntity, {
      ...suggestion,
      place: place.kind,
      channelId: place.kind === 'channel' ? place.channelId : null,
      mediaId: place.kind === 'alt' ? place.mediaId : null,
      state: 'open',
    })
  }

  suggestion(manager: EntityManager, groupId: string, postId: string, id: string): Promise<SuggestionEntity | null> {
    return manager.findOneBy(SuggestionEntity, { groupId, postId, id })
  }

  async settle(
    manager: EntityManager,
    suggestion: SuggestionEntity,
    settled: { state: 'applied' | 'dismissed'; settledAt: DateTime; settledBy: string },
  ): Promise<void> {
    await manager.update(SuggestionEntity, { groupId: suggestion.groupId, id: suggestion.id }, settled)
  }

  /** All that was said about a post, the oldest first. */
  async remarks(manager: EntityManager, groupId: string, postId: string): Promise<Remark[]> {
    const comments = await manager.findBy(CommentEntity, { groupId, postId })
    const suggestions = await manager.findBy(SuggestionEntity, { groupId, postId })
    if (comments.length + suggestions.length === 0) return []
    const people: { id: string; root: string; name: string }[] = await manager.query(
      `select m.id, root_person(m.person_id) as root, p.name
       from members m join people p on p.id = m.person_id where m.group_id = $1 and m.id = any ($2)`,
      [
        groupId,
        [
          ...comments.map((each) => each.memberId),
          ...suggestions.flatMap((each) => [each.memberId, ...(each.settledBy ? [each.settledBy] : [])]),
        ],
      ],
    )
    const numbers: { id: string; number: number }[] = await manager.query(
      'select id, number from revisions where group_id = $1 and post_id = $2',
      [groupId, postId],
    )
    const said = (each: CommentEntity | SuggestionEntity) => {
      const person = people.find((one) => one.id === each.memberId)
      return {
        id: each.id,
        memberId: each.memberId,
        personId: person?.root ?? each.personId,
        name: person?.name ?? 'Somebody who left',
        at: each.at,
        version: numbers.find((one) => one.id === each.revisionId)?.number ?? null,
        told: each.toldAt !== null,
      }
    }
    const remarks: Remark[] = [
      ...comments.map((each): Remark => {
        const { text, suggestionId } = each
        return { ...said(each), kind: 'comment', text, suggestionId, removed: each.removedAt !== null }
      }),
      ...suggestions.map((each): Remark => {
        const { before, words, note, state, settledAt, settledBy } = each
        const settledByName = people.find((one) => one.id === settledBy)?.name ?? null
        return {
          ...said(each),
          kind: 'suggestion',
          place: placeFrom(each),
          before,
          words,
          note,
          state,
          settledAt,
          settledByName,
        }
      }),
    ]
    return remarks.sort((one, other) => one.at.toMillis() - other.at.toMillis() || (one.id < other.id ? -1 : 1))
  }

  /** When somebody was last mailed about a post's conversation. */
  async lastTold(manager: EntityManager, groupId: string, postId: string): Promise<DateTime | null> {
    const newest = async (entity: typeof CommentEntity | typeof SuggestionEntity) =>
      (
        await manager
          .createQueryBuilder<CommentEntity | SuggestionEntity>(entity, 'r')
          .where('r.groupId = :groupId and r.postId = :postId and r.toldAt is not null', { groupId, postId })
          .orderBy('r.toldAt', 'DESC')
          .limit(1)
          .getOne()
      )?.toldAt ?? null
    const [comment, suggestion] = [await newest(CommentEntity), await newest(SuggestionEntity)]
    return comment && suggestion && suggestion > comment ? suggestion : (comment ?? suggestion)
  }

  async markTold(manager: EntityManager, groupId: string, postId: string, at: DateTime): Promise<void> {
    for (const table of ['comments', 'suggestions'])
      await manager.query(`update ${table} set told_at = $3 where group_id = $1 and post_id = $2 and told_at is null`, [
        groupId,
        postId,
        at.toJSDate(),
      ])
  }

  /** The posts of which something was said that nobody has been told yet. */
  untold(manager: EntityManager): Promise<{ groupId: string; postId: string }[]> {
    return manager.query(
      `select group_id as "groupId", post_id as "postId" from comments where told_at is null
       union select group_id, post_id from suggestions where told_at is null limit 500`,
    )
  }

  /**
   * Who hears what is said about a post: its author, whoever said something, and whoever gave a verdict; active
   * members who have not asked to be left alone. One a person.
   */
  listeners(manager: EntityManager, groupId: string, postId: string): Promise<Listener[]> {
    return manager.query(
      `select distinct on (root_person(m.person_id)) m.id as "memberId", root_person(m.person_id) as "personId", p.name, p.email
       from members m join people p on p.id = m.person_id
       where m.group_id = $1 and m.status = 'active' and m.id in (
         select author_id from posts where group_id = $1 and id = $2
         union select member_id from comments where group_id = $1 and post_id = $2
         union select member_id from suggestions where group_id = $1 and post_id = $2
         union select member_id from verdicts where group_id = $1 and post_id = $2)
       and not exists (select 1 from conversation_mutes q join members o on o.group_id = q.group_id and o.id = q.member_id
         where q.group_id = $1 and q.post_id = $2 and q.muted and root_person(o.person_id) = root_person(m.person_id))
       order by root_person(m.person_id), m.created_at`,
      [groupId, postId],
    )
  }

  async isMuted(manager: EntityManager, groupId: string, postId: string, memberId: string): Promise<boolean> {
    const [row]: { muted: boolean }[] = await manager.query(
      'select muted from conversation_mutes where group_id = $1 and post_id = $2 and member_id = $3',
      [groupId, postId, memberId],
    )
    return row?.muted ?? false
  }

  async mute(
    manager: EntityManager,
    groupId: string,
    postId: string,
    memberId: string,
    muted: boolean,
    at: DateTime,
  ): Promise<void> {
    await manager.query(
      `insert into conversation_mutes (group_id, post_id, member_id, muted, at) values ($1, $2, $3, $4, $5)
       on conflict on constraint conversation_mutes_pkey do update set muted = excluded.muted, at = excluded.at`,
      [groupId, postId, memberId, muted, at.toJSDate()],
    )
  }
}
