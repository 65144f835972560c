import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'

import type { OutPart, PostDetail, PublicationView } from '../api/types.js'
import { useGroup, useMayWrite, useNow } from '../app/session.js'
import { t } from '../language/i18n.js'
import { MoveDialog } from '../move/move-dialog.js'
import { ButtonLink } from '../ui/button-link.js'
import { CounterRow } from '../ui/counters.js'
import { Dialog } from '../ui/dialog.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { say, sayProblem } from '../ui/notify.js'
import { PublicationPill } from '../ui/state-pill.js'
import { relative } from '../ui/time.js'
import { AskDialog } from './ask-dialog.js'
import { usePostAction } from './use-post-action.js'

/** Where and when, channel by channel, with what went wrong and what to do. */
export function Publications({ post }: { post: PostDetail }) {
  if (post.publications.length === 0) {
    const over = post.state === 'cancelled' || post.state === 'expired'
    const names = post.channels.map((each) => each.name).join(', ')
    return <p className="s-dim">{t(over ? 'post.goesNowhere' : 'post.noPublications', { names })}</p>
  }
  return (
    <ul className="s-publications">
      {post.publications.map((publication) => (
        <li key={publication.id}>
          <Publication publication={publication} post={post} />
        </li>
      ))}
    </ul>
  )
}

/** What is out of a thread, part by part, or was. */
function Parts({ parts }: { parts: OutPart[] }) {
  if (parts.length === 0) return null
  return (
    <ul className="s-out-parts">
      {parts.map((part) => {
        const name = part.kind === 'comment' ? t('preview.comment') : t('preview.part', { number: part.number })
        return (
          <li key={part.number}>
            <Icon name={part.retracted ? 'undo' : 'tick'} size={18} />
            {part.url ? <a href={part.url}>{name}</a> : <span>{name}</span>}
            {part.retracted && <span className="s-dim">{t('post.partRetracted')}</span>}
          </li>
        )
      })}
    </ul>
  )
}

function Publication({ publication, post }: { publication: PublicationView; post: PostDetail }) {
  const group = useGroup()
  const now = useNow()
  const action = usePostAction()
  const [asking, setAsking] = useState<'retract' | 'answer' | 'move' | null>(null)
  const mayWrite = useMayWrite()
  const [url, setUrl] = useState('')
  const path = `publications/${publication.id}`
  const words = publication.isRepost ? 'undo' : 'retract'
  const run = (name: string, body: unknown, said: string) =>
    action.mutate(
      { path: `${path}/${name}`, body },
      {
        onSuccess: (after) => {
          const now = after.publications.find((each) => each.id === publication.id)
          // The network has said no already: the dialog stays, and says so.
          if (name === 'retract' && now && !['retracting', 'retracted'].includes(now.state)) {
            sayProblem([now.cause, now.nextStep].filter(Boolean).join(' '))
            return
          }
          setAsking(null)
          say(said)
        },
      },
    )
  return (
    <>
      <div className="s-publication-head">
        <NetworkMark network={publication.network} size={28} />
        <h3>{publication.channelName}</h3>
        <PublicationPill state={publication.state} text={publication.stateText} />
      </div>
      <p>
        {publication.slotText}{' '}
        <span className="s-dim">({relative(publication.publishedAt ?? publication.slot, now)})</span>
      </p>
      {publication.reasons.length > 0 && <p className="s-meta s-cap">{publication.reasons.join(' ')}</p>}
      {publication.cause && <p className="s-cause">{publication.cause}</p>}
      {publication.nextStep && <p className="s-next">{publication.nextStep}</p>}
      {publication.failureAccepted && <p className="s-meta">{publication.failureAccepted}</p>}
      <Parts parts={post.parts.filter((part) => part.publicationId === publication.id)} />
      {publication.counters && <CounterRow counters={publication.counters} />}
      <div className="s-actions">
        {publication.url && (
          <Button component="a" variant="default" href={publication.url} rightSection={<Icon name="out" size={18} />}>
            {t(publication.isRepost ? 'post.openTheirs' : 'post.open', { name: publication.channelName })}
          </Button>
        )}
        {publication.state === 'planned' && mayWrite && (
          <Button variant="default" leftSection={<Icon name="clock" />} onClick={() => setAsking('move')}>
            {t('move.button')}
          </Button>
        )}
        {publication.mayReplan && mayWrite && (
          <Button
            leftSection={<Icon name="queue" />}
            disabled={action.isPending}
            onClick={() => run('next-slot', {}, t('post.replanned'))}
          >
            {t('post.nextSlot')}
          </Button>
        )}
        {publication.state === 'missed' && post.may.edit === null && (
          <ButtonLink
            href={`/g/${group.slug}/posts/${post.id}/edit`}
            variant="default"
            leftSection={<Icon name="clock" />}
          >
            {t('post.newTime')}
          </ButtonLink>
        )}
        {publication.mayAnswer && (
          <Button leftSection={<Icon name="question" />} onClick={() => setAsking('answer')}>
            {t('post.answer')}
          </Button>
        )}
        {publication.mayAcknowledge && (
          <Button
            leftSection={<Icon name="tick" />}
            disabled={action.isPending}
            onClick={() => run('acknowledge', {}, t('post.acknowledged'))}
          >
            {t(`post.${words}.acknowledge`)}
          </Button>
        )}
        {publication.mayAcceptFailure && mayWrite && (
          <Button
            variant="default"
            leftSection={<Icon name="tick" />}
            disabled={action.isPending}
            onClick={() => run('accept-failure', {}, t('post.failureAccepted'))}
          >
            {t('post.acceptFailure')}
          </Button>
        )}
        {publication.mayRetract && (
          <Button
            variant="default"
            className="s-danger"
            leftSection={<Icon name="undo" />}
            onClick={() => setAsking('retract')}
          >
            {t(`post.${words}.button`)}
          </Button>
        )}
      </div>
      {asking === 'move' && <MoveDialog publicationId={publication.id} close={() => setAsking(null)} />}
      <AskDialog
        opened={asking === 'retract'}
        close={() => setAsking(null)}
        title={t(`post.${words}.title`, { name: publication.channelName })}
        text={[publication.retractLimit, t(`post.${words}.text`)].filter(Boolean).join(' ')}
        field={t(`post.${words}.reason`)}
        confirm={t(`post.${words}.button`)}
        danger
        busy={action.isPending}
        done={(reason) => run('retract', { reason }, t(`post.${words}.under`))}
      />
      <Dialog
        opened={asking === 'answer'}
        close={() => setAsking(null)}
        title={t('post.answerTitle', { name: publication.channelName })}
      >
        <div className="s-form">
          <p>{t('post.answerText', { name: publication.channelName })}</p>
          <TextInput
            label={t('post.answerUrl')}
            description={t('post.answerUrlHelp')}
            type="url"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <div className="s-actions s-dialog-actions">
            <Button
              variant="default"
              disabled={action.isPending}
              onClick={() => run('answer', { there: false }, t('post.answered'))}
            >
              {t('post.notThere')}
            </Button>
            <Button
              disabled={action.isPending}
              onClick={() => run('answer', url ? { there: true, url } : { there: true }, t('post.answered'))}
            >
              {t('post.there')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
