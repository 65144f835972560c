import { Button, Checkbox, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries } from '../api/queries.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { Icon } from '../ui/icons.js'

const empty = { name: '', from: '', until: '', channelIds: [] as string[] }

/** Plans a silence: what it is for, from when until when, and where. */
export function NewSilence() {
  const group = useGroup()
  const channels = useQuery(groupQueries.channels(group.slug))
  const change = useChange()
  const [isOpen, setOpen] = useState(false)
  const [form, setForm] = useState(empty)
  if (!isOpen) {
    return (
      <div className="s-actions">
        <Button variant="default" leftSection={<Icon name="plus" />} onClick={() => setOpen(true)}>
          {t('silences.add')}
        </Button>
      </div>
    )
  }
  const set = (name: 'name' | 'from' | 'until') => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setForm((old) => ({ ...old, [name]: value }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const channelIds = form.channelIds.length > 0 ? form.channelIds : null
    change.mutate(
      { method: 'POST', path: '/silences', body: { ...form, channelIds }, said: t('silences.added') },
      {
        onSuccess: () => {
          setForm(empty)
          setOpen(false)
        },
      },
    )
  }
  return (
    <form onSubmit={submit} className="s-panel s-form">
      <TextInput
        label={t('silences.name')}
        description={t('silences.nameHelp')}
        required
        withAsterisk={false}
        maxLength={80}
        value={form.name}
        onChange={set('name')}
      />
      <div className="s-pair">
        <TextInput
          type="datetime-local"
          label={t('silences.from', { zone: group.timeZone })}
          required
          withAsterisk={false}
          value={form.from}
          onChange={set('from')}
        />
        <TextInput
          type="datetime-local"
          label={t('silences.until', { zone: group.timeZone })}
          required
          withAsterisk={false}
          value={form.until}
          onChange={set('until')}
        />
      </div>
      <Checkbox.Group
        label={t('silences.channels')}
        description={t('silences.channelsHelp')}
        value={form.channelIds}
        onChange={(channelIds) => setForm((old) => ({ ...old, channelIds }))}
      >
        <div className="s-choices">
          {(channels.data ?? []).map((channel) => (
            <Checkbox key={channel.id} value={channel.id} label={channel.name} />
          ))}
        </div>
      </Checkbox.Group>
      <div className="s-actions">
        <Button variant="default" onClick={() => setOpen(false)}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" disabled={change.isPending}>
          {change.isPending ? t('app.working') : t('silences.save')}
        </Button>
      </div>
    </form>
  )
}
