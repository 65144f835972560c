import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { api } from '../api/client.js'
import { useSession } from '../app/session.js'
import { t } from '../language/i18n.js'
import { sentenceOf } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { presentName, timeZones } from '../ui/time-zones.js'
import { Outside } from './sign-in.js'

const here = presentName(Intl.DateTimeFormat().resolvedOptions().timeZone)

/** The first thing an installation sees: its group, and the first admin. */
export function SetUp() {
  const session = useSession()
  const [form, setForm] = useState({
    groupName: '',
    timeZone: timeZones.includes(here) ? here : 'Europe/London',
    name: '',
    email: '',
  })
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const set = (name: keyof typeof form) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setForm((old) => ({ ...old, [name]: value }))
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setWrong(null)
    try {
      setAnswer((await api<{ message: string }>('POST', '/set-up', form)).message)
    } catch (error) {
      setWrong(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Outside title={t('setUp.title')}>
      {answer === null && (
        <>
          <p className="s-lead">{t('setUp.lead')}</p>
          <form onSubmit={(event) => void submit(event)} className="s-form">
            <TextInput
              label={t('setUp.group')}
              description={t('setUp.groupHelp')}
              required
              withAsterisk={false}
              value={form.groupName}
              onChange={set('groupName')}
            />
            <NativeSelect
              label={t('setUp.zone')}
              description={t('setUp.zoneHelp')}
              data={timeZones}
              value={form.timeZone}
              onChange={set('timeZone')}
            />
            <TextInput
              label={t('setUp.name')}
              autoComplete="name"
              required
              withAsterisk={false}
              value={form.name}
              onChange={set('name')}
            />
            <TextInput
              label={t('signIn.email')}
              type="email"
              autoComplete="email"
              description={t('setUp.emailHelp')}
              required
              withAsterisk={false}
              value={form.email}
              onChange={set('email')}
            />
            {wrong && (
              <div role="alert">
                <Note tone="bad" icon="warning">
                  <p>{wrong}</p>
                </Note>
              </div>
            )}
            <div className="s-actions">
              <Button type="submit" disabled={busy}>
                {busy ? t('app.working') : t('setUp.submit')}
              </Button>
            </div>
          </form>
        </>
      )}
      <div aria-live="polite">
        {answer && (
          <Note tone="good" icon="mail">
            <p>{answer}</p>
            {session.mailboxOpen && (
              <p>
                <a href="/mailbox">{t('signIn.mailbox')}</a>
              </p>
            )}
          </Note>
        )}
      </div>
    </Outside>
  )
}
