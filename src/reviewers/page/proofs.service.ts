import { Injectable } from '@nestjs/common'
import type { Request } from 'express'

import { Transaction } from '../../database/transaction.js'
import { PoliciesService } from '../../groups/policies.service.js'
import { SessionService, type SignedInPerson } from '../../groups/sign-in/session.service.js'
import { readCookies } from '../../http/cookies.js'
import { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import type { Candidate } from '../approval.js'
import type { ReviewRequestEntity } from '../asking/review-request.entity.js'
import { ReviewsStore } from '../reviews.store.js'

export const deviceCookie = 'seconder_review_device'

/** What a device brings along of itself; passkey and code are asked for. */
export type Proof = 'session' | 'device'

/** Who is at the device, as far as that is certain. */
@Injectable()
export class ProofsService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly sessions: SessionService,
    private readonly policies: PoliciesService,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async of(
    http: Request,
    request: ReviewRequestEntity,
    reviewer: Candidate,
  ): Promise<{ proof: Proof | null; strict: boolean; otherPerson: SignedInPerson | null }> {
    const { manager } = this.transaction
    const strict = (await this.policies.over(manager, request.groupId, request.postId)).proof === 'strict'
    const person = await this.sessions.personOf(http)
    if (person && (await this.store.rootOf(manager, person.personId)) === reviewer.personId) {
      return { proof: 'session', strict, otherPerson: null }
    }
    const device = !strict && (await this.isConfirmed(http, request))
    return { proof: device ? 'device' : null, strict, otherPerson: person }
  }

  private async isConfirmed(http: Request, request: ReviewRequestEntity): Promise<boolean> {
    const cookie = readCookies(http.headers.cookie).get(deviceCookie)
    if (cookie === undefined) return false
    const device = await this.store.device(this.transaction.manager, sha256(cookie))
    return (
      device !== null &&
      device.groupId === request.groupId &&
      device.memberId === request.memberId &&
      device.expiresAt > this.clock.now()
    )
  }
}
