/** What kind of network an account is on: one that knows keys, one whose posts can be read, one that tells nothing. */
export type Kind = 'keyed' | 'readable' | 'mute'

/** The longest that a network without keys goes on with a request that nobody waits for any more. */
export const lingeringMs = 3000

/** The kind is part of the account's name. */
export function kindOf(account: string): Kind {
  return account.split(':')[2]?.split('-')[0] as Kind
}
