import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { FilmFault, looksLikeFilm, readFilm } from './mp4.js'

const films = join(import.meta.dirname, '../../test/support/films')
const film = (name: string) => readFileSync(join(films, name))
const refusal = (file: Buffer) => {
  try {
    readFilm(file)
    return 'taken'
  } catch (error) {
    return error instanceof FilmFault ? error.message : `broke: ${String(error)}`
  }
}

describe('a film', () => {
  it('tells its size and its length', () => {
    expect(readFilm(film('meeting.mp4'))).toMatchObject({ width: 64, height: 48, seconds: expect.closeTo(2, 0) })
  })

  it('has the sides that people see when it was taken upright', () => {
    expect(readFilm(film('upright.mp4'))).toMatchObject({ width: 48, height: 64 })
  })

  it('loses its place and its title, and nothing else', () => {
    const before = film('meeting.mp4')
    expect(before.includes('At home')).toBe(true)
    expect(before.includes('+51.5')).toBe(true)
    const { bytes } = readFilm(before)
    expect(bytes.includes('At home')).toBe(false)
    expect(bytes.includes('+51.5')).toBe(false)
    expect(bytes).toHaveLength(before.length)
    const data = before.indexOf('mdat')
    expect(bytes.subarray(data).equals(before.subarray(data))).toBe(true)
    expect(before.includes('At home')).toBe(true)
  })

  it('is the same when it is read again', () => {
    const { bytes } = readFilm(film('meeting.mp4'))
    expect(readFilm(bytes).bytes.equals(bytes)).toBe(true)
  })

  it.each([
    ['of QuickTime', film('quicktime.mov'), /QuickTime film. Save it as MP4/],
    ['in an older coding', film('old-codec.mp4'), /coded as mp4v. Save it as MP4 with H.264/],
    ['cut short', film('meeting.mp4').subarray(0, 3000), /cut short or damaged/],
    ['of words', Buffer.from('This is no film, but a text of some length.'), /no MP4 film|cut short/],
    ['with nothing in it', Buffer.alloc(0), /no MP4 film/],
  ])('that is %s is refused with the way out', (_what, file, said) => {
    expect(refusal(file)).toMatch(said)
  })

  it('with a track of data, such as where a camera was, is refused', () => {
    const data = Buffer.from(film('meeting.mp4'))
    data.write('meta', data.indexOf('soun'), 'latin1')
    expect(refusal(data)).toMatch(/more than pictures and sound/)
  })

  it('that is damaged anywhere is read or refused, and breaks nothing', () => {
    const whole = film('meeting.mp4')
    for (let at = 0; at < 3000; at += 7) {
      const damaged = Buffer.from(whole)
      damaged.fill(0xff, at, at + 5)
      expect(refusal(damaged)).not.toMatch(/^broke/)
    }
  })

  it('is known by its first bytes, and a phone’s picture in the same wrapping is not one', () => {
    expect(looksLikeFilm(film('meeting.mp4'))).toBe(true)
    const picture = Buffer.from(film('meeting.mp4'))
    picture.write('heic', 8, 'latin1')
    expect(looksLikeFilm(picture)).toBe(false)
    expect(looksLikeFilm(Buffer.from('PNG'))).toBe(false)
  })
})
