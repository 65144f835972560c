import { Button, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import type { CodeOfEthics } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { sentenceOf } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { dayOf } from './day.js'
import { Section } from './section.js'

/** The code of ethics, which admins change. */
export function Ethics({ code }: { code: CodeOfEthics }) {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const [editing, setEditing] = useState(false)
  const when = dayOf(code.madeAt, group.timeZone)
  return (
    <Section id="ethics" title={t('governance.ethics')}>
      <p className="s-meta">{t('governance.ethicsHelp')}</p>
      {editing ? (
        <EthicsForm code={code} close={() => setEditing(false)} />
      ) : (
        <>
          <ul className="s-points">
            {code.points.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
          <p className="s-meta">
            {code.madeBy === null
              ? t('governance.ethicsFirst', { number: code.number, when })
              : t('governance.ethicsVersion', { number: code.number, when, name: code.madeBy })}
          </p>
          {isAdmin && (
            <div className="s-actions">
              <Button variant="default" onClick={() => setEditing(true)}>
                {t('governance.changeEthics')}
              </Button>
            </div>
          )}
        </>
      )}
    </Section>
  )
}

function EthicsForm({ code, close }: { code: CodeOfEthics; close: () => void }) {
  const change = useChange(true)
  const [text, setText] = useState(code.text)
  // What it was when the form opened: somebody else's change meanwhile must not be written over unseen.
  const [number] = useState(code.number)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { method: 'PUT', path: '/governance/ethics', body: { text, number }, said: t('governance.ethicsSaved') },
      { onSuccess: close },
    )
  }
  return (
    <form onSubmit={submit} className="s-form">
      <Textarea
        label={t('governance.ethicsText')}
        description={t('governance.ethicsTextHelp')}
        autosize
        minRows={8}
        required
        withAsterisk={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {change.error && (
        <div role="alert">
          <Note tone="bad" icon="warning">
            <p>{sentenceOf(change.error)}</p>
          </Note>
        </div>
      )}
      <div className="s-actions">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button type="submit" disabled={change.isPending}>
          {change.isPending ? t('app.working') : t('app.save')}
        </Button>
      </div>
    </form>
  )
}
