/** A stretch of text that stayed, went or came. */
export interface Stretch {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Above this many word pairs the middle is shown as replaced: about a thousand words against a thousand. */
const mostPairs = 4_000_000

/**
 * The difference of two texts by words. `same` and `removed` joined give `before`,
 * `same` and `added` joined give `after`; a replaced stretch is removed first, then added.
 */
export function differ(before: string, after: string): Stretch[] {
  const old = words(before)
  const fresh = words(after)
  const head = sharedStart(old, fresh)
  const tail = sharedStart(old.slice(head).reverse(), fresh.slice(head).reverse())
  const oldMiddle = old.slice(head, old.length - tail)
  const freshMiddle = fresh.slice(head, fresh.length - tail)
  return readable([
    ...stretch('same', old.slice(0, head)),
    ...(oldMiddle.length * freshMiddle.length > mostPairs
      ? [...stretch('removed', oldMiddle), ...stretch('added', freshMiddle)]
      : byLongestCommon(oldMiddle, freshMiddle)),
    ...stretch('same', old.slice(old.length - tail)),
  ])
}

/**
 * The same difference in at most `most` changes, for where room is short: what stayed between two changes near each
 * other is told as a part of both. Nothing of either text is lost.
 */
export function condense(stretches: readonly Stretch[], most: number): readonly Stretch[] {
  let result = stretches
  for (let gap = 8; changesIn(result) > most; gap *= 2) {
    result = readable(
      result.flatMap((each, index): Stretch[] =>
        each.kind === 'same' && index > 0 && index < result.length - 1 && each.text.length < gap
          ? [
              { kind: 'removed', text: each.text },
              { kind: 'added', text: each.text },
            ]
          : [each],
      ),
    )
  }
  return result
}

function changesIn(stretches: readonly Stretch[]): number {
  return stretches.filter((each, index) => each.kind !== 'same' && stretches[index - 1]?.kind !== 'removed').length
}

/** Words and the white space between them, so that nothing of the text is lost. */
function words(text: string): string[] {
  return text.match(/\s+|\S+/gu) ?? []
}

function sharedStart(left: readonly string[], right: readonly string[]): number {
  let length = 0
  while (length < left.length && length < right.length && left[length] === right[length]) length += 1
  return length
}

function stretch(kind: Stretch['kind'], parts: readonly string[]): Stretch[] {
  return parts.length === 0 ? [] : [{ kind, text: parts.join('') }]
}

/** Longest common subsequence; `lengths` holds that of every pair of endings. */
function byLongestCommon(old: readonly string[], fresh: readonly string[]): Stretch[] {
  const width = fresh.length + 1
  const lengths = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        old[i] === fresh[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
    }
  }
  const found: Stretch[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      found.push({ kind: 'same', text: old[i]! })
      i += 1
      j += 1
    } else if (j === fresh.length || (i < old.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) {
      found.push({ kind: 'removed', text: old[i]! })
      i += 1
    } else {
      found.push({ kind: 'added', text: fresh[j]! })
      j += 1
    }
  }
  return found
}

/** Whole phrases instead of single words: white space between two changes belongs to both of them. */
function readable(found: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = []
  let removed = ''
  let added = ''
  const close = () => {
    if (removed !== '') result.push({ kind: 'removed', text: removed })
    if (added !== '') result.push({ kind: 'added', text: added })
    removed = added = ''
  }
  found.forEach(({ kind, text }, index) => {
    const next = found[index + 1]
    const inside = text.trim() === '' && removed + added !== '' && next !== undefined && next.kind !== 'same'
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else if (inside) {
      removed += text
      added += text
    } else {
      close()
      const last = result.at(-1)
      if (last?.kind === 'same') result[result.length - 1] = { kind, text: last.text + text }
      else result.push({ kind, text })
    }
  })
  close()
  return result
}
