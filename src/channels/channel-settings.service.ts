import { Injectable } from '@nestjs/common'

import { AuditLog } from '../audit/audit-log.service.js'
import { Transaction } from '../database/transaction.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Clock } from '../kernel/clock.js'
import { DomainError } from '../kernel/domain-error.js'
import { Sealing } from '../kernel/sealing.js'
import { limitsProblem } from './channel-limits.js'
import type { Channel } from './channel.js'
import { credentialsPurpose, noSuchChannel } from './channels.service.js'
import { ChannelsStore } from './channels.store.js'
import { checkWindows, type Window } from './window.js'

/** What an admin may change of a channel. */
export interface ChannelChange {
  readonly name?: string
  readonly gapMinutes?: number
  readonly dailyCap?: number
  readonly quietStart?: string | null
  readonly quietEnd?: string | null
  readonly paused?: boolean
}

/** Names, limits, pauses, windows and the end of channels. None of it touches what was approved. */
@Injectable()
export class ChannelSettings {
  constructor(
    private readonly store: ChannelsStore,
    private readonly audit: AuditLog,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly sealing: Sealing,
  ) {}

  /** The group's windows by channel id; those of the group itself under null. */
  windows(groupId: string): Promise<Map<string | null, Window[]>> {
    return this.store.windows(this.transaction.manager, groupId)
  }

  /** @throws DomainError `no-such-channel`, `unsound-limits`, `not-connected` */
  async change(acting: ActingMember, channelId: string, change: ChannelChange): Promise<Channel> {
    return this.transaction.run(async (manager) => {
      const before = (await this.store.lock(manager, acting.groupId, channelId)) ?? noSuchChannel()
      const changed = {
        name: change.name?.trim() ?? before.name,
        gapMinutes: change.gapMinutes ?? before.gapMinutes,
        dailyCap: change.dailyCap ?? before.dailyCap,
        quietStart: change.quietStart === undefined ? before.quietStart : change.quietStart,
        quietEnd: change.quietEnd === undefined ? before.quietEnd : change.quietEnd,
        state: stateAfter(before, change.paused),
      }
      const problem = limitsProblem(changed)
      if (problem !== null) throw new DomainError('unsound-limits', problem)
      const names = (Object.keys(changed) as (keyof typeof changed)[]).filter((name) => changed[name] !== before[name])
      if (names.length > 0) {
        await this.store.update(manager, acting.groupId, channelId, changed)
        const event = {
          kind: 'channel-changed' as const,
          channelId,
          memberId: acting.memberId,
          changed: names,
          state: changed.state,
        }
        await this.audit.append(manager, acting.groupId, event)
      }
      return { ...before, ...changed }
    })
  }

  /**
   * Ends a channel and forgets its credentials; what went out stays in the group's records.
   * @throws DomainError `no-such-channel`, `channel-in-use`
   */
  async remove(acting: ActingMember, channelId: string): Promise<void> {
    await this.transaction.run(async (manager) => {
      const channel = (await this.store.lock(manager, acting.groupId, channelId)) ?? noSuchChannel()
      const unfinished = await this.store.unfinished(manager, acting.groupId, channelId)
      if (unfinished > 0) {
        const posts = unfinished === 1 ? '1 post is' : `${unfinished} posts are`
        throw new DomainError(
          'channel-in-use',
          `${posts} still in review, planned or on the way on ${channel.name}. Cancel or move what is planned, wait for the rest, then remove the channel.`,
          'conflict',
          { unfinished },
        )
      }
      await this.store.replaceWindows(manager, acting.groupId, channelId, [], 0)
      const sealedCredentials = this.sealing.seal('{}', credentialsPurpose)
      await this.store.update(manager, acting.groupId, channelId, { removedAt: this.clock.now(), sealedCredentials })
      await this.audit.append(manager, acting.groupId, {
        kind: 'channel-removed',
        channelId,
        memberId: acting.memberId,
      })
    })
  }

  /** @throws DomainError `unsound-windows`, `no-windows` */
  async setGroupWindows(acting: ActingMember, windows: readonly Window[]): Promise<Window[]> {
    if (windows.length === 0) {
      throw new DomainError('no-windows', 'Without any window nothing could go out by itself. Keep at least one.')
    }
    return this.setWindows(acting, null, windows)
  }

  /**
   * Gives a channel windows of its own, or with null the group's again.
   * @throws DomainError `no-such-channel`, `unsound-windows`, `no-windows`
   */
  async setChannelWindows(acting: ActingMember, channelId: string, windows: readonly Window[] | null): Promise<void> {
    if (windows?.length === 0) {
      throw new DomainError(
        'no-windows',
        'A channel with windows of its own needs at least one. To use the group’s windows, reset them instead.',
      )
    }
    await this.setWindows(acting, channelId, windows ?? [])
  }

  private async setWindows(
    acting: ActingMember,
    channelId: string | null,
    windows: readonly Window[],
  ): Promise<Window[]> {
    const problems = checkWindows(windows)
    if (problems.length > 0) throw new DomainError('unsound-windows', problems.join(' '), 'invalid', { problems })
    return this.transaction.run(async (manager) => {
      if (channelId !== null && !(await this.store.lock(manager, acting.groupId, channelId))) noSuchChannel()
      await this.store.replaceWindows(manager, acting.groupId, channelId, windows, this.clock.now().toMillis())
      await this.audit.append(manager, acting.groupId, {
        kind: 'windows-changed',
        channelId,
        memberId: acting.memberId,
      })
      return (await this.store.windows(manager, acting.groupId)).get(channelId) ?? []
    })
  }
}

function stateAfter(channel: Channel, paused: boolean | undefined): Channel['state'] {
  if (paused === undefined) return channel.state
  if (channel.cause === null) return paused ? 'paused' : 'connected'
  if (channel.state === 'paused') return paused ? 'paused' : 'to_reconnect'
  throw new DomainError(
    'not-connected',
    `${channel.name} has to be connected again first; nothing goes out on it until then.`,
    'conflict',
  )
}
