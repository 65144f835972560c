import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common'
import { ApiOkResponse } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Request } from 'express'

import { CodeDto, CodeSent, DeviceAnswerDto } from './account.dto.js'
import type { RequestOptions } from './passkeys.service.js'
import { SessionService } from './session.service.js'
import { StepUpService } from './step-up.service.js'

/** Proving once more to be there, after an answer `step-up-needed`. */
@Controller('api/account/proof')
@Throttle({ general: { ttl: 60_000, limit: 20 } })
export class StepUpController {
  constructor(
    private readonly sessions: SessionService,
    private readonly stepUps: StepUpService,
  ) {}

  /** What `navigator.credentials.get` is given, good once and for 5 minutes. */
  @Post('passkey/start')
  @HttpCode(200)
  @ApiOkResponse({ schema: { type: 'object', description: 'PublicKeyCredentialRequestOptionsJSON' } })
  async startPasskey(@Req() request: Request): Promise<RequestOptions> {
    return this.stepUps.startPasskey(await this.sessions.require(request))
  }

  @Post('passkey')
  @HttpCode(204)
  async finishPasskey(@Req() request: Request, @Body() { response }: DeviceAnswerDto): Promise<void> {
    await this.stepUps.finishPasskey(await this.sessions.require(request), response)
  }

  /** Mails a code, to people without a passkey. */
  @Post('code/send')
  @HttpCode(200)
  async sendCode(@Req() request: Request): Promise<CodeSent> {
    const person = await this.sessions.require(request)
    const { sent } = await this.stepUps.sendCode(person)
    return {
      message: sent
        ? `A code is on its way to ${person.email}.`
        : 'Several codes were mailed just now. Use the newest one, or wait a quarter of an hour.',
    }
  }

  @Post('code')
  @HttpCode(204)
  async checkCode(@Req() request: Request, @Body() { code }: CodeDto): Promise<void> {
    await this.stepUps.checkCode(await this.sessions.require(request), code)
  }
}
