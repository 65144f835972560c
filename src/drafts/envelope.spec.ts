import fc from 'fast-check'

import { openEnvelope, seal, type Envelope } from './envelope.js'
import { timingWords } from './timing-words.js'

const envelope: Envelope = {
  version: 1,
  channels: [
    {
      channelId: 'c1',
      network: 'noticeboard',
      remoteAccountId: 'noticeboard:g1',
      text: 'Save the 42 bus',
      link: null,
      language: 'en-GB',
      pictures: [{ sha256: 'a'.repeat(64), mime: 'image/png', alt: 'A bus' }],
    },
  ],
  timing: { kind: 'exact', zone: 'Europe/London', wall: '2026-11-24T17:22', toleranceMinutes: 30 },
}

const target = {
  remoteId: 'at://did:plc:ana/app.bsky.feed.post/3k',
  root: 'at://did:plc:ana/app.bsky.feed.post/3j',
  address: 'https://bsky.app/profile/did:plc:ana/post/3k',
  author: { handle: 'ana.example', name: 'Ana' },
  text: 'Will the 42 run?',
  version: 'bafy1',
}

const changed: [string, Envelope][] = [
  ['text', change({ text: 'Save the 43 bus' })],
  ['link', change({ link: 'https://example.org' })],
  ['language', change({ language: 'cy' })],
  ['remote account', change({ remoteAccountId: 'noticeboard:g2' })],
  ['channel', change({ channelId: 'c2' })],
  ['alt text', change({ pictures: [{ ...envelope.channels[0]!.pictures[0]!, alt: 'Two buses' }] })],
  ['picture bytes', change({ pictures: [{ ...envelope.channels[0]!.pictures[0]!, sha256: 'b'.repeat(64) }] })],
  ['picture removed', change({ pictures: [] })],
  [
    'time',
    { ...envelope, timing: { kind: 'exact', zone: 'Europe/London', wall: '2026-11-24T17:23', toleranceMinutes: 30 } },
  ],
  ['kind of time', { ...envelope, timing: { kind: 'as_soon_as_approved', zone: 'Europe/London' } }],
]

describe('an envelope', () => {
  it.each(changed)('has another hash when the %s changes', (_what, other) => {
    expect(seal(other).hash).not.toBe(seal(envelope).hash)
  })

  it('has the same hash when it is read back and sealed again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, alt) => {
        const one = seal(change({ text, pictures: [{ sha256: 'c'.repeat(64), mime: 'image/jpeg', alt }] }))
        expect(seal(openEnvelope(one.text))).toEqual(one)
      }),
    )
  })

  it('keeps the order of pictures', () => {
    const [a, b] = ['a', 'b'].map((letter) => ({ sha256: letter.repeat(64), mime: 'image/png', alt: letter }))
    expect(seal(change({ pictures: [a!, b!] })).hash).not.toBe(seal(change({ pictures: [b!, a!] })).hash)
  })
})

function change(part: Partial<Envelope['channels'][number]>): Envelope {
  return { ...envelope, channels: [{ ...envelope.channels[0]!, ...part }] }
}

describe('what a post answers', () => {
  const hashOf = (changes: Partial<typeof target>) => seal(change({ target: { ...target, ...changes } })).hash

  it('is sealed whole: whose post it is, where it is, what it says', () => {
    const hashes = [
      seal(envelope).hash,
      hashOf({}),
      hashOf({ remoteId: 'at://did:plc:ana/app.bsky.feed.post/3l' }),
      hashOf({ root: target.remoteId }),
      hashOf({ address: 'https://bsky.app/profile/did:plc:ana/post/3l' }),
      hashOf({ author: { handle: 'ben.example', name: 'Ana' } }),
      hashOf({ author: { handle: 'ana.example', name: 'Ben' } }),
      hashOf({ text: 'Shall we resign?' }),
      hashOf({ version: 'bafy2' }),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(openEnvelope(seal(change({ target })).text)).toEqual(change({ target }))
  })

  it('is another version when it is passed on instead, and keeps its hash where it is answered', () => {
    const passedOn = change({ target, targetUse: 'repost' })
    expect(seal(passedOn).hash).not.toBe(hashOf({}))
    expect(openEnvelope(seal(passedOn).text)).toEqual(passedOn)
    // As sealed before anything could be passed on.
    expect(seal(change({ target })).text).not.toContain('targetUse')
    expect(hashOf({})).toBe('9bb4d1840de363cdd6407230cb932bc7796790aba0c967fe20d57a75bb0d1075')
  })

  it('is missing from an envelope of a time when nothing could be answered, which keeps its hash', () => {
    const { text, hash } = seal(envelope)
    expect(text).not.toContain('target')
    expect(openEnvelope(text).channels[0]?.target).toBeUndefined()
    expect(seal(openEnvelope(text)).hash).toBe(hash)
  })
})

describe('the time of one channel', () => {
  it('is sealed with the rest, and said', () => {
    const timing = { kind: 'as_soon_as_approved', zone: 'Europe/London' } as const
    const own = { ...timing, own: { here: { wall: '2026-11-24T17:22', toleranceMinutes: 30 } } }
    expect(seal({ version: 1, channels: [], timing: own }).hash).not.toBe(
      seal({ version: 1, channels: [], timing }).hash,
    )
    expect(openEnvelope(seal({ version: 1, channels: [], timing: own }).text).timing).toEqual(own)
    expect(timingWords(own)).toBe(
      'As soon as it is approved; on one channel Tuesday 24 November, 17:22 (Europe/London)',
    )
  })
})

describe('the windows of an envelope', () => {
  const queue = (days: number[], start: string, channel = 'c1'): Envelope => ({
    version: 1,
    channels: [],
    timing: {
      kind: 'queue',
      zone: 'Europe/London',
      windows: { [channel]: [{ days, start, end: '19:00', name: 'after work' }] },
    },
  })

  it('are sealed by channel, day and time', () => {
    const hashes = [queue([1], '17:00'), queue([2], '17:00'), queue([1], '17:30'), queue([1], '17:00', 'c2')].map(
      (each) => seal(each).hash,
    )
    expect(new Set(hashes).size).toBe(4)
    expect(openEnvelope(seal(queue([1, 2], '17:00')).text)).toEqual(queue([1, 2], '17:00'))
  })

  it('are sealed with the times of single channels and with the embargo', () => {
    const own = { c1: { wall: '2026-11-24T17:22', toleranceMinutes: 30 } }
    const plain = queue([1], '17:00')
    const timing = { ...plain.timing, own, notBefore: '2026-11-24T00:00' }
    expect(openEnvelope(seal({ ...plain, timing }).text).timing).toEqual(timing)
  })
})

describe('an envelope of another version', () => {
  it('is not opened, since nobody knows what it says', () => {
    expect(() => openEnvelope('{"version":2,"channels":[]}')).toThrow('Unknown envelope version 2')
  })
})
