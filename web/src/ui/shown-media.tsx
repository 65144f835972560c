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
    // Its words are part of what is approved with it: what is heard has to be in the description.
    <video src={url} controls playsInline preload="metadata" aria-label={t('film.label', { alt })} {...size} />
  ) : (
    <img src={url} alt={alt} loading="lazy" {...size} />
  )
}
