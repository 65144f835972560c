import { facebookRules } from './facebook-rules.js'

const picture = { alt: 'A hall full of people', mime: 'image/jpeg', size: 400_000 }
const post = (changes: Partial<Parameters<typeof facebookRules.check>[0]>) => ({
  text: 'Hello',
  link: null,
  pictures: [],
  ...changes,
})
const fields = (changes: Parameters<typeof post>[0]) => facebookRules.check(post(changes)).map(({ field }) => field)

describe('the rules of Facebook', () => {
  it('take 63,206 characters', () => {
    expect(facebookRules.measure('👍 é')).toEqual({ used: 4, limit: 63_206, unit: 'characters' })
    expect(fields({ text: 'x'.repeat(63_206) })).toEqual([])
    expect(fields({ text: 'x'.repeat(63_207) })).toEqual(['text'])
  })

  it('take ten pictures, JPEG or PNG, of 4 MB, with descriptions of any length', () => {
    expect(fields({ pictures: Array.from({ length: 10 }, () => picture) })).toEqual([])
    expect(fields({ pictures: Array.from({ length: 11 }, () => picture) })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, size: 4_100_000 }] })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, mime: 'image/webp' }] })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, alt: 'x'.repeat(9000) }] })).toEqual([])
  })

  it('do not let a link vanish behind pictures', () => {
    const link = 'https://example.org/meeting'
    expect(fields({ link, pictures: [picture] })).toEqual(['link'])
    expect(fields({ link, pictures: [picture], text: `Come: ${link}` })).toEqual([])
    expect(fields({ link, text: '' })).toEqual([])
  })

  it('need something to show', () => {
    expect(fields({ text: ' ' })).toEqual(['text'])
    expect(fields({ text: '', pictures: [picture] })).toEqual([])
  })

  it('take comments of 8,000 characters without pictures', () => {
    const under = { kind: 'comment' } as const
    expect(fields({ under, text: 'x'.repeat(8000) })).toEqual([])
    expect(fields({ under, text: 'x'.repeat(8001) })).toEqual(['text'])
    expect(fields({ under, text: '' })).toEqual(['text'])
    expect(fields({ under, pictures: [picture] })).toEqual(['pictures'])
    expect(fields({ under, link: 'https://example.org' })).toEqual(['link'])
  })

  it('have no threads', () => {
    expect(fields({ under: { kind: 'thread' } })).toEqual(['text'])
  })
})
