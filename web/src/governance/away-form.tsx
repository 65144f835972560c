import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { sentenceOf } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { dayInWords } from './day.js'

/** From which day somebody is asked again. */
export function AwayForm({ memberId, close }: { memberId: string; close: () => void }) {
  const change = useChange(true)
  const [until, setUntil] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      {
        method: 'PUT',
        path: `/governance/absences/${memberId}`,
        body: { until },
        said: t('personPart.awaySaved', { day: dayInWords(until) }),
      },
      { onSuccess: close },
    )
  }
  return (
    <form onSubmit={submit} className="s-form">
      <TextInput
        type="date"
        label={t('personPart.until')}
        description={t('personPart.untilHelp')}
        required
        withAsterisk={false}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      {change.error && (
        <div role="alert">
          <Note tone="bad" icon="warning">
            <p>{sentenceOf(change.error)}</p>
          </Note>
        </div>
      )}
      <div className="s-actions">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" disabled={change.isPending}>
          {change.isPending ? t('app.working') : t('app.save')}
        </Button>
      </div>
    </form>
  )
}
