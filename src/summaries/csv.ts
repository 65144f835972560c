export type CsvCell = string | number | null

/**
 * A table as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read it rightly). A text that a
 * spreadsheet would run as a formula gets an apostrophe before it (OWASP, "CSV Injection"): a post may begin with one.
 */
export function csvOf(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

function cell(value: CsvCell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  // Spreadsheets also look past spaces and at the full-width forms of the signs.
  const harmless = /^\s*[=+\-@＝＋－＠|]|^[\t\r\n]/u.test(value) ? `'${value}` : value
  return /[",\r\n;\t]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
