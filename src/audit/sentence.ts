import type { AuditEvent } from './audit-event.js'
import { type AuditKind, type AuditTopic, kinds } from './kinds.js'

/** What an entry says, read from its payload; a kind of a later or an earlier version is not known. */
export type ReadEvent = Omit<AuditEvent, 'kind'> & { readonly kind: string }

/** Words for values that are not words of people's. */
const words: Readonly<Record<string, string>> = {
  approve: 'approved',
  changes: 'asked for changes',
  stop: 'stopped it',
  true: 'yes',
  false: 'no',
  retry: 'it is tried again',
  limited: 'the network asked to wait',
  rejected: 'the network refused it',
  unauthorized: 'the account has to be connected again',
  unknown: 'nobody knows yet',
  'cannot-tell': 'that cannot be told',
  repost: 'a repost; what it passed on stays',
}

/** @throws Error when the payload is no event, which only a broken log has */
export function readEvent(payload: string): ReadEvent {
  const event = JSON.parse(payload) as ReadEvent
  if (typeof event?.kind !== 'string') throw new Error('A payload without a kind')
  return event
}

export function topicOf(kind: string): AuditTopic | null {
  return isKind(kind) ? kinds[kind].about : null
}

export function kindsAbout(topic: string): AuditKind[] {
  return (Object.keys(kinds) as AuditKind[]).filter((kind) => kinds[kind].about === topic)
}

/**
 * An entry in words. `{field}` is what the entry has there, a name for an id where `nameOf` knows one; `{field|words}`
 * has the words where the entry has nothing; what is in `[…]` is said only when the entry has every field in it.
 */
export function sentenceOf(event: ReadEvent, nameOf: (id: string) => string | null): string {
  if (!isKind(event.kind)) return `Something of the kind “${event.kind}”, which this version does not know.`
  const said = (field: string): string | null => {
    const value = event[field]
    if (value === undefined || value === null || value === '') return null
    const parts = typeof value === 'object' ? value : [String(value)]
    return parts.map((part) => nameOf(part) ?? words[part] ?? part).join(', ') || null
  }
  return kinds[event.kind].says
    .replace(/\[([^\]]*)\]/g, (_all, part: string) =>
      [...part.matchAll(/\{([^}|]+)\}/g)].every(([, field]) => said(field!) !== null) ? part : '',
    )
    .replace(/\{([^}|]+)(?:\|([^}]*))?\}/g, (_all, field: string, otherwise: string | undefined, at: number) => {
      return said(field) ?? otherwise ?? (at === 0 ? 'Somebody' : 'somebody')
    })
}

function isKind(kind: string): kind is AuditKind {
  return Object.hasOwn(kinds, kind)
}
