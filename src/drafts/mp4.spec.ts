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

  // Where a camera or a programme may leave something: the boxes on the way there, and what it left.
  const box = (type: string, content: Buffer | string) => {
    const inside = Buffer.from(content)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(inside.length + 8)
    head.write(type, 4, 'latin1')
    return Buffer.concat([head, inside])
  }
  /** The film with a box more at the end of the first box on a path; offsets before `mdat` are of no matter here. */
  const withBox = (file: Buffer, path: readonly string[], added: Buffer): Buffer => {
    const whole = Buffer.from(file)
    let [from, to] = [0, whole.length]
    for (const type of path) {
      let at = from
      while (whole.toString('latin1', at + 4, at + 8) !== type && at < to) at += whole.readUInt32BE(at)
      const size = whole.readUInt32BE(at)
      whole.writeUInt32BE(size + added.length, at)
      ;[from, to] = [at + 8, at + size]
    }
    return Buffer.concat([whole.subarray(0, to), added, whole.subarray(to)])
  }
  const place = '+48.2082+016.3738/'
  const xyz = box('\u00a9xyz', `\0\x12\x15\xc7${place}`)

  it.each([
    ['as user data of the film', ['moov'], box('udta', xyz)],
    ['as user data of a track', ['moov', 'trak'], box('udta', box('loci', `\0\0\0\0${place}`))],
    ['as user data deep within', ['moov', 'trak', 'mdia', 'minf', 'stbl'], box('udta', xyz)],
    ['as metadata of the media', ['moov', 'trak', 'mdia'], box('meta', place)],
    ['as a box of its own', ['moov'], xyz],
    ['as a vendor’s box', [], box('uuid', `0123456789abcdef${place}`)],
    ['as a box that nobody knows', ['moov', 'trak', 'mdia', 'minf'], box('CNDM', place)],
    ['in what an editor left unused', [], box('free', place)],
  ])('loses a place that stands there %s', (_what, path, added) => {
    const tagged = withBox(film('meeting.mp4'), path, added)
    expect(tagged.includes(place)).toBe(true)
    const { bytes } = readFilm(tagged)
    expect(bytes.includes(place)).toBe(false)
    expect(bytes).toHaveLength(tagged.length)
    expect(bytes.includes('xyz')).toBe(false)
  })

  it('tells no moment of its making, and no programme that made it', () => {
    for (const wide of [false, true]) {
      const dated = Buffer.from(film('meeting.mp4'))
      const moments = ['mvhd', 'tkhd', 'mdhd'].map((type) => dated.indexOf(type) + 4)
      // In version 1 the moments are of eight bytes each; only their own places are looked at here.
      for (const at of moments) dated.fill(0xe5, at + 4, at + 12)
      if (wide) dated.fill(1, moments[1], moments[1]! + 1).fill(0xe5, moments[1]! + 4, moments[1]! + 20)
      expect(dated.includes('VideoHandler')).toBe(true)
      expect(dated.includes('Lavc')).toBe(true)
      const { bytes } = readFilm(dated)
      for (const at of moments) expect(bytes.subarray(at + 4, at + 12)).toEqual(Buffer.alloc(8))
      if (wide) expect(bytes.subarray(moments[1]! + 4, moments[1]! + 20)).toEqual(Buffer.alloc(16))
      const index = bytes.subarray(0, bytes.indexOf('mdat'))
      for (const name of ['VideoHandler', 'SoundHandler', 'Lavc', 'Lavf']) expect(index.includes(name)).toBe(false)
    }
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
