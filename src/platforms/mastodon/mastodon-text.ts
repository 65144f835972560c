import { withoutHosts } from './mastodon-length.js'

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole
    },
  )
}

/**
 * The words of a status, from the HTML that a server shows: paragraphs and line breaks become line breaks, everything
 * else loses its marks. A quote begins with a line for readers that know no quotes (class `quote-inline`), which
 * nobody wrote. Source: app/lib/text_formatter.rb, https://docs.joinmastodon.org/spec/activitypub/#sanitization
 */
export function plainText(html: string): string {
  const text = html
    .replace(/<(p|span)\b[^>]*\bquote-inline\b[^>]*>[\s\S]*?<\/\1>/gi, '')
    .replace(/<br\b[^>]*>\n?/gi, '\n')
    .replace(/<\/p>\s*(?=<p\b)/gi, '\n\n')
    .replace(/<[^>]*>/g, '')
  return decoded(text).trim()
}

/** Whether a status shows just these words. */
export function saysTheSame(html: string, text: string): boolean {
  return sameWords(plainText(html), text)
}

/** Whether two texts are the same: white space is the server's to change, and so are the hosts of names. */
export function sameWords(one: string, other: string): boolean {
  return comparable(one) === comparable(other)
}

function comparable(text: string): string {
  return withoutHosts(text.normalize('NFC')).replace(/\s+/g, ' ').trim()
}
