import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import { type EntityManager, In } from 'typeorm'

import type { Actor } from '../kernel/actor.js'
import { DomainError } from '../kernel/domain-error.js'
import { newId } from '../kernel/ids.js'
import { ContributorEntity } from './contributor.entity.js'
import { PostEventEntity } from './post-event.entity.js'
import { PostEntity } from './post.entity.js'
import { RevisionEntity } from './revision.entity.js'

@Injectable()
export class PostsStore {
  /** Locks the post until commit: the first lock that everybody takes. */
  async lock(manager: EntityManager, groupId: string, id: string): Promise<PostEntity> {
    const post = await manager.findOne(PostEntity, { where: { groupId, id }, lock: { mode: 'pessimistic_write' } })
    return post ?? noSuchPost()
  }

  /** Locks several, in one order for everybody. */
  async lockAll(manager: EntityManager, posts: readonly { groupId: string; id: string }[]): Promise<void> {
    await manager.query(
      `select 1 from posts where (group_id, id) in (select * from unnest($1::uuid[], $2::uuid[]))
       order by group_id, id for update`,
      [posts.map((each) => each.groupId), posts.map((each) => each.id)],
    )
  }

  async get(manager: EntityManager, groupId: string, id: string): Promise<PostEntity> {
    return (await manager.findOneBy(PostEntity, { groupId, id })) ?? noSuchPost()
  }

  async save(manager: EntityManager, post: PostEntity): Promise<void> {
    await manager.save(PostEntity, post)
  }

  async insert(manager: EntityManager, post: PostEntity): Promise<void> {
    await manager.insert(PostEntity, post)
  }

  listByIds(manager: EntityManager, groupId: string, ids: readonly string[]): Promise<PostEntity[]> {
    return ids.length === 0 ? Promise.resolve([]) : manager.findBy(PostEntity, { groupId, id: In([...ids]) })
  }

  async insertRevision(manager: EntityManager, revision: RevisionEntity): Promise<void> {
    await manager.insert(RevisionEntity, revision)
  }

  revision(manager: EntityManager, groupId: string, id: string): Promise<RevisionEntity | null> {
    return manager.findOneBy(RevisionEntity, { groupId, id })
  }

  /** Several revisions, of any groups, by id. */
  async revisionsOf(
    manager: EntityManager,
    revisions: readonly { groupId: string; id: string }[],
  ): Promise<Map<string, RevisionEntity>> {
    const rows = await manager
      .createQueryBuilder(RevisionEntity, 'r')
      .where('(r.group_id, r.id) in (select * from unnest(cast(:groups as uuid[]), cast(:ids as uuid[])))', {
        groups: revisions.map((each) => each.groupId),
        ids: revisions.map((each) => each.id),
      })
      .getMany()
    return new Map(rows.map((row) => [row.id, row]))
  }

  revisions(manager: EntityManager, groupId: string, postId: string): Promise<RevisionEntity[]> {
    return manager.find(RevisionEntity, { where: { groupId, postId }, order: { number: 'desc' } })
  }

  async lastNumber(manager: EntityManager, groupId: string, postId: string): Promise<number> {
    return (await manager.maximum(RevisionEntity, 'number', { groupId, postId })) ?? 0
  }

  /** Remembers for good that these members worked on the revision that will have this number. */
  async addContributors(
    manager: EntityManager,
    post: { groupId: string; id: string },
    revisionNumber: number,
    memberIds: readonly string[],
    at: DateTime,
  ): Promise<void> {
    await manager.query(
      `insert into contributors (group_id, post_id, revision_number, member_id, person_id, at)
       select m.group_id, $2, $3, m.id, m.person_id, $5 from members m where m.group_id = $1 and m.id = any ($4)
       on conflict do nothing`,
      [post.groupId, post.id, revisionNumber, [...new Set(memberIds)], at.toJSDate()],
    )
  }

  contributors(manager: EntityManager, groupId: string, postId: string): Promise<ContributorEntity[]> {
    return manager.findBy(ContributorEntity, { groupId, postId })
  }

  async addEvent(
    manager: EntityManager,
    actor: Pick<Actor, 'groupId'>,
    postId: string,
    at: DateTime,
    text: string,
  ): Promise<void> {
    await manager.insert(PostEventEntity, { groupId: actor.groupId, postId, id: newId(at.toMillis()), at, text })
  }

  async addEvents(
    manager: EntityManager,
    at: DateTime,
    events: readonly { groupId: string; postId: string; text: string }[],
  ): Promise<void> {
    await manager.query(
      `insert into post_events (group_id, post_id, id, at, text)
       select group_id, post_id, id, $5, text from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) as e (group_id, post_id, id, text)`,
      [
        events.map((each) => each.groupId),
        events.map((each) => each.postId),
        events.map(() => newId(at.toMillis())),
        events.map((each) => each.text),
        at.toJSDate(),
      ],
    )
  }

  events(manager: EntityManager, groupId: string, postId: string): Promise<PostEventEntity[]> {
    return manager.find(PostEventEntity, { where: { groupId, postId }, order: { at: 'desc', id: 'desc' } })
  }
}

function noSuchPost(): never {
  throw new DomainError('no-such-post', 'There is no such post in this group. It may have an old address.', 'not-found')
}
