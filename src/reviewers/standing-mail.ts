import type { MailPart } from '../mail/mail-layout.js'

/** What people are told of a post whose approvals, or whose reviewers, are no longer what they were. */
export interface StandingNews {
  readonly groupName: string
  readonly firstWords: string
  /** What happened, as a sentence. */
  readonly happened: string
  /** What it needs now, as a sentence. */
  readonly needs: string
  /** Who was asked instead; null when nobody is left who might be, `undefined` when nobody had to be. */
  readonly asked: string | null | undefined
  /** Nothing goes out before that. */
  readonly waits: boolean
}

/** To its author, to those who may still answer, and to the admins where nobody is left. */
export function standingMail(news: StandingNews, postPage: string): { subject: string; parts: MailPart[] } {
  const title = news.waits ? 'a post waits for review again' : 'a post needs a look'
  const asked =
    news.asked === undefined
      ? []
      : [
          news.asked === null
            ? 'Nobody is left who may approve it. Ask an admin to make one more person a reviewer, or change the post and send it again.'
            : `${news.asked} was asked to look at it.`,
        ]
  return {
    subject: `${news.groupName}: ${title}`,
    parts: [
      { kind: 'heading', text: title.charAt(0).toUpperCase() + title.slice(1) },
      { kind: 'quote', text: news.firstWords },
      { kind: 'text', text: [news.happened, news.needs].filter(Boolean).join(' ') },
      ...asked.map((words): MailPart => ({ kind: 'text', text: words })),
      { kind: 'button', label: 'Look at the post', href: postPage },
    ],
  }
}

/** To the author and those who were asked, of a post that nobody needs any more. */
export function expiredMail(
  post: { groupName: string; firstWords: string; until: string; isPartlyOut: boolean },
  postPage: string,
): { subject: string; parts: MailPart[] } {
  return {
    subject: `${post.groupName}: a post has ended, its time is over`,
    parts: [
      { kind: 'heading', text: 'The time of this post is over' },
      { kind: 'quote', text: post.firstWords },
      {
        kind: 'text',
        text: post.isPartlyOut
          ? `It was of use until ${post.until}. On some channels it had not gone out by then, and there it will not.`
          : `It was of use until ${post.until} and had not gone out by then, so it will not. Nobody needs to check it any more.`,
      },
      { kind: 'text', text: 'To use its words again, copy it to a new post.' },
      { kind: 'button', label: 'Look at the post', href: postPage },
    ],
  }
}
