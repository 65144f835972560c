import { Controller, Get, Param, Req, Res } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import type { Request, Response } from 'express'

import { sendBytes } from '../http/send-bytes.js'
import { MediaAddresses } from './media-addresses.service.js'

/** What a network's servers fetch: no session, no cookie, only the sealed address. */
@ApiExcludeController()
@Controller('media')
export class PublicMediaController {
  constructor(private readonly addresses: MediaAddresses) {}

  @Get(':token')
  async get(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const media = await this.addresses.open(token)
    response.setHeader('Cache-Control', 'private, no-store')
    response.setHeader('X-Robots-Tag', 'noindex')
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    sendBytes(request, response, media)
  }
}
