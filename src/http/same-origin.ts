/** What a request says about where it was made. */
export interface RequestOrigin {
  readonly method: string
  readonly path: string
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly marker: string | undefined
}

/**
 * Why an unsafe request is refused as forged, or null if it is fine.
 * The API wants a header that no form can send; pages with forms want the browser's own word for the origin.
 */
export function forgeryProblem(request: RequestOrigin, publicOrigin: string, host: string | undefined): string | null {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return null
  // Our pages send no referrer, and then a browser's forms say "null" for their origin; Sec-Fetch-Site still tells.
  const hidden = request.origin === 'null' && request.fetchSite === 'same-origin'
  const sameOrigin =
    request.origin === undefined || hidden || request.origin === publicOrigin || isHost(request.origin, host)
  if (request.fetchSite === 'cross-site' || !sameOrigin) {
    return 'This request came from another site, so it was not carried out.'
  }
  if (request.path.startsWith('/api/') && request.marker === undefined) {
    return 'The header "X-Seconder: 1" is missing. It shows that the request was made on purpose.'
  }
  return null
}

function isHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}
