const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many characters a person sees: grapheme clusters (Unicode UAX 29), so that 👩‍👩‍👧 counts once. */
export function graphemesOf(text: string): number {
  let count = 0
  for (const _ of graphemes.segment(text)) count += 1
  return count
}

/** A number of bytes for people, in decimal megabytes as the networks count them: "2 MB". */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 100_000) / 10} MB`
}
