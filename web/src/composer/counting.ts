import { useEffect, useState } from 'react'

import type { Limits, PlatformRules } from '../../../src/platforms/platform.js'
import type { Channel, Network } from '../api/types.js'

/** Counts a text by a network's own rules; null until the rules have been fetched. */
export type Count = (
  channel: Pick<Channel, 'network' | 'limits'>,
  text: string,
) => { used: number; limit: number; unit: string } | null

const none: Count = () => null

/** The limits of this account as the rules take them. */
function limitsOf({ limits: { charactersPerLink, video, ...limits } }: Pick<Channel, 'limits'>): Limits {
  return { ...limits, ...(charactersPerLink === null ? {} : { charactersPerLink }), ...(video ? { video } : {}) }
}

/** The same pure rules that the server applies, so that the counter follows every key. */
export function useCounting(): Count {
  const [count, setCount] = useState<Count>(() => none)
  useEffect(() => {
    let gone = false
    void import('../../../src/platforms/rules.js').then(({ platformRules }) => {
      const rules: Partial<Record<Network, PlatformRules>> = platformRules
      if (!gone)
        setCount(
          () => (channel: Pick<Channel, 'network' | 'limits'>, text: string) =>
            rules[channel.network]?.measure(text, limitsOf(channel)) ?? null,
        )
    })
    return () => {
      gone = true
    }
  }, [])
  return count
}
