const longest = 48

/**
 * The group's name as it stands in addresses: `[a-z0-9-]`, at most 48 characters, starting and ending with a letter
 * or digit. A name without any Latin letter or digit becomes "group".
 */
export function slugOf(name: string): string {
  const plain = name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain.slice(0, longest).replace(/-+$/, '') || 'group'
}

/** The slug, or the first of slug-2, slug-3, ... that nobody has. */
export function freeSlug(slug: string, taken: readonly string[]): string {
  if (!taken.includes(slug)) return slug
  for (let number = 2; ; number += 1) {
    const candidate = `${slug}-${number}`
    if (!taken.includes(candidate)) return candidate
  }
}
