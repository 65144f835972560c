import { Button, Checkbox, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries } from '../api/queries.js'
import type { Member, Role } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { PersonPart } from '../governance/person-part.js'
import { t } from '../language/i18n.js'
import { AskDialog } from '../post/ask-dialog.js'
import { Dialog } from '../ui/dialog.js'
import { Failure, sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { SamePerson } from './same-person.js'
import { useChange } from './use-change.js'

const roles: Role[] = ['editor', 'reviewer', 'admin']

export function People() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const members = useQuery(groupQueries.members(group.slug))
  const [inviting, setInviting] = useState(false)
  if (members.error && !members.data) return <Failure error={members.error} retry={() => void members.refetch()} />
  if (!members.data) return <CardSkeletons />
  const active = members.data.filter((each) => each.status === 'active')
  const reviewers = active.filter((each) => each.roles.includes('reviewer')).length
  const admins = active.filter((each) => each.roles.includes('admin')).length
  return (
    <>
      {isAdmin && (
        <div className="s-actions">
          <Button leftSection={<Icon name="plus" />} onClick={() => setInviting(true)}>
            {t('people.invite')}
          </Button>
        </div>
      )}
      {reviewers < 2 && (
        <Note tone="wait" icon="info">
          <p>{t('people.fewReviewers')}</p>
        </Note>
      )}
      {admins < 2 && (
        <Note tone="wait" icon="info">
          <p>{t('people.fewAdmins')}</p>
        </Note>
      )}
      <ul className="s-rows">
        {members.data.map((member) => (
          <Row key={member.id} member={member} members={members.data} isAdmin={isAdmin} />
        ))}
      </ul>
      <Invite opened={inviting} close={() => setInviting(false)} />
    </>
  )
}

function Row({ member, members, isAdmin }: { member: Member; members: Member[]; isAdmin: boolean }) {
  // The people of the demonstration were never invited; one steps in as them.
  const group = useGroup()
  const change = useChange()
  const suspension = useChange(true)
  const [editing, setEditing] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [isMerging, setMerging] = useState(false)
  const changeBy = (body: object) => ({
    method: 'PATCH' as const,
    path: `/members/${member.id}`,
    body,
    said: t('people.changed', { name: member.name }),
  })
  const patch = (body: object) => change.mutate(changeBy(body))
  return (
    <li className="s-card">
      <div className="s-row-head">
        <h2>
          {member.name}
          {member.you && <span className="s-dim"> {t('people.you')}</span>}
        </h2>
        {member.status !== 'active' && (
          <span className="s-pill s-bad">
            <Icon name="pause" size={16} />
            <span>{t(`people.${member.status}`)}</span>
          </span>
        )}
        {member.status === 'active' && !member.joined && !member.you && !group.demo && (
          <span className="s-pill s-wait">
            <Icon name="mail" size={16} />
            <span>{t('people.invited')}</span>
          </span>
        )}
      </div>
      <p className="s-meta s-break">{member.email}</p>
      <p>{member.roles.map((role) => t(`role.${role}`)).join(', ') || t('people.noRoles')}</p>
      <PersonPart
        member={member}
        isAdmin={isAdmin}
        quiet={editing}
        seldom={
          <>
            {member.status === 'active' && (
              <Button variant="default" onClick={() => setAsking(true)}>
                {t('people.suspend')}
                <span className="s-hidden">: {member.name}</span>
              </Button>
            )}
            {members.length > 1 && (
              <Button variant="default" onClick={() => setMerging(true)}>
                {t('people.merge')}
                <span className="s-hidden">: {member.name}</span>
              </Button>
            )}
          </>
        }
      >
        {isAdmin && (
          <>
            <Button variant="default" onClick={() => setEditing(true)}>
              {t('people.change')}
              <span className="s-hidden">: {member.name}</span>
            </Button>
            {member.status !== 'active' && (
              <Button variant="default" disabled={change.isPending} onClick={() => patch({ status: 'active' })}>
                {t('people.restore')}
                <span className="s-hidden">: {member.name}</span>
              </Button>
            )}
          </>
        )}
      </PersonPart>
      {isMerging && (
        <SamePerson
          member={member}
          others={members.filter((each) => each.id !== member.id)}
          close={() => setMerging(false)}
        />
      )}
      {isAdmin && editing && (
        <EditRoles
          member={member}
          busy={change.isPending}
          close={() => setEditing(false)}
          save={(body) => {
            patch(body)
            setEditing(false)
          }}
        />
      )}
      <AskDialog
        opened={isAsking}
        close={() => {
          suspension.reset()
          setAsking(false)
        }}
        title={t('people.suspendTitle', { name: member.name })}
        text={t('people.suspendText')}
        confirm={t('people.suspend')}
        danger
        busy={suspension.isPending}
        problem={suspension.error && sentenceOf(suspension.error)}
        done={() => suspension.mutate(changeBy({ status: 'suspended' }), { onSuccess: () => setAsking(false) })}
      />
    </li>
  )
}

function EditRoles({
  member,
  busy,
  close,
  save,
}: {
  member: Member
  busy: boolean
  close: () => void
  save: (body: { roles: Role[]; getsSummary: boolean }) => void
}) {
  const [chosen, setChosen] = useState(member.roles)
  const [summary, setSummary] = useState(member.getsSummary)
  return (
    <div className="s-form">
      <RoleBoxes chosen={chosen} set={setChosen} />
      <Checkbox
        className="s-choice"
        label={t('people.summary')}
        checked={summary}
        onChange={(event) => setSummary(event.currentTarget.checked)}
      />
      <div className="s-actions">
        <Button variant="default" onClick={close}>
          {t('app.cancel')}
        </Button>
        <Button disabled={busy} onClick={() => save({ roles: chosen, getsSummary: summary })}>
          {t('app.save')}
        </Button>
      </div>
    </div>
  )
}

function RoleBoxes({ chosen, set }: { chosen: Role[]; set: (roles: Role[]) => void }) {
  return (
    <fieldset className="s-plain">
      <legend>{t('people.roles')}</legend>
      {roles.map((role) => (
        <Checkbox
          key={role}
          className="s-choice"
          label={t(`role.${role}`)}
          description={t(`roleHelp.${role}`)}
          checked={chosen.includes(role)}
          onChange={(event) =>
            set(event.currentTarget.checked ? [...chosen, role] : chosen.filter((each) => each !== role))
          }
        />
      ))}
    </fieldset>
  )
}

function Invite({ opened, close }: { opened: boolean; close: () => void }) {
  const change = useChange(true)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [chosen, setChosen] = useState<Role[]>(['editor', 'reviewer'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      {
        method: 'POST',
        path: '/members',
        body: { name, email, roles: chosen },
        said: t('people.invitedNow', { email }),
      },
      {
        onSuccess: () => {
          setName('')
          setEmail('')
          close()
        },
      },
    )
  }
  return (
    <Dialog opened={opened} close={close} title={t('people.invite')}>
      <form onSubmit={submit} className="s-form">
        <TextInput
          label={t('setUp.name')}
          data-autofocus
          autoComplete="off"
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('people.email')}
          type="email"
          autoComplete="off"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <RoleBoxes chosen={chosen} set={setChosen} />
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
            {change.isPending ? t('app.working') : t('people.sendInvitation')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
