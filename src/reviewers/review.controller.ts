import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Request, Response } from 'express'

import { Config } from '../config/config.js'
import { DomainError } from '../kernel/domain-error.js'
import { CodesService } from './codes.service.js'
import { codeTries, deviceDays, maskedAddress } from './link.js'
import { deviceCookie, linkCookie, ReviewAccessService, type Access } from './review-access.service.js'
import { reviewPage } from './review-page.js'
import { ReviewPicturesService } from './review-pictures.service.js'
import type { ReviewAnswers, ReviewPage } from './review-view.js'
import { CodeForm, ReviewForm } from './review.dto.js'
import { ReviewsService } from './reviews.service.js'
import type { VerdictVia } from './verdict.js'
import { VerdictsService } from './verdicts.service.js'

const tooManyCodes =
  'Many codes have been sent in the last quarter of an hour, so no new one was. Type the newest for this post, or try again later.'

const unknownLink: ReviewPage = {
  kind: 'explained',
  groupName: null,
  title: 'This link does not lead to a review',
  sentences: [
    'Open the link in your mail again: it may have been cut off, or this page was open for more than an hour.',
    'If you are a member, you can also sign in and find the post under “Waiting for you”.',
  ],
}

/** The pages behind a review link. GET and HEAD change nothing. */
@ApiExcludeController()
@Throttle({ general: { ttl: 60_000, limit: 120 } })
@Controller()
export class ReviewController {
  constructor(
    private readonly access: ReviewAccessService,
    private readonly reviews: ReviewsService,
    private readonly verdicts: VerdictsService,
    private readonly codes: CodesService,
    private readonly pictures: ReviewPicturesService,
    private readonly config: Config,
  ) {}

  /** Takes the token out of the address: it goes into a short-lived cookie that only this page gets. */
  @Get('r/:token')
  async open(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const request = await this.access.byToken(token)
    if (!request) return send(response, unknownLink, 404)
    response.cookie(linkCookie(request.id), token, {
      ...this.cookieOptions(`/review/${request.id}`),
      maxAge: 3_600_000,
    })
    response.setHeader('Cache-Control', 'no-store')
    response.redirect(303, `/review/${request.id}`)
  }

  @Get('review/:id')
  async show(
    @Param('id') id: string,
    @Query('since') since: string | undefined,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.access.of(http, id)
    if (!access) return send(response, unknownLink, 404)
    const page = await this.reviews.page(access, null, null, numberIn(since))
    send(response, page, page.kind === 'explained' ? 410 : 200)
  }

  @Get('review/:id/pictures/:hash')
  async picture(
    @Param('id') id: string,
    @Param('hash') hash: string,
    @Query('small') small: string | undefined,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.access.of(http, id)
    if (!access || access.otherPerson || access.reviewer.status !== 'active')
      throw new DomainError('no-such-picture', 'There is no such picture here.', 'not-found')
    const picture = await this.pictures.get(access.request, hash, numberIn(small))
    response.setHeader('Cache-Control', 'private, max-age=3600')
    response.type(picture.mime).send(picture.bytes)
  }

  @Post('review/:id')
  @HttpCode(200)
  async answer(
    @Param('id') id: string,
    @Body() form: ReviewForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.admitted(http, id, form.csrf, response)
    if (!access) return
    if (access.proof === null) return this.askForCode(access, form, response)
    await this.decide(access, form, access.proof, response)
  }

  @Post('review/:id/code')
  @HttpCode(200)
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  async code(
    @Param('id') id: string,
    @Body() form: CodeForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.admitted(http, id, form.csrf, response)
    if (!access) return
    if (form.again !== undefined) return this.askForCode(access, form, response)
    // Pressed twice: the first press has decided.
    if (form.decision !== 'stop' && (await this.reviews.stateOf(access)) === 'used') {
      return response.redirect(303, `/review/${access.request.id}`)
    }
    const answer = await this.codes.check(access, form.code)
    if (answer.kind === 'right') {
      const device = await this.codes.confirmDevice(access, http.get('user-agent'))
      response.cookie(deviceCookie, device, { ...this.cookieOptions('/review'), maxAge: deviceDays * 86_400_000 })
      return this.decide(access, form, 'code', response)
    }
    if (answer.kind === 'over') {
      return send(
        response,
        {
          kind: 'explained',
          groupName: access.groupName,
          title: 'This link has ended',
          sentences: [
            'Five wrong codes were typed, so the link was locked. Nothing was decided. Ask the author to send the post for review again.',
          ],
        },
        410,
      )
    }
    await this.showCode(
      access,
      form,
      response,
      'That code is not right, or it is too old. Look for the newest mail.',
      answer.triesLeft,
    )
  }

  private async askForCode(access: Access, form: ReviewForm, response: Response): Promise<void> {
    const state = await this.reviews.stateOf(access)
    const page = await this.reviews.page(access, answersOf(form))
    if (page.kind === 'explained' || (state === 'used' && form.decision !== 'stop')) return send(response, page, 410)
    try {
      this.verdicts.checkForm(decisionOf(form, 'code', access))
      const { triesLeft, sent } = await this.codes.send(access)
      await this.showCode(access, form, response, sent ? null : tooManyCodes, triesLeft)
    } catch (error) {
      await this.showProblem(access, form, error, response)
    }
  }

  private async showCode(
    access: Access,
    form: ReviewForm,
    response: Response,
    problem: string | null,
    triesLeft: number = codeTries,
  ): Promise<void> {
    send(
      response,
      {
        kind: 'code',
        view: await this.reviews.view(access),
        answers: answersOf(form),
        problem,
        triesLeft,
        sentTo: maskedAddress(access.reviewer.email),
      },
      200,
    )
  }

  private async decide(access: Access, form: ReviewForm, via: VerdictVia, response: Response): Promise<void> {
    // Proof of person does not make up for a link that has ended.
    const page = await this.reviews.page(access, answersOf(form))
    if (page.kind === 'explained') return send(response, page, 410)
    try {
      if (form.decision === 'hand_over') await this.reviews.handOver(access)
      else await this.verdicts.give(access.request, decisionOf(form, via, access))
    } catch (error) {
      return this.showProblem(access, form, error, response)
    }
    response.redirect(303, `/review/${access.request.id}`)
  }

  private async showProblem(access: Access, form: ReviewForm, error: unknown, response: Response): Promise<void> {
    if (!(error instanceof DomainError)) throw error
    send(
      response,
      await this.reviews.page(access, answersOf(form), error.message),
      error.refusal === 'invalid' ? 422 : 409,
    )
  }

  /** The visitor, once it is sure that this form was made for them; otherwise the answer was sent already. */
  private async admitted(http: Request, id: string, csrf: string, response: Response): Promise<Access | null> {
    const access = await this.access.of(http, id)
    if (!access) {
      send(response, unknownLink, 404)
      return null
    }
    if (access.otherPerson) {
      await this.reviews.refuseOther(access)
      send(response, await this.reviews.page(access), 403)
      return null
    }
    if (!this.access.isCsrf(access, csrf)) {
      send(
        response,
        await this.reviews.page(access, null, 'This page was too old to be sent. Please check it and send it again.'),
        403,
      )
      return null
    }
    return access
  }

  private cookieOptions(path: string) {
    return { httpOnly: true, sameSite: 'lax' as const, secure: this.config.production, path }
  }
}

/** A whole number in an address; anything else is as good as nothing. */
function numberIn(given: unknown): number | null {
  return typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : null
}

function answersOf(form: ReviewForm): ReviewAnswers {
  return { decision: form.decision, ticks: form.tick, note: form.note }
}

function decisionOf(form: ReviewForm, via: VerdictVia, access: Access) {
  const kind = form.decision === 'hand_over' ? 'stop' : form.decision
  return { kind, note: form.note, ticks: form.tick, hash: form.hash, via, token: access.token }
}

function send(response: Response, page: ReviewPage, status: number): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Robots-Tag', 'noindex')
  response.status(status).type('html').send(reviewPage(page))
}
