import type { PublishKey } from '../../../src/platforms/platform.js'
import { newKey } from '../contract.js'

/** A key that one attempt after another has, so that its memo can be replaced. */
export function lastingKey(others: readonly string[] = []): PublishKey {
  const { publicationId, key, createdAt } = newKey()
  let memo: string | null = null
  return {
    publicationId,
    key,
    createdAt,
    others: () => Promise.resolve(others),
    get memo() {
      return memo
    },
    keep: (kept) => {
      memo = kept
      return Promise.resolve()
    },
  }
}
