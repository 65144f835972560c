import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Whose summaries a link in a mail stops. */
export interface Subscription {
  readonly groupId: string
  readonly memberId: string
}

const idBytes = 16
const macBytes = 16

/**
 * The token of a mail's unsubscribe link (RFC 8058, section 3.1: opaque and hard to forge): both ids and an HMAC-SHA-256
 * of them under a key made from the secret for this alone. It does not run out, since old mails are kept; all that it
 * can ever do is to stop these mails.
 */
export function unsubscribeToken(secret: string, { groupId, memberId }: Subscription): string {
  const ids = Buffer.concat([bytesOf(groupId), bytesOf(memberId)])
  return Buffer.concat([ids, macOf(secret, ids)]).toString('base64url')
}

/** Whom the token is for, or null when none of the secrets made it. */
export function readUnsubscribeToken(secrets: readonly string[], token: string): Subscription | null {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== 2 * idBytes + macBytes) return null
  const ids = bytes.subarray(0, 2 * idBytes)
  if (!secrets.some((secret) => timingSafeEqual(macOf(secret, ids), bytes.subarray(2 * idBytes)))) return null
  return { groupId: idOf(ids.subarray(0, idBytes)), memberId: idOf(ids.subarray(idBytes)) }
}

function macOf(secret: string, ids: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', secret, 'seconder', 'unsubscribe', 32))
  return createHmac('sha256', key).update(ids).digest().subarray(0, macBytes)
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
