/** The cookies of a request by name (RFC 6265); the first of two with one name counts. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const part of (header ?? '').split(';')) {
    const cut = part.indexOf('=')
    if (cut < 0) continue
    const name = part.slice(0, cut).trim()
    if (!cookies.has(name)) cookies.set(name, part.slice(cut + 1).trim())
  }
  return cookies
}
