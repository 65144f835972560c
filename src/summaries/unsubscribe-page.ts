import { escapeHtml } from '../mail/escape-html.js'

/** Behind the link in a mail: one button, since opening an address alone must change nothing. */
export function askPage(groupName: string, address: string): string {
  return page(
    'Stop the weekly summary',
    `<h1>Stop the weekly summary of ${escapeHtml(groupName)}?</h1>
<p>It is mailed each Monday to <strong>${escapeHtml(address)}</strong>. Other mails, such as posts to review, still come.</p>
<form method="post"><button type="submit">Stop these mails</button></form>
<p class="quiet">To keep them, just close this page.</p>`,
  )
}

export function stoppedPage(groupName: string): string {
  return page(
    'The weekly summary is stopped',
    `<h1>The weekly summary of ${escapeHtml(groupName)} is stopped</h1>
<p>You get no more of these mails. An admin of the group can turn them on again under Settings, People.</p>`,
  )
}

export function unknownPage(): string {
  return page(
    'This link does not work',
    `<h1>This link does not work</h1>
<p>It may have been cut off. Open it from the mail again, or ask an admin of the group to stop the summary for you.</p>`,
  )
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} - Seconder</title>
<style>
:root { color-scheme: light dark; --back: #faf7f2; --card: #fffefb; --text: #1b2829; --quiet: #55605f; --line: #e4dccf; --strong: #0f5b63; --on: #fff }
@media (prefers-color-scheme: dark) { :root { --back: #101819; --card: #182224; --text: #e8eeec; --quiet: #abbab8; --line: #2a383a; --strong: #7cc0c3; --on: #0b1112 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--back); color: var(--text); font: 1.0625rem/1.5 system-ui, sans-serif }
main { max-width: 30rem; margin: 10vh auto 0; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance }
button { min-height: 48px; padding: .7rem 1.5rem; border: 0; border-radius: .5rem; background: var(--strong); color: var(--on); font: inherit; font-weight: 600; cursor: pointer }
button:focus-visible { outline: 3px solid var(--text); outline-offset: 3px }
.quiet { color: var(--quiet); font-size: .9375rem }
</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`
}
