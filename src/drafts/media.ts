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
