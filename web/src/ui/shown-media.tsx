import { t } from '../language/i18n.js'

/** A picture, or a film that can be played; the description is said with both. */
export function ShownMedia({
  media: { url, film },
  alt,
  ...size
}: {
  media: { url: string; film: boolean }
  alt: string
  width?: number
  height?: number
}) {
  return film ? (
    // Its captions, if there are any, are in its pictures: nobody uploads others. What is heard belongs into `alt`.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    <video src={url} controls playsInline preload="metadata" aria-label={t('film.label', { alt })} {...size} />
  ) : (
    <img src={url} alt={alt} loading="lazy" {...size} />
  )
}
