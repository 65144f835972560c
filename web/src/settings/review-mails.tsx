import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries } from '../api/queries.js'
import type { ReviewSettings } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { useChange } from './use-change.js'

const contents = ['full', 'teaser', 'none'] as const

/** What reviewers find in their mails, and when reminders may come. */
export function ReviewMails() {
  const { slug } = useGroup()
  const settings = useQuery(groupQueries.reviewSettings(slug))
  return (
    <section aria-labelledby="review-mails" className="s-review-mails">
      <h2 id="review-mails">{t('reviewMails.title')}</h2>
      {settings.data ? (
        <SettingsForm settings={settings.data} />
      ) : settings.error ? (
        <Failure error={settings.error} retry={() => void settings.refetch()} />
      ) : (
        <CardSkeletons count={1} />
      )}
    </section>
  )
}

function SettingsForm({ settings }: { settings: ReviewSettings }) {
  const isAdmin = useIs('admin')
  const change = useChange()
  const [given, setGiven] = useState(settings)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ method: 'PATCH', path: '/review-settings', body: given, said: t('app.saved') })
  }
  return (
    <form onSubmit={submit} className="s-panel s-form">
      <NativeSelect
        label={t('reviewMails.content')}
        description={t('reviewMails.contentHelp')}
        disabled={!isAdmin}
        data={contents.map((value) => ({ value, label: t(`reviewMails.${value}`) }))}
        value={given.mailContent}
        onChange={(event) =>
          setGiven({ ...given, mailContent: event.currentTarget.value as ReviewSettings['mailContent'] })
        }
      />
      <TextInput
        label={t('reviewMails.from')}
        description={t('reviewMails.fromHelp')}
        type="time"
        required
        withAsterisk={false}
        readOnly={!isAdmin}
        value={given.wakingFrom}
        onChange={(event) => setGiven({ ...given, wakingFrom: event.currentTarget.value })}
      />
      <TextInput
        label={t('reviewMails.until')}
        type="time"
        required
        withAsterisk={false}
        readOnly={!isAdmin}
        value={given.wakingUntil}
        onChange={(event) => setGiven({ ...given, wakingUntil: event.currentTarget.value })}
      />
      {isAdmin && (
        <div className="s-actions">
          <Button type="submit" disabled={change.isPending}>
            {change.isPending ? t('app.working') : t('app.save')}
          </Button>
        </div>
      )}
    </form>
  )
}
