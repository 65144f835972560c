import type { CheckedPost } from '../platform.js'
import { linkedinRules } from './linkedin-rules.js'

const picture = { alt: 'A hall', mime: 'image/jpeg', size: 400_000 }
const film = { mime: 'video/mp4', size: 1_000_000, seconds: 20, alt: '' }
const link = 'https://example.org/report'
const comment = { kind: 'comment' as const }
const post = (changes: Partial<CheckedPost>): CheckedPost => ({ text: 'Hello', link: null, pictures: [], ...changes })
const said = (changes: Partial<CheckedPost>) => linkedinRules.check(post(changes)).map(({ message }) => message)

describe('the rules of LinkedIn', () => {
  it('count code units, and take 3,000 in a post and 1,250 in a comment', () => {
    expect(linkedinRules.measure('👍🏽 (a)').used).toBe(8)
    expect(said({ text: 'x'.repeat(3000) })).toEqual([])
    expect(said({ text: 'x'.repeat(3001) })).toEqual(['LinkedIn takes 3000 characters; this text has 3001.'])
    expect(said({ text: 'x'.repeat(1250), under: comment })).toEqual([])
    expect(said({ text: 'x'.repeat(1251), under: comment })).toEqual([
      'LinkedIn takes 1250 characters in a comment; this text has 1251.',
    ])
  })

  it('take twenty pictures, a film or a link card', () => {
    expect(said({ pictures: Array.from({ length: 20 }, () => picture) })).toEqual([])
    expect(said({ pictures: Array.from({ length: 21 }, () => picture) })).toHaveLength(1)
    expect(said({ pictures: [{ ...picture, mime: 'image/webp' }] })).toEqual([
      'Picture 1 is image/webp; LinkedIn takes JPEG, PNG, GIF.',
    ])
    expect(said({ pictures: [{ ...picture, width: 8000, height: 6000 }] })).toEqual([
      'Picture 1 has 48 million pixels; LinkedIn takes 36 million.',
    ])
    expect(said({ pictures: [{ ...picture, alt: 'x'.repeat(4087) }] })).toHaveLength(1)
    expect(said({ link })).toEqual([])
    expect(said({ link, pictures: [picture] })[0]).toContain('either pictures or a link card')
    expect(said({ link, video: film })[0]).toContain('either a film or a link card')
    expect(said({ link, pictures: [picture], text: `See ${link}` })).toEqual([])
  })

  it('take words alone in a comment, and with a post that is passed on', () => {
    expect(said({ under: comment, pictures: [picture] })).toEqual([
      'LinkedIn takes no pictures in a comment from here.',
    ])
    expect(said({ under: comment, link })[0]).toContain('no card in a comment')
    expect(said({ repostOf: 'urn:li:share:1', text: '' })).toEqual([])
    expect(said({ repostOf: 'urn:li:share:1', link })[0]).toContain('nothing but words')
    expect(said({ under: { kind: 'thread' } })).toEqual(['LinkedIn has no threads. Make it one post.'])
    expect(said({ text: ' ' })).toHaveLength(1)
  })
})
