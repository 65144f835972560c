/**
 * The only script of the public page: tells the server that a notice stood on a screen for a second. Opening a page
 * changes nothing by itself, so previews, feed readers and search engines are not counted.
 */
export const noticeboardScript = `
'use strict'
{
  const waiting = new Map()
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(waiting.get(target))
      if (isIntersecting) waiting.set(target, setTimeout(count, 1000, target))
    }
  })
  const count = (notice) => {
    watcher.unobserve(notice)
    navigator.sendBeacon(notice.dataset.views)
  }
  const watch = () => {
    if (document.visibilityState !== 'visible') return
    document.removeEventListener('visibilitychange', watch)
    for (const notice of document.querySelectorAll('[data-views]')) watcher.observe(notice)
  }
  document.addEventListener('visibilitychange', watch)
  watch()
}
`.trimStart()
