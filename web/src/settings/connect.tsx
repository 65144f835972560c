import { Button, NativeSelect, PasswordInput, Skeleton, TextInput, UnstyledButton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { api, ApiProblem } from '../api/client.js'
import { at, networksQuery } from '../api/queries.js'
import type { Network, NetworkInfo } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { Failure, sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { Note } from '../ui/note.js'
import { say } from '../ui/notify.js'
import { useChange } from './use-change.js'
import { keepWay, keptWay } from './way-kept.js'

/** Which channel is connected: a new one, of a network that may be known already, or one again. */
export interface Connecting {
  again: { id: string; network: Network; name: string } | null
  network?: Network
}

/** Connects an account: choose the network, follow its steps, fill in its fields, and agree there if it wants that. */
export function Connect({ connecting, close }: { connecting: Connecting; close: () => void }) {
  const { again } = connecting
  const networks = useQuery(networksQuery)
  const [network, setNetwork] = useState<Network | null>(again?.network ?? connecting.network ?? null)
  const info = networks.data?.find((each) => each.network === network)
  return (
    <Dialog opened close={close} wide title={again ? t('connect.again', { name: again.name }) : t('channels.connect')}>
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
      {info && <Answers key={info.network} info={info} again={again?.id ?? null} close={close} />}
      {info && !again && (
        <Button variant="subtle" leftSection={<Icon name="left" />} onClick={() => setNetwork(null)}>
          {t('connect.otherNetwork')}
        </Button>
      )}
    </Dialog>
  )
}

function Answers({ info, again, close }: { info: NetworkInfo; again: string | null; close: () => void }) {
  const group = useGroup()
  const change = useChange(true)
  const [answers, setAnswers] = useState<Record<string, string>>(() => {
    const kept = keptWay()
    return kept?.group === group.id && kept.network === info.network && kept.again === again ? kept.answers : {}
  })
  const leave = useMutation({
    mutationFn: () =>
      api<{ url: string }>('POST', `${at(group.slug)}/channels/consent`, {
        network: info.network,
        answers,
        reconnect: again,
      }),
    onSuccess: ({ url }) => {
      const open = info.fields.filter((field) => !field.secret).map((field) => [field.name, answers[field.name] ?? ''])
      keepWay({ group: group.id, network: info.network, again, answers: Object.fromEntries(open) })
      window.location.assign(url)
    },
  })
  const asking = info.consent ? leave : change
  const isOther = change.error instanceof ApiProblem && change.error.code === 'other-account'
  // The app's id and secret are kept with the channel: what is left empty stays what it was.
  const keepsEmpty = info.consent && again !== null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (info.consent) {
      leave.mutate()
      return
    }
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
      {!again && <Before info={info} />}
      {info.steps.length > 0 && (
        <ol className="s-steps">
          {info.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      {info.redirectUri && <RedirectAddress address={info.redirectUri} />}
      {keepsEmpty && info.fields.length > 0 && <p className="s-meta">{t('connect.emptyStays')}</p>}
      {info.fields.map((field) => {
        const answer = (value: string) => {
          setAnswers((old) => ({ ...old, [field.name]: value }))
          // What was said of the old answers says nothing of these.
          asking.reset()
        }
        if (field.choices) {
          return (
            <NativeSelect
              key={field.name}
              label={field.label}
              description={field.help}
              data={keepsEmpty ? [{ value: '', label: t('connect.asBefore') }, ...field.choices] : field.choices}
              value={answers[field.name] || (keepsEmpty ? '' : field.choices[0]?.value)}
              onChange={(event) => answer(event.currentTarget.value)}
            />
          )
        }
        const Input = field.secret ? PasswordInput : TextInput
        return (
          <Input
            key={field.name}
            label={field.optional ? t('app.optional', { label: field.label }) : field.label}
            description={field.help}
            placeholder={field.placeholder}
            required={!field.optional && !keepsEmpty}
            withAsterisk={false}
            autoComplete="off"
            autoCapitalize="none"
            value={answers[field.name] ?? ''}
            onChange={(event) => answer(event.currentTarget.value)}
          />
        )
      })}
      {asking.error && (
        <div role="alert">
          <Note tone="bad" icon="warning">
            <p>{sentenceOf(asking.error)}</p>
          </Note>
        </div>
      )}
      {info.consent && <p className="s-meta">{t('connect.comeBack', { network: info.name })}</p>}
      <div className="s-actions s-dialog-actions">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button
          type="submit"
          disabled={asking.isPending || leave.isSuccess}
          rightSection={info.consent ? <Icon name="out" /> : undefined}
        >
          {asking.isPending || leave.isSuccess
            ? t('app.working')
            : info.consent
              ? t('connect.goAndAgree', { network: info.name })
              : t(isOther ? 'channels.connectOther' : 'channels.connectNow')}
        </Button>
      </div>
    </form>
  )
}

/** What it costs and what will not work, before anybody does anything. */
function Before({ info }: { info: NetworkInfo }) {
  if (info.cost === null && info.cautions.length === 0) return null
  return (
    <Note tone="wait" icon="info">
      {info.cost && <p>{info.cost}</p>}
      {info.cautions.length > 0 && (
        <>
          <p>{t('connect.cautions')}</p>
          <ul className="s-steps">
            {info.cautions.map((caution) => (
              <li key={caution}>{caution}</li>
            ))}
          </ul>
        </>
      )}
    </Note>
  )
}

function RedirectAddress({ address }: { address: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(address)
    say(t('connect.copied'))
  }
  return (
    <div className="s-copy">
      <TextInput
        label={t('connect.redirect')}
        description={t('connect.redirectHelp')}
        value={address}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button variant="default" leftSection={<Icon name="copy" />} onClick={() => void copy()}>
        {t('connect.copy')}
      </Button>
    </div>
  )
}
