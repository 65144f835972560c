/** How long a proof of being there counts as fresh. */
export const freshMinutes = 15
/** How long a mailed code for it works, and how often one may be mistyped. */
export const codeMinutes = 15
export const codeTries = 5
/** More codes than this for one person in the life of one are not mailed. */
export const codesPerPerson = 5

/** How somebody last showed to be there: by opening a session or within it. */
export type ProofWay = 'link' | 'code' | 'passkey' | 'demo'

/** What is known of a session when something is at stake. */
export interface ProofFacts {
  readonly by: ProofWay
  /** Within the last 15 minutes. */
  readonly isRecent: boolean
  readonly hasPasskey: boolean
  /** In a group of the demonstration, which has no secrets. */
  readonly inDemonstration: boolean
}

/**
 * Whether the person need not be asked again. Once somebody has a passkey, a mail is no proof any more: else whoever
 * reads their mail could do all that the passkey is there to keep.
 */
export function isFresh({ by, isRecent, hasPasskey, inDemonstration }: ProofFacts): boolean {
  if (by === 'demo' && inDemonstration) return true
  return isRecent && (by === 'passkey' || !hasPasskey)
}
