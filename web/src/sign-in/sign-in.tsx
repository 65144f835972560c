import './sign-in.css'

import { Button, TextInput, UnstyledButton } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'

import { askPasskey, isCalledOff, passkeysWork } from '../account/passkey.js'
import { api } from '../api/client.js'
import type { DemoPerson } from '../api/types.js'
import { useSession } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Mark } from '../ui/brand.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { sayFailure } from '../ui/notify.js'

/** The page before anybody is known: ask for a link by e-mail, or in the demonstration step in as somebody. */
export function SignIn() {
  const session = useSession()
  return (
    <Outside title={session.demo ? t('signIn.demoTitle') : t('signIn.title')}>
      {session.demo && <DemoCards people={session.demo.people} />}
      <MailForm secondary={session.demo !== null} />
      <PasskeyButton />
      {session.setUpNeeded && (
        <p className="s-meta">
          <Link href="/set-up">{t('signIn.setUpOwn')}</Link>
        </p>
      )}
      {session.mailboxOpen && (
        <p className="s-meta">
          <a href="/mailbox">{t('signIn.mailbox')}</a>
        </p>
      )}
    </Outside>
  )
}

/** The frame of the pages for people who are not signed in. */
export function Outside({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title])
  return (
    <div className="s-outside">
      <header className="s-outside-brand">
        <div className="s-outside-brand-in">
          <Mark size={64} />
          <p className="s-outside-name">{t('app.name')}</p>
          <p className="s-outside-promise">{t('signIn.promise')}</p>
          <ul className="s-outside-points">
            {(['one', 'two', 'three'] as const).map((point) => (
              <li key={point}>
                <Icon name="tick" />
                <span>{t(`signIn.points.${point}`)}</span>
              </li>
            ))}
          </ul>
        </div>
      </header>
      <main className="s-outside-main">
        <div className="s-outside-main-in">
          <h1>{title}</h1>
          {children}
        </div>
      </main>
    </div>
  )
}

function DemoCards({ people }: { people: DemoPerson[] }) {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [busy, setBusy] = useState(false)
  const enter = async (person: DemoPerson) => {
    setBusy(true)
    try {
      await api('POST', '/demo/enter', { memberId: person.memberId })
      await queries.resetQueries()
      go('/')
    } catch (error) {
      setBusy(false)
      sayFailure(error)
    }
  }
  return (
    <>
      <p className="s-lead">{t('signIn.demoLead')}</p>
      <ul className="s-people">
        {people.map((person) => (
          <li key={person.memberId}>
            <UnstyledButton className="s-person" disabled={busy} onClick={() => void enter(person)}>
              <span className="s-person-face" aria-hidden="true">
                {person.name.slice(0, 1)}
              </span>
              <span className="s-grow">
                <strong>{t('signIn.enterAs', { name: person.name })}</strong>
                <span className="s-meta">
                  {person.roles.map((role) => t(`role.${role}`)).join(', ')} · {person.groupName}
                </span>
                {person.about && <span className="s-person-about">{person.about}</span>}
              </span>
              <Icon name="right" />
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </>
  )
}

/** For whoever has added one; the device shows which. */
function PasskeyButton() {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [busy, setBusy] = useState(false)
  if (!passkeysWork()) return null
  const enter = async () => {
    setBusy(true)
    try {
      await api('POST', '/sign-in/passkey', { response: await askPasskey('/sign-in/passkey/start') })
      await queries.resetQueries()
      go('/')
    } catch (error) {
      setBusy(false)
      if (!isCalledOff(error)) sayFailure(error)
    }
  }
  return (
    <div className="s-actions">
      <Button variant="default" disabled={busy} leftSection={<Icon name="key" />} onClick={() => void enter()}>
        {busy ? t('app.working') : t('signIn.passkey')}
      </Button>
    </div>
  )
}

function MailForm({ secondary }: { secondary: boolean }) {
  const [email, setEmail] = useState('')
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setWrong(null)
    try {
      const said = await api<{ message: string }>('POST', '/sign-in', { email })
      setAnswer(said.message)
    } catch (error) {
      setWrong(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section aria-label={t('signIn.byMail')} className={secondary ? 's-second' : undefined}>
      {secondary && <h2>{t('signIn.byMail')}</h2>}
      {!secondary && <p className="s-lead">{t('signIn.lead')}</p>}
      <form onSubmit={(event) => void submit(event)} className="s-form">
        <TextInput
          label={t('signIn.email')}
          type="email"
          autoComplete="email"
          required
          withAsterisk={false}
          value={email}
          error={wrong}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <div className="s-actions">
          <Button
            type="submit"
            disabled={busy}
            variant={secondary ? 'default' : 'filled'}
            leftSection={<Icon name="mail" />}
          >
            {busy ? t('app.working') : t('signIn.send')}
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {answer && (
          <Note tone="good" icon="mail">
            <p>{answer}</p>
          </Note>
        )}
      </div>
    </section>
  )
}
