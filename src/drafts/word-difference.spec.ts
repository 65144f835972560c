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

  it('stays quick with very long texts, and still loses nothing', () => {
    const before = Array.from({ length: 20_000 }, (_, index) => `old${String(index)}`).join(' ')
    const after = Array.from({ length: 20_000 }, (_, index) => `new${String(index)}`).join(' ')
    const stretches = differ(`Dear all, ${before}`, `Dear all, ${after}`)
    expect(stretches.map((stretch) => stretch.kind)).toEqual(['same', 'removed', 'added'])
    expect(joined(stretches, 'same', 'added')).toBe(`Dear all, ${after}`)
  })
})
