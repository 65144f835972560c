import { Button, NativeSelect } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import type { Member } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { sentenceOf } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { useChange } from './use-change.js'

/** Says that a member and another are one human being. It is not undone, so it is asked in so many words. */
export function SamePerson({ member, others, close }: { member: Member; others: Member[]; close: () => void }) {
  const change = useChange(true)
  const [other, setOther] = useState('')
  const chosen = others.find((each) => each.id === other)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!chosen) return
    change.mutate(
      {
        method: 'POST',
        path: `/members/${member.id}/same-person`,
        body: { sameAs: other },
        said: t('people.merged', { name: member.name, other: chosen.name }),
      },
      { onSuccess: close },
    )
  }
  return (
    <Dialog opened close={close} title={t('people.mergeTitle', { name: member.name })}>
      <form onSubmit={submit} className="s-form">
        <p>{t('people.mergeText')}</p>
        <NativeSelect
          label={t('people.mergeOther')}
          required
          withAsterisk={false}
          value={other}
          onChange={(event) => setOther(event.currentTarget.value)}
          data={[
            { value: '', label: t('people.mergeChoose') },
            ...others.map((each) => ({ value: each.id, label: `${each.name} (${each.email})` })),
          ]}
        />
        {change.error && (
          <div role="alert">
            <Note tone="bad" icon="warning">
              <p>{sentenceOf(change.error)}</p>
            </Note>
          </div>
        )}
        <div className="s-actions s-dialog-actions">
          <Button variant="default" onClick={close}>
            {t('app.back')}
          </Button>
          <Button type="submit" color="red" disabled={change.isPending || !chosen}>
            {change.isPending ? t('app.working') : t('people.mergeConfirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
