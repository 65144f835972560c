import type { CheckedPost, OutgoingPost } from './platform.js'

/** A post that is about to leave, as `check` looks at it. */
export function asChecked({ video, pictures, ...post }: OutgoingPost): CheckedPost {
  return {
    ...post,
    pictures: pictures.map(({ alt, mime, bytes, width, height }) => ({ alt, mime, size: bytes.length, width, height })),
    ...(video ? { video: { mime: video.mime, size: video.bytes.length, seconds: video.seconds, alt: video.alt } } : {}),
  }
}
