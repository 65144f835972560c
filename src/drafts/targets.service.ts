import { Injectable } from '@nestjs/common'

import { ChannelsService } from '../channels/channels.service.js'
import { Clock } from '../kernel/clock.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import type { LookUpOutcome } from '../platforms/platform.js'
import { whyNotTarget, type TargetUse } from '../platforms/target-rules.js'
import { extrasFor, type Content } from './content.js'
import type { Envelope } from './envelope.js'
import { targetOf, whatIsDone, type ApprovedTarget } from './target.js'

/** What a channel's network says of the post that is to be answered or passed on there. */
export type FoundTarget =
  | {
      readonly kind: 'found'
      readonly target: ApprovedTarget
      readonly passedOn?: boolean
      readonly whyNotQuoted?: string
    }
  /** A sentence for the editor. */
  | { readonly kind: 'problem'; readonly message: string }

/** By channel, use and address, so that what was found for one address is never sealed for another. */
export type Targets = ReadonlyMap<string, FoundTarget>

/** A look waits so long for the network. */
const lookMs = 10_000
/** So long an editor who types is told the same again, without asking the network. */
const rememberSeconds = 60
const mostRemembered = 500

/**
 * Finds what posts answer or pass on. Networks are asked before a transaction begins, never in one. What is remembered is for
 * typing alone and stays in this process: what is sealed has just been looked up.
 */
@Injectable()
export class TargetsService {
  private readonly remembered = new Map<string, { readonly until: number; readonly found: Promise<FoundTarget> }>()

  constructor(
    private readonly channels: ChannelsService,
    private readonly platforms: PlatformRegistry,
    private readonly clock: Clock,
  ) {}

  /** @param remember whether what was found a moment ago is good enough */
  async lookUp(groupId: string, content: Content, remember = false): Promise<Targets> {
    const wanted = content.channels.flatMap(({ channelId }) => {
      const { target, targetUse = 'answer' } = extrasFor(content, channelId)
      return target === undefined ? [] : [{ channelId, address: target, use: targetUse }]
    })
    if (wanted.length === 0) return new Map()
    const found = await Promise.all(
      wanted.map(async ({ channelId, address, use }) => {
        const key = keyOf(channelId, address, use)
        const look = () => this.look(groupId, channelId, address, use)
        return [key, await (remember ? this.recall(`${groupId} ${key}`, look) : look())] as const
      }),
    )
    return new Map(found)
  }

  private async look(groupId: string, channelId: string, address: string, use: TargetUse): Promise<FoundTarget> {
    const what = whatIsDone[use]
    const opened = (await this.channels.connections([{ groupId, id: channelId }])).get(channelId)
    if (!opened) return { kind: 'problem', message: `${what} cannot be looked up, because the channel is gone.` }
    const platform = this.platforms.get(opened.network)
    const obstacle = whyNotTarget(platform.rules, address, use)
    if (obstacle !== null || !platform.lookUp)
      return { kind: 'problem', message: obstacle ?? `${what} cannot be looked up there.` }
    const outcome: LookUpOutcome = await platform
      .lookUp(opened.connection, address, AbortSignal.timeout(lookMs))
      .catch(() => ({ kind: 'retry', cause: 'The network could not be asked.' }))
    switch (outcome.kind) {
      case 'found': {
        const { passedOn, whyNotQuoted } = outcome.post
        return { kind: 'found', target: targetOf(outcome.post), passedOn, whyNotQuoted }
      }
      case 'refused':
      case 'unauthorized':
        return { kind: 'problem', message: `${what}: ${outcome.cause}` }
      case 'limited':
        return { kind: 'problem', message: `${what} could not be looked up just now. ${outcome.cause}` }
      case 'retry':
        return {
          kind: 'problem',
          message: `${what} could not be looked up just now. ${outcome.cause} Try again in a minute.`,
        }
    }
  }

  private recall(key: string, look: () => Promise<FoundTarget>): Promise<FoundTarget> {
    const now = this.clock.now().toMillis()
    const known = this.remembered.get(key)
    if (known && known.until > now) return known.found
    // A look that broke says nothing of the post.
    const found = look().catch((error: unknown) => {
      this.remembered.delete(key)
      throw error
    })
    this.remembered.delete(key)
    this.remembered.set(key, { until: now + rememberSeconds * 1000, found })
    const [oldest] = this.remembered.keys()
    if (oldest !== undefined && this.remembered.size > mostRemembered) this.remembered.delete(oldest)
    return found
  }
}

/** What was found for what a channel answers or passes on; undefined when nobody has looked. */
export function foundFor(
  targets: Targets,
  channelId: string,
  address: string,
  use: TargetUse,
): FoundTarget | undefined {
  return targets.get(keyOf(channelId, address, use))
}

/** What a sealed version answers or passes on, for sealing the same content with another time. */
export function sealedTargets(envelope: Envelope, content: Content): Targets {
  return new Map(
    envelope.channels.flatMap(({ channelId, target, targetUse = 'answer' }) => {
      const address = extrasFor(content, channelId).target
      return target === undefined || address === undefined
        ? []
        : [[keyOf(channelId, address, targetUse), { kind: 'found', target }] as const]
    }),
  )
}

function keyOf(channelId: string, address: string, use: TargetUse): string {
  return `${channelId} ${use} ${address}`
}
