import fc from 'fast-check'

import type { ApprovedPicture, Envelope, EnvelopeChannel, Timing } from './envelope.js'
import { channelDifference, pictureDifferences, revisionDifference } from './revision-difference.js'
import type { Stretch } from './word-difference.js'

const soon: Timing = { kind: 'as_soon_as_approved', zone: 'Europe/London' }

function part(over: Partial<EnvelopeChannel> = {}): EnvelopeChannel {
  return {
    channelId: 'c1',
    network: 'bluesky',
    remoteAccountId: 'did:plc:1',
    text: 'Stall on Saturday.',
    link: null,
    language: 'en-GB',
    pictures: [],
    ...over,
  }
}

const envelope = (channels: EnvelopeChannel[], timing: Timing = soon): Envelope => ({ version: 1, channels, timing })
const picture = (sha256: string, alt = `Picture ${sha256}`): ApprovedPicture => ({ sha256, mime: 'image/png', alt })
const joined = (text: readonly Stretch[], kind: Stretch['kind']) =>
  text
    .filter((each) => each.kind === 'same' || each.kind === kind)
    .map((each) => each.text)
    .join('')

const anyPictures = fc.array(
  fc.record({
    sha256: fc.constantFrom('a', 'b', 'c', 'd'),
    mime: fc.constant('image/png'),
    alt: fc.constantFrom('', 'Bus', 'Red bus'),
  }),
  { maxLength: 6 },
)
const anyTiming: fc.Arbitrary<Timing> = fc.oneof(
  fc.constant(soon),
  fc.record({
    kind: fc.constant('exact' as const),
    zone: fc.constantFrom('Europe/London', 'UTC'),
    wall: fc.constantFrom('2026-11-24T17:20', '2026-11-24T17:25'),
    toleranceMinutes: fc.constantFrom(5, 10),
  }),
  fc.record({
    kind: fc.constant('queue' as const),
    zone: fc.constantFrom('Europe/London', 'UTC'),
    windows: fc.dictionary(
      fc.constantFrom('c1', 'c2'),
      fc.array(
        fc.record({
          days: fc.constantFrom([1, 2, 3, 4, 5], [6, 7]),
          start: fc.constantFrom('07:00', '17:00'),
          end: fc.constant('19:00'),
          name: fc.constant('after work'),
        }),
        { maxLength: 2 },
      ),
    ),
  }),
)
const anyEnvelope: fc.Arbitrary<Envelope> = fc.record({
  version: fc.constant(1 as const),
  channels: fc.uniqueArray(
    fc.record({
      channelId: fc.constantFrom('c1', 'c2', 'c3'),
      network: fc.constant('bluesky' as const),
      remoteAccountId: fc.constantFrom('one', 'two'),
      text: fc.constantFrom('Stall on Saturday.', 'Stall on Sunday.', ''),
      link: fc.constantFrom(null, 'https://example.org/'),
      language: fc.constantFrom('en-GB', 'cy'),
      pictures: anyPictures,
    }),
    { selector: (each) => each.channelId },
  ),
  timing: anyTiming,
})

/** The envelope of one side of a difference, as far as the difference tells it. */
function side(difference: ReturnType<typeof revisionDifference>, which: 'before' | 'after') {
  const kind = which === 'before' ? 'removed' : 'added'
  return difference.channels
    .filter((each) => each[which] !== null)
    .map((each) => ({
      channelId: each.channelId,
      text: joined(each.text, kind),
      pictures: each.pictures
        .flatMap((one) => one[which] ?? [])
        .sort((one, other) => one.place - other.place)
        .map(({ sha256, alt }) => ({ sha256, alt })),
    }))
    .sort((one, other) => one.channelId.localeCompare(other.channelId))
}

function told(given: Envelope) {
  return given.channels
    .map(({ channelId, text, pictures }) => ({
      channelId,
      text,
      pictures: pictures.map(({ sha256, alt }) => ({ sha256, alt })),
    }))
    .sort((one, other) => one.channelId.localeCompare(other.channelId))
}

describe('the difference of two versions', () => {
  it('gives both versions back', () => {
    fc.assert(
      fc.property(anyEnvelope, anyEnvelope, (before, after) => {
        const difference = revisionDifference(before, after)
        expect(side(difference, 'before')).toEqual(told(before))
        expect(side(difference, 'after')).toEqual(told(after))
      }),
    )
  })

  it('finds no difference of a version from itself', () => {
    fc.assert(
      fc.property(anyEnvelope, (given) => {
        expect(revisionDifference(given, structuredClone(given)).same).toBe(true)
      }),
    )
  })

  it('finds one as soon as anything that the public would see is another, or when', () => {
    const changed: [string, Envelope][] = [
      ['words', envelope([part({ text: 'Stall on Sunday.' })])],
      ['link', envelope([part({ link: 'https://example.org/' })])],
      ['language', envelope([part({ language: 'cy' })])],
      ['account', envelope([part({ remoteAccountId: 'did:plc:2' })])],
      ['picture', envelope([part({ pictures: [picture('a')] })])],
      ['channel', envelope([part(), part({ channelId: 'c2' })])],
      ['no channel', envelope([])],
      ['time', envelope([part()], { kind: 'queue', zone: 'Europe/London', windows: {} })],
      ['zone', envelope([part()], { ...soon, zone: 'UTC' })],
    ]
    for (const [what, after] of changed) {
      expect([what, revisionDifference(envelope([part()]), after).same]).toEqual([what, false])
      expect([what, revisionDifference(after, envelope([part()])).same]).toEqual([what, false])
    }
  })

  it('tells channels that came, went, or lead to another account', () => {
    const before = envelope([part(), part({ channelId: 'c2' }), part({ channelId: 'c3' })])
    const after = envelope([part({ channelId: 'c4' }), part({ remoteAccountId: 'other' }), part({ channelId: 'c3' })])
    expect(revisionDifference(before, after).channels.map(({ channelId, kind }) => [channelId, kind])).toEqual([
      ['c4', 'added'],
      ['c1', 'other-account'],
      ['c3', 'same'],
      ['c2', 'removed'],
    ])
  })

  it('says which windows came and went, by channel', () => {
    const window = { days: [1, 2, 3, 4, 5], start: '17:00', end: '19:00', name: 'after work' }
    const timing = (end: string): Timing => ({
      kind: 'queue',
      zone: 'Europe/London',
      windows: { c1: [{ ...window, end }], c2: [window] },
    })
    expect(revisionDifference(envelope([part()], timing('19:00')), envelope([part()], timing('18:00'))).timing).toEqual(
      {
        before: 'In one of the windows',
        after: 'In one of the windows',
        windows: [
          {
            channelId: 'c1',
            removed: ['after work, 17:00–19:00 on Monday to Friday'],
            added: ['after work, 17:00–18:00 on Monday to Friday'],
          },
        ],
      },
    )
  })

  it('is told word for word on a channel that came or went, without anything else', () => {
    expect(channelDifference(null, part())).toMatchObject({
      channelId: 'c1',
      kind: 'added',
      text: [{ kind: 'added', text: 'Stall on Saturday.' }],
      link: null,
      language: null,
    })
    expect(channelDifference(part(), null).text).toEqual([{ kind: 'removed', text: 'Stall on Saturday.' }])
  })

  it('tells both links and both languages', () => {
    expect(channelDifference(part(), part({ link: 'https://example.org/', language: 'cy' }))).toMatchObject({
      kind: 'changed',
      link: { before: null, after: 'https://example.org/' },
      language: { before: 'en-GB', after: 'cy' },
    })
  })

  it('finds one in the description or the place of a picture alone', () => {
    const kind = (before: ApprovedPicture[], after: ApprovedPicture[]) =>
      channelDifference(part({ pictures: before }), part({ pictures: after })).kind
    expect(kind([picture('a')], [picture('a', 'Other')])).toBe('changed')
    expect(kind([picture('a'), picture('b')], [picture('b'), picture('a')])).toBe('changed')
    expect(kind([picture('a')], [picture('a')])).toBe('same')
  })

  it('tells an account on another network by the network too', () => {
    expect(channelDifference(part(), part({ network: 'noticeboard' })).kind).toBe('other-account')
  })

  it('says both times, and finds a time that may be kept less exactly', () => {
    const exact = (toleranceMinutes: number, zone = 'Europe/London'): Timing => ({
      kind: 'exact',
      zone,
      wall: '2026-11-24T17:20',
      toleranceMinutes,
    })
    const timing = (one: Timing, other: Timing) => revisionDifference(envelope([], one), envelope([], other)).timing
    expect(timing(exact(5), exact(5))).toBeNull()
    expect(timing(exact(5), exact(10))).toEqual({
      before: 'Tuesday 24 November, 17:20 (Europe/London)',
      after: 'Tuesday 24 November, 17:20 (Europe/London)',
      windows: [],
    })
    expect(timing(exact(5), exact(5, 'UTC'))).toMatchObject({ after: 'Tuesday 24 November, 17:20 (UTC)' })
    expect(timing(exact(5), { ...soon, zone: 'UTC' })).toEqual({
      before: 'Tuesday 24 November, 17:20 (Europe/London)',
      after: 'As soon as it is approved',
      windows: [],
    })
    expect(timing({ ...soon, zone: 'UTC' }, exact(5))).toMatchObject({ before: 'As soon as it is approved' })
  })

  it('finds the same time on another channel, or one that may be kept less exactly', () => {
    const own = (channelId: string, toleranceMinutes = 5): Timing => ({
      ...soon,
      own: { [channelId]: { wall: '2026-11-24T17:20', toleranceMinutes } },
    })
    const same = (one: Timing, other: Timing) => revisionDifference(envelope([], one), envelope([], other)).same
    expect(same(own('a'), own('a'))).toBe(true)
    expect(same(own('a'), own('b'))).toBe(false)
    expect(same(own('a'), own('a', 10))).toBe(false)
    const [a, b] = [own('a').own, own('b').own]
    expect(same({ ...soon, own: { ...a, ...b } }, { ...soon, own: { ...b, ...a } })).toBe(true)
  })

  it('leaves out the windows of a channel that came or went', () => {
    const window = { days: [6], start: '10:00', end: '12:00', name: 'at the stall' }
    const queue = (...channels: string[]): Timing => ({
      kind: 'queue',
      zone: 'Europe/London',
      windows: Object.fromEntries(channels.map((each) => [each, [window]])),
    })
    expect(revisionDifference(envelope([], queue('a')), envelope([], queue('a', 'b'))).timing).toBeNull()
    expect(revisionDifference(envelope([], queue('a', 'b')), envelope([], queue('a'))).timing).toBeNull()
  })

  it('names the zone where that is all that changed', () => {
    expect(revisionDifference(envelope([], soon), envelope([], { ...soon, zone: 'Europe/Dublin' })).timing).toEqual({
      before: 'As soon as it is approved (Europe/London)',
      after: 'As soon as it is approved (Europe/Dublin)',
      windows: [],
    })
  })
})

describe('the difference of pictures', () => {
  const kinds = (before: string, after: string) =>
    pictureDifferences(
      [...before].map((each) => picture(each)),
      [...after].map((each) => picture(each)),
    ).map(
      (each) =>
        `${each.kind}${each.moved ? ' moved' : ''} ${each.before ? each.before.sha256 : '-'}${each.after ? each.after.sha256 : '-'}`,
    )

  it('tells added, removed, replaced and moved ones by their bytes', () => {
    expect(kinds('ab', 'abc')).toEqual(['same aa', 'same bb', 'added -c'])
    expect(kinds('abc', 'ac')).toEqual(['same aa', 'same cc', 'removed b-'])
    expect(kinds('ab', 'ac')).toEqual(['same aa', 'replaced bc'])
    expect(kinds('ab', 'ba')).toHaveLength(2)
    expect(kinds('ab', 'ba').filter((each) => each.includes(' moved'))).toHaveLength(1)
    expect(kinds('abc', 'cab').filter((each) => each.includes(' moved'))).toEqual(['same moved cc'])
  })

  it('does not call one moved only because another came or went before it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...'abcdef')), fc.nat(), (letters, at) => {
        const index = at % (letters.length + 1)
        const more = [...letters.slice(0, index), 'x', ...letters.slice(index)].join('')
        for (const lines of [kinds(letters.join(''), more), kinds(more, letters.join(''))])
          expect(lines.filter((each) => each.includes(' moved'))).toEqual([])
      }),
    )
  })

  it('calls one moved exactly when those in both are in another order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...'abcde']), fc.shuffledSubarray([...'abcde']), (before, after) => {
        const common = (row: string[], other: string[]) => row.filter((each) => other.includes(each)).join('')
        const moved = kinds(before.join(''), after.join('')).some((each) => each.includes(' moved'))
        expect(moved).toBe(common(before, after) !== common(after, before))
      }),
    )
  })

  it('stands in the order of the later version, with what was removed in its place', () => {
    expect(kinds('abc', 'bc')).toEqual(['same bb', 'removed a-', 'same cc'])
    expect(kinds('xabc', 'abc')).toEqual(['same aa', 'removed x-', 'same bb', 'same cc'])
    expect(pictureDifferences([picture('a')], [picture('b'), picture('a')]).map((each) => each.after?.place)).toEqual([
      1, 2,
    ])
  })

  it('tells the description of a picture in place of another, where that is another too', () => {
    const [other] = pictureDifferences([picture('a', 'A bus')], [picture('b', 'A tram')])
    expect(other).toMatchObject({ kind: 'replaced' })
    expect(other!.alt).toEqual([
      { kind: 'same', text: 'A ' },
      { kind: 'removed', text: 'bus' },
      { kind: 'added', text: 'tram' },
    ])
    expect(pictureDifferences([picture('a', 'A bus')], [picture('b', 'A bus')])[0]!.alt).toBeNull()
  })

  it('shows a description by words', () => {
    const [found] = pictureDifferences([picture('a', 'A red bus')], [picture('a', 'A blue bus')])
    expect(found).toMatchObject({ kind: 'same', moved: false })
    expect(found!.alt).toEqual([
      { kind: 'same', text: 'A ' },
      { kind: 'removed', text: 'red' },
      { kind: 'added', text: 'blue' },
      { kind: 'same', text: ' bus' },
    ])
  })
})

describe('what a post answers', () => {
  const target = {
    remoteId: '7',
    root: '7',
    address: 'https://social.example/@ana/7',
    author: { handle: 'ana', name: 'Ana' },
    text: 'Will it sail?',
    version: 'v',
  }

  it('is compared with who wrote it, what they wrote, and where', () => {
    const line = 'answers Ana (@ana): Will it sail? (https://social.example/@ana/7)'
    expect(channelDifference(part({ target }), part({ target }))).toMatchObject({ kind: 'same', target: null })
    expect(channelDifference(part(), part({ target }))).toMatchObject({
      kind: 'changed',
      target: { before: null, after: line },
    })
    expect(channelDifference(part({ target }), part({ target: { ...target, text: 'No.' } }))).toMatchObject({
      kind: 'changed',
      target: { before: line, after: 'answers Ana (@ana): No. (https://social.example/@ana/7)' },
    })
  })

  it('is another difference when it is passed on instead, and when words of ours make a quote of that', () => {
    const words = 'Ana (@ana): Will it sail? (https://social.example/@ana/7)'
    const passedOn = { target, targetUse: 'repost' } as const
    const wordless = { ...passedOn, text: '', link: null, pictures: [] }
    expect(channelDifference(part({ target }), part(passedOn))).toMatchObject({
      kind: 'changed',
      target: { before: `answers ${words}`, after: `quotes ${words}` },
    })
    expect(channelDifference(part(wordless), part({ ...wordless, text: 'Well said' }))).toMatchObject({
      target: { before: `passes on, without words of our own, ${words}`, after: `quotes ${words}` },
    })
  })
})
