export interface Part {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** What changed from one text to another, word by word, spaces included. */
export function wordDifference(before: string, after: string): Part[] {
  const old = before.split(/(\s+)/).filter((word) => word !== '')
  const fresh = after.split(/(\s+)/).filter((word) => word !== '')
  // lengths[i][j]: the longest common run of words from old[i] and fresh[j] on.
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1))
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = old.length - 1; i >= 0; i--) {
    const row = lengths[i]
    for (let j = fresh.length - 1; row && j >= 0; j--) {
      row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const parts: Part[] = []
  const add = (kind: Part['kind'], text: string) => {
    const last = parts.at(-1)
    if (last?.kind === kind) last.text += text
    else parts.push({ kind, text })
  }
  let i = 0
  let j = 0
  while (i < old.length || j < fresh.length) {
    const removed = old[i]
    const added = fresh[j]
    if (removed !== undefined && removed === added) {
      add('same', removed)
      i++
      j++
    } else if (removed !== undefined && (added === undefined || at(i + 1, j) >= at(i, j + 1))) {
      add('removed', removed)
      i++
    } else if (added !== undefined) {
      add('added', added)
      j++
    }
  }
  return parts
}
