import type { AuditKind } from './kinds.js'

/** One thing that happened, by ids only: names and texts stay outside, so that they can be erased. */
export interface AuditEvent {
  readonly kind: AuditKind
  readonly [key: string]: string | number | boolean | null | readonly string[]
}
