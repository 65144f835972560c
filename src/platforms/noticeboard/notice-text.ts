import { escapeHtml } from '../../kernel/escape-html.js'

const address = /https?:\/\/[^\s<>"]+/giu
const closers = ".,;:!?…'’”)"
/** Characters that XML 1.0 and HTML have no place for (XML 1.0, section 2.2), which a text may hold all the same. */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

/** Text without the characters that no page or feed can carry. */
export function printable(text: string): string {
  return text.replace(unprintable, '')
}

/**
 * A notice's plain text as HTML: paragraphs at blank lines, line breaks, http(s) addresses as links. Nothing in the
 * text is taken as markup, and hashtags stay words.
 */
export function htmlOf(text: string): string {
  return printable(text)
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n\s*/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${paragraph.split('\n').map(linked).join('<br>\n')}</p>`)
    .join('\n')
}

function linked(line: string): string {
  let html = ''
  let end = 0
  for (const match of line.matchAll(address)) {
    const href = withoutTail(match[0])
    if (webAddress(href) === null) continue
    html += escapeHtml(line.slice(end, match.index)) + linkTo(href, href)
    end = match.index + href.length
  }
  return html + escapeHtml(line.slice(end))
}

/** An address without what ends the sentence around it. https://en.wikipedia.org/wiki/Ballot_(vote) keeps its bracket. */
function withoutTail(found: string): string {
  let href = found
  while (closers.includes(href.at(-1) ?? ' ')) {
    if (href.endsWith(')') && href.split('(').length >= href.split(')').length) break
    href = href.slice(0, -1)
  }
  return href
}

/** A link to somebody else's page: search engines do not take it for our word, and the page gets no handle on ours. */
export function linkTo(href: string, label: string): string {
  return `<a href="${escapeHtml(href)}" rel="nofollow ugc noopener">${escapeHtml(label)}</a>`
}

/** The address if it is one that a browser opens as a page (http or https), else null. */
export function webAddress(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null
}

/** The first words of a text on one line, cut at a word with "…" when longer than `length` characters. */
export function firstWords(text: string, length: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim()
  const characters = [...line]
  if (characters.length <= length) return line
  const cut = characters.slice(0, length).join('')
  const space = cut.lastIndexOf(' ')
  const kept = space > length / 2 ? cut.slice(0, space) : characters.slice(0, length - 1).join('')
  return `${kept.replace(/[.,;:!?…\s]+$/u, '')}…`
}
