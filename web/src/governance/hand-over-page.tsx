import '../settings/settings.css'
import './governance.css'

import { Button, Checkbox, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { HandOver } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { AskDialog } from '../post/ask-dialog.js'
import { useChange } from '../settings/use-change.js'
import { ButtonLink } from '../ui/button-link.js'
import { Failure, sentenceOf } from '../ui/failure.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { moment } from '../ui/time.js'
import { dayOf } from './day.js'

/** What somebody who leaves has in hand, and what others have seen to of it. */
export function HandOverPage({ memberId }: { memberId: string }) {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const handOver = useQuery({ ...groupQueries.handOver(group.slug, memberId), enabled: isAdmin })
  const name = handOver.data?.name ?? '…'
  const people = (
    <ButtonLink variant="default" href={`/g/${group.slug}/settings/people`}>
      {t('handOver.people')}
    </ButtonLink>
  )
  return (
    <Page title={t('handOver.title', { name })} actions={people}>
      <div className="s-settings-body s-hand-over">
        {!isAdmin && <p>{t('handOver.adminsOnly')}</p>}
        {handOver.error && !handOver.data && <Failure error={handOver.error} retry={() => void handOver.refetch()} />}
        {isAdmin && handOver.isPending && <CardSkeletons />}
        {handOver.data && <Loaded key={memberId} handOver={handOver.data} />}
      </div>
    </Page>
  )
}

function Loaded({ handOver }: { handOver: HandOver }) {
  const { memberId, name, leftAt, items } = handOver
  const group = useGroup()
  return (
    <>
      <p className="s-lead">
        {leftAt === null
          ? t('handOver.stillHere', { name })
          : t('handOver.left', { name, when: dayOf(leftAt, group.timeZone) })}
      </p>
      <section className="s-panel s-form" aria-labelledby="list">
        <h2 id="list">{t('handOver.list')}</h2>
        <ul className="s-hand-over-list">
          {items.map((item) => (
            <Item key={item.key} item={item} memberId={memberId} canTick={leftAt !== null} />
          ))}
        </ul>
      </section>
      {leftAt === null ? <Leave memberId={memberId} name={name} /> : <Notes handOver={handOver} />}
    </>
  )
}

function Item({
  item: { key, text, path, ticked },
  memberId,
  canTick,
}: {
  item: HandOver['items'][number]
  memberId: string
  canTick: boolean
}) {
  const group = useGroup()
  const change = useChange()
  return (
    <li>
      {canTick ? (
        <Checkbox
          className="s-choice"
          label={text}
          checked={ticked !== null}
          disabled={change.isPending}
          onChange={(event) =>
            change.mutate({
              method: 'PUT',
              path: `/governance/hand-overs/${memberId}/ticks`,
              body: { item: key, done: event.currentTarget.checked },
              said: t('app.saved'),
            })
          }
        />
      ) : (
        <p>{text}</p>
      )}
      {(path ?? ticked) !== null && (
        <p className="s-meta">
          {path !== null && (
            <Link href={`/g/${group.slug}/${path}`}>
              {t('handOver.open')}
              <span className="s-hidden">: {text}</span>
            </Link>
          )}{' '}
          {ticked && t('handOver.ticked', { name: ticked.by, when: moment(ticked.at, group.timeZone) })}
        </p>
      )}
    </li>
  )
}

function Notes({ handOver: { memberId, notes } }: { handOver: HandOver }) {
  const change = useChange()
  const [text, setText] = useState(notes)
  return (
    <form
      className="s-panel s-form"
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({
          method: 'PUT',
          path: `/governance/hand-overs/${memberId}/notes`,
          body: { notes: text },
          said: t('handOver.notesSaved'),
        })
      }}
    >
      <Textarea
        label={t('handOver.notes')}
        description={t('handOver.notesHelp')}
        autosize
        minRows={3}
        maxLength={5000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="s-actions">
        <Button type="submit" disabled={change.isPending || text === notes}>
          {t('app.save')}
        </Button>
      </div>
    </form>
  )
}

function Leave({ memberId, name }: { memberId: string; name: string }) {
  const change = useChange(true)
  const [asking, setAsking] = useState(false)
  const close = () => {
    change.reset()
    setAsking(false)
  }
  return (
    <div className="s-actions">
      <Button color="red" variant="outline" onClick={() => setAsking(true)}>
        {t('handOver.leave', { name })}
      </Button>
      <AskDialog
        opened={asking}
        close={close}
        title={t('handOver.leaveTitle', { name })}
        text={t('handOver.leaveText')}
        confirm={t('handOver.leave', { name })}
        danger
        busy={change.isPending}
        problem={change.error && sentenceOf(change.error)}
        done={() =>
          change.mutate(
            {
              method: 'PATCH',
              path: `/members/${memberId}`,
              body: { status: 'left' },
              said: t('handOver.leftNow', { name }),
            },
            { onSuccess: close },
          )
        }
      />
    </div>
  )
}
