import { limitsOf } from './mastodon-limits.js'
import { mastodonLimits, mastodonRules, textOf } from './mastodon-rules.js'

const picture = { alt: 'A hall', mime: 'image/jpeg', size: 400_000 }
const post = (changes: Partial<Parameters<typeof mastodonRules.check>[0]>) => ({
  text: 'Hello',
  link: null,
  pictures: [],
  ...changes,
})
const fieldsOf = (changes: Parameters<typeof post>[0], limits = mastodonLimits) =>
  mastodonRules.check(post(changes), limits).map(({ field }) => field)

describe('the rules of Mastodon', () => {
  it('count the warning with the text', () => {
    expect(fieldsOf({ text: 'x'.repeat(492), contentWarning: 'Politics' })).toEqual([])
    expect(mastodonRules.check(post({ text: 'x'.repeat(493), contentWarning: 'Politics' }))).toEqual([
      { field: 'text', message: 'The server takes 500 characters; this text and its warning have 501.' },
    ])
  })

  it('count a link that is put below the text', () => {
    const link = 'https://example.org/a/long/way/to/a/page'
    expect(textOf({ text: 'Read', link })).toBe(`Read\n\n${link}`)
    expect(textOf({ text: `Read ${link}`, link })).toBe(`Read ${link}`)
    expect(fieldsOf({ text: 'x'.repeat(475), link })).toEqual([])
    expect(fieldsOf({ text: 'x'.repeat(476), link })).toEqual(['text'])
  })

  it('refuse a warning that would become the text', () => {
    expect(fieldsOf({ text: '', pictures: [picture], contentWarning: 'Blood' })).toEqual(['contentWarning'])
  })

  it('count a description in code points, as the server does', () => {
    expect(fieldsOf({ pictures: [{ ...picture, alt: '👩‍👩‍👧'.repeat(300) }] })).toEqual([])
    expect(fieldsOf({ pictures: [{ ...picture, alt: '👩‍👩‍👧'.repeat(301) }] })).toEqual(['alt'])
  })

  it('refuse a post of nothing, but not one that passes another on', () => {
    expect(fieldsOf({ text: ' ' })).toEqual(['text'])
    expect(fieldsOf({ text: '', repostOf: '1' })).toEqual([])
  })

  it('are those of the server where it tells them', () => {
    const told = limitsOf({
      configuration: {
        statuses: { max_characters: 10_000, max_media_attachments: 8, characters_reserved_per_url: 256 },
        media_attachments: { supported_mime_types: ['image/png', 'image/x'], image_size_limit: 1000 },
      },
    })
    expect(told).toMatchObject({ textLimit: 10_000, pictures: 8, charactersPerLink: 256, altText: 1500 })
    expect(told).toMatchObject({ pictureTypes: ['image/png'], pictureBytes: 1000 })
    expect(told.video).toBeUndefined()
    expect(mastodonRules.measure('https://a.eu', told)).toEqual({ used: 256, limit: 10_000, unit: 'characters' })
  })

  it('are Mastodon’s own where a server tells nothing, or nonsense', () => {
    expect(limitsOf({})).toEqual(mastodonLimits)
    expect(limitsOf({ configuration: { statuses: { max_characters: -1 } } }).textLimit).toBe(500)
  })
})
