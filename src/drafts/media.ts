/** A picture or a film without its bytes. */
export interface MediaView {
  readonly id: string
  readonly sha256: string
  readonly mime: string
  readonly width: number
  readonly height: number
  readonly size: number
  readonly uploadedBy: string
  /** How long a film lasts; null for a picture. */
  readonly seconds: number | null
  /** The same picture as JPEG, where it is a still one of another kind: some networks take nothing else. */
  readonly asJpeg: Pick<MediaView, 'sha256' | 'mime' | 'size'> | null
}

/** What a network will be sent of a picture: itself where the network takes its kind, else the JPEG of it. */
export function sentOf(media: MediaView, types: readonly string[]): Pick<MediaView, 'sha256' | 'mime' | 'size'> {
  const { asJpeg } = media
  return asJpeg && !types.includes(media.mime) && types.includes(asJpeg.mime) ? asJpeg : media
}

export function isFilm({ mime }: { readonly mime: string }): boolean {
  return mime === 'video/mp4'
}

/** What a page has to know of a picture or film to lay it out, in pixels. */
export interface KnownPicture {
  readonly id: string
  readonly film: boolean
  readonly width: number
  readonly height: number
}
