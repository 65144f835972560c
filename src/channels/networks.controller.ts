import { Controller, Get, Req } from '@nestjs/common'
import type { Request } from 'express'

import { Config } from '../config/config.js'
import { SessionService } from '../groups/sign-in/session.service.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import { NetworkView, presentNetwork } from './channels.dto.js'
import { presetApps } from './preset-apps.js'

/** The networks of this installation. */
@Controller('api/networks')
export class NetworksController {
  constructor(
    private readonly platforms: PlatformRegistry,
    private readonly sessions: SessionService,
    private readonly config: Config,
  ) {}

  /** Each network, with the steps and fields by which an account is connected. */
  @Get()
  async list(@Req() request: Request): Promise<NetworkView[]> {
    await this.sessions.require(request)
    const preset = presetApps(this.config.networkApps)
    return this.platforms
      .all()
      .map((platform) => presentNetwork(platform, this.config.publicOrigin, preset[platform.rules.network]))
  }
}
