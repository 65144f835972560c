/** One thing that happened, by ids only. `kind` is a past tense in kebab-case, such as `verdict-given`. */
export interface AuditEvent {
  readonly kind: string
  readonly [key: string]: string | number | boolean | null | readonly string[]
}
