import type { FoundPost } from '../platforms/platform.js'
import type { TargetManner, TargetUse } from '../platforms/target-rules.js'

/** Somebody else's post that ours answers or passes on, as it was when the version was sealed. */
export interface ApprovedTarget {
  readonly remoteId: string
  /** Where its conversation begins. */
  readonly root: string
  /** The address of its page. */
  readonly address: string
  readonly author: { readonly handle: string; readonly name: string }
  /** Its words, cut where they are long. */
  readonly text: string
  /** Of all that it says: once the network tells another one, it says something else than what reviewers saw. */
  readonly version: string
}

/** So much of somebody's words is kept: enough to see what is answered or passed on. */
const mostLetters = 1000
const mostOfName = 100

/** Marks that turn the direction of all that follows, and characters that nobody can see or store. */
const unseen = /[\u202A-\u202E\u2066-\u2069]|(?!\n)\p{Cc}/gu

/** Somebody else's words as they are sealed and shown: plain, of bounded length, and unable to disturb what is beside them. */
export function targetOf({ remoteId, root, url, author, text, version }: FoundPost): ApprovedTarget {
  return {
    remoteId,
    root,
    address: line(url, 2000),
    author: { handle: line(author.handle, mostOfName), name: line(author.name, mostOfName) },
    text: cut(plain(text).trim(), mostLetters),
    version,
  }
}

/** "Ana Lee (@ana.example)". */
export function authorWords({ author: { handle, name } }: Pick<ApprovedTarget, 'author'>): string {
  const at = `@${handle.replace(/^@/, '')}`
  return name === '' ? at : `${name} (${at})`
}

/** Its words, or that it has none. */
export function targetWords({ text }: Pick<ApprovedTarget, 'text'>): string {
  return text === '' ? 'It has no words, only a picture, a film or a link.' : text
}

/** How sentences about somebody's post begin. */
export const whatIsDone: Readonly<Record<TargetUse, string>> = {
  answer: 'What it answers',
  repost: 'What it passes on',
}

const doings: Readonly<Record<TargetManner, string>> = {
  answer: 'answers',
  quote: 'quotes',
  repost: 'passes on, without words of our own,',
}

/** All of it in one line, with what is done with it, for comparing versions. */
export function targetLine(target: ApprovedTarget, manner: TargetManner): string {
  return `${doings[manner]} ${authorWords(target)}: ${targetWords(target)} (${target.address})`
}

/** What reviewers are told that a post does with somebody's: before and after the author's name, then come the words. */
export const mannerWords: Readonly<Record<TargetManner, { readonly before: string; readonly after: string }>> = {
  answer: { before: 'This answers', after: ', who wrote:' },
  quote: { before: 'You would pass on, with words of our own above it, what', after: ' wrote:' },
  repost: { before: 'You would pass on, without words of our own, what', after: ' wrote:' },
}

/** What goes along when somebody's post is passed on; null for an answer. */
export function alongWords(manner: TargetManner): string | null {
  return manner === 'answer'
    ? null
    : 'All of their post goes along, its pictures, films and links too. Look at it there before you agree.'
}

/** Whether what the network shows now is what was approved. */
export function saysTheSame(target: ApprovedTarget, now: FoundPost): boolean {
  return target.remoteId === now.remoteId.normalize('NFC') && target.version === now.version.normalize('NFC')
}

function plain(words: string): string {
  return words.toWellFormed().replace(/\r\n?/g, '\n').replace(unseen, '').normalize('NFC')
}

function line(words: string, most: number): string {
  return cut(plain(words).replace(/\s+/g, ' ').trim(), most)
}

function cut(words: string, most: number): string {
  const letters = [...words]
  return letters.length <= most
    ? words
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}
