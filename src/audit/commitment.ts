import { createHash } from 'node:crypto'

/**
 * Stands in an entry for a text that must stay erasable: SHA-256 of a salt and the text, each ended so that they cannot
 * run into each other. While the salt is kept, the text can be shown to be the one of that day; once it is erased,
 * nobody can find the text again by trying.
 */
export function commitment(salt: string, text: string): string {
  return createHash('sha256')
    .update(`${salt}\n${text.normalize('NFC')}`, 'utf8')
    .digest('hex')
}
