import sharp, { type Sharp } from 'sharp'

import { DomainError } from '../kernel/domain-error.js'

/** A picture made anew from its pixels: nothing of the file that was sent survives, location data least of all. */
export interface CleanPicture {
  readonly bytes: Buffer
  readonly mime: string
  readonly width: number
  readonly height: number
}

/** The smallest limit of the networks that we speak to (Bluesky's lexicon, 2,000,000 bytes), with a margin. */
const maximumBytes = 1_950_000
const maximumSide = 2048
const maximumPixels = 60_000_000
const mimes: Record<string, string> = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' }

/**
 * Re-encodes an uploaded picture: turned upright, at most 2,048 pixels a side and 1.95 MB, no metadata.
 * @throws DomainError when it is no JPEG, PNG, WebP or GIF, or too large
 */
export async function cleanPicture(file: Buffer): Promise<CleanPicture> {
  const kind = await kindOf(file)
  const animated = kind === 'gif' || kind === 'webp'
  const upright = () =>
    sharp(file, { limitInputPixels: maximumPixels, animated, failOn: 'error' })
      .rotate()
      .resize({ width: maximumSide, height: maximumSide, fit: 'inside', withoutEnlargement: true })
  try {
    for (const pipeline of pipelines(kind, upright)) {
      const { data, info } = await pipeline.toBuffer({ resolveWithObject: true })
      if (data.length <= maximumBytes) {
        const frame = info.pageHeight ?? info.height
        return { bytes: data, mime: mimes[info.format] ?? 'image/jpeg', width: info.width, height: frame }
      }
    }
  } catch (cause) {
    const tooLarge = cause instanceof Error && cause.message.includes('pixel limit')
    throw new DomainError(
      'picture-unreadable',
      tooLarge
        ? 'This picture has more than 60 million pixels. Make it smaller and try again.'
        : 'This picture could not be read; the file may be damaged. Save it again as JPEG or PNG and try once more.',
    )
  }
  throw new DomainError(
    'picture-too-large',
    'This picture stays over 2 MB even when it is made smaller. Use fewer frames, or a still picture.',
  )
}

/** A still picture of another kind as JPEG, for networks that take nothing else; null for a JPEG, and for a moving one. */
export async function jpegOf({ bytes, mime }: CleanPicture): Promise<CleanPicture | null> {
  if (mime === 'image/jpeg') return null
  const { pages = 1 } = await sharp(bytes).metadata()
  if (pages > 1) return null
  for (const quality of [90, 80, 65, 45]) {
    const still = sharp(bytes).flatten({ background: '#ffffff' }).jpeg({ quality, mozjpeg: true })
    const { data, info } = await still.toBuffer({ resolveWithObject: true })
    if (data.length <= maximumBytes) return { bytes: data, mime: 'image/jpeg', width: info.width, height: info.height }
  }
  return null
}

async function kindOf(file: Buffer): Promise<string> {
  if (file.length === 0) throw new DomainError('picture-empty', 'This file is empty. Choose another one.')
  const format = await sharp(file, { limitInputPixels: maximumPixels })
    .metadata()
    .then((about) => about.format)
    .catch(() => undefined)
  if (format !== undefined && format in mimes) return format
  throw new DomainError(
    'picture-kind',
    `${format ? `This is a ${format.toUpperCase()} file` : 'This file is no picture that we can read'}. Use a JPEG, PNG, WebP or GIF picture, or an MP4 film.`,
  )
}

function* pipelines(kind: string, upright: () => Sharp): Generator<Sharp> {
  if (kind === 'gif') {
    yield upright().gif()
    yield upright().resize({ width: 720, withoutEnlargement: true }).gif({ effort: 8 })
    return
  }
  if (kind === 'png') {
    yield upright().png({ compressionLevel: 9 })
    yield upright().png({ palette: true, quality: 90 })
  }
  if (kind === 'webp') {
    yield upright().webp({ quality: 85 })
    yield upright().webp({ quality: 65 })
  }
  for (const quality of [85, 75, 60, 45])
    yield upright().flatten({ background: '#ffffff' }).jpeg({ quality, mozjpeg: true })
}

/** A preview of a picture, at most 640 pixels wide and as many bytes as given; the smallest step if none fits. */
export async function smallPicture(bytes: Buffer, limit: number): Promise<{ bytes: Buffer; mime: string }> {
  let smallest: Buffer | null = null
  for (const [width, quality] of [
    [640, 60],
    [480, 50],
    [360, 40],
    [240, 30],
    [160, 25],
    [96, 20],
  ] as const) {
    smallest = await sharp(bytes).resize({ width, withoutEnlargement: true }).webp({ quality }).toBuffer()
    if (smallest.length <= limit) break
  }
  return { bytes: smallest ?? bytes, mime: 'image/webp' }
}
