import sharp from 'sharp'

/** An SVG text as PNG bytes. */
export function drawPicture(svg: string): Promise<Buffer> {
  return sharp(Buffer.from(svg)).png().toBuffer()
}
