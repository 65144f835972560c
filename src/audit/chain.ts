import { createHash } from 'node:crypto'

/** Where the chain stands: given out in receipts and summaries, so that a cut or rewritten chain is noticed. */
export interface AuditHead {
  readonly seq: number
  readonly hash: string
}

/** One link as it is stored: `at` and `payload` are the very texts that were hashed. */
export interface AuditEntry {
  readonly seq: number
  readonly at: string
  readonly previousHash: string
  readonly hash: string
  readonly payload: string
}

/** What `verify` found. `brokenAt` is the sequence of the first entry that does not fit. */
export type Verification =
  | { readonly kind: 'whole'; readonly head: AuditHead }
  | { readonly kind: 'broken'; readonly brokenAt: number; readonly reason: string }

/** What stands before the first entry. */
export const beginning: AuditHead = { seq: 0, hash: '0'.repeat(64) }

/**
 * SHA-256 over a version byte and the parts, each after its length in bytes (8 bytes, the highest first), the sequence
 * as 8 bytes: the same as `audit_hash` in the database. docs/audit.md has the format.
 */
export function entryHash(groupId: string, entry: Omit<AuditEntry, 'hash'>): string {
  const seq = Buffer.alloc(8)
  seq.writeBigInt64BE(BigInt(entry.seq))
  return createHash('sha256')
    .update(Buffer.concat([version, ...frame(groupId), seq, ...frame(entry.previousHash)]))
    .update(Buffer.concat([...frame(entry.at), ...frame(entry.payload)]))
    .digest('hex')
}

/** Goes along a chain, entry by entry, from a head that is trusted. */
export class ChainWalk {
  private last: AuditHead
  private taken = 0
  private brokenAt: Extract<Verification, { kind: 'broken' }> | null = null
  /** Whether the anchor was passed; true when there is none. */
  anchorMet: boolean

  constructor(
    private readonly groupId: string,
    from: AuditHead = beginning,
    private readonly anchor: AuditHead | null = null,
  ) {
    this.last = from
    this.anchorMet = anchor === null || same(anchor, from)
  }

  /** @returns whether it makes sense to go on */
  take(entry: AuditEntry): boolean {
    const problem = problemOf(this.groupId, this.last, entry)
    if (problem !== null) {
      this.brokenAt = { kind: 'broken', brokenAt: this.last.seq + 1, reason: problem }
      return false
    }
    this.last = entry
    this.taken += 1
    if (this.anchor !== null && same(this.anchor, entry)) this.anchorMet = true
    return true
  }

  /** What was found, where the chain is said to end at `head`. */
  end(head: AuditHead): Verification {
    const { seq, hash } = this.last
    if (this.brokenAt !== null) return this.brokenAt
    if (head.seq > seq) return { kind: 'broken', brokenAt: seq + 1, reason: 'entries at the end are missing' }
    if (head.seq < seq) {
      // A walk from a later entry on, of which nothing is left.
      if (this.taken === 0) return { kind: 'broken', brokenAt: head.seq + 1, reason: 'entries at the end are missing' }
      return { kind: 'broken', brokenAt: head.seq + 1, reason: 'the head of the log stands before this entry' }
    }
    if (head.hash !== hash) return { kind: 'broken', brokenAt: seq, reason: 'the head of the log has another hash' }
    return { kind: 'whole', head: { seq, hash } }
  }
}

/** `SEQ:HASH` as receipts and summaries print it; null when it is not written like that. */
export function readHead(text: string): AuditHead | null {
  const [, seq = '', hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? []
  return hash === '' ? null : { seq: Number(seq), hash }
}

export function writeHead({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`
}

const version = Buffer.from([1])

function frame(part: string): [Buffer, Buffer] {
  const bytes = Buffer.from(part, 'utf8')
  const length = Buffer.alloc(8)
  length.writeBigInt64BE(BigInt(bytes.length))
  return [length, bytes]
}

function problemOf(groupId: string, last: AuditHead, entry: AuditEntry): string | null {
  if (entry.seq !== last.seq + 1) return 'an entry is missing'
  if (entry.previousHash !== last.hash) return 'the link to the entry before it does not fit'
  if (entry.hash !== entryHash(groupId, entry)) return 'the content was changed'
  return null
}

function same(one: AuditHead, other: AuditHead): boolean {
  return one.seq === other.seq && one.hash === other.hash
}
