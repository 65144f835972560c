import type { Request, Response } from 'express'

/** Answers with bytes, or with the range of them that was asked for: players of films ask for ranges (RFC 9110, 14). */
export function sendBytes(request: Request, response: Response, media: { bytes: Buffer; mime: string }): void {
  const { bytes, mime } = media
  response.setHeader('Accept-Ranges', 'bytes')
  response.setHeader('Content-Disposition', 'inline')
  response.type(mime)
  const ranges = request.range(bytes.length)
  if (ranges === -1) {
    response.status(416).setHeader('Content-Range', `bytes */${bytes.length}`).end()
    return
  }
  const [range] = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges : []
  if (!range) {
    response.send(bytes)
    return
  }
  response.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${bytes.length}`)
  response.send(bytes.subarray(range.start, range.end + 1))
}
