import { Injectable, Logger } from '@nestjs/common'

import { ChannelsService } from '../channels/channels.service.js'
import { Transaction } from '../database/transaction.js'
import { PlatformRegistry } from '../platforms/platform-registry.js'
import { dueAge, type SampleAge } from './sample-age.js'
import { SamplesStore, type Readable } from './samples.store.js'

const batch = 500
const perRequest = 25
const deadlineMs = 30_000

/** Reads the counters of posts at set ages, channel by channel. */
@Injectable()
export class SamplingService {
  private readonly log = new Logger('Sampling')

  constructor(
    private readonly transaction: Transaction,
    private readonly store: SamplesStore,
    private readonly channels: ChannelsService,
    private readonly platforms: PlatformRegistry,
  ) {}

  /** Takes every reading that is due. @returns how many were taken */
  async sampleDue(): Promise<number> {
    const due = (await this.store.readable(this.transaction.manager, batch)).flatMap((readable) => {
      const age = dueAge(readable.ageHours, readable.taken)
      return age ? [{ readable, age }] : []
    })
    let taken = 0
    for (const [channelId, group] of Map.groupBy(due, (each) => each.readable.channelId)) {
      for (let from = 0; from < group.length; from += perRequest) {
        taken += await this.read(channelId, group.slice(from, from + perRequest))
      }
    }
    return taken
  }

  /** A network that cannot be read now is asked again at the next tick; publishing is not touched by it. */
  private async read(channelId: string, due: readonly { readable: Readable; age: SampleAge }[]): Promise<number> {
    const groupId = due[0]?.readable.groupId ?? ''
    try {
      const channel = await this.channels.get(groupId, channelId)
      const connection = await this.channels.connection(groupId, channelId)
      const ids = due.map((each) => each.readable.remoteId)
      const counters = await this.platforms
        .get(channel.network)
        .counters(connection, ids, AbortSignal.timeout(deadlineMs))
      let taken = 0
      for (const { readable, age } of due) {
        const read = counters.get(readable.remoteId)
        if (!read) continue
        await this.store.insert(this.transaction.manager, readable, age, read)
        taken += 1
      }
      return taken
    } catch (error) {
      this.log.warn({
        message: 'Counters could not be read',
        channel: channelId,
        cause: error instanceof Error ? error.name : 'unknown',
      })
      return 0
    }
  }
}
