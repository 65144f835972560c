import { firstWords, keepOwnTimes, samePublicly, textFor, withOwnTime, type Content } from './content.js'

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
  })
})

describe('the first words', () => {
  it('are cut between words', () => {
    expect(firstWords('Save the number forty-two bus', 15)).toBe('Save the number…')
    expect(firstWords('Save the number forty-two bus', 18)).toBe('Save the number…')
    expect(firstWords('Short', 15)).toBe('Short')
  })

  it('never cut a letter or an emoji in two', () => {
    expect(firstWords('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2)).toBe('👩‍👩‍👧👩‍👩‍👧…')
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

  it('is a public change', () => {
    const one = { content, wish: { kind: 'queue' } } as const
    expect(samePublicly(one, { content, wish: { kind: 'queue', own: { a: time } } })).toBe(false)
  })
})
