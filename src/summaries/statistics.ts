/**
 * Statistics for small numbers. Responses are counted as log(1 + responses), because a post that spreads draws many
 * times what others do; a mean of logs is the typical post, and one lucky post does not move it far.
 */

/** The 90 % point of the standard normal distribution: the middle 80 % lies between it and its negative. */
const z90 = 1.281552

/** Fewer posts than this say nothing about a window, a label or a week's usual. */
export const fewest = 8
/** A share of fewer than this is told as "7 of 9", never as a percentage. */
const fewestForPercentage = 20

/** Null for an empty list; the mean of the two in the middle for an even number. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The sample's standard deviation (n - 1); needs two values. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

/**
 * The 90 % point of Student's t distribution, by the Cornish-Fisher series (Abramowitz and Stegun 26.7.5):
 * right to 0.001 from four degrees of freedom on.
 */
export function t90(freedom: number): number {
  const z = z90
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  )
}

/** How often a standard normal value lies below `x` (Abramowitz and Stegun 26.2.17, error under 1e-7). */
export function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return x < 0 ? tail : 1 - tail
}

/** Responses as they are compared. */
export function logResponse(responses: number): number {
  return Math.log1p(responses)
}

/** Back to responses: never below none. */
export function responsesOf(log: number): number {
  return Math.max(0, Math.expm1(log))
}

/** A typical post's responses and the interval that covers the truth four times in five. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** The typical post of these log responses with its 80 % interval, in responses; null below `fewest` posts. */
export function typical(logs: readonly number[]): Interval | null {
  if (logs.length < fewest) return null
  const middle = mean(logs)
  const half = (t90(logs.length - 1) * deviation(logs)) / Math.sqrt(logs.length)
  return { mean: responsesOf(middle), low: responsesOf(middle - half), high: responsesOf(middle + half) }
}

/** Fewer posts than this in a week are not compared with other weeks. */
const fewestInWeek = 3

/** How a week compares with the ones before it; all but `verdict` are means of log responses. */
export interface Comparison {
  readonly here: number
  readonly usual: number
  /** The band in which four weeks of five with as many posts lie when nothing has changed. */
  readonly low: number
  readonly high: number
  readonly verdict: 'usual' | 'more' | 'less'
}

/** Compares the posts of a week with those of the weeks before; null when either are too few. */
export function compare(logs: readonly number[], before: readonly number[]): Comparison | null {
  if (before.length < fewest || logs.length < fewestInWeek) return null
  const usual = mean(before)
  const half = t90(before.length - 1) * deviation(before) * Math.sqrt(1 / logs.length + 1 / before.length)
  const here = mean(logs)
  const [low, high] = [usual - half, usual + half]
  return { here, usual, low, high, verdict: here > high ? 'more' : here < low ? 'less' : 'usual' }
}

/**
 * The window that is probably better than every other, or null. Each window's mean is drawn towards the others' by how
 * little is known of it (a window's true effect is about 15 % either way), and the best has to beat the next at 4 : 1.
 */
export function clearlyBest(arms: ReadonlyMap<string, readonly number[]>): string | null {
  const all = [...arms.values()].flat()
  if (all.length < 2 * fewest) return null
  const level = mean(all)
  const noise = deviation(all) ** 2
  const spread = 0.15 ** 2
  if (noise === 0) return null
  const estimates = [...arms]
    .map(([name, logs]) => {
      const variance = 1 / (1 / spread + logs.length / noise)
      const sum = logs.reduce((total, value) => total + value - level, 0)
      return { name, n: logs.length, variance, estimate: (variance * sum) / noise }
    })
    .toSorted((a, b) => b.estimate - a.estimate)
  const [first, second] = estimates
  if (!first || !second || first.n < fewest) return null
  const sure = normalBelow((first.estimate - second.estimate) / Math.sqrt(first.variance + second.variance))
  return sure >= 0.8 ? first.name : null
}

/** "all 9", "7 of 9", "none of 9"; from twenty on "95 % of 40". */
export function share(part: number, whole: number): string {
  if (whole >= fewestForPercentage) return `${Math.round((100 * part) / whole)} % of ${whole}`
  if (part === whole && whole > 1) return whole === 2 ? 'both' : `all ${whole}`
  return part === 0 ? `none of ${whole}` : `${part} of ${whole}`
}
