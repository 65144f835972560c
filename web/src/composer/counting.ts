import { useEffect, useState } from 'react'

import type { PlatformRules } from '../../../src/platforms/platform.js'
import type { Network } from '../api/types.js'

/** Counts a text by a network's own rules; null until the rules have been fetched. */
export type Count = (network: Network, text: string) => { used: number; limit: number; unit: string } | null

const none: Count = () => null

/** The same pure rules that the server applies, so that the counter follows every key. */
export function useCounting(): Count {
  const [count, setCount] = useState<Count>(() => none)
  useEffect(() => {
    let gone = false
    void import('../../../src/platforms/rules.js').then(({ platformRules }) => {
      const rules: Partial<Record<Network, PlatformRules>> = platformRules
      if (!gone) setCount(() => (network: Network, text: string) => rules[network]?.measure(text) ?? null)
    })
    return () => {
      gone = true
    }
  }, [])
  return count
}
