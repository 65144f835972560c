import type { Network, PlatformRules } from './platform.js'

/** Hosts whose posts are known by their address; a server that speaks Mastodon's API may be anywhere else. */
const hosts: readonly (readonly [Network, RegExp])[] = [
  ['bluesky', /(^|\.)bsky\.app$/],
  ['x', /(^|\.)(x|twitter)\.com$/],
  ['threads', /(^|\.)threads\.(net|com)$/],
  ['facebook', /(^|\.)(facebook\.com|fb\.watch|fb\.com)$/],
  ['instagram', /(^|\.)instagram\.com$/],
  ['linkedin', /(^|\.)linkedin\.com$/],
  ['telegram', /(^|\.)t\.me$/],
]

const names: Partial<Record<Network, string>> = {
  bluesky: 'Bluesky',
  x: 'X',
  threads: 'Threads',
  facebook: 'Facebook',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  telegram: 'Telegram',
}

/** The network that an address of a post belongs to; null where the address does not tell. */
export function networkOfAddress(address: string): Network | null {
  if (address.startsWith('at://')) return 'bluesky'
  if (!URL.canParse(address)) return null
  const { hostname } = new URL(address)
  return hosts.find(([, host]) => host.test(hostname))?.[0] ?? null
}

/** Why a network cannot answer the post at an address, as a sentence; null when it is worth looking for it there. */
export function whyNotAnswered(
  { network, capabilities: { name, ...can } }: PlatformRules,
  address: string,
): string | null {
  const leaveOut = `Leave it out for ${name}.`
  if (!can.answers) return `${name} lets nobody answer other people’s posts from here. ${leaveOut}`
  if (!can.lookUp)
    return `Posts on ${name} cannot be looked up by their address, so none can be answered from here. ${leaveOut}`
  const of = networkOfAddress(address)
  if (of === null || of === network) return null
  return `This is a post on ${names[of] ?? of}, which cannot be answered from ${name}. ${leaveOut}`
}
