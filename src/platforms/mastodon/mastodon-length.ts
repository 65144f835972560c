import { graphemesOf } from '../measure.js'

/*
 * A text's length as a Mastodon server counts it. Sources: app/validators/status_length_validator.rb (warning and text
 * together, grapheme clusters, links at a fixed length, `@user@host` as `@user`), config/initializers/twitter_regex.rb
 * (what a link is), app/models/account.rb (`MENTION_RE`). One difference is known: the server knows every top-level
 * domain, and counts `https://example.notadomain` as it is written; here every ending of letters is one.
 */

const inPath = '[^\\s<>()?]'
const inBrackets = `\\(${inPath}+(?:\\(${inPath}+\\)${inPath}*)?\\)`
const pathEnd = `(?:[^\\s()?!*"'「」<>;:=,.$%\\[\\]~&|@]|${inBrackets})`
const path = `\\/(?:(?:${inPath}|${inBrackets})*${pathEnd})?`
const query = `\\?[^\\s"<>\`{}\\\\「」]*[\\p{L}\\p{N}_&=#/-]`
const host = `(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}])?\\.)+(?:xn--[a-z0-9-]+|\\p{L}{2,})`
const link = `(?<![A-Za-z0-9@＠$#＃])https?:\\/\\/${host}(?::\\d+)?(?:${path})?(?:${query})?`

const user = '[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*'
const mention = `(?<![=/\\p{L}\\p{N}_])@(?<user>${user})@[\\p{L}\\p{N}_]+(?:[.-]+[\\p{L}\\p{N}_]+)*`

/** `MAX_URL_LENGTH` of twitter-text: what is longer is no link to the server. */
const longestLink = 4096

const links = new RegExp(`${link}|${mention}`, 'giu')

/** The text with what the server counts short made short: whichever begins first wins, as on the server. */
function shortened(text: string, perLink: number): string {
  return text.replace(links, (...found) => {
    const named = (found.at(-1) as { user?: string }).user
    if (named !== undefined) return `@${named}`
    const written = String(found[0])
    return written.length < longestLink ? 'x'.repeat(perLink) : written
  })
}

/** Characters of a warning and a text together, when each link counts `perLink`. */
export function lengthOf(text: string, perLink: number, warning = ''): number {
  return graphemesOf(warning + shortened(text, perLink))
}

/** The text without the hosts of those it names, as a server shows it. */
export function withoutHosts(text: string): string {
  return text.replace(new RegExp(mention, 'giu'), '@$<user>')
}
