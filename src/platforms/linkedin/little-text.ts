/**
 * LinkedIn's “little text”, in which the words of a post (`commentary`) are sent. A reserved character that is not
 * escaped ends the post there, without an error. Comments are plain text and must not be escaped.
 * Source: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format; the
 * truncation: github.com/brightbeanxyz/brightbean-studio/pull/121, github.com/activepieces/activepieces/issues/3058
 */

/** All of them are escaped, “even if those characters are not used in one of the supported elements or templates”. */
const reserved = /[\\|{}@[\]()<>#*_~]/g

/** A hashtag begins where a word can begin: not within one, nor within an address; and it is not of digits only. */
const hashtag = /(?<=^|[\s([{"'“„«‘,;])[#＃]((?=[\p{N}_]*\p{L})[\p{L}\p{N}_]+)/gu

/**
 * Words as little text: hashtags can be pressed, everything else is there as it was typed.
 * @example toLittle('Come (all) #today') // 'Come \\(all\\) {hashtag|\\#|today}'
 */
export function toLittle(text: string): string {
  let little = ''
  let at = 0
  for (const found of text.matchAll(hashtag)) {
    little += `${escaped(text.slice(at, found.index))}{hashtag|${escaped(found[0].slice(0, 1))}|${escaped(found[1]!)}}`
    at = found.index + found[0].length
  }
  return little + escaped(text.slice(at))
}

/** Little text as people read it: what LinkedIn gives back may be written otherwise than what was sent. */
export function fromLittle(little: string): string {
  return little
    .replace(/\{hashtag\\?\|(\\?[#＃])\\?\|((?:\\.|[^}\\])*)\}/g, (_all, sign: string, tag: string) => `${sign}${tag}`)
    .replace(/@\[((?:\\.|[^\]\\])*)\]\([^)]*\)/g, '$1')
    .replace(/\\(.)/gs, '$1')
}

function escaped(words: string): string {
  return words.replace(reserved, (character) => `\\${character}`)
}
