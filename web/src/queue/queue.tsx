import './queue.css'

import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { PostCard as Card } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup, useIs, useMayWrite } from '../app/session.js'
import { LogHold } from '../audit/log-hold.js'
import { PauseButton } from '../calendar/pause-button.js'
import { t } from '../language/i18n.js'
import { ButtonLink } from '../ui/button-link.js'
import { Empty } from '../ui/empty.js'
import { Failure } from '../ui/failure.js'
import { Icon, type IconName } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { More } from './more.js'
import { sectionsOf, type Sections as Cards } from './pages.js'
import { PostCard, type Section } from './post-card.js'

interface Kind {
  key: Section
  icon: IconName
  /** Shown with a sentence when empty; the others appear only when there is something in them. */
  always: boolean
}

/** What somebody has to do, beside what the queue does by itself. */
const columns: Kind[][] = [
  [
    { key: 'waitingForYou', icon: 'eye', always: true },
    { key: 'needsAttention', icon: 'warning', always: false },
    { key: 'waitingForOthers', icon: 'people', always: false },
    { key: 'drafts', icon: 'pencil', always: false },
  ],
  [
    { key: 'planned', icon: 'clock', always: true },
    { key: 'wentOut', icon: 'ticks', always: true },
    { key: 'ended', icon: 'clock', always: false },
  ],
]

/** Home: what waits for whom, what is planned, what went out. */
export function Queue() {
  const group = useGroup()
  const queue = useInfiniteQuery(groupQueries.queue(group.slug))
  const isAdmin = useIs('admin')
  const cards = queue.data && sectionsOf(queue.data.pages)
  const nothing = cards !== undefined && !queue.hasNextPage && Object.values(cards).every((list) => list.length === 0)
  const few = cards !== undefined && !queue.hasNextPage && cards.wentOut.length === 0 && cards.planned.length === 0
  const members = useQuery({ ...groupQueries.members(group.slug), enabled: few && isAdmin })
  const isAlone = isAdmin && members.data?.length === 1
  return (
    <Page title={t('queue.title')} lead={t('queue.lead', { group: group.name })} actions={<PauseButton />}>
      <LogHold />
      {queue.error && !cards && <Failure error={queue.error} retry={() => void queue.refetch()} />}
      {queue.isPending && (
        <div aria-busy="true">
          <span className="s-hidden" aria-live="polite">
            {t('app.loading')}
          </span>
          <CardSkeletons />
        </div>
      )}
      {nothing && (isAlone ? <NextSteps /> : <FirstPost />)}
      {few && !nothing && isAlone && <StillAlone />}
      {cards && !nothing && <Sections cards={cards} isCut={queue.hasNextPage} />}
    </Page>
  )
}

function FirstPost() {
  const group = useGroup()
  const mayWrite = useMayWrite()
  return (
    <Empty icon="sunrise" text={t('queue.nothing')}>
      {mayWrite && (
        <ButtonLink href={`/g/${group.slug}/posts/new`} leftSection={<Icon name="plus" />}>
          {t('queue.first')}
        </ButtonLink>
      )}
    </Empty>
  )
}

/** Somebody who began to write before anybody else was there. */
function StillAlone() {
  const group = useGroup()
  return (
    <Note tone="wait" icon="people">
      <p>{t('queue.stillAlone')}</p>
      <ButtonLink href={`/g/${group.slug}/settings/people`}>{t('queue.invite')}</ButtonLink>
    </Note>
  )
}

/** What somebody does next who has just set up a group. */
function NextSteps() {
  const group = useGroup()
  const steps = [
    { key: 'people', to: 'settings/people' },
    { key: 'windows', to: 'settings/windows' },
    { key: 'channels', to: 'settings/channels' },
    { key: 'write', to: 'posts/new' },
  ] as const
  return (
    <Empty icon="sunrise" text={t('queue.alone')}>
      <ol className="s-next-steps">
        {steps.map(({ key, to }) => (
          <li key={key}>
            <Link href={`/g/${group.slug}/${to}`}>{t(`queue.steps.${key}`)}</Link>
          </li>
        ))}
      </ol>
    </Empty>
  )
}

/** @param isCut there are further pages, so that no section may be whole but those of what is over */
function Sections({ cards, isCut }: { cards: Cards; isCut: boolean }) {
  return (
    <>
      {isCut && (
        <Note tone="quiet" icon="eye">
          {t('queue.most', { count: Object.values(cards).flat().length })}
        </Note>
      )}
      <div className="s-columns">
        {columns.map((sections, index) => (
          <div key={index}>
            <Column sections={sections} cards={cards} isCut={isCut} />
          </div>
        ))}
      </div>
      <More />
    </>
  )
}

function Column({ sections, cards, isCut }: { sections: Kind[]; cards: Cards; isCut: boolean }) {
  return (
    <>
      {sections
        .filter((section) => section.always || cards[section.key].length > 0)
        .map((section) => (
          <SectionOf
            key={section.key}
            section={section}
            list={cards[section.key]}
            isCut={isCut && section.key !== 'wentOut' && section.key !== 'ended'}
          />
        ))}
    </>
  )
}

const shownAtFirst = 5

function SectionOf({ section, list, isCut }: { section: Kind; list: Card[]; isCut: boolean }) {
  const [isLong, setLong] = useState(false)
  // What waits for somebody is never folded away.
  const shown = section.key === 'wentOut' && !isLong ? list.slice(0, shownAtFirst) : list
  return (
    <section className={`s-section s-section-${section.key}`} aria-labelledby={section.key}>
      <h2 id={section.key} className="s-section-head">
        <Icon name={section.icon} />
        {t(`queue.${section.key}`)}
        <span className="s-tally">{isCut ? t('queue.soFar', { count: list.length }) : list.length}</span>
      </h2>
      {list.length === 0 ? (
        <p className="s-quiet-line">{t(isCut ? 'queue.empty.soFar' : `queue.empty.${section.key as 'planned'}`)}</p>
      ) : (
        <div className="s-cards">
          {shown.map((post) => (
            <PostCard key={post.id} post={post} section={section.key} />
          ))}
          {shown.length < list.length && (
            <Button variant="default" onClick={() => setLong(true)}>
              {t('queue.showAll', { count: list.length - shown.length })}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
