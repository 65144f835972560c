import { Button, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { Note } from '../ui/note.js'

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
  problem = null,
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
  /** Why it was not done, where the question stays open for that. */
  problem?: string | null
  done: (note: string) => void
}) {
  const [note, setNote] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    done(note.trim())
  }
  return (
    <Dialog opened={opened} close={close} title={title}>
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
        {problem && (
          <div role="alert">
            <Note tone="bad" icon="warning">
              <p>{problem}</p>
            </Note>
          </div>
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
    </Dialog>
  )
}
