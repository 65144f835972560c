import { escapeHtml } from '../mail/escape-html.js'

/** The page behind a sign-in link that works: one button, since opening an address alone must change nothing. */
export function confirmPage(person: { name: string; email: string }): string {
  return page(
    'Sign in',
    `<h1>Sign in as ${escapeHtml(person.name)}?</h1>
<p>You are about to sign in on this device as <strong>${escapeHtml(person.email)}</strong>.</p>
<form method="post" action="/sign-in/confirm"><button type="submit">Sign in</button></form>
<p class="quiet">Not you? Close this page: nothing has happened.</p>`,
  )
}

/** The page behind a link that opens nothing any more, with the way to a new one. */
export function usedUpPage(): string {
  return page(
    'This link does not work any more',
    `<h1>This link does not work any more</h1>
<p>A sign-in link works once, for 15 minutes. This one has been used, or is too old.</p>
<p><a class="button" href="/sign-in">Ask for a new link</a></p>`,
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
:root { color-scheme: light dark; --back: #f3f4f6; --card: #fff; --text: #1b2128; --quiet: #4b5563; --line: #d5dae0; --strong: #0b5394; --on: #fff }
@media (prefers-color-scheme: dark) { :root { --back: #14181d; --card: #1e242b; --text: #e8ebef; --quiet: #b6bec8; --line: #3b444e; --strong: #8cc2ff; --on: #10212f } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--back); color: var(--text); font: 1.0625rem/1.5 system-ui, sans-serif }
main { max-width: 30rem; margin: 10vh auto 0; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25 }
button, .button { display: inline-block; min-height: 48px; padding: .7rem 1.5rem; border: 0; border-radius: .5rem; background: var(--strong); color: var(--on); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer }
button:focus-visible, .button:focus-visible { outline: 3px solid var(--text); outline-offset: 3px }
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
