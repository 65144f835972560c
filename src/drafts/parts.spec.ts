import type { EnvelopeChannel } from './envelope.js'
import { checkedPart, mannerOn, partName, partsOf, picturesOf, visibilityWords, whatIsOut } from './parts.js'

const picture = (sha256: string) => ({ sha256, mime: 'image/png', alt: '' })
const channel: EnvelopeChannel = {
  channelId: 'c',
  network: 'bluesky',
  remoteAccountId: 'did:1',
  text: 'One.',
  link: 'https://example.org',
  language: 'en-GB',
  pictures: [picture('a')],
}

describe('the parts of what a channel will make public', () => {
  it('are the post alone where it has nothing below it', () => {
    expect(partsOf(channel)).toEqual([
      {
        number: 1,
        kind: 'post',
        text: 'One.',
        link: 'https://example.org',
        pictures: [picture('a')],
        language: 'en-GB',
      },
    ])
  })

  it('are the post, its thread and its comment, in that order, all behind the same warning and for the same people', () => {
    const parts = partsOf({
      ...channel,
      thread: [
        { text: 'Two.', link: null, pictures: [picture('b')] },
        { text: 'Three.', link: null, pictures: [] },
      ],
      firstComment: 'Where: the library.',
      contentWarning: 'food',
      visibility: 'followers',
    })
    expect(parts.map(({ number, kind, text }) => [number, kind, text])).toEqual([
      [1, 'post', 'One.'],
      [2, 'thread', 'Two.'],
      [3, 'thread', 'Three.'],
      [4, 'comment', 'Where: the library.'],
    ])
    for (const part of parts) {
      expect(part).toMatchObject({ contentWarning: 'food', visibility: 'followers', language: 'en-GB' })
    }
  })

  it('answer somebody with the post alone, and nothing with what hangs below it', () => {
    const target = {
      remoteId: '7',
      root: '7',
      address: 'https://s.example/@ana/7',
      author: { handle: 'ana', name: '' },
      text: '',
      version: 'v',
    }
    const parts = partsOf({ ...channel, thread: [{ text: 'Two.', link: null, pictures: [] }], target })
    expect(parts.map((part) => part.target)).toEqual([target, undefined])
    expect(parts.map((part) => checkedPart(part).under?.kind)).toEqual(['answer', 'thread'])
    expect(parts.map((part) => checkedPart(part).repostOf)).toEqual([undefined, undefined])
  })

  it('pass somebody’s post on with the post alone, as a quote or, without words, as a repost', () => {
    const target = {
      remoteId: '7',
      root: '7',
      address: 'https://s.example/@ana/7',
      author: { handle: 'ana', name: '' },
      text: '',
      version: 'v',
    }
    const quoting = { ...channel, thread: [{ text: 'Two.', link: null, pictures: [] }], target } as const
    const parts = partsOf({ ...quoting, targetUse: 'repost' })
    expect(parts.map(({ targetUse }) => targetUse)).toEqual(['repost', undefined])
    expect(parts.map((part) => checkedPart(part).repostOf)).toEqual(['7', undefined])
    expect(parts.map((part) => checkedPart(part).under?.kind)).toEqual([undefined, 'thread'])
    expect(mannerOn({ ...quoting, targetUse: 'repost' })).toBe('quote')
    expect(mannerOn({ ...quoting, targetUse: 'repost', text: '', link: null, pictures: [] })).toBe('repost')
    expect(mannerOn(quoting)).toBe('answer')
    expect(mannerOn(channel)).toBeNull()
  })

  it('show pictures wherever they are', () => {
    const thread = [{ text: '', link: null, pictures: [picture('b'), picture('c')] }]
    expect(picturesOf({ ...channel, thread }).map(({ sha256 }) => sha256)).toEqual(['a', 'b', 'c'])
  })

  it('have names', () => {
    const thread = [{ text: '', link: null, pictures: [] }]
    const names = partsOf({ ...channel, thread, firstComment: 'x' }).map((part) => partName(part, 2))
    expect(names).toEqual(['Part 1 of 2', 'Part 2 of 2', 'The first comment'])
    expect(partName({ number: 1, kind: 'post' }, 1)).toBe('The post')
    expect([visibilityWords('public'), visibilityWords('followers')]).toEqual(['everybody', 'followers only'])
  })
})

describe('what is out of a post that is out in part', () => {
  it.each([
    [['post', 'thread', 'thread'], 1, 'Part 1 of 3 is out, the rest is not.'],
    [['post', 'thread', 'thread', 'comment'], 2, 'Parts 1 to 2 of 3 are out, the rest is not.'],
    [['post', 'thread', 'comment'], 2, 'The post is out, its first comment is not.'],
    [['post', 'comment'], 1, 'The post is out, its first comment is not.'],
  ] as const)('of %j with %d out is said', (kinds, out, said) => {
    expect(
      whatIsOut(
        kinds.map((kind) => ({ kind })),
        out,
        true,
      ),
    ).toBe(said)
  })

  it('is said with what nobody knows', () => {
    expect(whatIsOut([{ kind: 'post' }, { kind: 'thread' }], 1, false)).toBe('Part 1 of 2 is out; the next one may be.')
    expect(whatIsOut([{ kind: 'post' }, { kind: 'comment' }], 1, false)).toBe(
      'The post is out; its first comment may be.',
    )
  })
})
