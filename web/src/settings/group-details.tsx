import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries, sessionQuery } from '../api/queries.js'
import type { Group } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { timeZones } from '../ui/time-zones.js'
import { useChange } from './use-change.js'

export function GroupDetails() {
  const { slug } = useGroup()
  const group = useQuery(groupQueries.group(slug))
  if (group.error && !group.data) return <Failure error={group.error} retry={() => void group.refetch()} />
  if (!group.data) return <CardSkeletons count={1} />
  return <Details key={group.data.id} group={group.data} />
}

function Details({ group }: { group: Group }) {
  const isAdmin = useIs('admin')
  const queries = useQueryClient()
  const change = useChange()
  const [name, setName] = useState(group.name)
  const [timeZone, setTimeZone] = useState(group.timeZone)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      {
        method: 'PATCH',
        path: '',
        body: { name, timeZone },
        said: t('app.saved'),
      },
      { onSuccess: () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }) },
    )
  }
  return (
    <>
      <form onSubmit={submit} className="s-panel s-form">
        <TextInput
          label={t('setUp.group')}
          required
          withAsterisk={false}
          readOnly={!isAdmin}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('setUp.zone')}
          description={t('setUp.zoneHelp')}
          disabled={!isAdmin}
          data={timeZones.includes(timeZone) ? timeZones : [timeZone, ...timeZones]}
          value={timeZone}
          onChange={(event) => setTimeZone(event.currentTarget.value)}
        />
        {isAdmin && (
          <div className="s-actions">
            <Button type="submit" disabled={change.isPending}>
              {change.isPending ? t('app.working') : t('app.save')}
            </Button>
          </div>
        )}
      </form>
      {group.noticeboardUrl && (
        <p>
          <a href={group.noticeboardUrl}>{t('group.noticeboard')}</a>
        </p>
      )}
    </>
  )
}
