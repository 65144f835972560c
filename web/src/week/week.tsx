import './week.css'

import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useState, type DragEvent } from 'react'
import { Link, useLocation, useSearch } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { Week, WeekCell, WeekItem } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup, useMayWrite, useNow } from '../app/session.js'
import { t } from '../language/i18n.js'
import { MoveDialog } from '../move/move-dialog.js'
import { slotsQuery, useMove } from '../move/use-move.js'
import { ButtonLink } from '../ui/button-link.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { sayFailure } from '../ui/notify.js'
import { Sideways } from '../ui/sideways.js'
import { PageSkeleton } from '../ui/skeletons.js'
import { publicationIcon } from '../ui/state-pill.js'
import { addDays, longDate, wallAt } from '../ui/time.js'
import { SpreadDialog, UndoSpread } from './spread.js'

/** A post that somebody wants elsewhere: to a window on a day, or to what they choose in the dialog. */
type Moving = { publicationId: string; wanted: { date: string; start: string } | null }

const MovingContext = createContext<(moving: Moving) => void>(() => undefined)
const dragged = 'application/x-seconder-publication'

/** The Monday of a date's week, `YYYY-MM-DD`. */
function mondayOf(date: string): string {
  const day = new Date(`${date}T12:00:00Z`).getUTCDay()
  return addDays(date, -((day + 6) % 7))
}

/** The week as a table of windows by days, or day by day on a narrow screen. */
export function WeekPage() {
  const group = useGroup()
  const now = useNow()
  const [, go] = useLocation()
  const wanted = new URLSearchParams(useSearch()).get('from')
  const today = wallAt(now, group.timeZone).slice(0, 10)
  const from = wanted ?? mondayOf(today)
  const week = useQuery({ ...groupQueries.week(group.slug, from), placeholderData: keepPreviousData })
  const narrow = useMediaQuery('(max-width: 43.75em)', undefined, { getInitialValueInEffect: false })
  const [moving, setMoving] = useState<Moving | null>(null)
  const [spreading, setSpreading] = useState(false)
  const mayWrite = useMayWrite()
  const drop = useDrop(setMoving)
  const move = (days: number | null) =>
    go(days === null ? `/g/${group.slug}/week` : `/g/${group.slug}/week?from=${addDays(from, days)}`)
  return (
    <Page
      title={t('week.title')}
      lead={t('week.lead', { zone: group.timeZone })}
      actions={
        <>
          <Button variant="default" onClick={() => move(-7)} leftSection={<Icon name="left" />}>
            {t('week.previous')}
          </Button>
          <Button variant="default" disabled={from === mondayOf(today)} onClick={() => move(null)}>
            {t('week.this')}
          </Button>
          <Button variant="default" onClick={() => move(7)} rightSection={<Icon name="right" />}>
            {t('week.next')}
          </Button>
          {mayWrite && week.data && addDays(from, 6) >= today && (
            <Button variant="default" onClick={() => setSpreading(true)}>
              {t('spread.button')}
            </Button>
          )}
          {mayWrite && (
            <ButtonLink variant="default" href={`/g/${group.slug}/several`}>
              {t('several.open')}
            </ButtonLink>
          )}
        </>
      }
    >
      <h2 className="s-week-range">
        <span aria-live="polite">{t('week.range', { from: longDate(from), to: longDate(addDays(from, 6)) })}</span>
      </h2>
      {week.error && !week.data && <Failure error={week.error} retry={() => void week.refetch()} />}
      {week.isPending && <PageSkeleton />}
      <MovingContext value={drop}>
        {week.data && (narrow ? <DayList week={week.data} today={today} /> : <Grid week={week.data} today={today} />)}
      </MovingContext>
      {spreading && week.data && <SpreadDialog week={week.data} today={today} close={() => setSpreading(false)} />}
      {moving && (
        <MoveDialog publicationId={moving.publicationId} wanted={moving.wanted} close={() => setMoving(null)} />
      )}
    </Page>
  )
}

/**
 * Dropped into a window, a post moves at once where that asks nobody anything, and can be taken back; else the dialog
 * says what would come of it first.
 */
function useDrop(ask: (moving: Moving) => void): (moving: Moving) => void {
  const group = useGroup()
  const queries = useQueryClient()
  const { go } = useMove()
  return (moving) => {
    if (!moving.wanted) return ask(moving)
    queries
      .fetchQuery(groupQueries.slots(group.slug, moving.publicationId, slotsQuery(moving.wanted)))
      .then((options) => {
        if (options.asked && !options.asked.asksAgain) go(options, options.asked, '', () => undefined)
        else ask(moving)
      }, sayFailure)
  }
}

function Grid({ week, today }: { week: Week; today: string }) {
  return (
    <Sideways className="s-week-scroll" label={t('week.table')}>
      <table className="s-week">
        <caption className="s-hidden">{t('week.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('week.window')}</th>
            {week.days.map((day) => (
              <th key={day.date} scope="col" className={day.date === today ? 's-today' : undefined}>
                {day.label}
                {day.holiday && <span className="s-holiday">{day.holiday}</span>}
                {day.date === today && <span className="s-today-word">{t('week.today')}</span>}
                <UndoSpread day={day} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {week.rows.map((row) => (
            <tr key={`${row.name}${row.start}`}>
              <th scope="row">
                {row.name}
                <span className="s-meta">
                  {row.start} – {row.end}
                </span>
              </th>
              {week.days.map((day) => {
                const cell = row.cells.find((each) => each.date === day.date)
                return (
                  <td key={day.date} className={day.date === today ? 's-today' : undefined}>
                    {cell ? (
                      <Cell cell={cell} window={row.name} start={row.start} />
                    ) : (
                      <span className="s-hidden">{t('week.noWindow')}</span>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

function Cell({ cell, window, start }: { cell: WeekCell; window: string; start: string }) {
  const moving = useContext(MovingContext)
  const [over, setOver] = useState(false)
  const takes = !cell.past && start !== ''
  const dragging = (event: DragEvent) => takes && event.dataTransfer.types.includes(dragged)
  return (
    <div
      className={over ? 's-cell s-cell-over' : 's-cell'}
      onDragOver={(event) => {
        if (!dragging(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        if (!dragging(event)) return
        event.preventDefault()
        moving({ publicationId: event.dataTransfer.getData(dragged), wanted: { date: cell.date, start } })
      }}
    >
      {cell.items.map((item) => (
        <Item key={item.publicationId} item={item} />
      ))}
      {cell.free && !cell.past && <FreeLink cell={cell} window={window} short />}
      {cell.items.length === 0 && cell.past && <span className="s-dim s-past">{t('week.past')}</span>}
    </div>
  )
}

function FreeLink({ cell, window, short }: { cell: WeekCell; window: string; short?: boolean }) {
  const group = useGroup()
  const mayWrite = useMayWrite()
  if (!mayWrite) return <span className="s-dim">{t('week.free')}</span>
  return (
    <Link className="s-free" href={`/g/${group.slug}/posts/new?at=${encodeURIComponent(cell.at)}`}>
      <Icon name="plus" size={18} />
      <span>
        {short ? t('week.free') : t('week.freeAt', { time: cell.at.slice(11) })}
        <span className="s-hidden"> {t('week.freeLong', { window, day: longDate(cell.date) })}</span>
      </span>
    </Link>
  )
}

function Item({ item }: { item: WeekItem }) {
  const group = useGroup()
  const moving = useContext(MovingContext)
  const movable = useMayWrite() && item.state === 'planned'
  const link = (
    <Link
      className={`s-item s-item-${item.state}`}
      href={`/g/${group.slug}/posts/${item.postId}`}
      draggable={movable ? false : undefined}
    >
      <span className="s-item-top">
        <NetworkMark network={item.network} size={20} label={item.channelName} />
        <strong>{item.time}</strong>
      </span>
      <span className="s-item-words">{item.firstWords}</span>
      <span className="s-item-state">
        <Icon name={publicationIcon(item.state)} size={15} />
        {item.stateText}
      </span>
    </Link>
  )
  if (!movable) return link
  return (
    <div
      className="s-movable"
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragged, item.publicationId)
        event.dataTransfer.effectAllowed = 'move'
      }}
    >
      {link}
      <Button
        variant="subtle"
        className="s-move"
        leftSection={<Icon name="clock" size={18} />}
        onClick={() => moving({ publicationId: item.publicationId, wanted: null })}
      >
        {t('move.button')}
        <span className="s-hidden">
          {' '}
          {t('move.buttonLong', { words: item.firstWords, channel: item.channelName, time: item.time })}
        </span>
      </Button>
    </div>
  )
}

/** Begins at today: what is over comes first in the week, and behind a fold on the page. */
function DayList({ week, today }: { week: Week; today: string }) {
  const over = week.days.filter((day) => day.date < today)
  if (over.length === 0 || over.length === week.days.length) return <Days week={week} days={week.days} today={today} />
  return (
    <>
      <details className="s-days-over">
        <summary>{t('week.daysOver', { count: over.length })}</summary>
        <Days week={week} days={over} today={today} />
      </details>
      <Days week={week} days={week.days.slice(over.length)} today={today} />
    </>
  )
}

function Days({ week, days, today }: { week: Week; days: Week['days']; today: string }) {
  return (
    <ol className="s-days">
      {days.map((day) => {
        const rows = week.rows
          .map((row) => ({ row, cell: row.cells.find((each) => each.date === day.date) }))
          .filter((each) => each.cell && (each.cell.items.length > 0 || (each.cell.free && !each.cell.past)))
        return (
          <li key={day.date} className="s-card">
            <h3>
              {longDate(day.date)}
              {day.holiday && <span className="s-holiday">{day.holiday}</span>}
              {day.date === today && <span className="s-today-word">{t('week.today')}</span>}
            </h3>
            <UndoSpread day={day} />
            {rows.length === 0 && <p className="s-dim">{day.date < today ? t('week.pastDay') : t('week.fullDay')}</p>}
            {rows.map(({ row, cell }) => (
              <div key={`${row.name}${row.start}`} className="s-day-row">
                <p>
                  <strong>{row.name}</strong>{' '}
                  <span className="s-meta">
                    {row.start} – {row.end}
                  </span>
                </p>
                {cell?.items.map((item) => (
                  <Item key={item.publicationId} item={item} />
                ))}
                {cell?.free && !cell.past && <FreeLink cell={cell} window={row.name} />}
              </div>
            ))}
          </li>
        )
      })}
    </ol>
  )
}
