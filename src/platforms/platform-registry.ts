import type { Network, Platform } from './platform.js'

/** Every network that this installation can publish on. Put together in `platforms.module.ts`. */
export class PlatformRegistry {
  private readonly platforms: ReadonlyMap<Network, Platform>

  constructor(platforms: readonly Platform[]) {
    this.platforms = new Map(platforms.map((platform) => [platform.rules.network, platform]))
  }

  /** @throws Error for a network that has no adapter: a bug, since `Network` lists what there is */
  get(network: Network): Platform {
    const platform = this.platforms.get(network)
    if (!platform) throw new Error(`there is no adapter for ${network}`)
    return platform
  }

  all(): readonly Platform[] {
    return [...this.platforms.values()]
  }
}
