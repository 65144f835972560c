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
    expect(readParagraphs(' \n\n ')).toEqual({ kind: 'unreadable', reason: 'There is no post in it yet.' })
  })

  it('may have white space in the empty lines, and old ends of lines', () => {
    const texts = (source: string) => {
      const found = readParagraphs(source)
      return found.kind === 'posts' ? found.posts.map(({ text }) => text) : []
    }
    expect(texts('One.\n \t \nTwo.')).toEqual(['One.', 'Two.'])
    expect(texts('One.\r\rTwo.')).toEqual(['One.', 'Two.'])
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

  it('say that there is nothing in them', () => {
    expect(readTable('')).toEqual({ kind: 'unreadable', reason: 'There is nothing in it yet.' })
    const empty = { kind: 'unreadable', reason: 'There is no row under the names of the columns.' }
    expect(readTable('text\n')).toEqual(empty)
    expect(readTable('text,link\n , \n')).toEqual(empty)
  })

  it('are read as programs write them, with a mark at the start, capitals and white space', () => {
    const one = { text: 'One', link: null, labels: [], at: null }
    expect(readTable('\uFEFF Text ;Time\r\n One ;\r\n')).toEqual({ kind: 'posts', posts: [one] })
    expect(readTable('text\nOne')).toEqual({ kind: 'posts', posts: [one] })
    expect(readTable('text,link\nOne')).toEqual({ kind: 'posts', posts: [one] })
    expect(readTable('text\nOne\n')).toEqual({ kind: 'posts', posts: [one] })
    // a mark within the words is a part of them
    expect(readTable('text\nOne\uFEFFtwo')).toMatchObject({ posts: [{ text: 'One\uFEFFtwo' }] })
  })

  it('keep what is no time as it was written, so that it can be said', () => {
    expect(readTable('text,time\nOne,next Tuesday\n')).toMatchObject({ posts: [{ at: 'next Tuesday' }] })
  })

  it('keep quotation marks within a cell, and take the separator from the first row alone', () => {
    expect(readTable('text\nSay "yes" to it\n')).toMatchObject({ posts: [{ text: 'Say "yes" to it' }] })
    expect(readTable('text;link\nBuses, trains;https://a.example\n')).toMatchObject({
      posts: [{ text: 'Buses, trains', link: 'https://a.example' }],
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
