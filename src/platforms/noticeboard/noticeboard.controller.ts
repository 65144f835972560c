import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Request, Response } from 'express'

import { Config } from '../../config/config.js'
import type { Notice, Noticeboard } from './notice.js'
import { jsonFeed, rssFeed } from './noticeboard-feeds.js'
import { noticePath } from './noticeboard-links.js'
import { boardPage, noticePage, sayingPage, type Thanks } from './noticeboard-page.js'
import { noticeboardScript } from './noticeboard-script.js'
import { NoticeboardService } from './noticeboard.service.js'

/** Narrower than the workspace's: these pages are made of strangers' words, and need next to nothing. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The public pages of the noticeboards. Opening any of them changes nothing; links start with our own public origin only. */
@ApiExcludeController()
@Controller('noticeboard')
export class NoticeboardController {
  constructor(
    private readonly noticeboard: NoticeboardService,
    private readonly config: Config,
  ) {}

  @Get('count.js')
  script(@Res() response: Response): void {
    response.setHeader('Cache-Control', 'public, max-age=86400')
    response.type('text/javascript').send(noticeboardScript)
  }

  @Get(':slug')
  async board(
    @Param('slug') slug: string,
    @Query('before') before: string | undefined,
    @Query('after') after: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const board = await this.noticeboard.board(slug)
    const page = board && (await this.noticeboard.page(board, before === undefined ? { after } : { before }))
    if (!board || !page) return sendNothing(response, board)
    send(response, 200, boardPage(board, page, this.config.publicOrigin))
  }

  @Get(':slug/feed.xml')
  async rss(@Param('slug') slug: string, @Res() response: Response): Promise<void> {
    const { board, notices } = await this.newest(slug)
    if (!board) return sendNothing(response, null)
    sendFeed(response, 'application/rss+xml; charset=utf-8', rssFeed(board, notices, this.config.publicOrigin))
  }

  @Get(':slug/feed.json')
  async json(@Param('slug') slug: string, @Res() response: Response): Promise<void> {
    const { board, notices } = await this.newest(slug)
    if (!board) return sendNothing(response, null)
    const feed = jsonFeed(board, notices, this.config.publicOrigin)
    sendFeed(response, 'application/feed+json; charset=utf-8', JSON.stringify(feed))
  }

  @Get(':slug/:noticeId')
  async one(
    @Param('slug') slug: string,
    @Param('noticeId') noticeId: string,
    @Query('useful') useful: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.shown(slug, noticeId, response)
    if (!found) return
    const thanks: Thanks = useful === 'counted' || useful === 'already' ? useful : null
    send(response, 200, noticePage(found.board, found.notice, this.config.publicOrigin, thanks))
  }

  @Get(':slug/:noticeId/pictures/:number')
  async picture(
    @Param('slug') slug: string,
    @Param('noticeId') noticeId: string,
    @Param('number') number: string,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.shown(slug, noticeId, response)
    if (!found) return
    const picture = await this.noticeboard.picture(found.board, noticeId, number)
    if (!picture) return sendNothing(response, found.board)
    // the address is bound to one sealed notice, whose pictures never change
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
    response.setHeader('ETag', `"${picture.sha256}"`)
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
    // feed readers on other sites show it too
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    response.type(picture.mime).send(picture.bytes)
  }

  /** A form's button, so that it works without a script. */
  @Throttle({ general: { ttl: 60_000, limit: 60 } })
  @Post(':slug/:noticeId/useful')
  async useful(
    @Param('slug') slug: string,
    @Param('noticeId') noticeId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.shown(slug, noticeId, response)
    if (!found) return
    const counted = await this.noticeboard.pressUseful(found.board, noticeId, request.ip ?? '')
    // 303: the browser opens the page anew, and a reload presses nothing
    response.redirect(303, `${noticePath(slug, noticeId)}?useful=${counted}#thanks`)
  }

  /** What the page's script tells when a notice was on a screen. */
  @Post(':slug/:noticeId/views')
  async views(
    @Param('slug') slug: string,
    @Param('noticeId') noticeId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.shown(slug, noticeId, response)
    if (!found) return
    await this.noticeboard.countView(found.board, noticeId, request.ip ?? '')
    response.status(204).end()
  }

  private async newest(slug: string): Promise<{ board: Noticeboard | null; notices: readonly Notice[] }> {
    const board = await this.noticeboard.board(slug)
    const page = board && (await this.noticeboard.page(board))
    return { board, notices: page?.notices ?? [] }
  }

  /** The notice if it is up; otherwise the answer has been sent. */
  private async shown(
    slug: string,
    noticeId: string,
    response: Response,
  ): Promise<{ board: Noticeboard; notice: Notice } | null> {
    const board = await this.noticeboard.board(slug)
    if (!board) {
      sendNothing(response, null)
      return null
    }
    const lookup = await this.noticeboard.notice(board, noticeId)
    if (lookup.kind === 'shown') return { board, notice: lookup.notice }
    if (lookup.kind === 'retracted') {
      const on = lookup.at.setZone(board.timeZone).setLocale('en-GB').toFormat('d LLLL yyyy')
      send(response, 410, sayingPage('This notice was taken down', `${board.name} took it down on ${on}.`, board))
    } else {
      sendNothing(response, board)
    }
    return null
  }
}

function sendNothing(response: Response, board: Noticeboard | null): void {
  const sentence = board
    ? 'There is no notice at this address. Perhaps the address was cut off on its way to you.'
    : 'There is no noticeboard at this address. Perhaps the address was cut off on its way to you.'
  send(response, 404, sayingPage('Nothing is pinned here', sentence, board))
}

function send(response: Response, status: number, html: string): void {
  response.setHeader('Content-Security-Policy', contentPolicy)
  // With the general "no-referrer" a browser calls the origin of our own form "null" (Fetch, "append a request Origin
  // header"), and over plain HTTP it sends no Sec-Fetch-Site that would tell.
  response.setHeader('Referrer-Policy', 'same-origin')
  // asked again each time, so that a notice that was taken down is gone at once
  response.setHeader('Cache-Control', 'no-cache')
  response.status(status).type('text/html').send(html)
}

function sendFeed(response: Response, type: string, feed: string): void {
  response.setHeader('Cache-Control', 'public, max-age=300')
  // public words: the group's own website may fetch and show them
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
  response.type(type).send(feed)
}
