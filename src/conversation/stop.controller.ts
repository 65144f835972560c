import { Controller, Get, Param, Post, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Response } from 'express'

import { ConversationService } from './conversation.service.js'
import { askPage, stoppedPage, unknownPage } from './stop-page.js'

/** The link under each mail about a post's conversation. Opening it changes nothing (RFC 8058). */
@ApiExcludeController()
@Throttle({ general: { ttl: 60_000, limit: 60 } })
@Controller('unsubscribe/post')
export class StopController {
  constructor(private readonly conversation: ConversationService) {}

  @Get(':token')
  async ask(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const found = await this.conversation.look(token)
    send(response, found && askPage(found.groupName, found.email))
  }

  @Post(':token')
  async stop(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const found = await this.conversation.look(token)
    if (found) await this.conversation.mute(found, found.postId, true)
    send(response, found && stoppedPage(found.groupName))
  }
}

function send(response: Response, page: string | null): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Robots-Tag', 'noindex')
  response
    .status(page === null ? 404 : 200)
    .type('html')
    .send(page ?? unknownPage())
}
