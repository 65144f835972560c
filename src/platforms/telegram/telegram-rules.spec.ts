import type { CheckedPost } from '../platform.js'
import { telegramRules } from './telegram-rules.js'

const post = (changes: Partial<CheckedPost> = {}): CheckedPost => ({
  text: 'Hello',
  link: null,
  pictures: [],
  ...changes,
})
const jpeg = { alt: '', mime: 'image/jpeg', size: 1000 }
const film = { mime: 'video/mp4', size: 1000, seconds: 60, alt: '' }
const said = (changes: Partial<CheckedPost>) => telegramRules.check(post(changes)).map(({ message }) => message)

describe('the rules of Telegram', () => {
  // Source: https://core.telegram.org/api/entities#entity-length
  it.each([
    ['plain words', 'Hello', 5],
    ['an accent', 'é', 1],
    ['an emoji outside the first plane', '🚪', 2],
    ['a family, joined', '👩‍👩‍👧', 8],
    ['an address, as it is written', 'https://example.org', 19],
  ])('count %s in UTF-16 code units', (_what, text, used) => {
    expect(telegramRules.measure(text).used).toBe(used)
  })

  it('take a long text alone, and a shorter one below a picture or a film', () => {
    expect(said({ text: 'a'.repeat(4096) })).toEqual([])
    expect(said({ text: 'a'.repeat(4097) })).toEqual(['Telegram takes 4096 characters; this text has 4097.'])
    expect(said({ text: 'a'.repeat(1024), pictures: [jpeg] })).toEqual([])
    expect(said({ text: 'a'.repeat(1025), pictures: [jpeg] })).toEqual([
      'Telegram takes 1024 characters below pictures or a film; this text has 1025.',
    ])
    expect(said({ text: 'a'.repeat(1025), video: film })).toHaveLength(1)
  })

  it('take a picture without words, and nothing without either', () => {
    expect(said({ text: '', pictures: [jpeg] })).toEqual([])
    expect(said({ text: ' ' })).toEqual(['Telegram needs a text, a picture or a film; this post has none.'])
  })

  it('show a GIF alone, and no card below pictures', () => {
    const gif = { ...jpeg, mime: 'image/gif' }
    expect(said({ pictures: [gif] })).toEqual([])
    expect(said({ pictures: [gif, jpeg] })).toEqual([expect.stringMatching(/shows a GIF only alone/)])
    expect(said({ pictures: [jpeg], link: 'https://example.org' })).toEqual([expect.stringMatching(/no link card/)])
  })
})
