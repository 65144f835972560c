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
  // Browsers inside older apps leave that out too: the forms of review pages show by themselves whom they were made for.
  const told = request.fetchSite === 'same-origin' || (request.fetchSite === undefined && isReviewForm(request.path))
  const hidden = request.origin === 'null' && told
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

/**
 * Why a request for this host is refused, or null. Outside production nothing but its address protects an installation
 * (anybody may enter the demonstration and read the mailbox), and a page of somebody else's can give its own name our
 * address (DNS rebinding). Numbers and localhost cannot be given away like that.
 */
export function hostProblem(host: string | undefined, publicOrigin: string): string | null {
  const url = URL.parse(`http://${host ?? ''}`)
  if (url === null) return 'The request does not say which host it is for.'
  const { hostname: name } = url
  const isNumber = name.startsWith('[') || /^\d+(\.\d+){3}$/.test(name)
  if (isNumber || /(^|\.)localhost$/.test(name) || name === new URL(publicOrigin).hostname) return null
  return `This installation does not know itself as ${name}. If that is right, set PUBLIC_ORIGIN to the address that people open.`
}

/** Every form there carries a secret of its own, made for one visitor. */
function isReviewForm(path: string): boolean {
  return path.startsWith('/review/')
}

function isHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}
