import { cookieValue } from './cookie-header.js'

describe('a cookie', () => {
  it('is found by its whole name', () => {
    expect(cookieValue('a=1; link=abc-_; xlink=2', 'link')).toBe('abc-_')
    expect(cookieValue('xlink=2', 'link')).toBeNull()
    expect(cookieValue(undefined, 'link')).toBeNull()
  })

  it('is decoded, and one that cannot be is none', () => {
    expect(cookieValue('link="a%20b"', 'link')).toBe('a b')
    expect(cookieValue('link=%E0%A4%A', 'link')).toBeNull()
  })

  it('keeps what comes after a second equals sign', () => {
    expect(cookieValue('link=a=b', 'link')).toBe('a=b')
  })
})
