import { linkToken, readLinkToken } from '../mail/link-token.js'

/** Who is left alone about which post. */
export interface Mute {
  readonly groupId: string
  readonly postId: string
  readonly memberId: string
}

const purpose = 'conversation'

/** The token of the link that stops the mails about one post's conversation: see `linkToken`. */
export function muteToken(secret: string, { groupId, postId, memberId }: Mute): string {
  return linkToken(secret, purpose, [groupId, postId, memberId])
}

/** What the token stops, or null when none of the secrets made it. */
export function readMuteToken(secrets: readonly string[], token: string): Mute | null {
  const [groupId, postId, memberId] = readLinkToken(secrets, purpose, 3, token) ?? []
  if (groupId === undefined || postId === undefined || memberId === undefined) return null
  return { groupId, postId, memberId }
}
