import { createHash } from 'node:crypto'

/** Where networks send the browser back to, below the installation's own address. */
export const backPath = '/connect/back'

/** For so long somebody may take at the network. */
export const consentMinutes = 15

/**
 * What goes to the network and comes back: the group, so that the page that is come back to knows whom to ask, and a
 * secret of 256 bits, of which only the hash is kept.
 */
export function stateFor(groupId: string, token: string): string {
  return `${groupId}.${token}`
}

/** The S256 challenge of a verifier (RFC 7636, section 4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url')
}

/**
 * Whether a person's browser may be sent to this address of a network: https, or a server that the operator named as
 * one of their own.
 */
export function maySendTo(address: string, privateHosts: readonly string[]): boolean {
  const url = URL.parse(address)
  if (url === null || url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && privateHosts.includes(url.hostname))
}

/** What came back with the browser. */
export interface CameBack {
  readonly code?: string | undefined
  /** RFC 6749, section 4.1.2.1: `access_denied` and others. */
  readonly error?: string | undefined
  readonly errorDescription?: string | undefined
}

/**
 * Why nothing can come of what came back, as a sentence with the way out; null when there is a code to trade.
 * X sends `access_denied`, LinkedIn also `user_cancelled_login` and `user_cancelled_authorize`
 * (learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow).
 */
export function whyNotAgreed({ code, error, errorDescription }: CameBack, network: string): string | null {
  if (error !== undefined && /^(access_denied|user_cancelled_\w+|user_denied)$/.test(error)) {
    return `You did not agree at ${network}, so nothing was connected. To connect it, try again and agree there.`
  }
  if (error !== undefined) {
    // The network's own words, shortened: whoever made the address could have written anything.
    const words = (errorDescription ?? '').replace(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, '').slice(0, 200)
    const said = `${error.replace(/[^\w-]/g, '').slice(0, 60)}${words === '' ? '' : `: ${words}`}`
    return `${network} sent you back without agreeing (${said}). Compare the app’s id, its redirect address and its permissions at ${network} with the steps, then try again.`
  }
  if (code === undefined || code === '') {
    return `${network} sent you back without a code, so nothing was connected. Try again.`
  }
  return null
}

/**
 * What a person typed, and where a field was left empty, what the channel has under that name: so that connecting again
 * needs no app secret again. A secret is kept only for the place that it was typed for: as soon as anything that is no
 * secret (a server, an app's id) is another, it has to be typed anew.
 */
export function withKept(
  fields: readonly { readonly name: string; readonly secret: boolean }[],
  typed: Readonly<Record<string, unknown>>,
  kept: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const isEmpty = (name: string) => typeof typed[name] !== 'string' || typed[name].trim() === ''
  const same = fields.every(
    ({ name, secret }) => secret || isEmpty(name) || kept[name] === undefined || kept[name] === typed[name],
  )
  if (!same) return typed
  const found = fields.flatMap(({ name }) => (isEmpty(name) && kept[name] !== undefined ? [[name, kept[name]]] : []))
  return { ...typed, ...(Object.fromEntries(found) as Record<string, string>) }
}
