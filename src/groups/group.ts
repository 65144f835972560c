import type { CurrentPolicy } from './policy.js'

/** One organisation or local branch: the owner of everything else. */
export interface Group {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  readonly demo: boolean
  /** The rules of reviewing in force. */
  readonly policy: CurrentPolicy
}
