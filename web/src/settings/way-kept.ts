import type { Network } from '../api/types.js'

/** What somebody was connecting when they left for the network: to be found again on the way back. No secrets. */
export interface KeptWay {
  group: string
  network: Network
  /** The channel that is connected again. */
  again: string | null
  answers: Record<string, string>
}

const key = 'seconder-connecting'

/** For this tab only, and no longer than it is open. */
export function keepWay(way: KeptWay): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(way))
  } catch {
    // A browser that keeps nothing: the fields are empty on the way back.
  }
}

export function keptWay(): KeptWay | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as KeptWay | null
  } catch {
    return null
  }
}

export function forgetWay(): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}
