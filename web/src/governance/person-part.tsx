import './governance.css'

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'

import { groupQueries } from '../api/queries.js'
import type { Governance, Member, Role } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { ButtonLink } from '../ui/button-link.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { AwayForm } from './away-form.js'
import { dayInWords } from './day.js'

/** What has an end of somebody among the people: roles, absences, and being there at all. */
export function PersonPart({
  member,
  isAdmin,
  quiet,
  seldom,
  children,
}: {
  member: Member
  isAdmin: boolean
  /** Something else about them is being changed. */
  quiet: boolean
  /** Further buttons for admins, which they have to ask for. */
  seldom: ReactNode
  /** Further buttons, which come first. */
  children: ReactNode
}) {
  const group = useGroup()
  const { data } = useQuery(groupQueries.governance(group.slug))
  const change = useChange()
  const [open, setOpen] = useState<'end' | 'away' | null>(null)
  const [isMore, setMore] = useState(false)
  const ends = data?.roleEnds.filter((each) => each.memberId === member.id) ?? []
  const away = data?.away.find((each) => each.memberId === member.id)
  const active = member.status === 'active'
  const mayPause = active && member.roles.includes('reviewer') && (member.you || isAdmin)
  return (
    <div className="s-person-part">
      {ends.map(({ role, endsOn, kept }) => (
        <p key={role} className="s-meta">
          {t(kept ? 'personPart.endKept' : 'personPart.end', { role: t(`role.${role}`), day: dayInWords(endsOn) })}
        </p>
      ))}
      {away && <p className="s-meta">{t('personPart.away', { day: dayInWords(away.until) })}</p>}
      {open === 'away' && <AwayForm memberId={member.id} close={() => setOpen(null)} />}
      {open === 'end' && <EndForm member={member} ends={ends} close={() => setOpen(null)} />}
      {open === null && !quiet && (mayPause || isAdmin) && (
        <div className="s-actions">
          {children}
          {mayPause && !away && (
            <Button variant="default" onClick={() => setOpen('away')}>
              {t(member.you ? 'personPart.iAmAway' : 'personPart.pause')}
              {!member.you && <span className="s-hidden">: {member.name}</span>}
            </Button>
          )}
          {mayPause && away && (
            <Button
              variant="default"
              disabled={change.isPending}
              onClick={() =>
                change.mutate({
                  method: 'PUT',
                  path: `/governance/absences/${member.id}`,
                  body: { until: null },
                  said: t('personPart.isBack'),
                })
              }
            >
              {t('personPart.backEarly')}
              <span className="s-hidden">: {member.name}</span>
            </Button>
          )}
          {isAdmin && member.status === 'left' && (
            <ButtonLink variant="default" href={`/g/${group.slug}/hand-over/${member.id}`}>
              {t('handOver.title', { name: member.name })}
            </ButtonLink>
          )}
          {isAdmin && (
            <Button
              variant="subtle"
              aria-expanded={isMore}
              rightSection={<Icon name="chevron" size={16} />}
              onClick={() => setMore(!isMore)}
            >
              {t('people.more')}
              <span className="s-hidden">: {member.name}</span>
            </Button>
          )}
        </div>
      )}
      {open === null && !quiet && isAdmin && isMore && (
        <div className="s-actions">
          {active && member.roles.length > 0 && (
            <Button variant="default" onClick={() => setOpen('end')}>
              {t('personPart.setEnd')}
              <span className="s-hidden">: {member.name}</span>
            </Button>
          )}
          {seldom}
          {member.status !== 'left' && (
            <ButtonLink variant="default" href={`/g/${group.slug}/hand-over/${member.id}`}>
              {t('personPart.leaving')}
              <span className="s-hidden">: {member.name}</span>
            </ButtonLink>
          )}
        </div>
      )}
    </div>
  )
}

function EndForm({ member, ends, close }: { member: Member; ends: Governance['roleEnds']; close: () => void }) {
  const change = useChange(true)
  const [role, setRole] = useState<Role>(ends[0]?.role ?? member.roles[0]!)
  const present = ends.find((each) => each.role === role)
  const [day, setDay] = useState(present?.endsOn ?? '')
  const save = (endsOn: string | null) =>
    change.mutate(
      {
        method: 'PUT',
        path: `/governance/role-ends/${member.id}`,
        body: { role, endsOn },
        said: t(endsOn === null ? 'personPart.endRemoved' : 'personPart.endSaved'),
      },
      { onSuccess: close },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save(day)
  }
  return (
    <form onSubmit={submit} className="s-form">
      <NativeSelect
        label={t('personPart.endRole')}
        data={member.roles.map((each) => ({ value: each, label: t(`role.${each}`) }))}
        value={role}
        onChange={(event) => {
          const chosen = member.roles.find((each) => each === event.currentTarget.value) ?? role
          setRole(chosen)
          setDay(ends.find((each) => each.role === chosen)?.endsOn ?? '')
        }}
      />
      <TextInput
        type="date"
        label={t('personPart.endDay')}
        description={t('personPart.endDayHelp')}
        required
        withAsterisk={false}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
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
        {present && (
          <Button variant="default" disabled={change.isPending} onClick={() => save(null)}>
            {t('personPart.endRemove')}
          </Button>
        )}
        <Button type="submit" disabled={change.isPending}>
          {change.isPending ? t('app.working') : t('app.save')}
        </Button>
      </div>
    </form>
  )
}
