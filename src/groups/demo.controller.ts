import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common'
import type { Request, Response } from 'express'

import { DemoService } from './demo.service.js'
import { DemoTime, EnterDemoDto, MoveClockDto } from './sign-in/session.dto.js'
import { SessionService } from './sign-in/session.service.js'

/** The demonstration; everything here is refused outside it. */
@Controller('api/demo')
export class DemoController {
  constructor(
    private readonly demo: DemoService,
    private readonly sessions: SessionService,
  ) {}

  /** Signs this device in as one of the demonstration's people. */
  @Post('enter')
  @HttpCode(204)
  async enter(
    @Body() { memberId }: EnterDemoDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { cookies } = await this.demo.enter(memberId, request.headers)
    for (const cookie of cookies) response.append('Set-Cookie', cookie)
  }

  /** Lets time pass for everybody in the demonstration. */
  @Post('clock')
  @HttpCode(200)
  async letPass(@Body() { minutes }: MoveClockDto, @Req() request: Request): Promise<DemoTime> {
    const now = await this.demo.letPass(await this.sessions.require(request), minutes)
    return { now: now.toISO()! }
  }
}
