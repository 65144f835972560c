import './audit.css'

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { LogEntry } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Empty } from '../ui/empty.js'
import { Failure } from '../ui/failure.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { LogStanding } from './standing.js'

const topics = ['posts', 'reviewing', 'publishing', 'people', 'signing-in', 'channels', 'group', 'log'] as const
const filters = ['about', 'member', 'post', 'from', 'to'] as const
type Filter = (typeof filters)[number]

/** What was written down, newest first, and whether it is still what was written down. */
export function Log() {
  const group = useGroup()
  const [search, setSearch] = useSearchParams()
  const members = useQuery(groupQueries.members(group.slug))
  const chosen = new URLSearchParams(filters.flatMap((name) => (search.get(name) ? [[name, search.get(name)!]] : [])))
  const log = useInfiniteQuery(groupQueries.log(group.slug, chosen.toString()))
  const choose = (name: Filter, value: string) =>
    setSearch(
      (before) => {
        if (value === '') before.delete(name)
        else before.set(name, value)
        return before
      },
      { replace: true },
    )
  const entries = log.data?.pages.flatMap((page) => page.entries)
  return (
    <>
      <p className="s-lead">{t('log.lead')}</p>
      <LogStanding />
      <search aria-label={t('log.filters')}>
        <form className="s-log-filters" onSubmit={(event) => event.preventDefault()}>
          <NativeSelect
            label={t('log.about')}
            value={chosen.get('about') ?? ''}
            onChange={(event) => choose('about', event.currentTarget.value)}
            data={[
              { value: '', label: t('log.everything') },
              ...topics.map((topic) => ({ value: topic, label: t(`log.topic.${topic}`) })),
            ]}
          />
          <NativeSelect
            label={t('log.member')}
            value={chosen.get('member') ?? ''}
            onChange={(event) => choose('member', event.currentTarget.value)}
            data={[
              { value: '', label: t('log.everybody') },
              ...(members.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <TextInput
            type="date"
            label={t('log.from')}
            value={chosen.get('from') ?? ''}
            onChange={(event) => choose('from', event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('log.to')}
            value={chosen.get('to') ?? ''}
            onChange={(event) => choose('to', event.currentTarget.value)}
          />
          {chosen.size > 0 && (
            <Button variant="default" onClick={() => setSearch({}, { replace: true })}>
              {t(chosen.has('post') ? 'log.clearPost' : 'log.clear')}
            </Button>
          )}
        </form>
      </search>
      {log.error && !entries && <Failure error={log.error} retry={() => void log.refetch()} />}
      {log.isPending && <CardSkeletons />}
      {entries?.length === 0 && <Empty icon="eye" text={t(chosen.size > 0 ? 'log.noneOfThese' : 'log.none')} />}
      {entries && entries.length > 0 && (
        <ol className="s-log" aria-label={t('settings.log')}>
          {entries.map((entry) => (
            <Entry key={entry.seq} entry={entry} choosePost={(id) => choose('post', id)} />
          ))}
        </ol>
      )}
      {log.hasNextPage && (
        <div className="s-actions">
          <Button variant="default" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {t('log.older')}
          </Button>
        </div>
      )}
    </>
  )
}

function Entry({ entry, choosePost }: { entry: LogEntry; choosePost: (id: string) => void }) {
  const group = useGroup()
  const { post } = entry
  return (
    <li>
      <p className="s-log-what">{entry.sentence}</p>
      <p className="s-meta">
        <time dateTime={entry.at}>{entry.when}</time> · <span>{t('log.number', { seq: entry.seq })}</span>
      </p>
      {post && (
        <p className="s-log-post">
          <Link href={`/g/${group.slug}/posts/${post.id}`}>{post.firstWords || t('log.post')}</Link>
          <Button variant="subtle" size="compact-sm" onClick={() => choosePost(post.id)}>
            {t('log.onlyPost')}
            <span className="s-hidden">: {post.firstWords}</span>
          </Button>
        </p>
      )}
    </li>
  )
}
