/**
 * How X counts a text, after twitter-text's configuration of version 3 and its conformance tests.
 * Source: https://github.com/twitter/twitter-text (config/v3.json, conformance/validate.yml) and
 * https://docs.x.com/fundamentals/counting-characters
 */

/** Every address becomes a t.co one, which counts 23 however long the written one is (`transformedURLLength`). */
const LINK = 23
/** `emojiParsingEnabled`: one emoji, of however many code points, has the default weight. */
const EMOJI = 2

/** Code points of weight 1 in `ranges`; every other one weighs 2 (`defaultWeight` 200, `scale` 100). */
const light: readonly (readonly [number, number])[] = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
]

/** Latin letters with accents, as twitter-text allows them in an address. */
const accents = '\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u1e00-\\u1eff'
const inPath = `[a-z\\u0400-\\u04ff0-9!*';:=+,.$/%#\\[\\]\\-\\u2013_~@|&${accents}]`
const inBrackets = `\\((?:${inPath}+|${inPath}*\\(${inPath}+\\)${inPath}*)\\)`
const pathEnd = `(?:[+\\-a-z\\u0400-\\u04ff0-9=_#/${accents}]|${inBrackets})`
const rest = `(?::\\d+)?(?:/(?:${inPath}*(?:${inBrackets}${inPath}*)*${pathEnd})?)?(?:\\?[a-z0-9!?*'@();:&=+$/%#\\[\\]\\-_.,~|]*[a-z0-9\\-_&=#/])?`

/** The country domains, letter by letter (IANA root zone): two letters that are none of these begin no address. */
const countries: Readonly<Record<string, string>> = {
  a: 'cdefgilmoqrstuwxz',
  b: 'abdefghijlmnoqrstvwyz',
  c: 'acdfghiklmnoruvwxyz',
  d: 'ejkmoz',
  e: 'ceghrstu',
  f: 'ijkmor',
  g: 'abdefghilmnpqrstuwy',
  h: 'kmnrtu',
  i: 'delmnoqrst',
  j: 'emop',
  k: 'eghimnprwyz',
  l: 'abcikrstuvy',
  m: 'acdefghklmnopqrstuvwxyz',
  n: 'acefgilopruz',
  o: 'm',
  p: 'aefghklmnrstwy',
  q: 'a',
  r: 'eosuw',
  s: 'abcdeghijklmnorstuvxyz',
  t: 'cdfghjklmnoprtvwz',
  u: 'agkmsyz',
  v: 'aceginu',
  w: 'fs',
  y: 'et',
  z: 'amw',
}
const country = Object.entries(countries)
  .map(([first, seconds]) => `${first}[${seconds}]`)
  .join('|')
/**
 * Longer endings are taken for domains unless they are those of files: the list of domains grows, and a text that X
 * finds shorter than we do is better than one that it refuses.
 */
const files =
  'aspx?|avi|bmp|css|csv|docx?|exe|gif|html?|jpe?g|json|jsp|odp|ods|odt|pdf|php|png|pptx?|rar|rtf|svg|tiff?|txt|wav|webm|webp|xlsx?|xml|yaml|yml'
const top = `(?:(?:${country})|(?!(?:${files})(?![a-z0-9]))[a-z]{3,24}|xn--[a-z0-9-]+)(?![0-9a-z@+-])`

const withScheme = `(?<![a-z0-9@＠$#＃])https?://(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}])?\\.)+${top}${rest}`
const bare = `(?<![a-z0-9@＠$#＃_./-])(?:[a-z0-9${accents}](?:[a-z0-9${accents}-]*[a-z0-9${accents}])?\\.)+${top}${rest}`

/** What X makes an address of: with `http://` or `https://`, and bare as `example.org` too. */
export const addresses = (): RegExp => new RegExp(`${withScheme}|${bare}`, 'giu')

// A literal with the flag `v` needs a later language level than the server is compiled for.
const emoji = new RegExp('^\\p{RGI_Emoji}$', 'v')
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * The length of a text in X's own counting.
 * @example weightedLength('日本 example.org') // 4 + 1 + 23
 */
export function weightedLength(text: string): number {
  const normal = text.normalize('NFC')
  let length = 0
  let at = 0
  for (const address of normal.matchAll(addresses())) {
    length += weightOf(normal.slice(at, address.index)) + LINK
    at = address.index + address[0].length
  }
  return length + weightOf(normal.slice(at))
}

function weightOf(words: string): number {
  let weight = 0
  for (const { segment } of graphemes.segment(words)) {
    if (emoji.test(segment)) weight += EMOJI
    else for (const character of segment) weight += isLight(character.codePointAt(0)!) ? 1 : 2
  }
  return weight
}

function isLight(point: number): boolean {
  return light.some(([from, to]) => from <= point && point <= to)
}
