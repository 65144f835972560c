import { escapeHtml } from '../kernel/escape-html.js'
import { linkPage } from '../mail/link-page.js'

/** Behind the link in a mail: one button, since opening an address alone must change nothing. */
export function askPage(groupName: string, address: string): string {
  return linkPage(
    'Stop mails about a post',
    `<h1>Stop mails about what is said about this post?</h1>
<p><strong>${escapeHtml(address)}</strong> then gets no more of them from ${escapeHtml(groupName)}. Other mails, such as posts to review, still come.</p>
<form method="post"><button type="submit">Stop these mails</button></form>
<p class="quiet">To keep them, just close this page.</p>`,
  )
}

export function stoppedPage(groupName: string): string {
  return linkPage(
    'The mails are stopped',
    `<h1>The mails about this post’s conversation are stopped</h1>
<p>You can turn them on again on the post’s page in the workspace of ${escapeHtml(groupName)}.</p>`,
  )
}

export function unknownPage(): string {
  return linkPage(
    'This link does not work',
    `<h1>This link does not work</h1>
<p>It may have been cut off. Open it from the mail again, or stop the mails on the post’s page.</p>`,
  )
}
