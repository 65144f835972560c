import { Injectable } from '@nestjs/common'

import { Clock } from '../kernel/clock.js'
import { clockFindings, reachFindings } from './findings.js'
import { watched } from './outward-watch.adapter.js'
import type { Connection, Finding, Platform } from './platform.js'

/** Lets a network be looked at, and sees by the way who answered, how fast, and what time it is there. */
@Injectable()
export class ExaminingService {
  constructor(private readonly clock: Clock) {}

  async examine(platform: Platform, connection: Connection, signal: AbortSignal): Promise<Finding[]> {
    const { result, seen } = await watched(() => this.ask(platform, connection, signal))
    const answers = seen.flatMap(({ host, ms, answered }) => {
      if (!answered) return []
      const now = this.clock.now().minus({ milliseconds: performance.now() - answered.at })
      return [{ host, ms, date: answered.date, now }]
    })
    const faults = seen.flatMap(({ host, fault }) => (fault === null ? [] : [{ host, said: fault }]))
    // A network that looks at the clock itself knows best.
    const clock = result.some(({ about }) => about === 'clock') ? [] : clockFindings(answers)
    return [...reachFindings(answers, faults), ...result, ...clock]
  }

  private async ask(platform: Platform, connection: Connection, signal: AbortSignal): Promise<readonly Finding[]> {
    try {
      return (await platform.examine?.(connection, signal)) ?? []
    } catch (error) {
      const said = `Looking at it broke off: ${error instanceof Error ? error.message : 'for an unknown reason'}.`
      return [
        { about: 'account', state: 'bad', said, nextStep: 'Try again. If it stays so, connect the channel again.' },
      ]
    }
  }
}
