/** The words of a command are wrong; the message says which. */
export class UsageError extends Error {}

/** What was given on the command line, by the names of the options. */
export type Given = Record<string, string | undefined>

/** @throws UsageError when the option was not given */
export function needed(given: Given, option: string): string {
  const value = given[option]?.trim()
  if (!value) throw new UsageError(`--${option} is missing.`)
  return value
}
