import { changesInWords } from '../drafts/difference-words.js'
import { differ } from '../drafts/word-difference.js'
import type { MailPart } from '../mail/mail-layout.js'
import type { Remark } from './remark.js'

/** What somebody is told about a post's conversation. */
export interface ConversationNews {
  readonly groupName: string
  readonly firstWords: string
  readonly news: readonly Remark[]
  /** "the text for all channels", by the suggestion's id. */
  readonly places: ReadonlyMap<string, string>
}

/** One mail with all that was said since the last one. */
export function conversationMail(
  { groupName, firstWords, news, places }: ConversationNews,
  links: { readonly post: string; readonly stop: string },
): { subject: string; parts: MailPart[] } {
  const names = [...new Set(news.map((each) => each.name))]
  const who = names.length > 2 ? `${names[0]!} and others` : names.join(' and ')
  const suggesting = news.every((each) => each.kind === 'suggestion')
  return {
    subject: oneLine(
      `${groupName}: ${who} ${suggesting ? `${names.length > 1 ? 'suggest' : 'suggests'} other words` : 'wrote about a post'}`,
    ),
    parts: [
      { kind: 'text', text: 'About this post:' },
      { kind: 'quote', text: firstWords || 'A post without words' },
      ...news.flatMap((each) => remarkParts(each, places)),
      { kind: 'button', label: 'Open the conversation', href: links.post },
      {
        kind: 'small',
        text: 'Nothing that is said here changes what was approved. Answers to this mail reach nobody: please answer on the page.',
      },
      { kind: 'links', items: [{ text: 'Stop mails about this post’s conversation', href: links.stop }] },
    ],
  }
}

function remarkParts(remark: Remark, places: ReadonlyMap<string, string>): MailPart[] {
  const on = remark.version === null ? '' : ` on version ${remark.version}`
  if (remark.kind === 'comment')
    return [
      { kind: 'text', text: `${remark.name} wrote${on}:` },
      { kind: 'quote', text: remark.text },
    ]
  return [
    { kind: 'text', text: `${remark.name} suggests other words${on}, for ${places.get(remark.id) ?? 'the post'}:` },
    { kind: 'list', items: changesInWords(differ(remark.before, remark.words)) },
    ...(remark.note === '' ? [] : [{ kind: 'quote' as const, text: remark.note }]),
  ]
}

/** A subject is one line; what people are called must not be able to add another. */
function oneLine(words: string): string {
  return words.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}
