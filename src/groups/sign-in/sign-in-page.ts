import { escapeHtml } from '../../kernel/escape-html.js'
import { linkPage } from '../../mail/link-page.js'

/** The page behind a sign-in link that works: one button, since opening an address alone must change nothing. */
export function confirmPage(person: { name: string; email: string }): string {
  return linkPage(
    'Sign in',
    `<h1>Sign in as ${escapeHtml(person.name)}?</h1>
<p>You are about to sign in on this device as <strong>${escapeHtml(person.email)}</strong>.</p>
<form method="post" action="/sign-in/confirm"><button type="submit">Sign in</button></form>
<p class="quiet">Not you? Close this page: nothing has happened.</p>`,
  )
}

/** The page behind a link that opens nothing any more, with the way to a new one. */
export function usedUpPage(): string {
  return linkPage(
    'This link does not work any more',
    `<h1>This link does not work any more</h1>
<p>A sign-in link works once, for 15 minutes. This one has been used, or is too old.</p>
<p><a class="button" href="/sign-in">Ask for a new link</a></p>`,
  )
}
