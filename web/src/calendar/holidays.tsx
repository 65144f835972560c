import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { groupQueries } from '../api/queries.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { Failure } from '../ui/failure.js'

/** Whose public holidays count as weekend, with the next ones, so that a wrong choice shows at once. */
export function Holidays() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const change = useChange()
  const [chosen, setChosen] = useState<string | null>(null)
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...groupQueries.holidays(group.slug, chosen),
    placeholderData: (old) => old,
  })
  const kept = useQuery(groupQueries.holidays(group.slug, null))
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  if (!data || !kept.data) return null
  const of = chosen ?? kept.data.of ?? ''
  const country = of.split('-')[0] ?? ''
  const none = { value: '', label: t('holidays.none') }
  const option = ({ code, name }: { code: string; name: string }) => ({ value: code, label: name })
  return (
    <section>
      <h2>{t('holidays.title')}</h2>
      <p>{t('holidays.help')}</p>
      <div className="s-panel s-form">
        <NativeSelect
          label={t('holidays.country')}
          disabled={!isAdmin}
          data={[none, ...data.countries.map(option)]}
          value={country}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        {data.parts.length > 0 && country !== '' && (
          <NativeSelect
            label={t('holidays.part')}
            disabled={!isAdmin}
            data={[{ value: country, label: t('holidays.wholeCountry') }, ...data.parts.map(option)]}
            value={of}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
        {data.next.length > 0 && of !== '' && (
          <div aria-live="polite" aria-busy={isPlaceholderData}>
            <p>{t('holidays.next')}</p>
            <ul>
              {data.next.map((day) => (
                <li key={day.date}>{day.text}</li>
              ))}
            </ul>
          </div>
        )}
        {isAdmin && (
          <div className="s-actions">
            <Button
              disabled={change.isPending || of === (kept.data.of ?? '')}
              onClick={() =>
                change.mutate({
                  method: 'PUT',
                  path: '/holidays',
                  body: { of: of || null },
                  said: t('holidays.saved'),
                })
              }
            >
              {change.isPending ? t('app.working') : t('app.save')}
            </Button>
          </div>
        )}
      </div>
    </section>
  )
}
