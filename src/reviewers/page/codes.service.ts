import { createHmac, randomInt } from 'node:crypto'

import { Injectable } from '@nestjs/common'

import { AuditLog } from '../../audit/audit-log.service.js'
import { Config } from '../../config/config.js'
import { Transaction } from '../../database/transaction.js'
import { deviceWords } from '../../groups/sign-in/device-words.js'
import { Clock } from '../../kernel/clock.js'
import { DomainError } from '../../kernel/domain-error.js'
import { newId, newToken, sha256 } from '../../kernel/ids.js'
import { composeMail } from '../../mail/mail-layout.js'
import { Mailer } from '../../mail/mailer.service.js'
import { codeMinutes, codesPerMember, codeTries, deviceDays, wrongCodesPerDay } from '../asking/link.js'
import { codeMail } from '../asking/review-mail.js'
import type { ReviewRequestEntity } from '../asking/review-request.entity.js'
import { ReviewsStore } from '../reviews.store.js'
import type { Access } from './review-access.service.js'

/** How a typed code was taken. */
export type CodeAnswer =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  | { readonly kind: 'over' }
  /** Too many wrong ones today, over all links of the member. */
  | { readonly kind: 'too-many' }

/** Proof of person by a six-digit code, sent to the reviewer's address at the moment it is needed. */
@Injectable()
export class CodesService {
  constructor(
    private readonly transaction: Transaction,
    private readonly store: ReviewsStore,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails a new code; the one before it ends. Tries are counted over all codes of a link.
   * @returns the tries that are left, and whether a mail was sent: somebody else with the link must not fill an inbox
   */
  async send(access: Access): Promise<{ triesLeft: number; sent: boolean }> {
    const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
    return this.transaction.run(async (manager) => {
      const request = await this.store.lockRequest(manager, access.request)
      const triesLeft = codeTries - request.codeTries
      if (triesLeft <= 0 || request.revokedAt) throw tooManyTries()
      const since = this.clock.now().minus({ minutes: codeMinutes })
      if ((await this.store.codesSince(manager, request, since)) >= codesPerMember) return { triesLeft, sent: false }
      await this.store.updateRequest(manager, request, {
        codeHash: this.hash(request, code),
        codeExpiresAt: this.clock.now().plus({ minutes: codeMinutes }),
      })
      const { subject, parts } = codeMail(code, access.groupName)
      await this.mailer.enqueue(manager, {
        groupId: request.groupId,
        personId: access.reviewer.personId,
        to: access.reviewer.email,
        kind: 'review-code',
        subject,
        ...composeMail(parts, { title: subject, groupName: access.groupName }),
      })
      return { triesLeft, sent: true }
    })
  }

  /**
   * Checks a typed code. Five wrong ones revoke the link for good. A right one stays good until the answer it was
   * asked for is in: pressing twice must not count as guessing.
   */
  async check(access: Access, typed: string): Promise<CodeAnswer> {
    return this.transaction.run(async (manager) => {
      const request = await this.store.lockRequest(manager, access.request)
      if (request.revokedAt || request.codeTries >= codeTries) return { kind: 'over' }
      const day = this.clock.now().minus({ days: 1 })
      if ((await this.store.wrongCodesSince(manager, request, day)) >= wrongCodesPerDay) return { kind: 'too-many' }
      const right = request.codeHash !== null && request.codeHash === this.hash(request, typed.replace(/\s/g, ''))
      if (right && request.codeExpiresAt && request.codeExpiresAt > this.clock.now()) return { kind: 'right' }
      const tries = await this.store.countWrongCode(manager, request)
      if (tries < codeTries) return { kind: 'wrong', triesLeft: codeTries - tries }
      await this.store.updateRequest(manager, request, {
        revokedAt: this.clock.now(),
        revokedBecause: 'codes',
        codeHash: null,
      })
      await this.audit.append(manager, request.groupId, {
        kind: 'link-locked',
        post: request.postId,
        request: request.id,
        member: request.memberId,
      })
      return { kind: 'over' }
    })
  }

  /** Remembers this device as the reviewer's, for reviewing only. @returns the cookie's value */
  async confirmDevice(access: Access, userAgent: string | undefined): Promise<string> {
    const token = newToken()
    const now = this.clock.now()
    await this.transaction.run(async (manager) => {
      await this.store.insertDevice(manager, {
        groupId: access.request.groupId,
        id: newId(now.toMillis()),
        memberId: access.request.memberId,
        tokenHash: sha256(token),
        words: deviceWords(userAgent),
        lastUsedOn: now.toISODate()!,
        createdAt: now,
        expiresAt: now.plus({ days: deviceDays }),
        revokedAt: null,
      })
      await this.audit.append(manager, access.request.groupId, {
        kind: 'device-confirmed',
        member: access.request.memberId,
      })
    })
    return token
  }

  /** Six digits could be guessed from a plain hash; keyed by the secret they cannot. */
  private hash(request: ReviewRequestEntity, code: string): string {
    return createHmac('sha256', this.config.secret).update(`code ${request.id} ${code}`).digest('hex')
  }
}

function tooManyTries(): DomainError {
  return new DomainError(
    'too-many-codes',
    'Too many wrong codes were typed, so this link has ended. Ask the author to send the post for review again.',
    'gone',
  )
}
