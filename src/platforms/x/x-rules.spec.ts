import type { CheckedPost } from '../platform.js'
import { textToSend, xRules } from './x-rules.js'

const picture = { alt: 'A hall', mime: 'image/jpeg', size: 400_000 }
const film = { mime: 'video/mp4', size: 1_000_000, seconds: 20, alt: '' }
const post = (changes: Partial<CheckedPost>): CheckedPost => ({ text: 'Hello', link: null, pictures: [], ...changes })
const said = (changes: Partial<CheckedPost>) => xRules.check(post(changes)).map(({ message }) => message)

describe('the rules of X', () => {
  it('count the link that goes below the text', () => {
    const link = 'https://example.org/a/very/long/address/that/counts/twenty-three'
    expect(said({ text: 'x'.repeat(255), link })).toEqual([])
    expect(said({ text: 'x'.repeat(256), link })).toEqual(['X takes 280 characters; this text with its link has 281.'])
    expect(said({ text: 'x'.repeat(281) })).toEqual(['X takes 280 characters; this text has 281.'])
    expect(textToSend({ text: ' ', link })).toBe(link)
  })

  it('take longer posts of an account that may write them', () => {
    const limits = { ...xRules.limits, textLimit: 4000 }
    expect(xRules.check(post({ text: 'x'.repeat(4000) }), limits)).toEqual([])
    expect(xRules.measure('日本', limits)).toEqual({ used: 4, limit: 4000, unit: 'characters' })
  })

  it('take one cashtag, and sums of money', () => {
    expect(said({ text: 'Buy $ACME and $BRK.B' })).toEqual(['X takes one $cashtag in a post; this one has 2.'])
    expect(said({ text: '$ACME costs $20 or US$30, $5million' })).toEqual([])
  })

  it('take four pictures, or one GIF, or one film', () => {
    const gif = { ...picture, mime: 'image/gif', size: 14_000_000 }
    expect(said({ pictures: [picture, picture, picture, picture] })).toEqual([])
    expect(said({ pictures: [gif] })).toEqual([])
    expect(said({ pictures: [{ ...gif, size: 15_100_000 }] })).toEqual([
      'Picture 1 is 15.1 MB; X takes at most 15 MB for a GIF.',
    ])
    expect(said({ pictures: [{ ...picture, size: 5_100_000 }] })).toEqual([
      'Picture 1 is 5.1 MB; X takes at most 5 MB.',
    ])
    expect(said({ pictures: [gif, picture] })).toEqual(['X takes either one GIF or up to 4 other pictures.'])
    expect(said({ video: film })).toEqual([])
    expect(said({ video: { ...film, seconds: 141 } })).toEqual(['The film lasts 141 seconds; X takes 140.'])
  })

  it('refuse nothing at all', () => {
    expect(said({ text: ' ' })).toEqual(['X needs a text, a picture or a film; this post has none.'])
  })

  it.each([
    ['words', {}],
    ['a link', { text: '', link: 'https://example.org' }],
    ['a picture', { text: '', pictures: [picture] }],
    ['a film', { text: '', video: film }],
  ])('pass a post on alone, and not with %s', (_what, own) => {
    expect(said({ text: '', repostOf: '1' })).toEqual([])
    expect(said({ repostOf: '1', ...own })).toEqual([
      'X takes no quotes from ordinary apps. Pass it on with no words, link, picture or film of your own on X, or leave it out for X.',
    ])
  })
})
