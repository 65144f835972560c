import { Button, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import { api } from '../api/client.js'
import type { Account, Passkey } from '../api/types.js'
import { t } from '../language/i18n.js'
import { AskDialog } from '../post/ask-dialog.js'
import { Dialog } from '../ui/dialog.js'
import { Empty } from '../ui/empty.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { dayOf } from './days.js'
import { makePasskey, passkeysWork } from './passkey.js'
import { useOwnChange } from './use-own-change.js'

export function Passkeys({ account }: { account: Account }) {
  const [adding, setAdding] = useState(false)
  const obstacle = obstacleTo(account)
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">{t('ownSignIn.passkeys')}</h2>
      <p>{t('ownSignIn.passkeysText')}</p>
      {account.passkeys.length === 0 && <Empty icon="key" text={t('ownSignIn.noPasskeys')} />}
      <ul className="s-rows">
        {account.passkeys.map((passkey) => (
          <Row key={passkey.id} passkey={passkey} />
        ))}
      </ul>
      {obstacle ? (
        <Note tone="quiet" icon="info">
          <p>{obstacle}</p>
        </Note>
      ) : (
        <div className="s-actions">
          <Button leftSection={<Icon name="plus" />} onClick={() => setAdding(true)}>
            {t('ownSignIn.add')}
          </Button>
        </div>
      )}
      {adding && <Add close={() => setAdding(false)} />}
    </section>
  )
}

/** Why no passkey can be added here; null when one can. */
function obstacleTo(account: Account): string | null {
  if (!account.passkeysPossible) return t('ownSignIn.impossible')
  if (location.origin !== account.passkeyOrigin) return t('ownSignIn.elsewhere', { origin: account.passkeyOrigin })
  return passkeysWork() ? null : t('ownSignIn.noBrowser')
}

function Row({ passkey }: { passkey: Passkey }) {
  const removal = useOwnChange(true)
  const [asking, setAsking] = useState<'rename' | 'remove' | null>(null)
  const { id, name, createdAt, lastUsedAt, backedUp } = passkey
  return (
    <li className="s-card">
      <h3>{name}</h3>
      <p className="s-meta">
        {[
          t('ownSignIn.addedOn', { date: dayOf(createdAt) }),
          lastUsedAt ? t('ownSignIn.usedOn', { date: dayOf(lastUsedAt) }) : t('ownSignIn.neverUsed'),
          ...(backedUp ? [t('ownSignIn.backedUp')] : []),
        ].join(' · ')}
      </p>
      <div className="s-actions">
        <Button variant="default" onClick={() => setAsking('rename')}>
          {t('ownSignIn.rename')}
          <span className="s-hidden">: {name}</span>
        </Button>
        <Button variant="default" onClick={() => setAsking('remove')}>
          {t('ownSignIn.remove')}
          <span className="s-hidden">: {name}</span>
        </Button>
      </div>
      {asking === 'rename' && <Rename passkey={passkey} close={() => setAsking(null)} />}
      <AskDialog
        opened={asking === 'remove'}
        close={() => setAsking(null)}
        title={t('ownSignIn.removeTitle', { name })}
        text={t('ownSignIn.removeText')}
        confirm={t('ownSignIn.remove')}
        danger
        busy={removal.isPending}
        problem={removal.error && sentenceOf(removal.error)}
        done={() =>
          removal.mutate(
            { work: () => api('DELETE', `/account/passkeys/${id}`), said: t('ownSignIn.removed', { name }) },
            { onSuccess: () => setAsking(null) },
          )
        }
      />
    </li>
  )
}

function Add({ close }: { close: () => void }) {
  const change = useOwnChange(true)
  return (
    <NameDialog
      title={t('ownSignIn.addTitle')}
      text={t('ownSignIn.addText')}
      confirm={t('ownSignIn.addNow')}
      name=""
      change={change}
      close={close}
      done={(name) =>
        change.mutate(
          {
            work: async () => api('POST', '/account/passkeys', { name, response: await makePasskey() }),
            said: t('ownSignIn.added', { name }),
          },
          { onSuccess: close },
        )
      }
    />
  )
}

function Rename({ passkey, close }: { passkey: Passkey; close: () => void }) {
  const change = useOwnChange(true)
  return (
    <NameDialog
      title={t('ownSignIn.renameTitle', { name: passkey.name })}
      confirm={t('app.save')}
      name={passkey.name}
      change={change}
      close={close}
      done={(name) =>
        change.mutate(
          {
            work: () => api('PATCH', `/account/passkeys/${passkey.id}`, { name }),
            said: t('ownSignIn.renamed', { name }),
          },
          { onSuccess: close },
        )
      }
    />
  )
}

function NameDialog({
  title,
  text,
  confirm,
  name: before,
  change,
  close,
  done,
}: {
  title: string
  text?: string
  confirm: string
  name: string
  change: { isPending: boolean; error: Error | null }
  close: () => void
  done: (name: string) => void
}) {
  const [name, setName] = useState(before)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    done(name.trim())
  }
  return (
    <Dialog opened close={close} title={title}>
      <form className="s-form" onSubmit={submit}>
        {text && <p>{text}</p>}
        <TextInput
          label={t('ownSignIn.name')}
          description={t('ownSignIn.nameHelp')}
          data-autofocus
          autoComplete="off"
          maxLength={60}
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
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
            {t('app.cancel')}
          </Button>
          <Button type="submit" disabled={change.isPending}>
            {change.isPending ? t('app.working') : confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
