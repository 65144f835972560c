import fc from 'fast-check'

import { condense, differ, type Stretch } from './word-difference.js'

function joined(stretches: readonly Stretch[], ...kinds: Stretch['kind'][]): string {
  return stretches
    .filter((stretch) => kinds.includes(stretch.kind))
    .map((stretch) => stretch.text)
    .join('')
}

/** Few words, so that texts have much in common. */
const text = fc
  .array(fc.constantFrom('stall', 'Saturday', '10am', '11am', '#SaveOur42', '👩‍🚒', ' ', '  ', '\n', ' '), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''))

function longestCommon(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || other.length === 0) return 0
  const [first, ...rest] = one
  const at = other.indexOf(first!)
  const without = longestCommon(rest, other)
  return at < 0 ? without : Math.max(without, 1 + longestCommon(rest, other.slice(at + 1)))
}

describe('the difference of two texts', () => {
  it('names the words that changed and leaves the others alone', () => {
    expect(differ('Stall on Saturday at 10am outside.', 'Stall on Sunday at 10am outside.')).toEqual([
      { kind: 'same', text: 'Stall on ' },
      { kind: 'removed', text: 'Saturday' },
      { kind: 'added', text: 'Sunday' },
      { kind: 'same', text: ' at 10am outside.' },
    ])
  })

  it('keeps neighbouring changed words together as one phrase', () => {
    expect(differ('We meet at the library today', 'We meet by our station today')).toEqual([
      { kind: 'same', text: 'We meet ' },
      { kind: 'removed', text: 'at the library' },
      { kind: 'added', text: 'by our station' },
      { kind: 'same', text: ' today' },
    ])
  })

  it('finds what came and what went', () => {
    expect(joined(differ('one two', 'one two three'), 'added')).toBe(' three')
    expect(joined(differ('one two three', 'one three'), 'removed').trim()).toBe('two')
    expect(differ('', '')).toEqual([])
    expect(differ('the same', 'the same')).toEqual([{ kind: 'same', text: 'the same' }])
  })

  it('gives both texts back, word for word and space for space', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'grapheme' })), fc.oneof(text, fc.string()), (before, after) => {
        const stretches = differ(before, after)
        expect(joined(stretches, 'same', 'removed')).toBe(before)
        expect(joined(stretches, 'same', 'added')).toBe(after)
        expect(stretches.every((stretch) => stretch.text !== '')).toBe(true)
      }),
    )
  })

  it('never has two stretches of one kind in a row', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const kinds = differ(before, after).map((stretch) => stretch.kind)
        expect(kinds.filter((kind, index) => kind === kinds[index + 1])).toEqual([])
      }),
    )
  })

  it('can be told in fewer, longer changes, and still gives both texts back', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 5 }), (before, after, most) => {
        const stretches = condense(differ(before, after), most)
        expect(joined(stretches, 'same', 'removed')).toBe(before)
        expect(joined(stretches, 'same', 'added')).toBe(after)
        const changes = stretches.filter(
          (each, index) => each.kind !== 'same' && stretches[index - 1]?.kind !== 'removed',
        )
        expect(changes.length).toBeLessThanOrEqual(most)
      }),
    )
    const few = differ('one two three', 'one 2 three')
    expect(condense(few, 1)).toEqual(few)
  })

  it('tells what stayed between two changes near each other as a part of both, at the ends it stays', () => {
    const many = differ('We a b c d e f g', 'We 1 b 2 d 3 f g')
    expect(condense(many, 3)).toBe(many)
    expect(condense(many, 2)).toEqual([
      { kind: 'same', text: 'We ' },
      { kind: 'removed', text: 'a b c d e' },
      { kind: 'added', text: '1 b 2 d 3' },
      { kind: 'same', text: ' f g' },
    ])
  })

  it('joins the nearest changes first', () => {
    const words = 'that stays as it is'
    const found = condense(differ(`a b c ${words} d`, `1 b 2 ${words} 3`), 2)
    expect(found).toEqual([
      { kind: 'removed', text: 'a b c' },
      { kind: 'added', text: '1 b 2' },
      { kind: 'same', text: ` ${words} ` },
      { kind: 'removed', text: 'd' },
      { kind: 'added', text: '3' },
    ])
  })

  it('leaves as much as can be unchanged', () => {
    expect(differ('a b c d', 'b c d a')).toEqual([
      { kind: 'removed', text: 'a ' },
      { kind: 'same', text: 'b c d' },
      { kind: 'added', text: ' a' },
    ])
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 7 }), fc.array(fc.nat(3), { maxLength: 7 }), (one, other) => {
        const line = (numbers: number[]) => numbers.map((each) => `w${String(each)}`).join(' ')
        const kept = joined(differ(line(one), line(other)), 'same').match(/\S+/g)?.length ?? 0
        expect(kept).toBeLessThanOrEqual(longestCommon(one, other))
        expect(kept).toBeGreaterThanOrEqual(longestCommon(one, other) - 1)
      }),
    )
  })

  it('keeps white space that stayed between words that stayed', () => {
    expect(differ('one two  three', 'one two three')).toEqual([
      { kind: 'same', text: 'one two' },
      { kind: 'removed', text: '  ' },
      { kind: 'added', text: ' ' },
      { kind: 'same', text: 'three' },
    ])
    expect(differ('one two', '1 two')).toEqual([
      { kind: 'removed', text: 'one' },
      { kind: 'added', text: '1' },
      { kind: 'same', text: ' two' },
    ])
  })

  it('stays quick with very long texts, and still loses nothing', () => {
    const before = Array.from({ length: 20_000 }, (_, index) => `old${String(index)}`).join(' ')
    const after = Array.from({ length: 20_000 }, (_, index) => `new${String(index)}`).join(' ')
    const stretches = differ(`Dear all, ${before}`, `Dear all, ${after}`)
    expect(stretches.map((stretch) => stretch.kind)).toEqual(['same', 'removed', 'added'])
    expect(joined(stretches, 'same', 'added')).toBe(`Dear all, ${after}`)
  })
})
