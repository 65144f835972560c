import { escapeHtml } from '../../kernel/escape-html.js'

/** Markup that is safe to send: everything put into it by `safe` was escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | null | false | Html | readonly Html[]

/**
 * A template in which every text is escaped; null and false leave nothing. Not called `html`, which formatters lay out
 * afresh: white space counts in posts and text boxes.
 */
export function safe(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.map((part, index) => part + (index < values.length ? markup(values[index]!) : '')).join(''))
}

function markup(value: Value): string {
  if (value === null || value === false) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map((item) => item.text).join('')
  return escapeHtml(String(value))
}
