import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Request, Response } from 'express'

import { SignInService } from '../../groups/sign-in/sign-in.service.js'
import { readCookies } from '../../http/cookies.js'
import { sendBytes } from '../../http/send-bytes.js'
import { DomainError } from '../../kernel/domain-error.js'
import { passMinutes } from '../asking/link.js'
import { ReviewsService } from '../reviews.service.js'
import { linkCookie, ReviewAccessService } from './review-access.service.js'
import { ReviewPassesService } from './review-passes.service.js'
import { ReviewPicturesService } from './review-pictures.service.js'
import { ReviewResponses, unknownLink } from './review-responses.service.js'
import { CsrfForm } from './review.dto.js'

/** Says nothing about anybody: it only tells whether the browser keeps cookies. */
const probeCookie = 'seconder_cookies'

/** The address in the mail, the way out for somebody else, and the pictures of a review page. */
@ApiExcludeController()
@Throttle({ general: { ttl: 60_000, limit: 120 } })
@Controller()
export class ReviewLinkController {
  constructor(
    private readonly access: ReviewAccessService,
    private readonly passes: ReviewPassesService,
    private readonly reviews: ReviewsService,
    private readonly pictures: ReviewPicturesService,
    private readonly signIn: SignInService,
    private readonly responses: ReviewResponses,
  ) {}

  /**
   * Takes the token out of the address: it goes into a short-lived cookie that only this page gets. The browser comes
   * by once more, so that it is known whether it keeps cookies; without, the page is reached by pressing a button.
   */
  @Get('r/:token')
  async open(
    @Param('token') token: string,
    @Query('kept') kept: string | undefined,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const request = await this.access.byToken(token)
    if (!request) {
      const before = await this.access.byReplacedToken(token)
      if (!before) return this.responses.send(response, unknownLink, 404)
      return this.responses.send(response, await this.reviews.replacedLink(before), 410)
    }
    const page = `/review/${request.id}`
    const milliseconds = passMinutes * 60_000
    this.responses.keep(response, { name: linkCookie(request.id), value: token, path: page, milliseconds })
    this.responses.keep(response, { name: probeCookie, value: '1', path: '/r', milliseconds })
    if (readCookies(http.headers.cookie).has(probeCookie)) return this.responses.redirect(response, page)
    if (kept === undefined) return this.responses.redirect(response, `/r/${token}?kept=1`)
    this.responses.send(
      response,
      { kind: 'one-more-press', requestId: request.id, pass: this.passes.issue(token) },
      200,
    )
  }

  /** Ends the session of somebody else on this device, and shows the reviewer their page. */
  @Post('review/:id/sign-out')
  async signOut(
    @Param('id') id: string,
    @Body() form: CsrfForm,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const access = await this.access.of(http, id)
    if (!access) return this.responses.send(response, unknownLink, 404)
    if (access.otherPerson && this.passes.isCsrf(access, form.csrf)) {
      for (const cookie of await this.signIn.signOut(http.headers)) response.append('Set-Cookie', cookie)
    }
    this.responses.redirect(response, `/review/${access.request.id}`)
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
    if (!access || access.otherPerson || !(await this.reviews.mayShowPost(access))) throw noSuchPicture()
    const picture = await this.pictures.get(access.request, hash, numberIn(small))
    response.setHeader('Cache-Control', 'private, max-age=3600')
    sendBytes(http, response, picture)
  }

  /** The same for a browser that keeps no cookies: the address opens this picture, for an hour. */
  @Get('review/:id/pictures/:hash/:until/:signature')
  async signedPicture(
    @Param() at: { id: string; hash: string; until: string; signature: string },
    @Query('small') small: string | undefined,
    @Req() http: Request,
    @Res() response: Response,
  ): Promise<void> {
    const request = await this.access.byPicture(at.id, at.hash, at.until, at.signature)
    if (!request) throw noSuchPicture()
    const picture = await this.pictures.get(request, at.hash, numberIn(small))
    response.setHeader('Cache-Control', 'private, max-age=3600')
    sendBytes(http, response, picture)
  }
}

function noSuchPicture(): DomainError {
  return new DomainError('no-such-picture', 'There is no such picture here.', 'not-found')
}

/** A whole number in an address; anything else is as good as nothing. */
function numberIn(given: unknown): number | null {
  return typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : null
}
