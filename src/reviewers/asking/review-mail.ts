import { firstWords } from '../../drafts/content.js'
import { changesInWords, quoted } from '../../drafts/difference-words.js'
import type { PartDifference, PictureDifference } from '../../drafts/revision-difference.js'
import { alongWords, authorWords, mannerWords, targetWords } from '../../drafts/target.js'
import type { MailPart } from '../../mail/mail-layout.js'
import type { ChangesSince, ReviewedChannel, ReviewedPart, ReviewView } from '../page/review-view.js'
import type { MailContent } from './review-settings.js'

/** A mail before it is laid out. */
export interface WrittenMail {
  readonly subject: string
  readonly parts: MailPart[]
}

/** What was decided about a version, for the people it concerns. */
export interface Receipt {
  readonly groupName: string
  readonly reviewerName: string
  readonly decision: 'approve' | 'changes' | 'stop'
  readonly note: string | null
  readonly version: number
  /** Null when the group keeps the words of posts out of mails. */
  readonly firstWords: string | null
  /** Whether nothing more is needed for it to go out. */
  readonly approved: boolean
  /** "Tuesday 24 November, 17:22 (Europe/London)", one for each channel; none when no time is set. */
  readonly when: readonly string[]
  /** `SEQ:HASH`, the newest entry of the group's audit log. */
  readonly auditHead: string
}

/** A post that lost its time because nobody approved it before then. */
export interface MovedPost {
  readonly groupName: string
  readonly channelName: string
  /** Null when the group keeps the words of posts out of mails. */
  readonly firstWords: string | null
  /** Spoken times with the zone. `now` is null when it will not go out at all. */
  readonly was: string
  readonly now: string | null
  /** "Needs one approval, from anyone but Ana." */
  readonly needs: string
  /** It was approved, and missed its time for another reason: the system was down, or the channel was not connected. */
  readonly approved: boolean
  /** The name of the silence that its slot fell into; null when its time is over. */
  readonly silence: string | null
}

/**
 * Asks a reviewer. The mail has all that the page has but the pictures, which it describes: it loads nothing.
 * @param passedOnBy who asked for somebody else to check it, when that is why this reviewer is asked
 */
export function requestMail(
  view: ReviewView,
  link: string,
  passedOnBy: string | null = null,
  content: MailContent = 'full',
): WrittenMail {
  const time = view.channels.map((channel) => shortTime(channel.when)).find((each) => each !== null)
  return {
    subject: oneLine(`${view.groupName}: please check a post${time ? ` for ${time}` : ''} (version ${view.version})`),
    parts: [
      text(
        passedOnBy === null
          ? `${view.authorName} asks you, ${view.reviewerName}, to look at version ${view.version} of this post before anybody else sees it.`
          : `${passedOnBy} thinks that somebody else should check this post by ${view.authorName}, and you, ${view.reviewerName}, are next. It is version ${view.version}.`,
      ),
      text(
        `${view.deadline === null ? 'It goes out only once it has been approved.' : `If nobody answers by ${view.deadline} it will not go out.`} ${view.needs}`,
      ),
      ...bodyParts(view, content),
      button('Look and decide', link),
      small(
        `The button opens a page on which you approve it, ask for changes, stop it or pass it on. Opening the page decides nothing. The link is meant for you alone: passing this mail on does not pass on your vote.${
          view.strict ? ' To answer, you sign in or use a passkey: your group asks for that.' : ''
        }`,
      ),
    ],
  }
}

/** What stands of the post in a mail: all of it, its first words, or nothing, as the group wants it. */
export function bodyParts(view: ReviewView, content: MailContent): MailPart[] {
  switch (content) {
    case 'full':
      return [
        ...view.channels.flatMap(channelParts),
        ...changedParts(view),
        ...(view.noticed.length > 0 ? [heading('What the automatic checks noticed'), list(view.noticed)] : []),
      ]
    case 'teaser':
      return [
        ...teaser(view.channels[0]),
        text('The rest is on the page.'),
        list(view.channels.map((channel) => `${channel.networkName}, ${channel.channelName}: ${channel.when}`)),
      ]
    case 'none':
      return [
        list(view.channels.map((channel) => `${channel.networkName}, ${channel.channelName}: ${channel.when}`)),
        text('Your group keeps the words of posts out of mails: they are on the page.'),
      ]
  }
}

function teaser(channel: ReviewedChannel | undefined): MailPart[] {
  const words = firstWords(channel?.text ?? '')
  if (words !== '' || !channel?.target) return [quote(words)]
  const { before, after } = mannerWords[channel.target.manner]
  return [text(`${before} ${authorWords(channel.target)}${after}`), quote(firstWords(targetWords(channel.target)))]
}

/** Tells the reviewer and the author what was decided, when it goes out, and how it can still be stopped. */
export function receiptMail(
  receipt: Receipt,
  { link, forReviewer }: { link: string; forReviewer: boolean },
): WrittenMail {
  const letter = letters[receipt.decision](receipt, forReviewer)
  return {
    subject: oneLine(`${receipt.groupName}: ${letter.subject}`),
    parts: [
      ...letter.parts,
      button(letter.button, link),
      small(
        `Receipt: version ${receipt.version}, log ${receipt.auditHead}. Keep this mail: with that number it can be checked later that nobody rewrote what the group’s log said today.`,
      ),
    ],
  }
}

/** Carries the six-digit code that proves who answers. The subject leaves it out, because lock screens show subjects. */
export function codeMail(code: string, groupName: string): WrittenMail {
  return {
    subject: oneLine(`${groupName}: the code for your answer`),
    parts: [
      text(
        'Type this code on the page on which you are answering. It works for a few minutes, and only for that answer.',
      ),
      { kind: 'code', text: code },
      small(
        `Nobody from ${groupName} will ever ask you for this code. If you were not just answering a review, somebody else has your link: type nothing, and tell an admin of your group.`,
      ),
    ],
  }
}

/**
 * Tells that a post did not go out in time, and what happens to it now.
 * @param author who can give it another time; null when it is the author who is told
 */
export function movedMail(post: MovedPost, link: string, author: string | null): WrittenMail {
  const time = post.now === null ? null : shortTime(post.now)
  return {
    subject: oneLine(
      `${post.groupName}: ${post.silence !== null ? 'a post falls into a silence' : post.approved ? 'a post missed its time' : 'not approved in time'}, ${post.now === null ? 'so it waits for a new time' : `moved to ${time ?? 'a later time'}`}`,
    ),
    parts: [
      text(
        `This post was planned for ${post.was} on ${post.channelName}. ${post.silence !== null ? `Then nothing goes out: “${post.silence}”.` : post.approved ? 'We could not send it then, and late it would not be what was planned.' : 'Nobody had approved it by then, so it did not go out.'}`,
      ),
      ...wordsParts(post.firstWords),
      text(
        post.now === null
          ? author === null
            ? 'It has no new time. Open it to give it one, or to cancel it.'
            : `It has no new time. ${author}, who wrote it, or another editor gives it one or cancels it; then you are asked again.`
          : `Its new time is ${post.now}. ${post.needs} Everybody who was asked can still answer with the link they have, as long as it works.`,
      ),
      button('Open the post', link),
    ],
  }
}

type Letter = (receipt: Receipt, forReviewer: boolean) => { subject: string; button: string; parts: MailPart[] }

const letters: Record<Receipt['decision'], Letter> = {
  approve: (receipt, forReviewer) => ({
    subject: `${forReviewer ? 'you' : receipt.reviewerName} approved version ${receipt.version}`,
    button: 'Look at it, or stop it',
    parts: [
      text(`${forReviewer ? 'You' : receipt.reviewerName} approved version ${receipt.version} of this post.`),
      ...wordsParts(receipt.firstWords),
      ...noteParts(receipt, forReviewer),
      ...whenParts(receipt),
      text('Changed your mind? Until it has gone out, one person is enough to stop it.'),
    ],
  }),
  changes: (receipt, forReviewer) => ({
    subject: `${forReviewer ? 'you asked' : `${receipt.reviewerName} asks`} for changes (version ${receipt.version})`,
    button: forReviewer ? 'Look at it again' : 'Open the post and change it',
    parts: [
      text(
        `${forReviewer ? 'You asked' : `${receipt.reviewerName} asks`} for changes to version ${receipt.version} of this post:`,
      ),
      ...wordsParts(receipt.firstWords),
      ...noteParts(receipt, forReviewer),
      text(
        forReviewer
          ? 'This version will not go out. A new version is checked afresh, and shows what changed.'
          : 'This version will not go out. Change it and send it for review again; whoever looks then sees what changed.',
      ),
    ],
  }),
  stop: (receipt, forReviewer) => ({
    subject: `${forReviewer ? 'you' : receipt.reviewerName} stopped a post (version ${receipt.version})`,
    button: 'Open the post',
    parts: [
      text(`${forReviewer ? 'You' : receipt.reviewerName} stopped version ${receipt.version} of this post:`),
      ...wordsParts(receipt.firstWords),
      ...noteParts(receipt, forReviewer),
      text('It will not go out, unless somebody who did not work on it looks at it afresh and approves it.'),
    ],
  }),
}

function wordsParts(words: string | null): MailPart[] {
  return words === null ? [] : [quote(words)]
}

function noteParts(receipt: Receipt, forReviewer: boolean): MailPart[] {
  const note = receipt.note?.trim() ?? ''
  if (note !== '' && receipt.firstWords === null)
    return [text('There is a note with it. Your group keeps words out of mails, so it stands with the post.')]
  return note === '' ? [] : [text(forReviewer ? 'Your note:' : `${receipt.reviewerName} writes:`), quote(note)]
}

function whenParts({ approved, when }: Receipt): MailPart[] {
  if (!approved) return [text('It needs one more approval at least before it goes out.')]
  if (when.length === 0) return [text('Nothing more is needed.')]
  const times = [...new Set(when)]
  return times.length === 1
    ? [text(`Nothing more is needed. It goes out: ${times[0]!}.`)]
    : [text('Nothing more is needed. It goes out:'), list(times)]
}

function shownParts({ text: words, pictures, link }: ReviewedPart | ReviewedChannel, what: string): MailPart[] {
  return [
    ...(words === '' ? [] : [quote(words)]),
    ...pictures.map(({ alt, film }): MailPart =>
      film ? text(`A film, to be seen on the page: ${described(alt)}`) : { kind: 'picture-note', alt },
    ),
    ...(link === null ? [] : [text(`Link shown with ${what}: ${link}`)]),
  ]
}

function channelParts(channel: ReviewedChannel): MailPart[] {
  return [
    heading(`${channel.networkName}: ${channel.channelName}`),
    ...(channel.contentWarning === null
      ? []
      : [text('Hidden behind these words until somebody opens it:'), quote(channel.contentWarning)]),
    ...(channel.target === null ? [] : targetParts(channel.target)),
    ...shownParts(channel, 'the post'),
    ...channel.below.flatMap((part) => [text(`${part.name}:`), ...shownParts(part, 'this part')]),
    ...(channel.visibility === null ? [] : [text(`Who can see it: ${channel.visibility}.`)]),
    text(`When: ${channel.when}.`),
  ]
}

/** Somebody else's words, before ours. */
function targetParts(target: NonNullable<ReviewedChannel['target']>): MailPart[] {
  const { before, after } = mannerWords[target.manner]
  const along = alongWords(target.manner)
  return [
    text(`${before} ${authorWords(target)}${after.replace(/:$/, '')} at ${target.address}:`),
    quote(targetWords(target)),
    ...(along === null ? [] : [text(along)]),
    ...(target.manner === 'repost' ? [] : [text(target.manner === 'answer' ? 'Our answer:' : 'What we add:')]),
  ]
}

function changedParts({ since }: ReviewView): MailPart[] {
  if (since === null) return []
  const named = (channelId: string) => {
    const found = since.channels.find((each) => each.channelId === channelId)
    return since.channels.length === 1 || !found ? '' : `${found.channelName}: `
  }
  const items = [
    ...since.channels.flatMap((channel) =>
      channel.kind === 'added' || channel.kind === 'removed'
        ? [`${channel.channelName}: ${comeOrGone[channel.kind]}`]
        : channelChanges(channel).map((change) => `${named(channel.channelId)}${change}`),
    ),
    ...(since.timing === null || since.timing.before === since.timing.after
      ? []
      : [`The time: ${quoted(since.timing.before)} is now ${quoted(since.timing.after)}`]),
    ...(since.timing?.windows ?? []).flatMap(({ channelId, removed, added }) => [
      ...removed.map((words) => `${named(channelId)}Window removed: ${quoted(words)}`),
      ...added.map((words) => `${named(channelId)}Window added: ${quoted(words)}`),
    ]),
  ]
  const heard = since.because === 'answered' ? 'which you answered' : 'which you were asked about'
  return [
    heading(`What changed since version ${since.version}`),
    items.length > 0
      ? list(items)
      : text(`Nothing that will be public differs from version ${since.version}, ${heard}.`),
  ]
}

const comeOrGone = {
  added: 'new; the post did not go to this channel before.',
  removed: 'the post does not go there any more.',
}

/** Changes as sentences, because a mail in plain text can neither strike out nor underline. */
function channelChanges(channel: ChangesSince['channels'][number]): string[] {
  return [
    ...(channel.kind === 'other-account' ? ['the channel is connected to another account now.'] : []),
    ...changesInWords(channel.text),
    ...replaced('Link', channel.link),
    ...replaced('Language', channel.language),
    ...replaced('Content warning', channel.contentWarning),
    ...replaced('Who can see it', channel.visibility),
    ...replaced('Somebody’s post', channel.target),
    ...channel.pictures.flatMap(pictureChanges),
    ...channel.below.flatMap(partChanges),
  ]
}

function partChanges({ part, number, kind, text: words, link, pictures }: PartDifference): string[] {
  const name = part === 'comment' ? 'First comment' : `Part ${number}`
  if (kind === 'same') return []
  if (kind === 'removed') return [`${name} was removed`]
  const changes = [...changesInWords(words), ...replaced('Link', link), ...pictures.flatMap(pictureChanges)]
  return changes.map((change) => `${name}${kind === 'added' ? ' is new' : ''}: ${change}`)
}

function replaced(name: string, change: { before: string | null; after: string | null } | null): string[] {
  return change ? [`${name}: ${quoted(change.before ?? 'none')} is now ${quoted(change.after ?? 'none')}`] : []
}

function described(alt: string): string {
  return quoted(alt.trim() || 'without a description')
}

function pictureChanges({ kind, before, after, moved, alt }: PictureDifference): string[] {
  const place = (after ?? before)?.place ?? 0
  const said = (picture: { alt: string } | null) => described(picture?.alt ?? '')
  if (kind === 'removed') return [`Picture removed: ${said(before)}`]
  if (kind === 'added') return [`Picture added: ${said(after)}`]
  return [
    ...(kind === 'replaced' ? [`Picture ${place} is another picture now: ${said(after)}`] : []),
    ...(moved ? [`Picture ${place} was picture ${before?.place ?? 0}`] : []),
    ...(alt === null || kind === 'replaced'
      ? []
      : [`Description of picture ${place}: ${said(before)} is now ${said(after)}`]),
  ]
}

/** "Tuesday 17:22" out of "Tuesday 24 November, 17:22 (Europe/London), after work"; null when no time is said. */
export function shortTime(when: string): string | null {
  const match = /^(\p{L}+) \d{1,2} \p{L}+, (\d\d:\d\d)/u.exec(when)
  return match ? `${match[1]!} ${match[2]!}` : null
}

/** A subject is one line; what people are called must not be able to add another. */
export function oneLine(words: string): string {
  return words.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

const text = (words: string): MailPart => ({ kind: 'text', text: words })
const heading = (words: string): MailPart => ({ kind: 'heading', text: words })
const quote = (words: string): MailPart => ({ kind: 'quote', text: words })
const small = (words: string): MailPart => ({ kind: 'small', text: words })
const list = (items: readonly string[]): MailPart => ({ kind: 'list', items })
const button = (label: string, href: string): MailPart => ({ kind: 'button', label, href })
