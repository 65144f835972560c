import { Injectable } from '@nestjs/common'
import type { EntityManager } from 'typeorm'

import type { PostEntity } from '../drafts/post.entity.js'
import { PostsStore } from '../drafts/posts.store.js'
import { PoliciesService } from '../groups/policies.service.js'
import { DomainError } from '../kernel/domain-error.js'
import { isOut, statesOf } from '../scheduler/publication-words.js'
import { PublicationsStore } from '../scheduler/publications.store.js'
import type { ReviewRequestEntity } from './asking/review-request.entity.js'
import { missingTicks } from './checklist.js'
import type { Decision } from './verdict.js'

/** Why an answer cannot be counted, said before the database would say it. */
@Injectable()
export class VerdictChecksService {
  constructor(
    private readonly posts: PostsStore,
    private readonly publications: PublicationsStore,
    private readonly policies: PoliciesService,
  ) {}

  /** @throws DomainError naming what is missing in the form */
  checkForm(decision: Decision): void {
    const missing = decision.kind === 'approve' ? missingTicks(decision.ticks) : []
    if (missing.length > 0) {
      throw new DomainError(
        'ticks-missing',
        `Before you approve, please tick: ${missing.map((text) => `“${text}”`).join(', ')}.`,
      )
    }
    if (decision.kind === 'changes' && decision.note.trim() === '') {
      throw new DomainError(
        'reason-missing',
        'Please write in the note what should change, so that the author knows what to do.',
      )
    }
    if (decision.note.length > 2000) {
      throw new DomainError('note-too-long', `The note has ${decision.note.length} characters; keep it under 2,000.`)
    }
  }

  /** @throws DomainError `proof-not-enough` where the group wants a passkey or a full sign-in */
  async checkProof(manager: EntityManager, post: PostEntity, decision: Decision): Promise<void> {
    if (decision.via === 'session' || decision.via === 'passkey') return
    if ((await this.policies.over(manager, post.groupId, post.id)).proof !== 'strict') return
    throw new DomainError(
      'proof-not-enough',
      'Your group asks for a passkey or a full sign-in, so this answer was not counted. Sign in, or use your passkey, and answer again.',
      'forbidden',
    )
  }

  /** @throws DomainError `replaced`, `gone-out`, `being-edited` */
  async checkShown(
    manager: EntityManager,
    post: PostEntity,
    request: ReviewRequestEntity,
    decision: Decision,
  ): Promise<void> {
    const revision = await this.posts.revision(manager, post.groupId, request.revisionId)
    if (post.currentRevisionId !== request.revisionId || revision?.hash !== decision.hash) {
      throw new DomainError(
        'replaced',
        'Another version has replaced the one you were shown, so your answer was not counted. Look at the newer mail.',
        'conflict',
      )
    }
    const publications = await this.publications.ofPost(manager, post.groupId, post.id)
    if (isOut(statesOf(publications))) {
      throw new DomainError(
        'gone-out',
        'This post has gone out already, so your answer was not counted. Anybody in the group can take it down from the post’s page.',
        'conflict',
      )
    }
    if (post.editing) {
      throw new DomainError(
        'being-edited',
        'The author is changing this post just now, so your answer was not counted. You will be asked again, or this version comes back.',
        'conflict',
      )
    }
  }
}
