/** A member's word on a revision. A stop also puts the post on hold. */
export type VerdictKind = 'approve' | 'changes' | 'stop' | 'withdrawn'
/** How the person was known: signed in, by a passkey, on a confirmed device, or by a code from their inbox. */
export type VerdictVia = 'session' | 'passkey' | 'device' | 'code'

/** An answer as it was given. */
export interface Decision {
  readonly kind: Exclude<VerdictKind, 'withdrawn'>
  readonly note: string
  readonly ticks: readonly string[]
  /** The hash of what was on the reviewer's screen. */
  readonly hash: string
  readonly via: VerdictVia
  /** The link's token when it came by link, so that the receipt can point back to it. */
  readonly token: string | null
}
