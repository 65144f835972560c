import './engagement.css'

import { NativeSelect } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useLocation, useSearch } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { Engagement } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { CounterRow } from '../ui/counters.js'
import { Empty } from '../ui/empty.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { PageSkeleton } from '../ui/skeletons.js'
import { longDate } from '../ui/time.js'
import { EstimateChart } from './estimate-chart.js'
import { ReviewFigures } from './review-figures.js'

/** The weekly summary as a page. */
export function EngagementPage() {
  const group = useGroup()
  const [, go] = useLocation()
  const week = new URLSearchParams(useSearch()).get('week')
  const summary = useQuery({ ...groupQueries.engagement(group.slug, week), placeholderData: keepPreviousData })
  if (summary.error && !summary.data) {
    return (
      <Page title={t('engagement.title')}>
        <Failure error={summary.error} retry={() => void summary.refetch()} />
      </Page>
    )
  }
  if (!summary.data) return <PageSkeleton />
  const { data } = summary
  const weeks = data.weeks.includes(data.week) ? data.weeks : [data.week, ...data.weeks]
  return (
    <Page
      title={t('engagement.title')}
      lead={t('engagement.lead', { from: dayOf(data.from), to: dayOf(data.to) })}
      actions={
        <NativeSelect
          label={t('engagement.week')}
          value={data.week}
          data={weeks.map((each) => ({ value: each, label: t('engagement.weekName', weekParts(each)) }))}
          onChange={(event) => go(`/g/${group.slug}/engagement?week=${event.currentTarget.value}`)}
        />
      }
    >
      <p className="s-headline" aria-live="polite">
        {data.headline}
      </p>
      {!data.final && (
        <p className="s-meta">
          <Icon name="clock" size={18} /> {t('engagement.notFinal')}
        </p>
      )}
      <Body data={data} />
    </Page>
  )
}

/** Dates arrive as days or as instants; a page shows the day. */
function dayOf(date: string): string {
  return longDate(date.slice(0, 10))
}

function weekParts(week: string) {
  const [year = '', number = ''] = week.split('-W')
  return { year, number: String(Number(number)) }
}

function Body({ data }: { data: Engagement }) {
  const group = useGroup()
  return (
    <>
      {data.needsYou.length > 0 && (
        <section className="s-panel s-needs" aria-labelledby="needs">
          <h2 id="needs">
            <Icon name="hand" /> {t('engagement.needsYou')}
          </h2>
          <ul>
            {data.needsYou.map((each) => (
              <li key={each.text}>
                <Link href={each.path}>{each.text}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="s-panel" aria-labelledby="went-out">
        <h2 id="went-out">{t('engagement.wentOut')}</h2>
        {data.wentOut.length === 0 && <p className="s-dim">{t('engagement.nothingOut')}</p>}
        <ul className="s-out">
          {data.wentOut.map((each) => (
            <li key={each.channelName}>
              <NetworkMark network={each.network} size={32} />
              <div>
                <h3>{each.channelName}</h3>
                <p>{each.text}</p>
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section className="s-panel" aria-labelledby="top">
        <h2 id="top">{t('engagement.top')}</h2>
        {data.usual && <p className="s-meta">{data.usual}</p>}
        {data.top.length === 0 && <Empty icon="chart" text={t('engagement.noTop')} />}
        <ol className="s-top">
          {data.top.map((each) => (
            <li key={`${each.postId}${each.channelName}`}>
              <h3>
                <Link href={`/g/${group.slug}/posts/${each.postId}`}>{each.firstWords}</Link>
              </h3>
              <p className="s-meta">{each.channelName}</p>
              <p>{each.text}</p>
              <CounterRow counters={each.counters} />
            </li>
          ))}
        </ol>
      </section>
      <div className="s-charts">
        <EstimateChart id="by-window" title={t('engagement.byWindow')} rows={data.byWindow} />
        <EstimateChart id="by-picture" title={t('engagement.byPicture')} rows={data.byPicture} />
        <EstimateChart id="by-label" title={t('engagement.byLabel')} rows={data.byLabel} />
      </div>
      <section className="s-panel" aria-labelledby="review">
        <h2 id="review">{t('engagement.review')}</h2>
        <ReviewFigures review={data.review} />
      </section>
      <p className="s-meta">
        {t('engagement.audit', { seq: data.auditHead.seq, hash: data.auditHead.hash.slice(0, 12) })}
      </p>
    </>
  )
}
