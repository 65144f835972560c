import { Injectable } from '@nestjs/common'
import type { DateTime } from 'luxon'
import type { EntityManager } from 'typeorm'

import { composeMail } from '../../mail/mail-layout.js'
import { Mailer } from '../../mail/mailer.service.js'
import type { Candidate } from '../approval.js'
import type { ReviewView } from '../page/review-view.js'
import { ReviewViewsService } from '../page/review-views.service.js'
import { askingMail, type AskingLetter, type WhyAsked } from './asking-mail.js'
import { tokensIn } from './link.js'
import { LinksService, type MintedLink } from './links.service.js'
import type { ReviewRequestEntity } from './review-request.entity.js'
import { ReviewSettingsService } from './review-settings.service.js'

/** A mail with more would be put off, and every one that joins costs writing all of it again. */
const mostTogether = 20
/** Requests of some reviewers, as many as their mails hold. */
const mostRemembered = 400

/** The kind of mail that carries review links for the first time. */
export const requestKind = 'review-request'

/** Somebody who is to be told of a request, and until when that may wait for more. */
export interface Telling {
  readonly reviewer: Candidate
  readonly minted: MintedLink
  readonly why: WhyAsked
  /** The mail goes when its most urgent request has to. */
  readonly until: DateTime
}

/** Mails review links: one mail for all that one reviewer is asked within ten minutes. */
@Injectable()
export class RequestMailsService {
  private readonly lately = new LatelyWritten()

  constructor(
    private readonly links: LinksService,
    private readonly views: ReviewViewsService,
    private readonly settings: ReviewSettingsService,
    private readonly mailer: Mailer,
  ) {}

  /** Tells reviewers of their requests. While an earlier mail with requests is held back, a new one joins it. */
  async ask(manager: EntityManager, groupName: string, tellings: readonly Telling[]): Promise<void> {
    const build = this.views.forAll(manager)
    for (const telling of tellings) await this.tell(manager, groupName, telling, build)
  }

  private async tell(
    manager: EntityManager,
    groupName: string,
    { reviewer, minted, why, until }: Telling,
    build: (request: ReviewRequestEntity) => Promise<ReviewView>,
  ): Promise<void> {
    const { groupId } = minted.request
    const waiting = await this.mailer.held(manager, groupId, reviewer.personId, requestKind)
    const held = waiting && tokensIn(waiting.text).length < mostTogether ? waiting : null
    const joined = held ? await this.links.openIn(manager, held.text) : []
    const stamps = await this.links.stamps(
      manager,
      [...joined, minted].map((link) => link.request),
    )
    const letters: AskingLetter[] = []
    for (const link of [...joined, minted]) {
      const view = await this.lately.view(link.request.id, stamps.get(link.request.id) ?? '', () => build(link.request))
      letters.push({ view, link: this.links.address(link.token), why: link === minted ? why : { kind: 'asked' } })
    }
    const mail = await this.compose(manager, groupName, groupId, reviewer, letters)
    const whole = { ...mail, kind: requestKind, notBefore: until, thread: `post-${minted.request.postId}` }
    if (held) await this.mailer.rewrite(manager, held, whole)
    else await this.mailer.enqueue(manager, whole)
  }

  /** One mail that reminds a reviewer of several requests, each with a new link. */
  async remind(
    manager: EntityManager,
    groupName: string,
    reviewer: Candidate,
    minted: readonly MintedLink[],
  ): Promise<void> {
    const letters: AskingLetter[] = []
    for (const link of minted) letters.push(await this.letter(manager, link, { kind: 'reminded' }))
    const [first] = minted
    if (!first) return
    const mail = await this.compose(manager, groupName, first.request.groupId, reviewer, letters)
    await this.mailer.enqueue(manager, { ...mail, kind: 'review-reminder', thread: `post-${first.request.postId}` })
  }

  private async letter(manager: EntityManager, minted: MintedLink, why: WhyAsked): Promise<AskingLetter> {
    const view = await this.views.build(manager, minted.request, '')
    return { view, link: this.links.address(minted.token), why }
  }

  private async compose(
    manager: EntityManager,
    groupName: string,
    groupId: string,
    reviewer: Candidate,
    letters: readonly AskingLetter[],
  ) {
    const { mailContent } = await this.settings.get(groupId, manager)
    const { subject, parts } = askingMail(letters, mailContent)
    const laidOut = composeMail(parts, { title: subject, groupName })
    return { groupId, personId: reviewer.personId, to: reviewer.email, subject, ...laidOut }
  }
}

/**
 * What was written lately of requests in mails that are held back: each that joins such a mail has all of it written
 * again, and of twenty posts nineteen are as they were. Only a memory: without it the same is loaded anew.
 */
class LatelyWritten {
  private readonly views = new Map<string, { readonly stamp: string; readonly view: ReviewView }>()

  async view(requestId: string, stamp: string, build: () => Promise<ReviewView>): Promise<ReviewView> {
    const known = this.views.get(requestId)
    if (known?.stamp === stamp) return known.view
    const view = await build()
    this.views.delete(requestId)
    this.views.set(requestId, { stamp, view })
    const [oldest] = this.views.keys()
    if (this.views.size > mostRemembered && oldest !== undefined) this.views.delete(oldest)
    return view
  }
}
