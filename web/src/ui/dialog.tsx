import { ActionIcon } from '@mantine/core'
import { useEffect, useId, useRef, type ReactNode } from 'react'

import { t } from '../language/i18n.js'
import { Icon } from './icons.js'

/** A question over the page. The browser keeps the focus inside, and gives it back afterwards. */
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
  useEffect(() => {
    const element = dialog.current
    if (!opened || !element) return
    element.showModal()
    heading.current?.focus()
    return () => element.close()
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
      <div className="s-dialog-in">
        <div className="s-dialog-head">
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <ActionIcon aria-label={t('app.close')} onClick={close}>
            <Icon name="cross" />
          </ActionIcon>
        </div>
        {children}
      </div>
    </dialog>
  )
}
