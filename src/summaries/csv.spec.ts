import fc from 'fast-check'

import { csvOf } from './csv.js'

describe('the table for spreadsheets', () => {
  it('quotes what needs it, and leaves what is missing empty', () => {
    expect(
      csvOf(
        ['post', 'replies'],
        [
          ['Soup, "bread"\nand tea', 3],
          ['plain', null],
          [' spaced', 0],
        ],
      ),
    ).toBe('\ufeffpost,replies\r\n"Soup, ""bread""\nand tea",3\r\nplain,\r\n" spaced",0\r\n')
  })

  it('never begins a text as a formula does', () => {
    const first = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '＝', ' =', '\n+')
    fc.assert(
      fc.property(first, fc.string(), (start, rest) => {
        const line = csvOf(['x'], [[`${start}${rest}`]])
          .split('\r\n')
          .slice(1)
          .join('\r\n')
        expect(line.replace(/^"/, '').startsWith(`'`)).toBe(true)
      }),
    )
  })

  it('gives back every text as it was, but for the apostrophe', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 5 }), (rows) => {
        const read = parse(csvOf(['a', 'b'], rows)).slice(1)
        expect(read.map((row) => row.map((each) => each.replace(/^'/, '')))).toEqual(
          rows.map((row) => row.map((each) => each.replace(/^'/, ''))),
        )
      }),
    )
  })
})

/** A reader of RFC 4180, written apart from the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const characters = text.replace(/^\ufeff/, '')
  for (let at = 0; at < characters.length; at += 1) {
    const here = characters[at]!
    if (quoted) {
      if (here !== '"') field += here
      else if (characters[at + 1] === '"') field += characters[(at += 1)]!
      else quoted = false
    } else if (here === '"') quoted = true
    else if (here === ',') {
      row.push(field)
      field = ''
    } else if (here === '\r' && characters[at + 1] === '\n') {
      at += 1
      rows.push([...row, field])
      row = []
      field = ''
    } else field += here
  }
  return rows
}
