import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import type { Channel } from '../api/types.js'
import { t } from '../language/i18n.js'
import { useChange } from './use-change.js'

/** A channel's name, the room between its posts, its cap and its quiet hours. */
export function ChannelRules({ channel, close }: { channel: Channel; close: () => void }) {
  const change = useChange()
  const [form, setForm] = useState({
    name: channel.name,
    gapMinutes: String(channel.gapMinutes),
    dailyCap: String(channel.dailyCap),
    quietStart: channel.quietStart ?? '',
    quietEnd: channel.quietEnd ?? '',
  })
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setForm((old) => ({ ...old, [name]: value }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      {
        method: 'PATCH',
        path: `/channels/${channel.id}`,
        body: {
          name: form.name,
          gapMinutes: Number(form.gapMinutes),
          dailyCap: Number(form.dailyCap),
          quietStart: form.quietStart || null,
          quietEnd: form.quietEnd || null,
        },
        said: t('app.saved'),
      },
      { onSuccess: close },
    )
  }
  return (
    <form onSubmit={submit} className="s-form s-inset">
      <TextInput label={t('channels.name')} required withAsterisk={false} value={form.name} onChange={set('name')} />
      <div className="s-pair">
        <TextInput
          label={t('channels.gap')}
          type="number"
          inputMode="numeric"
          min={0}
          value={form.gapMinutes}
          onChange={set('gapMinutes')}
        />
        <TextInput
          label={t('channels.cap')}
          type="number"
          inputMode="numeric"
          min={1}
          value={form.dailyCap}
          onChange={set('dailyCap')}
        />
      </div>
      <div className="s-pair">
        <TextInput label={t('channels.quietFrom')} type="time" value={form.quietStart} onChange={set('quietStart')} />
        <TextInput label={t('channels.quietTo')} type="time" value={form.quietEnd} onChange={set('quietEnd')} />
      </div>
      <div className="s-actions">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" disabled={change.isPending}>
          {t('app.save')}
        </Button>
      </div>
    </form>
  )
}
