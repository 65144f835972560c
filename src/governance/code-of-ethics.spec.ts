import { firstCode, longestCode, pointsOf, sizeOfCode, tidyCode } from './code-of-ethics.js'

describe('the code of ethics', () => {
  it('starts with points of its own that fit on every review page', () => {
    expect(sizeOfCode(firstCode)).toBeLessThan(longestCode * 0.7)
    expect(sizeOfCode('é')).toBe(2)
    expect(pointsOf(firstCode)).toHaveLength(11)
    expect(tidyCode(firstCode)).toBe(firstCode)
  })

  it('is read as points, one a paragraph or list item', () => {
    expect(pointsOf('Be kind.\n\n- Be true,\n  always.\n* Be brief.\n\n\n• Be there.')).toEqual([
      'Be kind.',
      'Be true, always.',
      'Be brief.',
      'Be there.',
    ])
  })

  it('is kept without what only machines see', () => {
    expect(tidyCode('  Be kind.  \r\n\r\n\r\n\r\nBe true.\r')).toBe('Be kind.\n\nBe true.')
  })
})
