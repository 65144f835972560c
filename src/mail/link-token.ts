import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

const idBytes = 16
const macBytes = 16

/**
 * The token of a link that stops some mails (RFC 8058, section 3.1: opaque and hard to forge): ids, and an HMAC-SHA-256
 * of them under a key made from the secret for this purpose alone. It does not run out, since old mails are kept; all
 * that it can ever do is to stop these mails.
 */
export function linkToken(secret: string, purpose: string, ids: readonly string[]): string {
  const bytes = Buffer.concat(ids.map(bytesOf))
  return Buffer.concat([bytes, macOf(secret, purpose, bytes)]).toString('base64url')
}

/** The `count` ids in the token, or null when none of the secrets made it. */
export function readLinkToken(
  secrets: readonly string[],
  purpose: string,
  count: number,
  token: string,
): string[] | null {
  const bytes = Buffer.from(token, 'base64url')
  const length = count * idBytes
  if (bytes.length !== length + macBytes) return null
  const ids = bytes.subarray(0, length)
  if (!secrets.some((secret) => timingSafeEqual(macOf(secret, purpose, ids), bytes.subarray(length)))) return null
  return Array.from({ length: count }, (_, index) => idOf(ids.subarray(index * idBytes, (index + 1) * idBytes)))
}

function macOf(secret: string, purpose: string, ids: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', secret, 'seconder', purpose, 32))
  return createHmac('sha256', key).update(ids).digest().subarray(0, macBytes)
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
