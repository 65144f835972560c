/** Where the focus was last, and what lay around it, the nearest first. */
let last: Element | null = null
let around: Element[] = []
let waiting: number | undefined

/**
 * Keeps the focus near where somebody was when the control that they used goes away or is out of use for a moment: the
 * browser would leave it nowhere, and a screen reader would say nothing. Whoever points elsewhere has left it.
 */
export function keepFocus(): void {
  document.addEventListener('pointerdown', () => remember(null), true)
  document.addEventListener('click', () => document.activeElement !== document.body && remember(document.activeElement))
  document.addEventListener('focusin', ({ target }) => target instanceof Element && remember(target))
  const attributes = { attributes: true, attributeFilter: ['disabled'] }
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, ...attributes })
}

/** Gives the focus back to what opened something that is closed now, as soon as that can take it. */
export function giveFocusBack(to: Element | null): void {
  if (!to || to === document.body) return
  remember(to)
  soon()
}

function remember(element: Element | null): void {
  last = element
  around = []
  for (let each = element?.parentElement ?? null; each; each = each.parentElement) around.push(each)
}

/** After what is going on has been drawn, as other parts of the page may know better where the focus belongs. */
function soon(): void {
  window.clearTimeout(waiting)
  waiting = window.setTimeout(look, 80)
}

function look(): void {
  if (!last || document.activeElement !== document.body) return
  if (last.isConnected) {
    if (last instanceof HTMLElement) last.focus({ preventScroll: true })
    return
  }
  const dialog = document.querySelector('dialog[open]')
  const near = [...around.filter((each) => each.isConnected && (!dialog || dialog.contains(each))), dialog ?? document]
  const heading = near
    .map((each) => each.querySelector<HTMLElement>('h1, h2, h3, legend'))
    .find((each) => each !== null)
  if (!heading) return
  if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
