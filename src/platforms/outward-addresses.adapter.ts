import { BlockList, isIPv6 } from 'node:net'

/** Ranges that are not the public internet. Source: IANA special-purpose address registries (RFC 6890 and after). */
const NOT_PUBLIC: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['::', 128],
  ['::1', 128],
  // Ranges that carry an IPv4 address inside: NAT64, 6to4, Teredo. None is needed to reach a public server.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 23],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fec0::', 10],
]

/** Never a social network, whatever the operator allows: link-local (cloud metadata lives there), multicast, reserved. */
const NEVER: readonly (readonly [string, number])[] = [
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['fe80::', 10],
  ['ff00::', 8],
  // Metadata over IPv6 at Amazon.
  ['fd00:ec2::', 32],
]

/** An IPv4 rule also meets its IPv4-mapped IPv6 form (`::ffff:10.0.0.1`); node:net does that. */
function listOf(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [address, bits] of ranges) list.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4')
  return list
}

const notPublic = listOf(NOT_PUBLIC)
const never = listOf(NEVER)

/**
 * Whether the product may open a connection to this IP address.
 * @param trusted the operator allowed private addresses for this host
 */
export function mayConnectTo(address: string, trusted: boolean): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (never.check(address, family)) return false
  return trusted || !notPublic.check(address, family)
}
