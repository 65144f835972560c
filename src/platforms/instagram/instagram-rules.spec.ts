import { instagramRules } from './instagram-rules.js'

const picture = { alt: 'A hall full of people', mime: 'image/jpeg', size: 400_000, width: 1080, height: 1080 }
const film = { mime: 'video/mp4', size: 4_000_000, seconds: 20, alt: '' }
const post = (changes: Partial<Parameters<typeof instagramRules.check>[0]>) => ({
  text: 'Hello',
  link: null,
  pictures: [picture],
  ...changes,
})
const fields = (changes: Parameters<typeof post>[0]) => instagramRules.check(post(changes)).map(({ field }) => field)
const comment = (text: string) => fields({ text, pictures: [], under: { kind: 'comment' } })

describe('the rules of Instagram', () => {
  it('take no post without a picture or film, and say so', () => {
    expect(instagramRules.check(post({ pictures: [] }))).toEqual([
      {
        field: 'pictures',
        message: 'Instagram takes no post without a picture or film. Add one, or leave Instagram out.',
      },
    ])
    expect(fields({ pictures: [], video: film })).toEqual([])
    expect(fields({ text: '' })).toEqual([])
  })

  // https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
  it('take 2,200 characters, 30 hashtags and 20 mentions', () => {
    const many = (word: string, count: number) => Array.from({ length: count }, (_, n) => `${word}${n}`).join(' ')
    expect(fields({ text: 'x'.repeat(2200) })).toEqual([])
    expect(fields({ text: 'x'.repeat(2201) })).toEqual(['text'])
    expect(fields({ text: many('#tag', 30) })).toEqual([])
    expect(fields({ text: many('#tag', 31) })).toEqual(['text'])
    expect(fields({ text: many('@name.', 20) })).toEqual([])
    expect(fields({ text: many('@name.', 21) })).toEqual(['text'])
    expect(fields({ text: many('post@office.', 21) })).toEqual([])
  })

  it.each([
    [1080, 1350, []],
    [1080, 1080, []],
    [1910, 1000, []],
    [1080, 566, []],
    [1080, 1351, []],
    [1080, 1400, ['pictures']],
    [2000, 1000, ['pictures']],
  ])('judge a picture of %i by %i', (width, height, problems) => {
    expect(fields({ pictures: [{ ...picture, width, height }] })).toEqual(problems)
  })

  it('take ten pictures, JPEG only, of 8 MB', () => {
    expect(fields({ pictures: Array.from({ length: 10 }, () => picture) })).toEqual([])
    expect(fields({ pictures: Array.from({ length: 11 }, () => picture) })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, mime: 'image/png' }] })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, size: 8_100_000 }] })).toEqual(['pictures'])
    expect(fields({ pictures: [{ ...picture, alt: 'x'.repeat(1001) }] })).toEqual(['alt'])
  })

  it('do not let a link vanish', () => {
    const link = 'https://example.org/meeting'
    expect(fields({ link })).toEqual(['link'])
    expect(fields({ link, text: `Come: ${link}` })).toEqual([])
  })

  it('take films of three seconds to fifteen minutes', () => {
    expect(fields({ pictures: [], video: { ...film, seconds: 2 } })).toEqual(['video'])
    expect(fields({ pictures: [], video: { ...film, seconds: 901 } })).toEqual(['video'])
  })

  // https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
  it('take shorter comments: 300 characters, four hashtags, one link, not all in capitals', () => {
    expect(comment(`x${'é'.repeat(299)}`)).toEqual([])
    expect(comment('x'.repeat(301))).toEqual(['text'])
    expect(comment('#a #b #c #d')).toEqual([])
    expect(comment('#a #b #c #d #e')).toEqual(['text'])
    expect(comment('https://a.example https://b.example')).toEqual(['text'])
    expect(comment('COME NOW')).toEqual(['text'])
    expect(comment('18:00 🎉')).toEqual([])
    expect(comment(' ')).toEqual(['text'])
    expect(fields({ under: { kind: 'comment' } })).toEqual(['pictures'])
  })

  it('have no threads', () => {
    expect(fields({ under: { kind: 'thread' } })).toEqual(['text'])
  })
})
