import type { DateTime } from 'luxon'

/** How long a device may take to answer. */
export const challengeMinutes = 5
/** More than anybody has devices for; it keeps the table small whatever a script does. */
export const passkeysPerPerson = 20

/** A person's passkey, as it is shown to them. */
export interface Passkey {
  readonly id: string
  readonly name: string
  readonly createdAt: DateTime
  readonly lastUsedAt: DateTime | null
  /** Kept by a password manager on several devices, rather than by one device alone. */
  readonly backedUp: boolean
}

/**
 * The site that passkeys belong to (WebAuthn Level 3, "relying party identifier"): the host of the public origin.
 * Browsers take no number for it, so an installation that is opened at an IP address has no passkeys.
 */
export function relyingParty(publicOrigin: string): { id: string; origin: string; isUsable: boolean } {
  const { hostname, origin } = new URL(publicOrigin)
  const isNumber = hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname)
  return { id: hostname, origin, isUsable: !isNumber }
}

/**
 * Whether a counter shows that the key was copied: it has to grow with every use (WebAuthn Level 3, section 6.1.1).
 * Keys that do not count say 0 every time.
 */
export function isCopied(before: number, now: number): boolean {
  return (before > 0 || now > 0) && now <= before
}

/** What the person is known by to their devices: 16 bytes that tell nothing, in base64url. */
export function userHandle(personId: string): string {
  return Buffer.from(personId.replaceAll('-', ''), 'hex').toString('base64url')
}

/** The challenge that a device says it has signed, or null when this is no answer of a device. Proves nothing yet. */
export function challengeIn(clientDataJSON: unknown): string | null {
  if (typeof clientDataJSON !== 'string') return null
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))
    const challenge = (data as { challenge?: unknown } | null)?.challenge
    return typeof challenge === 'string' && challenge.length <= 200 ? challenge : null
  } catch {
    return null
  }
}
