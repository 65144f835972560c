import { changesInWords, quoted } from './difference-words.js'
import { differ } from './word-difference.js'

describe('changes in words', () => {
  it('say what came instead of what, what went and what came', () => {
    expect(changesInWords(differ('We meet at 10am.', 'We meet at 11am.'))).toEqual(['“10am.” is now “11am.”'])
    expect(changesInWords([{ kind: 'removed', text: 'very ' }])).toEqual(['Removed: “very”'])
    expect(changesInWords([{ kind: 'added', text: ' now' }])).toEqual(['Added: “now”'])
  })

  it('leave out what stayed, and tell a change once', () => {
    expect(
      changesInWords([
        { kind: 'same', text: 'We ' },
        { kind: 'removed', text: 'walk' },
        { kind: 'added', text: 'run' },
        { kind: 'same', text: ' ' },
        { kind: 'added', text: 'home' },
        { kind: 'removed', text: 'fast' },
        { kind: 'same', text: '.' },
      ]),
    ).toEqual(['“walk” is now “run”', 'Added: “home”', 'Removed: “fast”'])
    expect(changesInWords([])).toEqual([])
  })

  it('give white space a name', () => {
    expect(quoted(' \n')).toBe('white space')
    expect(quoted('')).toBe('white space')
    expect(quoted(' a b ')).toBe('“a b”')
  })
})
