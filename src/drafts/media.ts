/** A picture without its bytes. */
export interface MediaView {
  readonly id: string
  readonly sha256: string
  readonly mime: string
  readonly width: number
  readonly height: number
  readonly size: number
  readonly uploadedBy: string
}

/** What a page has to know of a picture to lay it out, in pixels. */
export interface KnownPicture {
  readonly id: string
  readonly width: number
  readonly height: number
}
