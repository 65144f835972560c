import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common'
import type { Request } from 'express'

import type { ActingMember } from '../acting-member.js'
import { SessionService } from './session.service.js'
import { StepUpService } from './step-up.service.js'

/** Lets somebody pass who has proved within the last 15 minutes of this session to be there. */
@Injectable()
export class StepUpGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionService,
    private readonly stepUps: StepUpService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { acting?: ActingMember }>()
    await this.stepUps.require(await this.sessions.require(request), request.acting?.group ?? null)
    return true
  }
}

/**
 * For what is at stake: credentials, roles, the policy, ways in. Answers 403 `step-up-needed` without a fresh proof; the
 * web then asks for one and repeats the request. On a route of a controller with `GroupGuard`, which runs first.
 */
export function StepUp(): ClassDecorator & MethodDecorator {
  return applyDecorators(UseGuards(StepUpGuard))
}
