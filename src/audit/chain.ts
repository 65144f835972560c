/** Where the chain stands: given out in receipts and summaries, so that a cut or rewritten chain is noticed. */
export interface AuditHead {
  readonly seq: number
  readonly hash: string
}

/** What `verify` found. `brokenAt` is the sequence of the first entry that does not fit. */
export type Verification =
  | { readonly kind: 'whole'; readonly head: AuditHead }
  | { readonly kind: 'broken'; readonly brokenAt: number; readonly reason: string }
