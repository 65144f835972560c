/** What kind of refusal this is; the HTTP edge turns it into a status code. */
export type Refusal = 'invalid' | 'forbidden' | 'not-found' | 'conflict' | 'gone' | 'too-many' | 'not-signed-in'

/**
 * A rule of the product said no. The message is a full sentence for the person who asked:
 * it names the value that was refused and the way out. `code` is stable and kebab-case.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly refusal: Refusal = 'invalid',
    readonly details: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = 'DomainError'
  }
}
