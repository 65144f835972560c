import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { api, type ApiProblem } from '../api/client.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { askPasskey } from './passkey.js'

/** Asks for a fresh proof of who is there: the passkey, or for somebody without one a code from their mail. */
export function StepUpDialog({ problem, answer }: { problem: ApiProblem; answer: (proved: boolean) => void }) {
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    setWrong(null)
    try {
      await work()
      return true
    } catch (error) {
      setWrong(sentenceOf(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog opened close={() => answer(false)} title={t('stepUp.title')}>
      <div className="s-form">
        <p>{t('stepUp.text')}</p>
        {problem.body['by'] === 'passkey' ? (
          <ByPasskey busy={busy} attempt={attempt} answer={answer} />
        ) : (
          <ByCode busy={busy} attempt={attempt} answer={answer} />
        )}
        <div role="alert">
          {wrong && (
            <Note tone="bad" icon="warning">
              <p>{wrong}</p>
            </Note>
          )}
        </div>
      </div>
    </Dialog>
  )
}

interface WayProps {
  busy: boolean
  attempt: (work: () => Promise<unknown>) => Promise<boolean>
  answer: (proved: boolean) => void
}

function ByPasskey({ busy, attempt, answer }: WayProps) {
  const prove = async () => {
    const proved = await attempt(async () =>
      api('POST', '/account/proof/passkey', { response: await askPasskey('/account/proof/passkey/start') }),
    )
    if (proved) answer(true)
  }
  return (
    <div className="s-actions s-dialog-actions">
      <Button variant="default" onClick={() => answer(false)}>
        {t('app.cancel')}
      </Button>
      <Button disabled={busy} leftSection={<Icon name="key" />} onClick={() => void prove()}>
        {busy ? t('app.working') : t('stepUp.passkey')}
      </Button>
    </div>
  )
}

function ByCode({ busy, attempt, answer }: WayProps) {
  const [said, setSaid] = useState<string | null>(null)
  const [code, setCode] = useState('')
  const send = () =>
    void attempt(async () => {
      const { message } = await api<{ message: string }>('POST', '/account/proof/code/send', {})
      setSaid(message)
    })
  const check = async (event: FormEvent) => {
    event.preventDefault()
    if (await attempt(() => api('POST', '/account/proof/code', { code }))) answer(true)
  }
  if (!said) {
    return (
      <>
        <p>{t('stepUp.code')}</p>
        <div className="s-actions s-dialog-actions">
          <Button variant="default" onClick={() => answer(false)}>
            {t('app.cancel')}
          </Button>
          <Button disabled={busy} leftSection={<Icon name="mail" />} onClick={send}>
            {busy ? t('app.working') : t('stepUp.send')}
          </Button>
        </div>
      </>
    )
  }
  return (
    <form className="s-form" onSubmit={(event) => void check(event)}>
      <div aria-live="polite">
        <Note tone="good" icon="mail">
          <p>{said}</p>
        </Note>
      </div>
      <TextInput
        label={t('stepUp.label')}
        data-autofocus
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <div className="s-actions s-dialog-actions">
        <Button variant="default" disabled={busy} onClick={send}>
          {t('stepUp.again')}
        </Button>
        <Button type="submit" disabled={busy}>
          {busy ? t('app.working') : t('stepUp.check')}
        </Button>
      </div>
    </form>
  )
}
