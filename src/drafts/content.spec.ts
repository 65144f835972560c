import {
  extrasFor,
  firstWords,
  isExactOn,
  isRepostOn,
  keepOwnTimes,
  openingOf,
  openingOn,
  samePublicly,
  textFor,
  withOwnTime,
  type Content,
} from './content.js'

const content: Content = {
  text: 'Shared words',
  link: null,
  language: 'en-GB',
  channels: [
    { channelId: 'a', text: null },
    { channelId: 'b', text: ' Own words ' },
  ],
  pictures: [],
}

describe('the text of a channel', () => {
  it('is the shared one unless it was forked', () => {
    expect(textFor(content, 'a')).toBe('Shared words')
    expect(textFor(content, 'b')).toBe('Own words')
    expect(textFor(content, 'no channel of it')).toBe('Shared words')
  })
})

describe('the first words', () => {
  it('are cut between words', () => {
    expect(firstWords('Save the number forty-two bus', 15)).toBe('Save the number…')
    expect(firstWords('Save the number forty-two bus', 18)).toBe('Save the number…')
    expect(firstWords('A very good cake. That was it.', 18)).toBe('A very good cake…')
    expect(firstWords('Short', 15)).toBe('Short')
    expect(firstWords('Short', 5)).toBe('Short')
    expect(firstWords('Save all 42', 9)).toBe('Save all…')
  })

  it('stand in one line, whatever white space was between them and around them', () => {
    expect(firstWords('  Save \n\n the  bus ', 15)).toBe('Save the bus')
  })

  it('are cut within a word where the next space is far', () => {
    expect(firstWords('A Llanfairpwllgwyngyll', 10)).toBe('A Llanfair…')
    expect(firstWords('abcde fghijkl', 10)).toBe('abcde fghi…')
  })

  it('never cut a letter or an emoji in two', () => {
    expect(firstWords('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2)).toBe('👩‍👩‍👧👩‍👩‍👧…')
  })
})

describe('somebody’s post in a draft', () => {
  const target = 'https://s.example/@ana/7'
  const channels = [
    { channelId: 'a', text: null },
    { channelId: 'b', text: null, target: '' },
    { channelId: 'c', text: null, targetUse: 'answer' as const },
  ]
  const passing: Content = { ...content, text: '', channels, target, targetUse: 'repost' }

  it('is passed on where that was chosen, and answered unless told', () => {
    expect(channels.map(({ channelId }) => extrasFor(passing, channelId))).toEqual([
      { target, targetUse: 'repost' },
      {},
      { target },
    ])
    expect(extrasFor({ ...passing, targetUse: undefined }, 'a')).toEqual({ target })
    expect(extrasFor({ ...passing, target: ' ' }, 'a')).toEqual({})
  })

  it('stands for the words that a post has not, in lists', () => {
    expect(openingOf(passing)).toBe(`Passes on ${target}`)
    expect(openingOn(passing, 'a')).toBe(`Passes on ${target}`)
    expect(openingOf({ ...passing, text: 'Well said' })).toBe('Well said')
    expect(openingOf({ ...passing, targetUse: 'answer' })).toBe('')
    expect(openingOn(passing, 'b')).toBe('')
    expect(openingOf({ ...content, text: '' })).toBe(' Own words '.trim())
  })

  it('is told whether it goes out with nothing of ours, as a repost', () => {
    expect(isRepostOn(passing, 'a')).toBe(true)
    for (const own of [
      { text: 'Well said' },
      { link: 'https://example.org' },
      { targetUse: 'answer' } as const,
      { target: '' },
    ])
      expect(isRepostOn({ ...passing, ...own }, 'a')).toBe(false)
    expect(isRepostOn({ ...passing, pictures: [{ mediaId: 'm', alt: '' }] }, 'a')).toBe(false)
  })

  it('makes another version when it is passed on instead of answered', () => {
    const wish = { kind: 'queue' } as const
    const answering: Content = { ...passing, targetUse: undefined }
    expect(samePublicly({ content: passing, wish }, { content: answering, wish })).toBe(false)
    expect(samePublicly({ content: passing, wish }, { content: { ...passing }, wish })).toBe(true)
  })
})

describe('two versions', () => {
  const wish = { kind: 'queue' } as const
  it('are publicly the same whatever the order in which they were kept', () => {
    const reordered = JSON.parse(JSON.stringify({ ...content, text: undefined, link: null })) as Content
    expect(samePublicly({ content, wish }, { content: { ...reordered, text: content.text }, wish })).toBe(true)
  })

  it('differ by a word, a description, or the time', () => {
    expect(samePublicly({ content, wish }, { content: { ...content, text: 'Other' }, wish })).toBe(false)
    expect(samePublicly({ content, wish }, { content, wish: { kind: 'as_soon_as_approved' } })).toBe(false)
    expect(
      samePublicly({ content, wish }, { content: { ...content, pictures: [{ mediaId: 'm', alt: '' }] }, wish }),
    ).toBe(false)
  })

  it('differ by the words for one channel, and by the description or the bytes of a picture', () => {
    const withPicture = (mediaId: string, alt: string) => ({ ...content, pictures: [{ mediaId, alt }] })
    const same = (one: Content, other: Content) => samePublicly({ content: one, wish }, { content: other, wish })
    expect(
      same(content, {
        ...content,
        channels: [
          { channelId: 'a', text: null },
          { channelId: 'b', text: 'x' },
        ],
      }),
    ).toBe(false)
    expect(
      same(content, {
        ...content,
        channels: [
          { channelId: 'a', text: null },
          { channelId: 'c', text: ' Own words ' },
        ],
      }),
    ).toBe(false)
    expect(same(withPicture('m', 'A bus'), withPicture('m', 'A bus'))).toBe(true)
    expect(same(withPicture('m', 'A bus'), withPicture('m', 'A tram'))).toBe(false)
    expect(same(withPicture('m', 'A bus'), withPicture('n', 'A bus'))).toBe(false)
  })
})

describe('a time for one channel alone', () => {
  const time = { at: '2026-11-24T17:22' }

  it('is the time of the post when that is its only channel', () => {
    const single = {
      content: { ...content, channels: [{ channelId: 'a', text: null }] },
      wish: { kind: 'queue' },
    } as const
    expect(withOwnTime(single, 'a', time)).toEqual({ kind: 'exact', at: '2026-11-24T17:22' })
    expect(withOwnTime({ content, wish: { kind: 'queue' } }, 'a', time)).toEqual({ kind: 'queue', own: { a: time } })
  })

  it('stays when the rest is saved as it was, for the channels that are still there', () => {
    const before = { kind: 'queue', own: { a: time, gone: time } } as const
    expect(keepOwnTimes(before, { kind: 'queue' }, content.channels)).toEqual({ kind: 'queue', own: { a: time } })
    expect(keepOwnTimes({ kind: 'queue', own: { gone: time } }, { kind: 'queue' }, content.channels)).toEqual({
      kind: 'queue',
    })
  })

  it('goes when another time is chosen for the whole post', () => {
    const chosen = { kind: 'exact', at: '2026-11-25T09:00' } as const
    expect(keepOwnTimes({ kind: 'queue', own: { a: time } }, chosen, content.channels)).toBe(chosen)
  })

  it('is exact there, and elsewhere the post is as it was', () => {
    const wish = { kind: 'queue', own: { a: time } } as const
    expect(isExactOn(wish, 'a')).toBe(true)
    expect(isExactOn(wish, 'b')).toBe(false)
    expect(isExactOn({ kind: 'queue' }, 'a')).toBe(false)
    expect(isExactOn({ kind: 'exact', at: time.at }, 'a')).toBe(true)
  })

  it('is another change by the channel, the time and the rest of the wish', () => {
    const saying = (at: string, channel = 'a') =>
      ({ content, wish: { kind: 'queue', own: { [channel]: { at } } } }) as const
    expect(samePublicly(saying(time.at), saying(time.at))).toBe(true)
    expect(samePublicly(saying(time.at), saying('2026-11-24T17:23'))).toBe(false)
    expect(samePublicly(saying(time.at), saying(time.at, 'b'))).toBe(false)
    expect(samePublicly(saying(time.at), { content, wish: { kind: 'evergreen', own: { a: time } } })).toBe(false)
  })

  it('is a public change', () => {
    const one = { content, wish: { kind: 'queue' } } as const
    expect(samePublicly(one, { content, wish: { kind: 'queue', own: { a: time } } })).toBe(false)
  })
})
