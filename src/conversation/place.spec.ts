import fc from 'fast-check'

import type { Content } from '../drafts/content.js'
import {
  cleanWords,
  placeFrom,
  placeLabel,
  placeOf,
  placesOf,
  placeWord,
  whyNotApplied,
  withWords,
  wordsAt,
  type Place,
} from './place.js'

const ids = ['0198c5a0-0000-7000-8000-000000000001', '0198c5a0-0000-7000-8000-000000000002'] as const
const words = fc.string({ unit: 'grapheme', maxLength: 12 })
const content: fc.Arbitrary<Content> = fc.record({
  text: words,
  link: fc.constant(null),
  language: fc.constant('en-GB'),
  channels: fc
    .subarray([...ids])
    .chain((chosen) =>
      fc.tuple(...chosen.map((channelId) => fc.record({ channelId: fc.constant(channelId), text: fc.option(words) }))),
    ),
  pictures: fc.subarray([...ids]).map((chosen) => chosen.map((mediaId) => ({ mediaId, alt: 'Bus' }))),
})
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.constant({ kind: 'text' } as const),
  fc.record({ kind: fc.constant('channel' as const), channelId: fc.constantFrom(...ids) }),
  fc.record({ kind: fc.constant('alt' as const), mediaId: fc.constantFrom(...ids) }),
)

describe('suggested words', () => {
  it('stand where they were suggested once they are applied, and change nothing else', () => {
    fc.assert(
      fc.property(content, place, words, (given, at, fresh) => {
        const before = wordsAt(given, at)
        const after = withWords(given, at, fresh)
        if (before === null) {
          expect(after).toEqual(given)
          return
        }
        expect(wordsAt(after, at)).toBe(fresh)
        expect({ link: after.link, language: after.language }).toEqual({ link: given.link, language: given.language })
        for (const other of placesOf(given).filter((each) => each.kind !== 'text' && placeWord(each) !== placeWord(at)))
          expect(wordsAt(after, other)).toBe(wordsAt(given, other))
        if (at.kind !== 'text') expect(after.text).toBe(given.text)
        expect(after.channels.map((each) => each.channelId)).toEqual(given.channels.map((each) => each.channelId))
        expect(after.pictures.map((each) => each.mediaId)).toEqual(given.pictures.map((each) => each.mediaId))
      }),
    )
  })

  it('can be put back to what they were by applying the former ones', () => {
    fc.assert(
      fc.property(content, place, words, (given, at, fresh) => {
        const before = wordsAt(given, at)
        fc.pre(before !== null)
        expect(wordsAt(withWords(withWords(given, at, fresh), at, before!), at)).toBe(before)
      }),
    )
  })

  it('are offered only where somebody reads them', () => {
    const [one, two] = ids
    const given = { text: 'Shared', link: null, language: 'en-GB', pictures: [{ mediaId: one, alt: '' }] }
    const offered = (channels: Content['channels']) => placesOf({ ...given, channels }).map(placeWord)
    expect(offered([{ channelId: one, text: null }])).toEqual(['text', `alt:${one}`])
    expect(
      offered([
        { channelId: one, text: 'Own' },
        { channelId: two, text: null },
      ]),
    ).toEqual(['text', `channel:${one}`, `alt:${one}`])
    expect(offered([{ channelId: one, text: 'Own' }])).toEqual([`channel:${one}`, `alt:${one}`])
    expect(offered([])).toEqual(['text', `alt:${one}`])
  })

  it('name their place in a form by one word, and nothing else is taken for one', () => {
    fc.assert(fc.property(place, (at) => JSON.stringify(placeOf(placeWord(at))) === JSON.stringify(at)))
    for (const word of ['', 'alt:', 'channel:1', 'link', 'text ', `alt:${ids[0]}x`]) expect(placeOf(word)).toBeNull()
  })

  it('are compared as people mean them, not as forms send them', () => {
    expect(cleanWords(' one\r\ntwo\rthree \n')).toBe('one\ntwo\nthree')
    expect(cleanWords('Cafe\u0301')).toBe('Café')
  })

  it('are applied only to the words that they were made on', () => {
    const suggestion = { before: 'at ten', words: 'at eleven' }
    expect(whyNotApplied('at ten\n', suggestion)).toBeNull()
    expect(whyNotApplied('at noon', suggestion)).toContain('have been changed since')
    expect(whyNotApplied('at eleven', suggestion)).toContain('exactly this already')
    expect(whyNotApplied(null, suggestion)).toContain('not in the post any more')
  })
})

describe('the name of a place', () => {
  it('says which words are meant', () => {
    const [one, two] = ids
    const channels = [one, two].map((channelId) => ({ channelId, text: null }))
    const given = { text: '', link: null, language: 'en-GB', channels, pictures: [{ mediaId: two, alt: '' }] }
    const name = () => 'Riverside'
    expect(placeLabel({ kind: 'text' }, given, name)).toBe('the text for all channels')
    expect(placeLabel({ kind: 'text' }, { ...given, channels: channels.slice(1) }, name)).toBe('the text')
    expect(placeLabel({ kind: 'channel', channelId: one }, given, name)).toBe('the text for Riverside')
    expect(placeLabel({ kind: 'alt', mediaId: two }, given, name)).toBe('the description of picture 1')
    expect(placeLabel({ kind: 'alt', mediaId: one }, given, name)).toBe('the description of a picture')
    const row = { channelId: one, mediaId: null }
    expect(placeFrom({ ...row, place: 'channel' })).toEqual({ kind: 'channel', channelId: one })
    expect(placeFrom({ channelId: null, mediaId: one, place: 'alt' })).toEqual({ kind: 'alt', mediaId: one })
    expect(placeFrom({ channelId: null, mediaId: null, place: 'text' })).toEqual({ kind: 'text' })
  })
})
