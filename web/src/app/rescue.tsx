import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'

import { t } from '../language/i18n.js'

const mark = 'seconder-reloaded'

/**
 * After an update the server no longer has the pieces that an open page would fetch later; loading the page again
 * gets the new ones. Once only, so that a page that is really broken does not reload for ever.
 */
export function reloadAfterUpdate(): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (Date.now() - Number(sessionStorage.getItem(mark) ?? 0) < 30_000) return
    event.preventDefault()
    sessionStorage.setItem(mark, String(Date.now()))
    location.reload()
  })
}

/** Instead of a white page when something in it breaks. */
export class Rescue extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError() {
    return { isBroken: true }
  }

  override render() {
    if (!this.state.isBroken) return this.props.children
    return (
      <main className="s-alone">
        <h1>{t('rescue.title')}</h1>
        <p className="s-lead">{t('rescue.text')}</p>
        <p className="s-actions">
          <Button onClick={() => location.reload()}>{t('rescue.reload')}</Button>
        </p>
      </main>
    )
  }
}
