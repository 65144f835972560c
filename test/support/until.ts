import { setTimeout as pause } from 'node:timers/promises'

/** Looks again and again until `look` gives something, for processes that nobody can be told about. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = 60_000,
): Promise<NonNullable<T>> {
  for (const start = performance.now(); ; await pause(10)) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() - start > milliseconds) throw new Error(`waited ${milliseconds} ms in vain: ${what}`)
  }
}
