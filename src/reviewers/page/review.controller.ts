import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Request, Response } from 'express'

import { DomainError } from '../../kernel/domain-error.js'
import { deviceDays } from '../asking/link.js'
import { ReviewsService } from '../reviews.service.js'
import { AnsweringService, type Reply } from './answering.service.js'
import { CodesService } from './codes.service.js'
import { deviceCookie } from './proofs.service.js'
import { ReviewAccessService, type Access } from './review-access.service.js'
import { ReviewPassesService } from './review-passes.service.js'
import { ReviewResponses, unknownLink } from './review-responses.service.js'
import type { JustSaid, ReviewPage } from './review-view.js'
import { CodeForm, CsrfForm, OpenForm, PasskeyForm, ReviewForm } from './review.dto.js'

/** The pages behind a review link. GET and HEAD change nothing. */
@ApiExcludeController()
@Throttle({ general: { ttl: 60_000, limit: 120 } })
@Controller('review/:id')
export class ReviewController {
  constructor(
    private readonly access: ReviewAccessService,
    private readonly passes: ReviewPassesService,
    private readonly reviews: ReviewsService,
    private readonly answering: AnsweringService,
    private readonly codes: CodesService,
    private readonly responses: ReviewResponses,
  ) {}

  @Get()
  async show(
    @Param('id') id: string,
    @Query('since') since: string | undefined,
    @Query('said') said: string | undefined,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.access.of(http, id)
    if (!access) return this.responses.send(response, unknownLink, 404)
    const page = await this.reviews.page(access, null, null, numberIn(since))
    this.responses.send(response, confirming(page, justSaid(said)), page.kind === 'explained' ? 410 : 200)
  }

  /** The same page for a browser that keeps no cookies: it comes by a form, which carries what a cookie would. */
  @Post('open')
  @HttpCode(200)
  async open(
    @Param('id') id: string,
    @Body() form: OpenForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.access.of(http, id, form.pass)
    if (!access) return this.responses.send(response, unknownLink, 404)
    const page = await this.reviews.page(access)
    this.responses.send(response, page, page.kind === 'explained' ? 410 : 200)
  }

  @Post()
  @HttpCode(200)
  async answer(
    @Param('id') id: string,
    @Body() form: ReviewForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.admitted(http, id, form, response)
    if (access) await this.finish(http, access, await this.answering.answer(access, form), response)
  }

  @Post('code')
  @HttpCode(200)
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  async code(
    @Param('id') id: string,
    @Body() form: CodeForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.admitted(http, id, form, response)
    if (!access) return
    if (form.again !== undefined)
      return this.finish(http, access, await this.answering.askForProof(access, form), response)
    const { reply, right } = await this.answering.byCode(access, form)
    // A browser that keeps no cookies would never come back with it.
    if (right && access.pass === null) {
      const device = await this.codes.confirmDevice(access, http.get('user-agent'))
      const milliseconds = deviceDays * 86_400_000
      this.responses.keep(response, { name: deviceCookie, value: device, path: '/review', milliseconds })
    }
    await this.finish(http, access, reply, response)
  }

  /** What the page's script asks the device for, when the reviewer has a passkey. */
  @Post('passkey/options')
  @HttpCode(200)
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  async passkeyOptions(
    @Param('id') id: string,
    @Body() form: CsrfForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.access.of(http, id, form.pass)
    if (!access || access.otherPerson || !this.passes.isCsrf(access, form.csrf))
      throw new DomainError('old-page', 'This page is too old. Open the link in your mail again.', 'forbidden')
    response.setHeader('Cache-Control', 'no-store')
    response.json(await this.answering.startPasskey(access))
  }

  @Post('passkey')
  @HttpCode(200)
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  async passkey(
    @Param('id') id: string,
    @Body() form: PasskeyForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.admitted(http, id, form, response)
    if (access) await this.finish(http, access, await this.answering.byPasskey(access, form), response)
  }

  /** After an answer that counts, a browser with cookies goes to the page; one without is shown it at once. */
  private async finish(http: Request, access: Access, reply: Reply, response: Response): Promise<void> {
    if (reply.kind === 'page') return this.responses.send(response, reply.page, reply.status)
    const path = `/review/${access.request.id}${reply.said ? `?said=${reply.said}` : ''}`
    if (access.pass === null) return this.responses.redirect(response, path)
    const after = await this.access.of(http, access.request.id, access.pass)
    this.responses.send(response, after ? confirming(await this.reviews.page(after), reply.said) : unknownLink, 200)
  }

  /** The visitor, once it is sure that this form was made for them; otherwise the answer was sent already. */
  private async admitted(http: Request, id: string, form: CsrfForm, response: Response): Promise<Access | null> {
    const access = await this.access.of(http, id, form.pass)
    if (!access) {
      this.responses.send(response, unknownLink, 404)
      return null
    }
    if (access.otherPerson) {
      await this.reviews.refuseOther(access)
      this.responses.send(response, await this.reviews.page(access), 403)
      return null
    }
    if (!this.passes.isCsrf(access, form.csrf)) {
      const problem = 'This page was too old to be sent. Please check it and send it again.'
      this.responses.send(response, await this.reviews.page(access, null, problem), 403)
      return null
    }
    return access
  }
}

/** The page with a word about what was just said, where that can be. */
function confirming(page: ReviewPage, said: JustSaid | null): ReviewPage {
  return page.kind === 'open' || page.kind === 'decided' ? { ...page, said } : page
}

function justSaid(given: unknown): JustSaid | null {
  return given === 'comment' || given === 'suggest' ? given : null
}

/** A whole number in an address; anything else is as good as nothing. */
function numberIn(given: unknown): number | null {
  return typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : null
}
