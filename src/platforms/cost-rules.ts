import type { CheckedPost, PlatformRules } from './platform.js'

/** What a post costs with all that hangs below it, in a sentence for the editor; null where it costs nothing. */
export function costOf({ capabilities: { name }, price }: PlatformRules, parts: readonly CheckedPost[]): string | null {
  if (!price) return null
  const prices = parts.map((part) => price(part))
  const dollars = inDollars(prices.reduce((sum, each) => sum + each.dollars, 0))
  const because = [...new Set(prices.flatMap((each) => each.because ?? []))].map((each) => ` ${each}`).join('')
  return `${name} charges about ${dollars} for this${parts.length > 1 ? `, in ${parts.length} posts` : ''}.${because}`
}

/** Cents, and a tenth of one where that matters. */
function inDollars(amount: number): string {
  return `$${amount.toFixed(3).replace(/0$/, '')}`
}
