import { Injectable } from '@nestjs/common'
import type { Response } from 'express'

import { Config } from '../../config/config.js'
import { reviewPage } from './review-page.js'
import type { ReviewPage } from './review-view.js'

/** For whoever came by no link that there is. */
export const unknownLink: ReviewPage = {
  kind: 'explained',
  groupName: null,
  title: 'This link does not lead to a review',
  sentences: [
    'Open the link in your mail again: it may have been cut off, or this page was open for more than an hour.',
    'If you are a member, you can also sign in and find the post under “Waiting for you”.',
  ],
}

/** How the pages of a review link are answered: kept nowhere, and cookies for their own paths alone. */
@Injectable()
export class ReviewResponses {
  constructor(private readonly config: Config) {}

  send(response: Response, page: ReviewPage, status: number): void {
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('X-Robots-Tag', 'noindex')
    response.status(status).type('html').send(reviewPage(page))
  }

  redirect(response: Response, path: string): void {
    response.setHeader('Cache-Control', 'no-store')
    response.redirect(303, path)
  }

  keep(response: Response, cookie: { name: string; value: string; path: string; milliseconds: number }): void {
    response.cookie(cookie.name, cookie.value, {
      httpOnly: true,
      sameSite: 'lax',
      secure: this.config.production,
      path: cookie.path,
      maxAge: cookie.milliseconds,
    })
  }
}
