import { Button, Modal, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { t } from '../language/i18n.js'

/** Asks before something that others will notice, with a line for the reason where one is needed. */
export function AskDialog({
  opened,
  close,
  title,
  text,
  field,
  confirm,
  danger,
  busy,
  done,
}: {
  opened: boolean
  close: () => void
  title: string
  text: string
  field?: string
  confirm: string
  danger?: boolean
  busy: boolean
  done: (note: string) => void
}) {
  const [note, setNote] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    done(note.trim())
  }
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('app.close'), size: 44 }}>
      <form onSubmit={submit} className="s-form">
        <p>{text}</p>
        {field && (
          <Textarea
            label={field}
            autosize
            minRows={2}
            required
            withAsterisk={false}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        )}
        <div className="s-actions s-dialog-actions">
          <Button variant="default" onClick={close}>
            {t('app.back')}
          </Button>
          <Button type="submit" color={danger ? 'red' : undefined} disabled={busy}>
            {busy ? t('app.working') : confirm}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
