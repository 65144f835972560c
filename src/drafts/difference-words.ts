import type { Stretch } from './word-difference.js'

/** The changes as sentences, for where words can be neither struck out nor underlined: "“10am.” is now “11am.”" */
export function changesInWords(stretches: readonly Stretch[]): string[] {
  return stretches.flatMap(({ kind, text: words }, index) => {
    const next = stretches[index + 1]
    if (kind === 'removed')
      return [next?.kind === 'added' ? `${quoted(words)} is now ${quoted(next.text)}` : `Removed: ${quoted(words)}`]
    if (kind === 'added' && stretches[index - 1]?.kind !== 'removed') return [`Added: ${quoted(words)}`]
    return []
  })
}

/** Words in quotation marks; white space has a name. */
export function quoted(words: string): string {
  return words.trim() === '' ? 'white space' : `“${words.trim()}”`
}
