import type { Estimate } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Sideways } from '../ui/sideways.js'

const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })

/** A dot for the mean and a bar for the 80 % interval, row by row; the same in words in a table underneath. */
export function EstimateChart({ id, title, rows }: { id: string; title: string; rows: Estimate[] }) {
  const drawn = rows.filter((row) => row.mean !== null)
  const most = Math.max(1, ...drawn.map((row) => row.high ?? row.mean ?? 0))
  const step = niceStep(most)
  const top = Math.ceil(most / step) * step
  const x = (value: number) => (value / top) * 100
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step)
  return (
    <section className="s-panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {rows.length === 0 && <p className="s-dim">{t('engagement.tooFew')}</p>}
      {drawn.length > 0 && (
        <div className="s-chart" aria-hidden="true">
          {drawn.map((row) => (
            <div key={row.name} className="s-chart-row">
              <span className="s-chart-name">{row.name}</span>
              <svg className="s-chart-svg" height="28" width="100%" focusable="false">
                {ticks.map((tick) => (
                  <line key={tick} x1={`${x(tick)}%`} x2={`${x(tick)}%`} y1="0" y2="28" className="s-grid-line" />
                ))}
                {row.low !== null && row.high !== null && (
                  <rect
                    x={`${x(Math.max(0, row.low))}%`}
                    width={`${x(row.high) - x(Math.max(0, row.low))}%`}
                    y="10"
                    height="8"
                    rx="4"
                    className="s-bar"
                  />
                )}
                <circle cx={`${x(row.mean ?? 0)}%`} cy="14" r="6.5" className="s-dot" />
              </svg>
            </div>
          ))}
          <div className="s-chart-row">
            <span className="s-chart-name" />
            <span className="s-axis">
              {ticks.map((tick) => (
                <span key={tick} style={{ left: `${x(tick)}%` }}>
                  {number.format(tick)}
                </span>
              ))}
            </span>
          </div>
        </div>
      )}
      {rows.length > 0 && (
        <>
          <ul className="s-sentences">
            {rows.map((row) => (
              <li key={row.name}>{row.text}</li>
            ))}
          </ul>
          <details className="s-why">
            <summary>{t('engagement.figures', { title })}</summary>
            <Sideways className="s-table-scroll" label={title}>
              <table className="s-table">
                <caption className="s-hidden">{title}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('engagement.name')}</th>
                    <th scope="col">{t('engagement.posts')}</th>
                    <th scope="col">{t('engagement.mean')}</th>
                    <th scope="col">{t('engagement.between')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.name}>
                      <th scope="row">{row.name}</th>
                      <td>{row.n}</td>
                      <td>{row.mean === null ? t('engagement.cannotSay') : number.format(row.mean)}</td>
                      <td>
                        {row.low === null || row.high === null
                          ? t('engagement.cannotSay')
                          : t('engagement.range', { low: number.format(row.low), high: number.format(row.high) })}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Sideways>
          </details>
        </>
      )}
    </section>
  )
}

/** A round step that gives two to five lines up to `most`. */
function niceStep(most: number): number {
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? power
}
