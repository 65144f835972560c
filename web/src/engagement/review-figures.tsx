import type { Summary } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Sideways } from '../ui/sideways.js'

/** How review went; the share of each person is there only for those who may see it. */
export function ReviewFigures({ review }: { review: Summary['review'] }) {
  return (
    <>
      <dl className="s-figures">
        <div>
          <dt>{t('review.requests')}</dt>
          <dd>{review.requests}</dd>
        </div>
        <div>
          <dt>{t('review.median')}</dt>
          <dd>{duration(review.medianMinutes)}</dd>
        </div>
        <div>
          <dt>{t('review.slowest')}</dt>
          <dd>{duration(review.slowestMinutes)}</dd>
        </div>
      </dl>
      {review.within24 && <p>{review.within24}</p>}
      {review.caught && <p>{review.caught}</p>}
      {review.load && review.load.length > 0 && (
        <Sideways className="s-table-scroll" label={t('review.load')}>
          <table className="s-table">
            <caption>{t('review.load')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('review.person')}</th>
                <th scope="col">{t('review.asked')}</th>
                <th scope="col">{t('review.answered')}</th>
              </tr>
            </thead>
            <tbody>
              {review.load.map((each) => (
                <tr key={each.name}>
                  <th scope="row">{each.name}</th>
                  <td>{each.asked}</td>
                  <td>{each.answered}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </>
  )
}

function duration(minutes: number | null): string {
  if (minutes === null) return t('review.none')
  if (minutes < 1) return t('review.underMinute')
  if (minutes < 90) return t('review.minutes', { count: Math.round(minutes) })
  if (minutes < 48 * 60) return t('review.hours', { count: Math.round(minutes / 60) })
  return t('review.days', { count: Math.round(minutes / 1440) })
}
