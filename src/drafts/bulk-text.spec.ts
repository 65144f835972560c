import fc from 'fast-check'

import { readParagraphs, readTable } from './bulk-text.js'

describe('several posts as paragraphs', () => {
  it('are parted by empty lines, and keep the lines that they have', () => {
    expect(readParagraphs('One.\nStill one.\r\n \r\nTwo.\n\n\n')).toEqual({
      kind: 'posts',
      posts: [
        { text: 'One.\nStill one.', link: null, labels: [], at: null },
        { text: 'Two.', link: null, labels: [], at: null },
      ],
    })
    expect(readParagraphs(' \n\n ')).toMatchObject({ kind: 'unreadable' })
  })
})

describe('several posts as a table', () => {
  it('are read by the names of the columns, in any order, parted as the first row is', () => {
    expect(readTable('time;labels,\n')).toMatchObject({ kind: 'unreadable' })
    expect(readTable('link\ttext\ttime\nhttps://a.example\tOne\t2026-11-24 17:20\n\t\t\n')).toEqual({
      kind: 'posts',
      posts: [{ text: 'One', link: 'https://a.example', labels: [], at: '2026-11-24T17:20' }],
    })
    expect(readTable('text,labels\n"Say ""yes"",\nplease",bus; rail\n')).toEqual({
      kind: 'posts',
      posts: [{ text: 'Say "yes",\nplease', link: null, labels: ['bus', 'rail'], at: null }],
    })
  })

  it('say what is wrong with the first row', () => {
    expect(readTable('words\nHello')).toMatchObject({ reason: expect.stringContaining('names no column “text”') })
    expect(readTable('text,image\nHello,a')).toMatchObject({ reason: expect.stringContaining('“image” is not known') })
  })

  it('come back as they were written, whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string().map((text) => `x${text}`.replaceAll('\r', '').trim()),
          { minLength: 1 },
        ),
        (texts) => {
          const table = ['text,link', ...texts.map((text) => `"${text.replaceAll('"', '""')}",`)].join('\r\n')
          expect(readTable(table)).toMatchObject({ posts: texts.map((text) => ({ text })) })
        },
      ),
    )
  })
})
