import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Req } from '@nestjs/common'
import { ApiOkResponse } from '@nestjs/swagger'
import { Throttle } from '@nestjs/throttler'
import type { Request } from 'express'

import { Config } from '../../config/config.js'
import { Account, NewPasskeyDto, PasskeyNameDto, PasskeyView, presentDevice, presentPasskey } from './account.dto.js'
import { AccountService } from './account.service.js'
import { relyingParty } from './passkey.js'
import { type CreationOptions, PasskeysService } from './passkeys.service.js'
import { SessionService } from './session.service.js'
import { StepUp } from './step-up.guard.js'
import { StepUpService } from './step-up.service.js'

/** How the signed-in person signs in, and where they are signed in. */
@Controller('api/account')
export class AccountController {
  constructor(
    private readonly sessions: SessionService,
    private readonly account: AccountService,
    private readonly passkeys: PasskeysService,
    private readonly stepUps: StepUpService,
    private readonly config: Config,
  ) {}

  @Get()
  async show(@Req() request: Request): Promise<Account> {
    const person = await this.sessions.require(request)
    const { origin, isUsable } = relyingParty(this.config.publicOrigin)
    return {
      passkeys: (await this.passkeys.list(person.personId)).map(presentPasskey),
      passkeyOrigin: origin,
      passkeysPossible: isUsable,
      sessions: (await this.account.sessions(person)).map(presentDevice),
      reviewDevices: (await this.account.reviewDevices(person)).map(presentDevice),
    }
  }

  /** What `navigator.credentials.create` is given, good once and for 5 minutes. */
  @Post('passkeys/start')
  @HttpCode(200)
  @StepUp()
  @Throttle({ general: { ttl: 60_000, limit: 20 } })
  @ApiOkResponse({ schema: { type: 'object', description: 'PublicKeyCredentialCreationOptionsJSON' } })
  async startPasskey(@Req() request: Request): Promise<CreationOptions> {
    return this.passkeys.startRegistration(await this.sessions.require(request))
  }

  /** Keeps the passkey that the device has made. */
  @Post('passkeys')
  @StepUp()
  async addPasskey(@Req() request: Request, @Body() given: NewPasskeyDto): Promise<PasskeyView> {
    const person = await this.sessions.require(request)
    const passkey = await this.passkeys.finishRegistration(person.personId, given)
    await this.stepUps.noteNewPasskey(person)
    return presentPasskey(passkey)
  }

  @Patch('passkeys/:passkeyId')
  async renamePasskey(
    @Req() request: Request,
    @Param('passkeyId', ParseUUIDPipe) id: string,
    @Body() { name }: PasskeyNameDto,
  ): Promise<PasskeyView> {
    const { personId } = await this.sessions.require(request)
    return presentPasskey(await this.passkeys.rename(personId, id, name))
  }

  @Delete('passkeys/:passkeyId')
  @HttpCode(204)
  @StepUp()
  async removePasskey(@Req() request: Request, @Param('passkeyId', ParseUUIDPipe) id: string): Promise<void> {
    await this.passkeys.remove((await this.sessions.require(request)).personId, id)
  }

  /** Signs another device out. */
  @Delete('sessions/:sessionId')
  @HttpCode(204)
  async endSession(@Req() request: Request, @Param('sessionId', ParseUUIDPipe) id: string): Promise<void> {
    await this.account.endSession(await this.sessions.require(request), id)
  }

  /** Signs all other devices out, for reviewing too. */
  @Post('sessions/end-others')
  @HttpCode(204)
  async endOthers(@Req() request: Request): Promise<void> {
    await this.account.endOthers(await this.sessions.require(request))
  }

  /** Lets a device review no more without a new proof. */
  @Delete('review-devices/:deviceId')
  @HttpCode(204)
  async forgetReviewDevice(@Req() request: Request, @Param('deviceId', ParseUUIDPipe) id: string): Promise<void> {
    await this.account.forgetReviewDevice(await this.sessions.require(request), id)
  }
}
