import { Injectable } from '@nestjs/common'

import { PasskeysService } from '../../groups/sign-in/passkeys.service.js'
import { DomainError } from '../../kernel/domain-error.js'
import { sha256 } from '../../kernel/ids.js'
import { HandingOverService } from '../asking/handing-over.service.js'
import { codeTries, maskedAddress } from '../asking/link.js'
import { ReviewsService } from '../reviews.service.js'
import type { Decision, VerdictVia } from '../verdict.js'
import { VerdictsService } from '../verdicts.service.js'
import { CodesService } from './codes.service.js'
import type { Access } from './review-access.service.js'
import { ReviewRemarksService } from './review-remarks.service.js'
import type { JustSaid, ReviewAnswers, ReviewPage } from './review-view.js'
import type { CodeForm, PasskeyForm, ReviewForm } from './review.dto.js'

const tooManyCodes =
  'Many codes have been sent in the last quarter of an hour, so no new one was. Type the newest for this post, or try again later.'

type DeviceAnswer = Parameters<PasskeysService['finishProof']>[2]
type RequestOptions = Awaited<ReturnType<PasskeysService['startProof']>>

/** What came of a form: an answer that counts or words that were said, or a page that says what is missing. */
export type Reply =
  | { readonly kind: 'counted'; readonly said: JustSaid | null }
  | { readonly kind: 'page'; readonly page: ReviewPage; readonly status: number }

/** Takes the answers of review pages: whoever is not known by the device proves first who they are. */
@Injectable()
export class AnsweringService {
  constructor(
    private readonly reviews: ReviewsService,
    private readonly verdicts: VerdictsService,
    private readonly handingOver: HandingOverService,
    private readonly remarks: ReviewRemarksService,
    private readonly codes: CodesService,
    private readonly passkeys: PasskeysService,
  ) {}

  async answer(access: Access, form: ReviewForm): Promise<Reply> {
    if (form.decision === 'words') return this.suggestPage(access)
    return access.proof === null ? this.askForProof(access, form) : this.decide(access, form, access.proof)
  }

  /** The page that asks who it is: for a code that is mailed now, or where that is not enough for a passkey or signing in. */
  async askForProof(access: Access, form: ReviewForm): Promise<Reply> {
    const state = await this.reviews.stateOf(access)
    const page = await this.reviews.page(access, answersOf(form))
    if (page.kind === 'explained' || (state === 'used' && !isForUsedLinks(form))) return reply(page, 410)
    try {
      if (isRemark(form)) this.remarks.check(answersOf(form))
      else this.verdicts.checkForm(decisionOf(form, 'code', access))
      if (access.strict) return await this.codePage(access, form, null, codeTries)
      const { triesLeft, sent } = await this.codes.send(access)
      return await this.codePage(access, form, sent ? null : tooManyCodes, triesLeft)
    } catch (error) {
      return this.problem(access, form, error)
    }
  }

  /** @returns what came of it, and whether the code was right */
  async byCode(access: Access, form: CodeForm): Promise<{ reply: Reply; right: boolean }> {
    if (access.strict) return { reply: await this.askForProof(access, form), right: false }
    // Pressed twice: the first press has decided.
    if (!isForUsedLinks(form) && (await this.reviews.stateOf(access)) === 'used')
      return { reply: { kind: 'counted', said: null }, right: false }
    const answer = await this.codes.check(access, form.code)
    switch (answer.kind) {
      case 'right':
        return { reply: await this.decide(access, form, 'code'), right: true }
      case 'over':
        return { reply: reply(endedByCodes(access.groupName), 410), right: false }
      case 'too-many':
        return { reply: reply(tooManyTries(access.groupName), 429), right: false }
      case 'wrong': {
        const problem = 'That code is not right, or it is too old. Look for the newest mail.'
        return { reply: await this.codePage(access, form, problem, answer.triesLeft), right: false }
      }
    }
  }

  /** What the browser is to ask the reviewer's passkey. @throws DomainError `no-passkey` */
  startPasskey(access: Access): Promise<RequestOptions> {
    return this.passkeys.startProof(access.reviewer.personId, purposeOf(access))
  }

  async byPasskey(access: Access, form: PasskeyForm): Promise<Reply> {
    try {
      await this.passkeys.finishProof(access.reviewer.personId, purposeOf(access), deviceAnswer(form.passkey))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return this.codePage(access, form, error.message, codeTries)
    }
    return this.decide(access, form, 'passkey')
  }

  private async decide(access: Access, form: ReviewForm, via: VerdictVia): Promise<Reply> {
    if (form.decision === 'words') return this.suggestPage(access)
    // Proof of person does not make up for a link that has ended.
    const page = await this.reviews.page(access, answersOf(form))
    if (page.kind === 'explained') return reply(page, 410)
    try {
      if (isRemark(form)) await this.remarks.say(access, answersOf(form))
      else if (form.decision === 'hand_over') await this.handingOver.handOver(access)
      else await this.verdicts.give(access.request, decisionOf(form, via, access))
    } catch (error) {
      return this.problem(access, form, error)
    }
    return { kind: 'counted', said: form.decision === 'comment' || form.decision === 'suggest' ? form.decision : null }
  }

  private async problem(access: Access, form: ReviewForm, error: unknown): Promise<Reply> {
    if (!(error instanceof DomainError)) throw error
    const status = error.refusal === 'invalid' ? 422 : 409
    if (form.decision === 'suggest') return this.suggestPage(access, form, error.message, status)
    return reply(await this.reviews.page(access, answersOf(form), error.message), status)
  }

  /** The page to suggest other words on; it shows no more than the page of the review. */
  private async suggestPage(
    access: Access,
    form: ReviewForm | null = null,
    problem: string | null = null,
    status = 200,
  ): Promise<Reply> {
    const page = await this.reviews.page(access)
    if (page.kind !== 'open' && !(page.kind === 'decided' && page.showPost)) return reply(page, 410)
    const { view } = page
    const places = await this.remarks.places(access, view)
    return reply({ kind: 'suggest', view, places, answers: form && answersOf(form), problem }, status)
  }

  private async codePage(access: Access, form: ReviewForm, problem: string | null, triesLeft: number): Promise<Reply> {
    const page: ReviewPage = {
      kind: 'code',
      view: await this.reviews.view(access),
      answers: answersOf(form),
      problem,
      triesLeft,
      sentTo: access.strict ? null : maskedAddress(access.reviewer.email),
      passkey: await this.passkeys.has(access.reviewer.personId),
    }
    return reply(page, 200)
  }
}

/** A challenge that was made for one request answers no other. */
function purposeOf(access: Access): string {
  return `review ${access.request.id}`
}

function deviceAnswer(json: string): DeviceAnswer {
  try {
    const parsed: unknown = JSON.parse(json)
    return typeof parsed === 'object' && parsed !== null ? (parsed as DeviceAnswer) : {}
  } catch {
    return {}
  }
}

function endedByCodes(groupName: string): ReviewPage {
  return {
    kind: 'explained',
    groupName,
    title: 'This link has ended',
    sentences: [
      'Five wrong codes were typed, so the link was locked. Nothing was decided. Ask the author to send the post for review again.',
    ],
  }
}

function tooManyTries(groupName: string): ReviewPage {
  return {
    kind: 'explained',
    groupName,
    title: 'No more codes today',
    sentences: [
      'Many wrong codes were typed for posts that you were asked about, so codes count no more until tomorrow. Nothing was decided.',
      'Sign in to the workspace, and answer under “Waiting for you”.',
    ],
  }
}

function reply(page: ReviewPage, status: number): Reply {
  return { kind: 'page', page, status }
}

function answersOf(form: ReviewForm): ReviewAnswers {
  return { decision: form.decision, ticks: form.tick, note: form.note, place: form.place, words: form.words }
}

/** Says something without deciding anything. */
function isRemark({ decision }: ReviewForm): boolean {
  return decision === 'comment' || decision === 'suggest'
}

/** What a reviewer who has answered may still do. */
function isForUsedLinks(form: ReviewForm): boolean {
  return form.decision === 'stop' || isRemark(form)
}

function decisionOf(form: ReviewForm, via: VerdictVia, access: Access): Decision {
  const kind = form.decision === 'approve' || form.decision === 'changes' ? form.decision : 'stop'
  const alive = access.token !== null && sha256(access.token) === access.request.tokenHash
  return { kind, note: form.note, ticks: form.tick, hash: form.hash, via, token: alive ? access.token : null }
}
