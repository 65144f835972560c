import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import type { Manager } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { Dialog } from '../ui/dialog.js'
import { sentenceOf } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { dayOf } from './day.js'
import { Section } from './section.js'

const places = [1, 2]

/** The two people who answer for the accounts. */
export function Managers({ managers }: { managers: Manager[] }) {
  const isAdmin = useIs('admin')
  const [editing, setEditing] = useState<number | null>(null)
  return (
    <Section id="managers" title={t('governance.managers')}>
      <p className="s-meta">{t('governance.managersHelp')}</p>
      <ul className="s-managers">
        {places.map((place) => (
          <Place
            key={place}
            place={place}
            manager={managers.find((each) => each.place === place)}
            edit={() => setEditing(place)}
          />
        ))}
      </ul>
      {!isAdmin && managers.length > 0 && <p className="s-meta">{t('governance.namesOnly')}</p>}
      <ManagerForm
        key={editing}
        place={editing}
        manager={managers.find((each) => each.place === editing)}
        close={() => setEditing(null)}
      />
    </Section>
  )
}

function Place({ place, manager, edit }: { place: number; manager: Manager | undefined; edit: () => void }) {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const change = useChange()
  const path = `/governance/managers/${place}`
  if (!manager) {
    return (
      <li>
        <h3>{t('governance.place', { place })}</h3>
        <p className="s-meta">{t('governance.nobody')}</p>
        {isAdmin && (
          <div className="s-actions">
            <Button variant="default" onClick={edit}>
              {t('governance.nameSomebody')}
              <span className="s-hidden">: {t('governance.place', { place })}</span>
            </Button>
          </div>
        )}
      </li>
    )
  }
  const { name, details } = manager
  return (
    <li>
      <h3>{name}</h3>
      {details && (
        <>
          <p>{details.role}</p>
          <p>
            <a href={`mailto:${details.email}`}>{details.email}</a>
            <br />
            <a href={`tel:${details.telephone.replace(/[^+\d]/g, '')}`}>{details.telephone}</a>
          </p>
          <p className="s-meta">{t('governance.confirmed', { when: dayOf(details.confirmedAt, group.timeZone) })}</p>
          <div className="s-actions">
            {details.unconfirmed && (
              <Button
                disabled={change.isPending}
                onClick={() =>
                  change.mutate({ method: 'POST', path: `${path}/confirm`, said: t('governance.stillRightSaid') })
                }
              >
                {t('governance.stillRight')}
                <span className="s-hidden">: {name}</span>
              </Button>
            )}
            <Button variant="default" onClick={edit}>
              {t('governance.changeManager')}
              <span className="s-hidden">: {name}</span>
            </Button>
            <Button
              variant="subtle"
              disabled={change.isPending}
              onClick={() => change.mutate({ method: 'DELETE', path, said: t('governance.removed', { name }) })}
            >
              {t('governance.removeManager')}
              <span className="s-hidden">: {name}</span>
            </Button>
          </div>
        </>
      )}
    </li>
  )
}

function ManagerForm({
  place,
  manager,
  close,
}: {
  place: number | null
  manager: Manager | undefined
  close: () => void
}) {
  const change = useChange(true)
  const [given, setGiven] = useState({
    name: manager?.name ?? '',
    role: manager?.details?.role ?? '',
    email: manager?.details?.email ?? '',
    telephone: manager?.details?.telephone ?? '',
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { method: 'PUT', path: `/governance/managers/${place}`, body: given, said: t('app.saved') },
      { onSuccess: close },
    )
  }
  const field = (key: keyof typeof given) => ({
    required: true,
    withAsterisk: false,
    autoComplete: 'off',
    label: t(`governance.${key}`),
    value: given[key],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setGiven((before) => ({ ...before, [key]: value })),
  })
  return (
    <Dialog opened={place !== null} close={close} title={t('governance.managers')}>
      <form onSubmit={submit} className="s-form">
        <TextInput {...field('name')} data-autofocus />
        <TextInput {...field('role')} description={t('governance.roleHelp')} />
        <TextInput {...field('email')} type="email" />
        <TextInput {...field('telephone')} type="tel" />
        <p className="s-meta">{t('governance.sealed')}</p>
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
            {change.isPending ? t('app.working') : t('app.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
