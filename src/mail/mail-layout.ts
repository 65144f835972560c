import { escapeHtml } from '../kernel/escape-html.js'

/** One piece of a mail, from which both its HTML and its plain text are made. */
export type MailPart =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'button'; readonly label: string; readonly href: string }
  /** A post as it will be public, or other words of people. */
  | { readonly kind: 'quote'; readonly text: string }
  /** A picture that is not in the mail, by its description. */
  | { readonly kind: 'picture-note'; readonly alt: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** A list of which each item is one link. */
  | { readonly kind: 'links'; readonly items: readonly { readonly text: string; readonly href: string }[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** An attached picture; `width` in CSS pixels, 536 at most. */
  | { readonly kind: 'image'; readonly cid: string; readonly alt: string; readonly width: number }
  /** A code to type in, shown large. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'small'; readonly text: string }

/** What stands around the parts. `footer` is plain text; without it the mail says who sent it. */
export interface MailFrame {
  readonly title: string
  readonly groupName: string
  readonly footer?: string
}

/** Gmail cuts HTML off at 102 KB, and a cut-off button helps nobody. */
const largestHtml = 90_000
const longestText = 6000
const leftOut = 'The rest is left out here, because the mail would be too long. Open the page to see all of it.'

/**
 * Both parts of a mail. The HTML is one column of tables with styles in place, as old mail programs need it, looks right
 * in light and dark, loads nothing from anywhere, and stays under 100 KB: what would not fit is left out and said so.
 * @throws Error when a button or link leads to anything but a web page
 * @example composeMail([{ kind: 'text', text: 'Hello' }], { title: 'A greeting', groupName: 'Riverside' })
 */
export function composeMail(parts: readonly MailPart[], frame: MailFrame): { text: string; html: string } {
  const { fitting, html } = fit(parts)
  const footer = frame.footer ?? `Sent by Seconder for ${frame.groupName}.`
  return { html: htmlOf(html, frame, footer), text: textOf(fitting, frame, footer) }
}

/** Shortens long texts, then drops what goes past the limit; buttons and codes always stay. */
function fit(parts: readonly MailPart[]): { fitting: MailPart[]; html: string } {
  const fitting: MailPart[] = []
  const html: string[] = []
  let size = 0
  let full = false
  const keep = (part: MailPart, written: string) => {
    fitting.push(part)
    html.push(written)
  }
  for (const part of parts.map(shorten)) {
    const written = partHtml(part)
    const own = Buffer.byteLength(written)
    const needed = part.kind === 'button' || part.kind === 'code'
    if (needed || size + own <= largestHtml) {
      keep(part, written)
      size += own
    } else if (!full) {
      full = true
      const note = { kind: 'small', text: leftOut } as const
      keep(note, partHtml(note))
    }
  }
  return { fitting, html: html.join('\n') }
}

function shorten(part: MailPart): MailPart {
  if ((part.kind !== 'quote' && part.kind !== 'text') || part.text.length <= longestText) return part
  const start = Array.from(part.text.slice(0, longestText)).slice(0, -1).join('')
  return { ...part, text: `${start.trimEnd()} …\n\n${leftOut}` }
}

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const body = `margin:0 0 16px;${font};font-size:16px;line-height:24px;color:#1b2128`

function partHtml(part: MailPart): string {
  switch (part.kind) {
    case 'heading':
      return `<h2 class="text" style="margin:24px 0 8px;${font};font-size:18px;line-height:26px;font-weight:bold;color:#1b2128">${lines(part.text)}</h2>`
    case 'text':
      return part.text
        .split(/\n{2,}/)
        .map((paragraph) => `<p class="text" style="${body}">${lines(paragraph)}</p>`)
        .join('\n')
    case 'button':
      return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px"><tr><td class="button" bgcolor="#0f5b63" style="background-color:#0f5b63;border-radius:6px"><a class="button" href="${escapeHtml(webAddress(part.href))}" style="display:inline-block;padding:13px 24px;border:1px solid #0f5b63;border-radius:6px;background-color:#0f5b63;${font};font-size:16px;line-height:22px;font-weight:bold;color:#ffffff;text-decoration:none">${escapeHtml(part.label)}</a></td></tr></table>`
    case 'quote':
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr><td class="quote" bgcolor="#eef2f6" style="padding:16px;border-left:4px solid #0f5b63;background-color:#eef2f6"><blockquote class="text" dir="auto" style="${body};margin:0;word-break:break-word">${lines(part.text)}</blockquote></td></tr></table>`
    case 'picture-note':
      return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr><td class="line" style="padding:12px 16px;border:1px dashed #7b8591"><p class="quiet" style="${body};margin:0;font-size:14px;line-height:21px;color:#4b5563"><strong>Picture:</strong> ${lines(part.alt || 'no description yet')}</p></td></tr></table>`
    case 'list':
      return `<ul class="text" style="${body};padding:0 0 0 22px">${part.items.map((item) => `<li style="margin:0 0 6px">${lines(item)}</li>`).join('')}</ul>`
    case 'links':
      return `<ul class="text" style="${body};padding:0 0 0 22px">${part.items.map(({ text, href }) => `<li style="margin:0 0 6px"><a class="link" href="${escapeHtml(webAddress(href))}" style="color:#0f5b63;text-decoration:underline">${lines(text)}</a></li>`).join('')}</ul>`
    case 'table':
      return tableHtml(part.head, part.rows)
    case 'image':
      return `<p style="margin:0 0 16px"><img src="cid:${escapeHtml(part.cid)}" alt="${escapeHtml(part.alt)}" width="${part.width}" style="display:block;width:${part.width}px;max-width:100%;height:auto;border:0;background-color:#ffffff;${font};font-size:14px;color:#1b2128"></p>`
    case 'code':
      return `<p class="quote text" style="margin:0 0 16px;padding:16px;background-color:#eef2f6;font-family:Consolas,Menlo,'Courier New',monospace;font-size:28px;line-height:36px;letter-spacing:4px;font-weight:bold;text-align:center;color:#1b2128">${escapeHtml(part.text)}</p>`
    case 'small':
      return `<p class="quiet" style="${body};font-size:14px;line-height:21px;color:#4b5563">${lines(part.text)}</p>`
  }
}

function tableHtml(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = `padding:6px 8px 6px 0;border-bottom:1px solid #b9c0c9;vertical-align:top;text-align:left;word-break:normal;overflow-wrap:break-word;${font};font-size:14px;line-height:20px;color:#1b2128`
  const heads = head
    .map((text) => `<th class="text line" scope="col" style="${cell};font-weight:bold">${lines(text)}</th>`)
    .join('')
  const bodyRows = rows
    .map((row) => `<tr>${row.map((text) => `<td class="text line" style="${cell}">${lines(text)}</td>`).join('')}</tr>`)
    .join('\n')
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px;border-collapse:collapse"><thead><tr>${heads}</tr></thead><tbody>
${bodyRows}
</tbody></table>`
}

function htmlOf(parts: string, frame: MailFrame, footer: string): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(frame.title)}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (max-width: 480px) { .card { padding: 20px 16px !important } .around { padding: 0 !important } }
@media (prefers-color-scheme: dark) {
.around { background-color: #14181d !important }
.card { background-color: #1e242b !important; border-color: #3b444e !important }
.text { color: #e8ebef !important }
.quiet { color: #b6bec8 !important }
.quote { background-color: #2a323b !important; border-color: #7cc0c3 !important }
.line { border-color: #7b8591 !important }
.link { color: #7cc0c3 !important }
.button { background-color: #7cc0c3 !important; border-color: #7cc0c3 !important; color: #10212f !important }
}
</style>
</head>
<body class="around" style="margin:0;padding:0;background-color:#f3f4f6">
<div role="main"><table class="around" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f3f4f6" style="background-color:#f3f4f6"><tr><td class="around" align="center" style="padding:24px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px"><tr><td class="card" bgcolor="#ffffff" style="padding:32px;background-color:#ffffff;border:1px solid #d5dae0;border-radius:8px;word-break:break-word">
<p class="quiet" style="margin:0 0 4px;${font};font-size:14px;line-height:20px;color:#4b5563">${escapeHtml(frame.groupName)}</p>
<h1 class="text" style="margin:0 0 16px;${font};font-size:22px;line-height:30px;font-weight:bold;color:#1b2128">${lines(frame.title)}</h1>
${parts}
<p class="quiet line" style="margin:24px 0 0;padding:16px 0 0;border-top:1px solid #b9c0c9;${font};font-size:14px;line-height:21px;color:#4b5563">${lines(footer)}</p>
</td></tr></table>
</td></tr></table></div>
</body>
</html>
`
}

function textOf(parts: readonly MailPart[], frame: MailFrame, footer: string): string {
  const pieces = [frame.groupName, underlined(frame.title, '='), ...parts.map(partText), `-- \n${footer}`]
  return `${pieces.join('\n\n')}\n`
}

function partText(part: MailPart): string {
  switch (part.kind) {
    case 'heading':
      return underlined(part.text, '-')
    case 'text':
    case 'small':
      return part.text
    case 'button':
      return `${part.label}:\n${webAddress(part.href)}`
    case 'quote':
      return part.text
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n')
    case 'picture-note':
      return `[Picture: ${part.alt || 'no description yet'}]`
    case 'list':
      return part.items.map((item) => `* ${item.replaceAll('\n', '\n  ')}`).join('\n')
    case 'links':
      return part.items.map(({ text, href }) => `* ${text.replaceAll('\n', '\n  ')}\n  ${webAddress(href)}`).join('\n')
    case 'table':
      return part.rows
        .map((row) => row.map((text, column) => cellText(part.head[column], text)).join('\n'))
        .join('\n\n')
    case 'image':
      return `[Picture: ${part.alt}]`
    case 'code':
      return `    ${part.text}`
  }
}

function cellText(head: string | undefined, text: string): string {
  return head ? `${head}: ${text}` : text
}

function underlined(text: string, line: string): string {
  return `${text}\n${line.repeat(Math.min(70, Array.from(text).length))}`
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>\n')
}

function webAddress(href: string): string {
  const { protocol } = new URL(href)
  if (protocol !== 'https:' && protocol !== 'http:') throw new Error(`A link in a mail leads to a ${protocol} address`)
  return href
}
