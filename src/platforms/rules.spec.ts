import { platformRules } from './rules.js'

const bluesky = platformRules.bluesky
const noticeboard = platformRules.noticeboard
const picture = { alt: 'A hall full of people', mime: 'image/jpeg', size: 400_000 }
const post = (changes: Partial<Parameters<typeof bluesky.check>[0]>) => ({
  text: 'Hello',
  link: null,
  pictures: [],
  ...changes,
})

describe('the rules of Bluesky', () => {
  it('count what a person sees, so a family emoji is one character', () => {
    expect(bluesky.measure('👩‍👩‍👧 é 🏴󠁧󠁢󠁷󠁬󠁳󠁿')).toEqual({ used: 5, limit: 300, unit: 'characters' })
  })

  it('accept 300 characters and refuse 301 with both numbers', () => {
    expect(bluesky.check(post({ text: 'x'.repeat(300) }))).toEqual([])
    expect(bluesky.check(post({ text: 'x'.repeat(301) }))).toEqual([
      { field: 'text', message: 'Bluesky takes 300 characters; this text has 301.' },
    ])
  })

  it('refuse 3,000 bytes of few characters too', () => {
    const families = '👩‍👩‍👧'.repeat(200)
    expect(bluesky.measure(families)).toEqual({ used: 3600, limit: 3000, unit: 'bytes' })
    expect(bluesky.check(post({ text: families }))).toHaveLength(1)
  })

  it('refuse a fifth picture, a picture over 2 MB and a type that is no picture', () => {
    const pictures = [picture, picture, picture, { ...picture, size: 2_100_000 }, { ...picture, mime: 'image/tiff' }]
    expect(bluesky.check(post({ pictures })).map((problem) => problem.message)).toEqual([
      'Bluesky takes at most 4 pictures; this post has 5.',
      'Picture 4 is 2.1 MB; Bluesky takes at most 2 MB.',
      'Picture 5 is image/tiff; Bluesky takes JPEG, PNG, WEBP, GIF.',
    ])
  })

  it('do not let a link vanish behind pictures', () => {
    const link = 'https://example.org/meeting'
    expect(bluesky.check(post({ link, pictures: [picture] }))[0]?.field).toBe('link')
    expect(bluesky.check(post({ link, pictures: [picture], text: `Come: ${link}` }))).toEqual([])
    expect(bluesky.check(post({ link }))).toEqual([])
  })

  it('take a film of three minutes alone, or a link card, not both', () => {
    const video = { mime: 'video/mp4', size: 50_000_000, seconds: 180, alt: 'x'.repeat(1000) }
    expect(bluesky.check(post({ video }))).toEqual([])
    expect(bluesky.check(post({ text: '', video }))).toEqual([])
    const tooMuch = { mime: 'video/webm', size: 50_000_001, seconds: 181, alt: 'x'.repeat(1001) }
    const refused = bluesky.check(post({ video: tooMuch, link: 'https://example.org', pictures: [picture] }))
    expect(refused.map(({ field }) => field)).toEqual(['link', 'alt', 'video', 'video', 'video', 'video'])
  })

  it('pass a post on without words, and refuse a warning that nobody would see', () => {
    expect(bluesky.check(post({ text: '', repostOf: 'at://did:plc:x/app.bsky.feed.post/3k' }))).toEqual([])
    expect(bluesky.check(post({ contentWarning: 'Politics' }))[0]?.field).toBe('contentWarning')
  })

  it('refuse a post of nothing', () => {
    expect(bluesky.check(post({ text: ' \n' }))).toHaveLength(1)
  })
})

describe('the rules of the noticeboard', () => {
  it('take 5,000 characters and ten pictures', () => {
    const full = post({ text: 'x'.repeat(5000), pictures: Array.from({ length: 10 }, () => picture) })
    expect(noticeboard.check(full)).toEqual([])
    expect(noticeboard.check({ ...full, text: `${full.text}x` })[0]?.field).toBe('text')
    expect(noticeboard.check({ ...full, pictures: [...full.pictures, picture] })[0]?.field).toBe('pictures')
  })

  it('refuse a description longer than people will hear out', () => {
    expect(noticeboard.check(post({ pictures: [{ ...picture, alt: 'x'.repeat(5001) }] }))[0]?.field).toBe('alt')
  })
})
