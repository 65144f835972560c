import { DateTime } from 'luxon'

import { escapeHtml } from '../kernel/escape-html.js'
import type { MailAttachment } from './new-mail.js'

/** A waiting mail in the list. `createdAt` is an ISO instant. */
export interface ListedMail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly kind: string
  readonly createdAt: string
}

/** A waiting mail with what it says. `links` are the addresses that its HTML links to, each once, in order. */
export interface ReadMail extends ListedMail {
  readonly text: string
  readonly html: string
  readonly links: readonly string[]
}

/** The mail's HTML with its attached pictures inside as data addresses, so that it shows them with nothing else around. */
export function withPicturesInside(html: string, attachments: readonly MailAttachment[]): string {
  return attachments.reduce(
    (page, each) =>
      page.replaceAll(`"cid:${each.cid}"`, `"data:${each.mime};base64,${each.content.toString('base64')}"`),
    html,
  )
}

/** Where the HTML's links lead, each once, in order. */
export function linksOf(html: string): string[] {
  const found = [...html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map((match) => match[1]!.replaceAll('&amp;', '&'))
  return [...new Set(found)]
}

/** The mail's HTML for the frame: its links leave the frame. */
export function sandboxed(html: string): string {
  return html.replace(/<head>/i, '<head><base target="_top">')
}

/** The page with all waiting mails. */
export function listPage(mails: readonly ListedMail[]): string {
  const items = mails.map(
    (mail) => `<li><a href="/mailbox/${mail.id}"><strong>${escapeHtml(mail.subject)}</strong></a>
<p>To ${escapeHtml(mail.to)} <span aria-hidden="true">·</span> ${whenOf(mail)} <span aria-hidden="true">·</span> ${escapeHtml(mail.kind.replaceAll('-', ' '))}</p></li>`,
  )
  const list =
    mails.length === 0
      ? '<p>No mail waits here. Mails appear when somebody is asked to do something.</p>'
      : `<ol>${items.join('\n')}</ol>`
  return page(
    'Mailbox',
    `<h1>Mailbox</h1>
<p>No mail server is set, so mails wait here instead of being sent. Set <code>SMTP_URL</code> to send them.</p>
${list}
<p><a href="/">Go to Seconder</a></p>`,
  )
}

/** The page with one mail: as a mail program shows it, and as text. */
export function mailPage(mail: ReadMail): string {
  return page(
    mail.subject,
    `<p><a href="/mailbox">Back to all mails</a></p>
<h1>${escapeHtml(mail.subject)}</h1>
<dl><dt>To</dt><dd>${escapeHtml(mail.to)}</dd><dt>Written</dt><dd>${whenOf(mail)}</dd></dl>
<p><a href="/mailbox/${mail.id}/html">Open the mail by itself</a></p>
<iframe src="/mailbox/${mail.id}/html" title="The mail as a mail program shows it" sandbox="allow-top-navigation-by-user-activation"></iframe>
<details><summary>The same mail as plain text</summary>
<pre tabindex="0" role="region" aria-label="Plain text">${escapeHtml(mail.text)}</pre></details>`,
  )
}

function whenOf(mail: ListedMail): string {
  const at = DateTime.fromISO(mail.createdAt, { zone: 'utc' })
  return `<time datetime="${escapeHtml(mail.createdAt)}">${at.toFormat("d LLLL yyyy, HH:mm 'UTC'", { locale: 'en-GB' })}</time>`
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} – Mailbox – Seconder</title>
<style>
:root { color-scheme: light dark; --page: #f3f4f6; --card: #ffffff; --text: #1b2128; --quiet: #4b5563; --line: #8a929d; --link: #0f5b63 }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --card: #1e242b; --text: #e8ebef; --quiet: #b6bec8; --line: #7b8591; --link: #7cc0c3 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 44rem; margin: 0 auto; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem }
a { color: var(--link); text-underline-offset: .15em }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px }
ol { list-style: none; margin: 1.5rem 0; padding: 0 }
li, pre, iframe { background: var(--card); border: 1px solid var(--line); border-radius: 8px }
li { padding: .75rem 1rem; margin: 0 0 .75rem }
li a { display: inline-block; padding: .25rem 0 }
li p, dt { color: var(--quiet); margin: 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem }
dd { margin: 0 }
iframe { display: block; width: 100%; height: min(80vh, 56rem); margin: 1rem 0 }
summary { padding: .75rem 0; cursor: pointer }
pre { margin: 0; padding: 1rem; white-space: pre-wrap; font-size: .9rem }
</style>
</head>
<body><main>
${body}
</main></body>
</html>
`
}
