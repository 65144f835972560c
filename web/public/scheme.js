// Before anything is drawn, so that a dark page never flashes white. A file of its own because the
// content security policy allows no script in the page.
;(function () {
  let kept = null
  try {
    kept = localStorage.getItem('seconder-scheme')
  } catch {
    kept = null
  }
  const dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
