import { ActionIcon } from '@mantine/core'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'

import { giveFocusBack } from '../app/focus-kept.js'
import { t } from '../language/i18n.js'
import { Icon } from './icons.js'
import { Note } from './note.js'
import { hearProblems } from './notify.js'

/** A question over the page. The browser keeps the focus inside; afterwards it goes back to what opened it. */
export function Dialog({
  opened,
  close,
  title,
  wide = false,
  children,
}: {
  opened: boolean
  close: () => void
  title: string
  wide?: boolean
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    const element = dialog.current
    if (!opened || !element) return
    const opener = document.activeElement
    element.showModal()
    heading.current?.focus()
    setProblem(null)
    const hearNoMore = hearProblems(setProblem)
    return () => {
      hearNoMore()
      // The browser would do it, were the dialog not taken out of the page at the same moment.
      element.close()
      giveFocusBack(opener)
    }
  }, [opened])
  if (!opened) return null
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the keyboard has Escape
    <dialog
      ref={dialog}
      className={wide ? 's-dialog s-dialog-wide' : 's-dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close()
      }}
    >
      {/* What was said of the old answers says nothing of these. */}
      <div className="s-dialog-in" onInput={() => setProblem(null)}>
        <div className="s-dialog-head">
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <ActionIcon aria-label={t('app.close')} onClick={close}>
            <Icon name="cross" />
          </ActionIcon>
        </div>
        {children}
        <div role="alert" className="s-dialog-problem">
          {problem !== null && (
            <Note tone="bad" icon="warning">
              <p>{problem}</p>
            </Note>
          )}
        </div>
      </div>
    </dialog>
  )
}
