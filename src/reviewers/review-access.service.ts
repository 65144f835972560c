import { createHmac, timingSafeEqual } from 'node:crypto'

import { Injectable } from '@nestjs/common'
import type { Request } from 'express'

import { Config } from '../config/config.js'
import { Transaction } from '../database/transaction.js'
import { GroupsService } from '../groups/groups.service.js'
import { SessionService, type SignedInPerson } from '../groups/session.service.js'
import { readCookies } from '../http/cookies.js'
import { Clock } from '../kernel/clock.js'
import { sha256 } from '../kernel/ids.js'
import type { Candidate } from './approval.js'
import type { ReviewRequestEntity } from './review-request.entity.js'
import { ReviewsStore } from './reviews.store.js'

export const deviceCookie = 'seconder_review_device'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a request to a review page is entitled to. */
export interface Access {
  readonly request: ReviewRequestEntity
  readonly groupName: string
  /** The member whom the request was sent to. */
  readonly reviewer: Candidate
  /** The link's token, when the page was reached by the link. */
  readonly token: string | null
  /** Whether it is certain that the reviewer is at the device, and how. */
  readonly proof: 'session' | 'device' | null
  /** Somebody else who is signed in on this device. */
  readonly otherPerson: SignedInPerson | null
}

/** The name of the short-lived cookie that carries the link's token to the page without showing it in the address. */
export function linkCookie(requestId: string): string {
  return `seconder_review_${requestId}`
}

/** Tells what a visitor of a review page may do. Changes nothing. */
@Injectable()
export class ReviewAccessService {
  constructor(
    private readonly store: ReviewsStore,
    private readonly sessions: SessionService,
    private readonly groups: GroupsService,
    private readonly transaction: Transaction,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async byToken(token: string): Promise<ReviewRequestEntity | null> {
    return /^[\w-]{43}$/.test(token) ? this.store.requestByToken(this.transaction.manager, sha256(token)) : null
  }

  /** @returns null when the visitor came neither by the link nor as the signed-in reviewer */
  async of(http: Request, requestId: string): Promise<Access | null> {
    const { manager } = this.transaction
    const request = uuid.test(requestId) ? await this.store.requestById(manager, requestId) : null
    if (!request) return null
    const cookies = readCookies(http.headers.cookie)
    const given = cookies.get(linkCookie(requestId))
    const token = given !== undefined && sha256(given) === request.tokenHash ? given : null
    const candidates = await this.store.candidates(manager, request.groupId)
    const reviewer = candidates.find((each) => each.memberId === request.memberId)
    if (!reviewer) return null
    const person = await this.sessions.personOf(http)
    const root = person && (await this.store.rootOf(manager, person.personId))
    const isReviewer = root === reviewer.personId
    if (!token && !isReviewer) return null
    const group = await this.groups.get(request.groupId)
    return {
      request,
      groupName: group.name,
      reviewer,
      token,
      proof: isReviewer ? 'session' : (await this.deviceProof(cookies.get(deviceCookie), request)) ? 'device' : null,
      otherPerson: isReviewer ? null : person,
    }
  }

  /** Ties a form to the visitor it was made for. */
  csrf(access: Access): string {
    const holder = access.token ?? access.reviewer.personId
    return createHmac('sha256', this.config.secret).update(`review ${access.request.id} ${holder}`).digest('base64url')
  }

  isCsrf(access: Access, given: string): boolean {
    const right = Buffer.from(this.csrf(access))
    const said = Buffer.from(given)
    return right.length === said.length && timingSafeEqual(right, said)
  }

  private async deviceProof(cookie: string | undefined, request: ReviewRequestEntity): Promise<boolean> {
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
