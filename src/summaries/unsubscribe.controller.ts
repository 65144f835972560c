import { Controller, Get, Param, Post, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Response } from 'express'

import { askPage, stoppedPage, unknownPage } from './unsubscribe-page.js'
import { UnsubscribeService } from './unsubscribe.service.js'

/** The link under each summary. Opening it changes nothing; mail programs and the page's button send a POST. */
@ApiExcludeController()
@Throttle({ general: { ttl: 60_000, limit: 60 } })
@Controller('unsubscribe')
export class UnsubscribeController {
  constructor(private readonly unsubscribe: UnsubscribeService) {}

  @Get(':token')
  async ask(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const found = await this.unsubscribe.look(token)
    send(response, found === null ? unknownPage() : askPage(found.groupName, found.email), found === null ? 404 : 200)
  }

  @Post(':token')
  async stop(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const groupName = await this.unsubscribe.stop(token)
    send(response, groupName === null ? unknownPage() : stoppedPage(groupName), groupName === null ? 404 : 200)
  }
}

function send(response: Response, page: string, status: number): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Robots-Tag', 'noindex')
  response.status(status).type('html').send(page)
}
