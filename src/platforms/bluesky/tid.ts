import { DateTime } from 'luxon'

import { sha256 } from '../../kernel/ids.js'
import type { PublishKey } from '../platform.js'

const ALPHABET = '234567abcdefghijklmnopqrstuvwxyz'

/**
 * A timestamp identifier: 53 bits of microseconds since 1970 and 10 bits of clock id as 13 characters
 * of sortable base 32. Source: https://atproto.com/specs/tid
 */
export function encodeTid(micros: bigint, clockId: number): string {
  let rest = (micros << 10n) | BigInt(clockId & 1023)
  let text = ''
  for (let i = 0; i < 13; i += 1) {
    text = ALPHABET[Number(rest & 31n)]! + text
    rest >>= 5n
  }
  return text
}

/**
 * The record key of a publication: always the same for the same key, so that sending again is the same
 * send. Lexicon `app.bsky.feed.post` takes only TIDs. The millisecond comes from `createdAt`; the
 * microseconds within it and the clock id come from the key's hash, so that two publications of one
 * account in one millisecond meet only once in a million.
 */
export function recordKeyOf(key: Pick<PublishKey, 'key' | 'createdAt'>): string {
  const hash = sha256(key.key)
  const millis = BigInt(DateTime.fromISO(key.createdAt, { zone: 'utc' }).toMillis())
  const micros = BigInt(Number.parseInt(hash.slice(0, 8), 16) % 1000)
  return encodeTid(millis * 1000n + micros, Number.parseInt(hash.slice(8, 16), 16) % 1024)
}
