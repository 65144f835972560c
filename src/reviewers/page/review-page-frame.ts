import { reviewPageStyle } from './review-page-style.js'
import type { ReviewView } from './review-view.js'
import { Html, safe } from './safe-html.js'

interface Frame {
  readonly title: string
  readonly groupName: string | null
  readonly skip: boolean
  readonly narrow: boolean
  readonly body: Html
  readonly footer: Html
  /** Whether the page asks for a passkey, which takes a script. */
  readonly scripts?: boolean
}

/** A whole document; the group’s name is null where nobody has shown who they are. */
export function documentOf({ title, groupName, skip, narrow, body, footer, scripts }: Frame): string {
  const width = narrow && safe` class="narrow"`
  return safe`<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark"><title>${title}${groupName !== null && ` · ${groupName}`}</title><link rel="icon" href="/favicon.svg"><style>${new Html(reviewPageStyle)}</style>${scripts === true && safe`<script src="/review-passkey.js" defer></script>`}</head><body>
${skip && safe`<a class="skip" href="#answer">Skip to your answer</a>`}<header${width}>${icons.mark}<span>${groupName ?? 'Seconder'}${groupName !== null && safe` <span class="mut">on Seconder</span>`}</span></header>
<main${width}>${body}</main><footer${width}>${footer}</footer></body></html>`.text
}

/** What stands in the way, and where on the page it is mended. */
export function problemBox(problem: string | null, target: Html | null): Html | null {
  if (problem === null) return null
  // Focused when the page opens, so that a screen reader starts with it.
  return safe`<div class="problem" role="alert" tabindex="-1"${target !== null && safe` autofocus`}><p>${problem} ${target}</p></div>`
}

/** Where the answers of a page go. */
export function address(view: ReviewView): string {
  return `/review/${encodeURIComponent(view.requestId)}`
}

/** What every form of the page sends along: whom it was made for, and what it shows. */
export function carried(view: ReviewView): Html {
  return safe`${hidden('csrf', view.csrf)}${hidden('hash', view.hash)}${view.pass !== null && hidden('pass', view.pass)}`
}

/** A field that the page sends along unseen. */
export function hidden(name: string, value: string): Html {
  return safe`<input type="hidden" name="${name}" value="${value}">`
}

/** The way back to what is being decided. */
export function backToPost(view: ReviewView): Html {
  return view.pass === null
    ? safe`<p><a href="${address(view)}">Back to the post</a></p>`
    : safe`<form method="post" action="${address(view)}/open">${hidden('pass', view.pass)}<button class="quiet">Back to the post</button></form>`
}

/**
 * Enter in a tick box presses a form's first button, in Chromium its first enabled one. This unseen one closes a dialog
 * that is not there, which does nothing: deciding takes a press of a button that can be seen. `hidden` is for browsers
 * that show text only; the style takes it back, because WebKit passes over buttons that take no room.
 */
export const noDefault = new Html(
  '<button class="v" formmethod="dialog" tabindex="-1" aria-hidden="true" hidden>(does nothing)</button>',
)

const stroke = (path: string) =>
  new Html(
    `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${path}"/></svg>`,
  )

/** Drawings of the pages; the words beside them say the same. */
export const icons = {
  tick: stroke('m4 13 5 5L20 6'),
  pen: stroke('M4 20h4L19 9l-4-4L4 16v4'),
  cross: stroke('M6 6l12 12M18 6 6 18'),
  arrow: stroke('M4 12h15M13 6l6 6-6 6'),
  info: stroke('M12 11v7M12 6v.1'),
  mark: new Html(
    '<svg viewBox="0 0 40 40" aria-hidden="true"><path fill="#f2a65a" d="M14.5 3C7.6 3 2 8.2 2 14.7c0 3.5 1.6 6.6 4.2 8.7L5 29l6-3.2c1.1.3 2.3.5 3.5.5C21.4 26.3 27 21.2 27 14.7S21.4 3 14.5 3Z"/><path fill="#0f5b63" stroke="var(--bg)" stroke-width="2.2" d="M24.5 10C17.6 10 12 15.2 12 21.7s5.6 11.6 12.5 11.6c1.3 0 2.5-.2 3.7-.5L34.5 36l-1.3-5.8c2.6-2.1 4.3-5.1 4.3-8.5C37.5 15.2 31.4 10 24.5 10Z"/><path fill="none" stroke="#fffdf9" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round" d="m19 22 4 4 7.5-8"/></svg>',
  ),
} as const
