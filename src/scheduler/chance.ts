/**
 * A number from a text, evenly spread and the same for ever: 32 bits of FNV-1a, stirred once more
 * (the last step of MurmurHash3), because FNV alone hardly changes its high bits for a changed last letter.
 */
export function chance(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return stir(hash)
}

/** Another number from a number: `stir(chance(text) + n)` for each `n` is as good as a number of its own. */
export function stir(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
