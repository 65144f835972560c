import { escapeHtml } from '../kernel/escape-html.js'

/** The page behind a link in a mail: one thing to say or to press, no scripts. `content` is HTML, escaped already. */
export function linkPage(title: string, content: string): string {
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
