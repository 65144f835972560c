import { ActionIcon, Button, TextInput, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { groupQueries } from '../api/queries.js'
import type { Window } from '../api/types.js'
import { useGroup, useIs } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { useChange } from './use-change.js'

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** A day's short name by its number, 1 (Monday) to 7. */
function dayName(day: number): string {
  return t(`day.${dayNames[day - 1] ?? 'mon'}`)
}

/** "Mon, Tue, Wed": what tells windows of one name apart. */
function daysInWords(days: readonly number[]): string {
  return days.map((day) => dayName(day)).join(', ')
}

export function GroupWindows() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const windows = useQuery(groupQueries.windows(group.slug))
  const change = useChange()
  if (windows.error && !windows.data) return <Failure error={windows.error} retry={() => void windows.refetch()} />
  if (!windows.data) return <CardSkeletons />
  return (
    <>
      <p className="s-lead">{t('windows.lead', { zone: group.timeZone })}</p>
      <WindowsEditor
        key={windows.dataUpdatedAt}
        windows={windows.data}
        busy={change.isPending}
        level={2}
        readOnly={!isAdmin}
        save={(next) =>
          change.mutate({ method: 'PUT', path: '/windows', body: { windows: next }, said: t('windows.saved') })
        }
      />
    </>
  )
}

/** A list of windows, each with its days and times. */
export function WindowsEditor({
  windows,
  busy,
  save,
  level,
  readOnly = false,
}: {
  windows: Window[]
  busy: boolean
  save: (windows: Window[]) => void
  /** Level of the headings, by where the editor stands. */
  level: 2 | 3
  readOnly?: boolean
}) {
  const [list, setList] = useState(() => windows.map((window, index) => ({ ...window, key: index })))
  const Heading = `h${level}` as const
  const set = (key: number, change: Partial<Window>) =>
    setList((old) => old.map((each) => (each.key === key ? { ...each, ...change } : each)))
  if (readOnly) {
    return (
      <ul className="s-rows">
        {windows.map((window) => (
          <li key={`${window.name}${window.start}${window.days.join('')}`} className="s-card">
            <Heading className="s-cap">{window.name}</Heading>
            <p>
              {window.start} – {window.end} · {daysInWords(window.days)}
            </p>
          </li>
        ))}
      </ul>
    )
  }
  return (
    <>
      <ul className="s-rows">
        {list.map((window, index) => (
          <li key={window.key} className="s-card">
            <div className="s-row-head">
              <Heading className="s-grow s-cap">
                {window.name || t('windows.new')}
                {window.days.length > 0 && <span className="s-dim"> · {daysInWords(window.days)}</span>}
              </Heading>
              <ActionIcon
                aria-label={t('windows.remove', {
                  name: `${window.name || String(index + 1)}, ${daysInWords(window.days)}`,
                })}
                onClick={() => setList((old) => old.filter((each) => each.key !== window.key))}
              >
                <Icon name="bin" />
              </ActionIcon>
            </div>
            <div className="s-window">
              <TextInput
                label={t('windows.name')}
                value={window.name}
                onChange={(event) => set(window.key, { name: event.currentTarget.value })}
              />
              <TextInput
                label={t('windows.start')}
                type="time"
                value={window.start}
                onChange={(event) => set(window.key, { start: event.currentTarget.value })}
              />
              <TextInput
                label={t('windows.end')}
                type="time"
                value={window.end}
                onChange={(event) => set(window.key, { end: event.currentTarget.value })}
              />
            </div>
            <fieldset className="s-chips s-plain" aria-label={t('windows.days')}>
              {dayNames.map((_name, index) => {
                const day = index + 1
                const on = window.days.includes(day)
                return (
                  <UnstyledButton
                    key={day}
                    className="s-chip"
                    aria-pressed={on}
                    onClick={() =>
                      set(window.key, {
                        days: on
                          ? window.days.filter((each) => each !== day)
                          : [...window.days, day].toSorted((a, b) => a - b),
                      })
                    }
                  >
                    {on && <Icon name="tick" size={16} />}
                    {dayName(day)}
                  </UnstyledButton>
                )
              })}
            </fieldset>
          </li>
        ))}
      </ul>
      <div className="s-actions">
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() =>
            setList((old) => [
              ...old,
              {
                key: Math.max(-1, ...old.map((each) => each.key)) + 1,
                days: [1, 2, 3, 4, 5],
                start: '12:00',
                end: '14:00',
                name: '',
              },
            ])
          }
        >
          {t('windows.add')}
        </Button>
        <Button disabled={busy} onClick={() => save(list.map(({ key: _key, ...window }) => window))}>
          {t('windows.save')}
        </Button>
      </div>
    </>
  )
}
