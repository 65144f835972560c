import { linksIn, threadsRules } from './threads-rules.js'

const picture = { alt: 'A hall full of people', mime: 'image/jpeg', size: 400_000 }
const post = (changes: Partial<Parameters<typeof threadsRules.check>[0]>) => ({
  text: 'Hello',
  link: null,
  pictures: [],
  ...changes,
})
const fields = (changes: Parameters<typeof post>[0]) => threadsRules.check(post(changes)).map(({ field }) => field)

describe('the rules of Threads', () => {
  // "Emojis are counted as the number of UTF-8 bytes": https://developers.facebook.com/docs/threads/posts
  it.each([
    ['plain', 5],
    ['Straße', 6],
    ['日本', 2],
    ['é', 1],
    ['👍', 4],
    ['👍🏽', 8],
    ['👩‍👩‍👧', 18],
    ['🇩🇪', 8],
    ['❤️', 6],
    ['1️⃣', 7],
    ['a👍b', 6],
    ['12', 2],
  ])('count %s as %i', (text, used) => {
    expect(threadsRules.measure(text)).toEqual({ used, limit: 500, unit: 'characters' })
  })

  it('take 500 characters, or 125 thumbs', () => {
    expect(fields({ text: 'x'.repeat(500) })).toEqual([])
    expect(fields({ text: 'x'.repeat(501) })).toEqual(['text'])
    expect(fields({ text: '👍'.repeat(125) })).toEqual([])
    expect(fields({ text: '👍'.repeat(126) })).toEqual(['text'])
  })

  // https://developers.facebook.com/docs/threads/create-posts/text-attachments, "How links are counted"
  it('take five different links, wherever they are', () => {
    const text = 'https://a.example www.b.example. https://c.example/x, https://d.example https://a.example/'
    expect(linksIn({ text, link: 'https://www.b.example' }).size).toBe(4)
    expect(fields({ text, link: 'https://e.example' })).toEqual([])
    expect(fields({ text: `${text} https://f.example`, link: 'https://e.example' })).toEqual(['text'])
  })

  it('do not let a link vanish behind pictures', () => {
    const link = 'https://example.org/meeting'
    expect(fields({ link, pictures: [picture] })).toEqual(['link'])
    expect(fields({ link, pictures: [picture], text: `Come: ${link}` })).toEqual([])
    expect(fields({ link })).toEqual([])
  })

  it('take twenty pictures, JPEG or PNG, of 8 MB', () => {
    expect(fields({ pictures: Array.from({ length: 20 }, () => picture) })).toEqual([])
    expect(fields({ pictures: Array.from({ length: 21 }, () => picture) })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, mime: 'image/webp' }] })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, size: 8_100_000 }] })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, alt: 'x'.repeat(1001) }] })).toEqual(['alt'])
  })

  it('need something to show', () => {
    expect(fields({ text: ' ' })).toEqual(['text'])
    expect(fields({ text: '', pictures: [picture] })).toEqual([])
  })
})
