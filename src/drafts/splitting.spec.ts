import fc from 'fast-check'

import { splitText } from './splitting.js'

const upTo = (limit: number) => (text: string) => [...text].length <= limit
const bare = (text: string) => text.replace(/\s+/gu, '')

describe('a text that is too long for one post', () => {
  it.each([
    ['fits already', 'One. Two.', 20, ['One. Two.']],
    [
      'is split at the ends of sentences',
      'One is here. Two is there. Three.',
      26,
      ['One is here. Two is there.', 'Three.'],
    ],
    ['keeps paragraphs within a part', 'One.\n\nTwo.\n\nThree is longer.', 12, ['One.\n\nTwo.', 'Three is', 'longer.']],
    ['is split between words where a sentence is too long', 'One two three four.', 9, ['One two', 'three', 'four.']],
    ['is split within a word only where that is too long', 'Rindfleischetikett', 10, ['Rindfleisc', 'hetikett']],
    ['is nothing', '  ', 9, []],
  ] as const)('%s', (_, text, limit, parts) => {
    expect(splitText(text, upTo(limit))).toEqual(parts)
  })

  it('loses nothing but white space between parts, and every part fits', () => {
    const text = fc.array(
      fc.constantFrom('Ferry ', 'at ten. ', 'Why? ', '\n\n', 'Überlandbus', '👩‍👩‍👧', ' 🛶!', ' (£3.50) '),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 60 }), (pieces, limit) => {
        const whole = pieces.join('')
        const parts = splitText(whole, upTo(limit))
        expect(bare(parts.join(''))).toBe(bare(whole))
        for (const part of parts) expect(upTo(limit)(part) && part !== '' && part === part.trim()).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
