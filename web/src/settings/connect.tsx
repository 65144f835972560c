import { Button, PasswordInput, Skeleton, TextInput, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { ApiProblem } from '../api/client.js'
import { networksQuery } from '../api/queries.js'
import type { Network, NetworkInfo } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { Failure, sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { Note } from '../ui/note.js'
import { useChange } from './use-change.js'

/** Connects an account: choose the network, follow its steps, fill in its fields. */
export function Connect({ again, close }: { again: { id: string; network: Network } | null; close: () => void }) {
  const networks = useQuery(networksQuery)
  const [network, setNetwork] = useState<Network | null>(again?.network ?? null)
  const info = networks.data?.find((each) => each.network === network)
  return (
    <Dialog opened close={close} wide title={again ? t('channels.reconnect') : t('channels.connect')}>
      {networks.error && <Failure error={networks.error} retry={() => void networks.refetch()} />}
      {networks.isPending && <Skeleton h={120} />}
      {networks.data && !info && (
        <ul className="s-people">
          {networks.data.map((each) => (
            <li key={each.network}>
              <UnstyledButton className="s-person" onClick={() => setNetwork(each.network)}>
                <NetworkMark network={each.network} size={36} />
                <strong className="s-grow">{each.name}</strong>
                <Icon name="right" />
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {info && <Answers info={info} again={again?.id ?? null} close={close} />}
    </Dialog>
  )
}

function Answers({ info, again, close }: { info: NetworkInfo; again: string | null; close: () => void }) {
  const change = useChange(true)
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const isOther = change.error instanceof ApiProblem && change.error.code === 'other-account'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      again
        ? {
            method: 'POST',
            path: `/channels/${again}/reconnect`,
            body: isOther ? { answers, otherAccount: true } : { answers },
            said: t(isOther ? 'channels.otherConnected' : 'channels.connected'),
          }
        : {
            method: 'POST',
            path: '/channels',
            body: { network: info.network, answers },
            said: t('channels.connected'),
          },
      { onSuccess: close },
    )
  }
  return (
    <form onSubmit={submit} className="s-form">
      <p className="s-row-head">
        <NetworkMark network={info.network} size={32} /> <strong>{info.name}</strong>
      </p>
      {info.steps.length > 0 && (
        <ol className="s-steps">
          {info.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      {info.fields.map((field) => {
        const Input = field.secret ? PasswordInput : TextInput
        return (
          <Input
            key={field.name}
            label={field.optional ? t('app.optional', { label: field.label }) : field.label}
            description={field.help}
            placeholder={field.placeholder}
            required={!field.optional}
            withAsterisk={false}
            autoComplete="off"
            value={answers[field.name] ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget
              setAnswers((old) => ({ ...old, [field.name]: value }))
              // What was said of the old answers says nothing of these.
              change.reset()
            }}
          />
        )
      })}
      {change.error && (
        <div role="alert">
          <Note tone="bad" icon="warning">
            <p>{sentenceOf(change.error)}</p>
          </Note>
        </div>
      )}
      <div className="s-actions s-dialog-actions">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" disabled={change.isPending}>
          {change.isPending ? t('app.working') : t(isOther ? 'channels.connectOther' : 'channels.connectNow')}
        </Button>
      </div>
    </form>
  )
}
