import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common'
import { Throttle } from '@nestjs/throttler'
import type { Request, Response } from 'express'

import { Config } from '../../config/config.js'
import { version } from '../../kernel/version.js'
import { DemoService } from '../demo.service.js'
import { MembersService } from '../members.service.js'
import { Said, Session, SetUpDto, SignInDto } from './session.dto.js'
import { SessionService } from './session.service.js'
import { SetUpService } from './set-up.service.js'
import { SignInService } from './sign-in.service.js'

/** What anybody may ask without being signed in. Few times a minute where a mail or a session may come of it. */
@Controller('api')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly signIn: SignInService,
    private readonly members: MembersService,
    private readonly setUps: SetUpService,
    private readonly demo: DemoService,
    private readonly config: Config,
  ) {}

  /** Who is here. Never refused. */
  @Get('session')
  async session(@Req() request: Request): Promise<Session> {
    const person = await this.sessions.personOf(request)
    const memberships = person ? await this.members.membershipsOf(person.personId) : []
    return {
      person: person && { id: person.personId, name: person.name, email: person.email },
      groups: memberships.map(({ groupId, slug, groupName, timeZone, memberId, roles, demo }) => ({
        id: groupId,
        slug,
        name: groupName,
        timeZone,
        memberId,
        roles,
        demo,
      })),
      demo: await this.demo.view(),
      setUpNeeded: await this.setUps.isNeeded(),
      mailboxOpen: this.config.mailboxOpen,
      production: this.config.production,
      version,
    }
  }

  /** Makes the first group and its first admin, once. */
  @Throttle({ general: { ttl: 60_000, limit: 10 } })
  @Post('set-up')
  async setUp(@Body() given: SetUpDto): Promise<Said> {
    await this.setUps.setUp(given)
    return { message: `${given.groupName} is ready. A sign-in link is on its way to ${given.email}.` }
  }

  /** Mails a sign-in link. The answer is the same whether the address is known or not. */
  @Throttle({ general: { ttl: 60_000, limit: 10 } })
  @Post('sign-in')
  @HttpCode(202)
  requestLink(@Body() given: SignInDto): Said {
    this.signIn.requestLink(given.email)
    return {
      message: `If ${given.email} belongs to a member, a sign-in link is on its way. It works once, for 15 minutes.`,
    }
  }

  @Post('sign-out')
  @HttpCode(204)
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    for (const cookie of await this.signIn.signOut(request.headers)) response.append('Set-Cookie', cookie)
  }

  /** Ends the person's sessions on every device. */
  @Post('sign-out-everywhere')
  @HttpCode(204)
  async signOutEverywhere(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const person = await this.sessions.require(request)
    await this.signIn.signOutEverywhere(person.personId)
    for (const cookie of await this.signIn.signOut(request.headers)) response.append('Set-Cookie', cookie)
  }
}
