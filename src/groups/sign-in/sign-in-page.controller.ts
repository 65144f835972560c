import { Controller, Get, Header, Post, Query, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { CookieOptions, Request, Response } from 'express'

import { Config } from '../../config/config.js'
import { cookieValue } from './cookie-header.js'
import { confirmPage, usedUpPage } from './sign-in-page.js'
import { linkMinutes } from './sign-in.js'
import { SignInService } from './sign-in.service.js'

/**
 * Where the mailed link leads. Opening it changes nothing, since mail scanners open links: the token moves from the
 * address into a cookie, and a press of the button uses it up. A form of another site has no such cookie (SameSite).
 */
@ApiExcludeController()
@Controller('sign-in/confirm')
export class SignInPageController {
  constructor(
    private readonly signIn: SignInService,
    private readonly config: Config,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @Header('X-Robots-Tag', 'noindex')
  async show(@Query('token') token: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    if (typeof token === 'string') {
      response.cookie(this.cookie, token.slice(0, 200), { ...this.options, maxAge: linkMinutes * 60_000 })
      response.redirect(303, '/sign-in/confirm')
      return
    }
    const kept = cookieValue(request.headers.cookie, this.cookie)
    const person = kept === null ? null : await this.signIn.peek(kept)
    // Browsers send "Origin: null" with the form of a page without referrer, and the press would look forged.
    response.setHeader('Referrer-Policy', 'same-origin')
    response
      .status(person ? 200 : 410)
      .type('html')
      .send(person ? confirmPage(person) : usedUpPage())
  }

  @Post()
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  @Header('Cache-Control', 'no-store')
  async confirm(@Req() request: Request, @Res() response: Response): Promise<void> {
    const token = cookieValue(request.headers.cookie, this.cookie)
    const opened = token === null ? null : await this.signIn.open(token, request.headers)
    response.clearCookie(this.cookie, this.options)
    if (!opened) {
      response.status(410).type('html').send(usedUpPage())
      return
    }
    for (const cookie of opened.cookies) response.append('Set-Cookie', cookie)
    response.redirect(303, '/')
  }

  private get cookie(): string {
    return this.config.production ? '__Host-seconder-link' : 'seconder-link'
  }

  // Lax, not strict: the redirect after a press in a mail program still counts as coming from there.
  private get options(): CookieOptions {
    return { httpOnly: true, sameSite: 'lax', path: '/', secure: this.config.production }
  }
}
