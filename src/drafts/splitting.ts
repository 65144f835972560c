const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })
const words = new Intl.Segmenter('en', { granularity: 'word' })
const letters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * Splits a text into parts that all fit: at the ends of sentences; within one only where it is too long by itself, then
 * between words, and within a word only where that is too long by itself. Nothing but white space between parts is lost.
 * @param fits whether a text is short enough; what is shorter than one that fits has to fit too
 */
export function splitText(text: string, fits: (text: string) => boolean): string[] {
  const parts: string[] = []
  let part = ''
  for (const piece of piecesOf(text, [sentences, words, letters], fits)) {
    if (fits((part + piece).trim())) part += piece
    else {
      parts.push(part.trim())
      part = piece
    }
  }
  return [...parts, part.trim()].filter((each) => each !== '')
}

/** The text in pieces that each fit by themselves; one letter is never taken apart. */
function piecesOf(text: string, [way, ...finer]: readonly Intl.Segmenter[], fits: (text: string) => boolean): string[] {
  if (way === undefined) return [text]
  return Array.from(way.segment(text), ({ segment }) => segment).flatMap((piece) =>
    fits(piece.trim()) ? [piece] : piecesOf(piece, finer, fits),
  )
}
