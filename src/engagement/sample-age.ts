/** The ages at which a post's counters are read, in hours. The reading at 48 hours is the one that posts are compared by. */
export const sampleAges = { '1h': 1, '24h': 24, '48h': 48, '7d': 168 } as const

export type SampleAge = keyof typeof sampleAges

/**
 * A reading that comes late says less about its age: one that is later than this share of the age is not taken,
 * so that "at 48 hours" never means five days.
 */
const latest = 1.5

/** The oldest age whose time has come and is not past, or null. `hours` is the post's age. */
export function dueAge(hours: number, taken: readonly SampleAge[]): SampleAge | null {
  const due = (Object.keys(sampleAges) as SampleAge[]).filter(
    (age) => !taken.includes(age) && hours >= sampleAges[age] && hours < sampleAges[age] * latest + 1,
  )
  return due.at(-1) ?? null
}
