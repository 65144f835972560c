import { escapeHtml } from '../kernel/escape-html.js'
import { linkPage } from '../mail/link-page.js'

/** Behind the link in a mail: one button, since opening an address alone must change nothing. */
export function askPage(groupName: string, address: string): string {
  return linkPage(
    'Stop the weekly summary',
    `<h1>Stop the weekly summary of ${escapeHtml(groupName)}?</h1>
<p>It is mailed each Monday to <strong>${escapeHtml(address)}</strong>. Other mails, such as posts to review, still come.</p>
<form method="post"><button type="submit">Stop these mails</button></form>
<p class="quiet">To keep them, just close this page.</p>`,
  )
}

export function stoppedPage(groupName: string): string {
  return linkPage(
    'The weekly summary is stopped',
    `<h1>The weekly summary of ${escapeHtml(groupName)} is stopped</h1>
<p>You get no more of these mails. An admin of the group can turn them on again under Group, People.</p>`,
  )
}

export function unknownPage(): string {
  return linkPage(
    'This link does not work',
    `<h1>This link does not work</h1>
<p>It may have been cut off. Open it from the mail again, or ask an admin of the group to stop the summary for you.</p>`,
  )
}
