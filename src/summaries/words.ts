import { firstWords } from '../drafts/content.js'

/** The first words of a post; a character cut in two is left out, since JSON in the database holds no halves. */
export function opening(text: string, limit: number): string {
  return firstWords(text, limit).replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, '')
}

/** "1 post", "9 posts"; a plural that is not made with an s is given. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** "Ana", "Ana and Ben", "Ana, Ben and Cleo". */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** A number as people say it: whole from ten on, else with one digit after the point. */
export function figure(value: number): string {
  return String(value >= 9.95 ? Math.round(value) : Math.round(value * 10) / 10)
}

/** "35 minutes", "6 hours", "3 days": the largest unit of which there are at least two. */
export function duration(minutes: number): string {
  if (minutes < 120) return count(Math.max(1, Math.round(minutes)), 'minute')
  return minutes < 2880 ? count(Math.round(minutes / 60), 'hour') : count(Math.round(minutes / 1440), 'day')
}

export function capital(text: string): string {
  return `${text.charAt(0).toLocaleUpperCase('en-GB')}${text.slice(1)}`
}

/** At most `limit` characters, with an ellipsis where something was cut. */
export function short(text: string, limit: number): string {
  const characters = Array.from(text)
  return characters.length <= limit
    ? text
    : `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
}
