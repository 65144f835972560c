import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries } from '../api/queries.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { Dialog } from '../ui/dialog.js'
import { Icon } from '../ui/icons.js'

/** Stops everything, for whoever presses it. */
export function PauseButton() {
  const group = useGroup()
  const { data } = useQuery(groupQueries.pause(group.slug))
  const change = useChange()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  if (!data || data.pause) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { method: 'POST', path: '/pause', body: { reason }, said: t('pause.done') },
      { onSuccess: () => setAsking(false) },
    )
  }
  return (
    <>
      <Button variant="default" leftSection={<Icon name="pause" />} onClick={() => setAsking(true)}>
        {t('pause.button')}
      </Button>
      <Dialog opened={asking} close={() => setAsking(false)} title={t('pause.title')}>
        <form onSubmit={submit} className="s-form">
          <p>{t('pause.text')}</p>
          <Textarea
            label={t('app.optional', { label: t('pause.reason') })}
            autosize
            minRows={2}
            maxLength={300}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className="s-actions s-dialog-actions">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('app.back')}
            </Button>
            <Button type="submit" color="red" disabled={change.isPending}>
              {change.isPending ? t('app.working') : t('pause.button')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}
