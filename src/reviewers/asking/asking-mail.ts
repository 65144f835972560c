import type { MailPart } from '../../mail/mail-layout.js'
import type { ReviewView } from '../page/review-view.js'
import { bodyParts, oneLine, requestMail, shortTime, type WrittenMail } from './review-mail.js'
import type { MailContent } from './review-settings.js'

/** Why a reviewer gets a link. */
export type WhyAsked =
  | { readonly kind: 'asked' }
  | { readonly kind: 'passed-on'; readonly by: string }
  /** Nobody who was asked before has answered. */
  | { readonly kind: 'escalated' }
  | { readonly kind: 'reminded' }

/** One request in a mail, with its own link. */
export interface AskingLetter {
  readonly view: ReviewView
  readonly link: string
  readonly why: WhyAsked
}

/** Asks or reminds a reviewer of one post, or of several in one mail. */
export function askingMail(letters: readonly AskingLetter[], content: MailContent): WrittenMail {
  const [first, second] = letters
  if (!first) throw new Error('a mail asks for something')
  if (!second) return oneAsked(first, content)
  const reminder = letters.every(({ why }) => why.kind === 'reminded')
  const { groupName, reviewerName } = first.view
  return {
    subject: oneLine(
      `${groupName}: ${reminder ? `${letters.length} posts still wait for you` : `please check ${letters.length} posts`}`,
    ),
    parts: [
      text(
        reminder
          ? `${reviewerName}, these ${letters.length} posts still wait for somebody to check them. Each has a new link, and the older ones have ended.`
          : `${reviewerName}, you are asked to look at ${letters.length} posts before anybody else sees them. Each has its own link and is decided on its own.`,
      ),
      ...letters.flatMap((letter, index): MailPart[] => [
        { kind: 'heading', text: `${index + 1}. ${titleOf(letter.view)}` },
        text(`${openingOf(letter)} ${timeSentence(letter.view)}`),
        ...(content === 'full' && reminder ? bodyParts(letter.view, 'teaser') : bodyParts(letter.view, content)),
        { kind: 'button', label: `Look at post ${index + 1} and decide`, href: letter.link },
      ]),
      ...closing(first.view),
    ],
  }
}

function oneAsked(letter: AskingLetter, content: MailContent): WrittenMail {
  const { view, link, why } = letter
  if (why.kind === 'asked') return requestMail(view, link, null, content)
  if (why.kind === 'passed-on') return requestMail(view, link, why.by, content)
  const time = view.channels.map((channel) => shortTime(channel.when)).find((each) => each !== null)
  const planned = time ? ` for ${time}` : ''
  const reminder = why.kind === 'reminded'
  return {
    subject: oneLine(
      `${view.groupName}: ${reminder ? `a post${planned} still waits for you` : `please check a post${planned}, nobody else has answered`} (version ${view.version})`,
    ),
    parts: [
      text(
        `${openingOf(letter)} ${reminder ? 'This mail has a new link; the one in the mail before has ended.' : ''}`.trim(),
      ),
      text(`${timeSentence(view)} ${view.needs}`),
      ...bodyParts(view, content === 'full' && reminder ? 'teaser' : content),
      { kind: 'button', label: 'Look and decide', href: link },
      ...closing(view),
    ],
  }
}

/** Tells the author that there is nobody left to ask. */
export function nobodyLeftMail(
  post: { groupName: string; firstWords: string | null; deadline: string; asked: string; needs: string },
  link: string,
): WrittenMail {
  return {
    subject: oneLine(`${post.groupName}: nobody has checked your post yet, and nobody is left to ask`),
    parts: [
      text(`${post.asked} did not answer so far, and everybody else in the group worked on the post or was asked.`),
      ...(post.firstWords === null ? [] : [{ kind: 'quote' as const, text: post.firstWords }]),
      text(
        `If nobody answers by ${post.deadline} it will not go out then. ${post.needs} Speak to one of them, or ask an admin for another reviewer.`,
      ),
      { kind: 'button', label: 'Open the post', href: link },
    ],
  }
}

/** Tells the author that a reviewer wants somebody else to look. */
export function passedOnMail(
  post: { groupName: string; reviewerName: string; firstWords: string | null; said: string },
  link: string,
): WrittenMail {
  return {
    subject: oneLine(`${post.groupName}: ${post.reviewerName} asked for somebody else to check your post`),
    parts: [
      text(`${post.reviewerName} would rather that somebody else checks this post. ${post.said}`),
      ...(post.firstWords === null ? [] : [{ kind: 'quote' as const, text: post.firstWords }]),
      { kind: 'button', label: 'Open the post', href: link },
    ],
  }
}

function titleOf(view: ReviewView): string {
  const time = view.channels.map((channel) => shortTime(channel.when)).find((each) => each !== null)
  return `A post by ${view.authorName}${time ? ` for ${time}` : ''} (version ${view.version})`
}

function openingOf({ view, why }: AskingLetter): string {
  switch (why.kind) {
    case 'asked':
      return `${view.authorName} asks you to look at version ${view.version}.`
    case 'passed-on':
      return `${why.by} thinks that somebody else should check this post by ${view.authorName}, and you are next.`
    case 'escalated':
      return `Nobody who was asked to check this post by ${view.authorName} has answered yet, so you, ${view.reviewerName}, are next.`
    case 'reminded':
      return `Version ${view.version} of this post by ${view.authorName} still waits for somebody to check it, ${view.reviewerName}.`
  }
}

function timeSentence(view: ReviewView): string {
  return view.deadline === null
    ? 'It goes out only once it has been approved.'
    : `If nobody answers by ${view.deadline} it will not go out.`
}

function closing(view: ReviewView): MailPart[] {
  return [
    {
      kind: 'small',
      text: `Opening a page decides nothing. The links are meant for you alone: passing this mail on does not pass on your vote.${
        view.strict ? ' To answer, you sign in or use a passkey: your group asks for that.' : ''
      }`,
    },
  ]
}

const text = (words: string): MailPart => ({ kind: 'text', text: words })
