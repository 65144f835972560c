import { createHmac, randomBytes } from 'node:crypto'

/** Past this many a day nothing more is remembered or counted, so that a flood cannot fill the memory. */
const most = 200_000

/**
 * Counts somebody at most once a day, and knows nobody: of an address only a keyed hash is kept, in memory only, under
 * a key that exists nowhere else and is thrown away at midnight UTC. Nothing of it is written down or sent anywhere.
 * Several processes of one installation count on their own.
 */
export class Visits {
  private day = ''
  private salt = randomBytes(32)
  private readonly seen = new Set<string>()

  /**
   * True the first time today that this address does this (`subject`, such as "useful" and a notice's id).
   * @param day ISO date in UTC, such as 2026-11-24
   */
  isFirst(address: string, subject: string, day: string): boolean {
    if (day !== this.day) this.begin(day)
    const mark = createHmac('sha256', this.salt)
      .update(`${householdOf(address)}\n${subject}`)
      .digest('base64url')
    if (this.seen.has(mark) || this.seen.size >= most) return false
    this.seen.add(mark)
    return true
  }

  private begin(day: string): void {
    this.day = day
    this.salt = randomBytes(32)
    this.seen.clear()
  }
}

/** An IPv4 address, or the first 64 bits of an IPv6 one: a device there may take a new address within them at any time. */
export function householdOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (!address.includes(':')) return address
  const [head = '', rest] = address.split('%')[0]!.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = rest ? rest.split(':') : []
  const zeros = rest === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((part) => part.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')
}
