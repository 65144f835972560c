import { createRequire } from 'node:module'

import { Resvg } from '@resvg/resvg-js'

const { resolve } = createRequire(import.meta.url)

/** Bundled, so that a mail looks the same whatever fonts the server has. */
const fontFiles = [resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')]

/** An SVG as PNG, `width` device pixels wide. Nothing is loaded from outside. */
export function chartImage(svg: string, width: number): Buffer {
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
    logLevel: 'off',
  })
  return drawing.render().asPng()
}
