import { Injectable } from '@nestjs/common'
import type { Request } from 'express'

import { Transaction } from '../../database/transaction.js'
import { GroupsService } from '../../groups/groups.service.js'
import type { SignedInPerson } from '../../groups/sign-in/session.service.js'
import { readCookies } from '../../http/cookies.js'
import { Clock } from '../../kernel/clock.js'
import { sha256 } from '../../kernel/ids.js'
import type { Candidate } from '../approval.js'
import { passMinutes } from '../asking/link.js'
import { LinksStore } from '../asking/links.store.js'
import type { ReviewRequestEntity } from '../asking/review-request.entity.js'
import { ReviewsStore } from '../reviews.store.js'
import { ProofsService, type Proof } from './proofs.service.js'
import { ReviewPassesService } from './review-passes.service.js'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const tokenForm = /^[\w-]{43}$/

/** What a request to a review page is entitled to. */
export interface Access {
  readonly request: ReviewRequestEntity
  readonly groupName: string
  /** The member whom the request was sent to. */
  readonly reviewer: Candidate
  /** The link's token, when the page was reached by the link. */
  readonly token: string | null
  /** What the page's forms carry instead of a cookie, when the browser keeps none. */
  readonly pass: string | null
  /** Whether it is certain that the reviewer is at the device, and how. */
  readonly proof: Proof | null
  /** Only a passkey or a full sign-in proves it, as the group wants it. */
  readonly strict: boolean
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
    private readonly links: LinksStore,
    private readonly proofs: ProofsService,
    private readonly passes: ReviewPassesService,
    private readonly groups: GroupsService,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async byToken(token: string): Promise<ReviewRequestEntity | null> {
    return tokenForm.test(token) ? this.store.requestByToken(this.transaction.manager, sha256(token)) : null
  }

  /** The request of a link that a newer mail replaced. */
  async byReplacedToken(token: string): Promise<ReviewRequestEntity | null> {
    const { manager } = this.transaction
    const replaced = tokenForm.test(token) ? await this.links.replaced(manager, sha256(token)) : null
    return replaced && this.store.requestById(manager, replaced.requestId)
  }

  /**
   * @param pass from the body of a form, of a browser that keeps no cookies
   * @returns null when the visitor came neither by the link nor as the signed-in reviewer
   */
  async of(http: Request, requestId: string, pass?: string): Promise<Access | null> {
    const { manager } = this.transaction
    const request = uuid.test(requestId) ? await this.store.requestById(manager, requestId) : null
    if (!request) return null
    const byCookie = await this.opening(request, readCookies(http.headers.cookie).get(linkCookie(requestId)))
    const byPass = byCookie === null ? await this.opening(request, this.passes.open(pass)) : null
    const token = byCookie ?? byPass
    const candidates = await this.store.candidates(manager, request.groupId)
    const reviewer = candidates.find((each) => each.memberId === request.memberId)
    if (!reviewer) return null
    const { proof, strict, otherPerson } = await this.proofs.of(http, request, reviewer)
    if (!token && proof !== 'session') return null
    const group = await this.groups.get(request.groupId)
    return {
      request,
      groupName: group.name,
      reviewer,
      token,
      pass: byPass && (pass ?? null),
      proof,
      strict,
      otherPerson,
    }
  }

  /** The request whose picture an address opens by itself, while its reviewer is one. */
  async byPicture(requestId: string, hash: string, until: string, signature: string) {
    if (!uuid.test(requestId) || !this.passes.opensPicture(requestId, hash, until, signature)) return null
    const { manager } = this.transaction
    const request = await this.store.requestById(manager, requestId)
    const candidates = request ? await this.store.candidates(manager, request.groupId) : []
    const reviewer = candidates.find((each) => each.memberId === request?.memberId)
    return reviewer?.status === 'active' ? request : null
  }

  /** A page that was open when a reminder brought a new link can still be sent: it was reached while the old one was good. */
  private async opening(request: ReviewRequestEntity, token: string | null | undefined): Promise<string | null> {
    if (!token || !tokenForm.test(token)) return null
    const hash = sha256(token)
    if (hash === request.tokenHash) return token
    const replaced = await this.links.replaced(this.transaction.manager, hash)
    const since = this.clock.now().minus({ minutes: passMinutes })
    return replaced !== null && replaced.requestId === request.id && replaced.replacedAt > since ? token : null
  }
}
