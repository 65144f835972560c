import type { Network, Platform } from './platform.js'

/** Every network that this installation can publish on. Put together in `platforms.module.ts`. */
export class PlatformRegistry {
  constructor(private readonly platforms: Partial<Record<Network, Platform>>) {}

  /** @throws Error for a network that has no adapter: a bug, since `Network` lists what there is */
  get(network: Network): Platform {
    const platform = this.platforms[network]
    if (!platform) throw new Error(`there is no adapter for ${network}`)
    return platform
  }

  all(): readonly Platform[] {
    return Object.values(this.platforms)
  }
}
