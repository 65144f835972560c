import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'

import { t } from '../language/i18n.js'
import { sentenceOf } from './failure.js'
import { Icon } from './icons.js'

const closing = { 'aria-label': t('app.close'), size: 44 } as const

export function say(message: string): void {
  notifications.show({ message, icon: <Icon name="tick" />, color: 'green', closeButtonProps: closing })
}

type Listener = (problem: string) => void
/** The dialogs that are open, the last one on top. */
const listeners: Listener[] = []

/** While a dialog is open, problems are said in it: all else lies behind it, where nobody reads it. */
export function hearProblems(listener: Listener): () => void {
  listeners.push(listener)
  return () => {
    listeners.splice(listeners.indexOf(listener), 1)
  }
}

/** @returns the notice, for `takeBack` */
export function sayFailure(error: unknown): string {
  return sayProblem(sentenceOf(error))
}

/** @returns the notice, for `takeBack` */
export function sayProblem(message: string): string {
  const dialog = listeners.at(-1)
  if (dialog) {
    dialog(message)
    return ''
  }
  return notifications.show({
    message,
    icon: <Icon name="warning" />,
    color: 'red',
    autoClose: 12_000,
    role: 'alert',
    closeButtonProps: closing,
  })
}

/** Hides a notice whose trouble is being tried again or is over. */
export function takeBack(notice: string): void {
  notifications.hide(notice)
}

/** Says what was done and offers ten seconds to take it back. */
export function sayWithUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    message: (
      <span className="s-undo">
        <span>{message}</span>
        <Button
          variant="default"
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
        >
          {t('app.undo')}
        </Button>
      </span>
    ),
    icon: <Icon name="tick" />,
    color: 'green',
    autoClose: 10_000,
    closeButtonProps: closing,
  })
}
