import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common'
import { ApiOkResponse } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Request, Response } from 'express'

import { DeviceAnswerDto } from './account.dto.js'
import type { RequestOptions } from './passkeys.service.js'
import { SignInService } from './sign-in.service.js'

/** Signing in with a passkey: the device says who it is. */
@Controller('api/sign-in/passkey')
@Throttle({ general: { ttl: 60_000, limit: 20 } })
export class PasskeySignInController {
  constructor(private readonly signIn: SignInService) {}

  /** What `navigator.credentials.get` is given, good once and for 5 minutes. */
  @Post('start')
  @HttpCode(200)
  @ApiOkResponse({ schema: { type: 'object', description: 'PublicKeyCredentialRequestOptionsJSON' } })
  start(): Promise<RequestOptions> {
    return this.signIn.startPasskey()
  }

  @Post()
  @HttpCode(204)
  async finish(
    @Body() { response: answer }: DeviceAnswerDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { cookies } = await this.signIn.openWithPasskey(answer, request.headers)
    for (const cookie of cookies) response.append('Set-Cookie', cookie)
  }
}
