import { linkToken, readLinkToken } from '../mail/link-token.js'

/** Whose summaries a link in a mail stops. */
export interface Subscription {
  readonly groupId: string
  readonly memberId: string
}

const purpose = 'unsubscribe'

/** The token of a summary's unsubscribe link: see `linkToken`. */
export function unsubscribeToken(secret: string, { groupId, memberId }: Subscription): string {
  return linkToken(secret, purpose, [groupId, memberId])
}

/** Whom the token is for, or null when none of the secrets made it. */
export function readUnsubscribeToken(secrets: readonly string[], token: string): Subscription | null {
  const [groupId, memberId] = readLinkToken(secrets, purpose, 2, token) ?? []
  return groupId === undefined || memberId === undefined ? null : { groupId, memberId }
}
