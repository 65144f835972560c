import { minuteOfDay } from './window.js'

/** When and how often a channel may post. */
export interface ChannelLimits {
  readonly gapMinutes: number
  readonly dailyCap: number
  /** `HH:MM` in the group's zone; may run past midnight. Both or neither. */
  readonly quietStart: string | null
  readonly quietEnd: string | null
}

/** The nightly quiet time of a new channel. */
export const defaultQuiet = { quietStart: '21:30', quietEnd: '07:00' } as const

/** What is wrong with these limits, as a sentence, or null. */
export function limitsProblem({ quietStart, quietEnd }: ChannelLimits): string | null {
  if (quietStart === null && quietEnd === null) return null
  if (quietStart === null || quietEnd === null) {
    return 'A quiet time needs both its start and its end. Give both, or neither for no quiet time.'
  }
  const wrong = [quietStart, quietEnd].find((time) => minuteOfDay(time) === null || time === '24:00')
  if (wrong !== undefined) return `The quiet time has "${wrong}" in it. Write times such as 21:30; midnight is 00:00.`
  if (quietStart === quietEnd) {
    return `A quiet time from ${quietStart} to ${quietEnd} would never end, and nothing would go out. Choose two different times.`
  }
  return null
}
