/** What stands where the name of an erased person was. */
export const nobodyNow = 'Someone who left'
/** What stands where their words were. */
export const erasedWords = '(erased)'

/**
 * A text of a group's history without this name. A longer name of somebody else that contains it stays; what the person
 * was quoted with, in a sentence that begins with the name, goes too.
 */
export function withoutName(text: string, name: string, others: readonly string[]): string {
  const names = [...new Set([name, ...others])].toSorted((a, b) => b.length - a.length)
  const all = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${names.map(escaped).join('|')})(?![\p{L}\p{N}])`, 'gu')
  const [first] = text.match(all) ?? []
  const own = first === name && text.startsWith(name)
  const renamed = text.replaceAll(all, (found) => (found === name ? nobodyNow : found))
  return own ? renamed.replaceAll(/“[^”]*”/g, `“${erasedWords}”`) : renamed
}

/** The same in every text of something that was stored as JSON. */
export function everywhereWithoutName(content: unknown, name: string, others: readonly string[]): unknown {
  if (typeof content === 'string') return withoutName(content, name, others)
  if (Array.isArray(content)) return content.map((each) => everywhereWithoutName(each, name, others))
  if (typeof content !== 'object' || content === null) return content
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [key, everywhereWithoutName(value, name, others)]),
  )
}

function escaped(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
