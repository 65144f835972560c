/** One post of many, as somebody wrote it down. */
export interface BulkPost {
  readonly text: string
  readonly link: string | null
  readonly labels: readonly string[]
  /** Wall time in the group's zone, `YYYY-MM-DDTHH:mm`; null for the queue. */
  readonly at: string | null
}

/** What a text holds: its posts, or why it cannot be read. */
export type BulkText =
  | { readonly kind: 'posts'; readonly posts: readonly BulkPost[] }
  | { readonly kind: 'unreadable'; readonly reason: string }

const columns = ['text', 'link', 'labels', 'time'] as const

/** One post a paragraph; an empty line ends a post. */
export function readParagraphs(source: string): BulkText {
  const posts = source
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => ({ text, link: null, labels: [], at: null }))
  return posts.length > 0 ? { kind: 'posts', posts } : { kind: 'unreadable', reason: 'There is no post in it yet.' }
}

/**
 * A table as RFC 4180 has it, with the names of the columns in its first row: `text`, and if wanted `link`, `labels`
 * (with semicolons between them) and `time` (2026-11-24T17:20, or 2026-11-24 17:20). Commas, semicolons or tabs part
 * the columns.
 */
export function readTable(source: string): BulkText {
  const [head, ...rows] = cellsOf(source.replace(/^\uFEFF/, ''))
  if (!head) return { kind: 'unreadable', reason: 'There is nothing in it yet.' }
  const names = head.map((name) => name.trim().toLowerCase())
  const strange = names.find((name) => !columns.some((column) => column === name))
  if (!names.includes('text') || strange !== undefined) {
    const what = names.includes('text')
      ? `The column “${strange}” is not known.`
      : 'The first row names no column “text”.'
    return { kind: 'unreadable', reason: `${what} Name the columns text, link, labels and time; only text is needed.` }
  }
  const posts = rows
    .filter((row) => row.some((cell) => cell.trim() !== ''))
    .map((row) => {
      const cell = (name: (typeof columns)[number]) => row[names.indexOf(name)]?.trim() ?? ''
      return {
        text: cell('text'),
        link: cell('link') || null,
        labels: cell('labels')
          .split(';')
          .map((label) => label.trim())
          .filter((label) => label !== ''),
        // What is no time is shown as it was written.
        at: cell('time').replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T') || null,
      }
    })
  return posts.length > 0
    ? { kind: 'posts', posts }
    : { kind: 'unreadable', reason: 'There is no row under the names of the columns.' }
}

function cellsOf(source: string): string[][] {
  const first = source.split(/\r?\n/, 1)[0] ?? ''
  const between = [',', ';', '\t'].find((each) => first.includes(each)) ?? ','
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  for (let index = 0; index < source.length; index += 1) {
    const letter = source[index]!
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (source[index + 1] === '"') {
        cell += '"'
        index += 1
      } else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === between) endCell()
    else if (letter === '\n') {
      endCell()
      rows.push(row)
      row = []
    } else if (letter !== '\r') cell += letter
  }
  if (cell !== '' || row.length > 0) {
    endCell()
    rows.push(row)
  }
  return rows
}
