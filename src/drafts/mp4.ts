/** A film that can be sent as it is, and what networks ask about it. */
export interface Film {
  /** The file with everything emptied that is neither picture nor sound: place, moment, camera, programme, names. */
  readonly bytes: Buffer
  /** Pixels as it is shown, turned upright. */
  readonly width: number
  readonly height: number
  readonly seconds: number
}

/** Why a file is no film that can be sent, in a sentence with the way out. */
export class FilmFault extends Error {}

interface Box {
  readonly type: string
  /** Where its content begins and ends, and where its header begins. */
  readonly start: number
  readonly end: number
  readonly header: number
}

/**
 * The boxes that a film is played by, by the box that they are in (14496-12, table 1). Whatever else is there, anywhere,
 * tells of more than the film: user data (`udta`, with `©xyz` and `loci`), metadata, vendors' boxes, the hour of the
 * producer's clock (`prft`). A list of what may stay fails on the safe side when a camera invents another box.
 */
const played: Readonly<Record<string, readonly string[]>> = {
  file: ['ftyp', 'styp', 'pdin', 'moov', 'mdat', 'moof', 'mfra', 'sidx', 'ssix'],
  moov: ['mvhd', 'iods', 'mvex', 'trak'],
  trak: ['tkhd', 'tref', 'trgr', 'edts', 'mdia'],
  mdia: ['mdhd', 'hdlr', 'elng', 'minf'],
  minf: ['vmhd', 'smhd', 'nmhd', 'hdlr', 'dinf', 'stbl'],
  stbl: 'stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh padb stdp sdtp sbgp sgpd subs saiz saio'.split(' '),
  moof: ['mfhd', 'traf'],
  traf: ['tfhd', 'tfdt', 'trun', 'sbgp', 'sgpd', 'subs', 'saiz', 'saio', 'sdtp'],
}

/**
 * Reads an MP4 file (ISO/IEC 14496-12, boxes of 14496-14 and -15), and empties in place what tells of more than the film
 * itself: such boxes become `free` boxes of the same length, and moments and names in other boxes become zeros, so no
 * offset moves and nothing is encoded anew. A library that reads films does not take these out, and one that writes them makes other bytes of them.
 * @throws FilmFault
 */
export function readFilm(file: Buffer): Film {
  const bytes = Buffer.from(file)
  const boxes = boxesIn(bytes, 0, bytes.length)
  const brand = boxes[0]?.type === 'ftyp' ? bytes.toString('latin1', boxes[0].start, boxes[0].start + 4) : null
  if (brand === null) throw new FilmFault('This file is no MP4 film. Save it as MP4 (H.264) and try again.')
  if (brand === 'qt  ') throw new FilmFault('This is a QuickTime film. Save it as MP4 (H.264) and try again.')
  const moov = boxes.find((box) => box.type === 'moov')
  if (!moov) throw new FilmFault('This film has no index, so the file is not whole. Save it again and try once more.')
  const inside = boxesIn(bytes, moov.start, moov.end)
  const header = inside.find((box) => box.type === 'mvhd')
  const seconds = header ? durationOf(bytes, header) : 0
  if (!(seconds > 0))
    throw new FilmFault('This film does not say how long it is, as recordings of streams do. Save it as a plain MP4.')
  const tracks = inside.filter((box) => box.type === 'trak').map((trak) => trackIn(bytes, trak))
  const pictures = tracks.filter((track) => track.handler === 'vide')
  const [picture] = pictures
  if (!picture || pictures.length > 1)
    throw new FilmFault(`This film has ${pictures.length} picture tracks; it has to have one. Save it as a plain MP4.`)
  for (const { handler, codec } of tracks) refuseTrack(handler, codec)
  emptyWhatTells(bytes, 'file', boxes)
  return { bytes, width: picture.width, height: picture.height, seconds }
}

/** Whether these are the first bytes of a file of the MP4 family. */
export function looksLikeFilm(file: Buffer): boolean {
  return file.length > 12 && file.toString('latin1', 4, 8) === 'ftyp' && !isPicture(file.toString('latin1', 8, 12))
}

/** HEIC and AVIF pictures come in the same boxes (ISO/IEC 23008-12). */
function isPicture(brand: string): boolean {
  return ['heic', 'heix', 'mif1', 'msf1', 'avif', 'avis'].includes(brand)
}

function refuseTrack(handler: string, codec: string): void {
  if (handler === 'vide' && !['avc1', 'avc3'].includes(codec))
    throw new FilmFault(
      `The pictures of this film are coded as ${codec}. Save it as MP4 with H.264, which all networks take.`,
    )
  if (handler === 'soun' && codec !== 'mp4a')
    throw new FilmFault(`The sound of this film is coded as ${codec}. Save it with AAC sound.`)
  // Cameras write where they were into a track of its own.
  if (handler !== 'vide' && handler !== 'soun')
    throw new FilmFault(
      'This film carries more than pictures and sound, such as where it was taken. Export it without.',
    )
}

function trackIn(bytes: Buffer, trak: Box) {
  const boxes = boxesIn(bytes, trak.start, trak.end)
  const inside = (box: Box | undefined, type: string) =>
    box && boxesIn(bytes, box.start, box.end).find((each) => each.type === type)
  const media = boxes.find((box) => box.type === 'mdia')
  const handler = inside(media, 'hdlr')
  const samples = inside(inside(inside(media, 'minf'), 'stbl'), 'stsd')
  const head = boxes.find((box) => box.type === 'tkhd')
  return {
    // version and flags 4, pre_defined 4, then the handler's type
    handler: handler ? text(bytes, handler, 8) : '',
    // version and flags 4, entry_count 4, size of the first entry 4, then its type
    codec: samples ? text(bytes, samples, 12) : '',
    ...(head ? sizeOf(bytes, head) : { width: 0, height: 0 }),
  }
}

/** The last 44 bytes of `tkhd`: a matrix of nine numbers, width and height as 16.16. A quarter turn swaps the sides. */
function sizeOf(bytes: Buffer, { start, end }: Box): { width: number; height: number } {
  if (end - start < 84) return { width: 0, height: 0 }
  const [width, height] = [
    Math.round(bytes.readUInt32BE(end - 8) / 65536),
    Math.round(bytes.readUInt32BE(end - 4) / 65536),
  ]
  const isTurned = bytes.readInt32BE(end - 44) === 0 && bytes.readInt32BE(end - 28) === 0
  return isTurned ? { width: height, height: width } : { width, height }
}

function durationOf(bytes: Buffer, { start, end }: Box): number {
  if (end - start < 32) return 0
  const wide = bytes[start] === 1
  const scale = bytes.readUInt32BE(start + (wide ? 20 : 12))
  const duration = wide ? Number(bytes.readBigUInt64BE(start + 24)) : bytes.readUInt32BE(start + 16)
  return scale === 0 ? 0 : duration / scale
}

/** @throws FilmFault when a box is longer than what it is in */
function boxesIn(bytes: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = []
  for (let at = from; at + 8 <= to;) {
    const short = bytes.readUInt32BE(at)
    const long = short === 1 && at + 16 <= to
    const size = short === 0 ? to - at : long ? Number(bytes.readBigUInt64BE(at + 8)) : short
    const start = at + (long ? 16 : 8)
    if (size < start - at || at + size > to)
      throw new FilmFault('This film is cut short or damaged. Save it again and try once more.')
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), header: at, start, end: at + size })
    at += size
  }
  return boxes
}

function emptyWhatTells(bytes: Buffer, inside: string, boxes: readonly Box[]): void {
  for (const box of boxes) {
    if (!played[inside]!.includes(box.type)) empty(bytes, box)
    else if (played[box.type]) emptyWhatTells(bytes, box.type, boxesIn(bytes, box.start, box.end))
    else forget(bytes, box)
  }
}

/** Zeros for the moments of making and changing, and for the names that programmes and cameras leave. */
function forget(bytes: Buffer, { type, start, end }: Box): void {
  const zero = (from: number, to: number) => bytes.fill(0, Math.min(start + from, end), Math.min(start + to, end))
  // version and flags 4, then two moments of 4 bytes, or of 8 in version 1
  if (type === 'mvhd' || type === 'tkhd' || type === 'mdhd') zero(4, bytes[start] === 1 ? 20 : 12)
  // version and flags 4, pre_defined 4, handler 4, reserved 12, then a name
  if (type === 'hdlr') zero(24, end - start)
  if (type !== 'stsd') return
  for (const sample of boxesIn(bytes, start + 8, end)) {
    // Of a picture's sample entry: 42 bytes of other things, compressorname 32, 4 more, then boxes.
    if (!['avc1', 'avc3'].includes(sample.type) || sample.end - sample.start < 78) continue
    bytes.fill(0, sample.start + 42, sample.start + 74)
    for (const box of boxesIn(bytes, sample.start + 78, sample.end))
      if (['udta', 'meta', 'uuid'].includes(box.type)) empty(bytes, box)
  }
}

function empty(bytes: Buffer, { header, start, end }: Box): void {
  bytes.write('free', header + 4, 'latin1')
  bytes.fill(0, start, end)
}

function text(bytes: Buffer, { start, end }: Box, at: number): string {
  return start + at + 4 <= end ? bytes.toString('latin1', start + at, start + at + 4) : ''
}
