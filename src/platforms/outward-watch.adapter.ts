import { AsyncLocalStorage } from 'node:async_hooks'

/** One request as the door saw it. Neither paths nor headers are kept: they may hold secrets. */
export interface Seen {
  readonly host: string
  readonly ms: number
  /** `Date` of the answer, and when it came by `performance.now()`; null when none came. */
  readonly answered: { readonly date: string | null; readonly at: number } | null
  /** What was in the way, for people; null when an answer came. */
  readonly fault: string | null
}

const watching = new AsyncLocalStorage<Seen[]>()

/** What goes through the door while `work` is done, and on account of it. */
export async function watched<T>(work: () => Promise<T>): Promise<{ result: T; seen: readonly Seen[] }> {
  const seen: Seen[] = []
  const result = await watching.run(seen, work)
  return { result, seen }
}

export function see(request: Seen): void {
  watching.getStore()?.push(request)
}
