import type { CurrentPolicy } from './policy.js'

/** One organisation or local branch: the owner of everything else. */
export interface Group {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  /** Whose public holidays count as weekend, such as GB-SCT; null: nobody's. */
  readonly holidays: string | null
  readonly demo: boolean
  /** The rules of reviewing in force. */
  readonly policy: CurrentPolicy
}
