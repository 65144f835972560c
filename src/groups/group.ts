/** `strict`: who ever worked on a post does not review it. `last_editor`: only who worked on the present revision does not. */
export type ContributorRule = 'strict' | 'last_editor'

/** One organisation or local branch: the owner of everything else. */
export interface Group {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  /** How many people must agree before a post goes out. */
  readonly approvalsNeeded: number
  readonly contributorRule: ContributorRule
  /** The least time between the last approval and going out. */
  readonly reviewLeadMinutes: number
  readonly demo: boolean
}
