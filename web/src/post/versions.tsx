import { NativeSelect } from '@mantine/core'
import { useState } from 'react'

import type { PostDetail } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { moment } from '../ui/time.js'
import { DifferenceOf } from './difference.js'

/** Every sealed version, newest first, and the difference of any two of them. */
export function Versions({ post }: { post: PostDetail }) {
  const group = useGroup()
  const newestFirst = post.revisions.toSorted((a, b) => b.number - a.number)
  return (
    <>
      <ol className="s-versions">
        {newestFirst.map((revision) => (
          <li key={revision.number}>
            <p>
              <strong>{t('post.version', { number: revision.number })}</strong>{' '}
              {revision.current && (
                <span className="s-pill s-brand">
                  <Icon name="tick" size={16} />
                  <span>{t('post.currentVersion')}</span>
                </span>
              )}
            </p>
            <p className="s-meta">
              {t('post.sealed', { name: revision.sealedBy, when: moment(revision.sealedAt, group.timeZone) })} ·{' '}
              <abbr title={revision.hash}>{t('post.fingerprint', { start: revision.hash.slice(0, 8) })}</abbr>
            </p>
          </li>
        ))}
      </ol>
      {newestFirst.length > 1 && <Compare id={post.id} numbers={newestFirst.map((each) => each.number)} />}
    </>
  )
}

/** Starts with the newest against the one before; a version that is sealed meanwhile does not change what is chosen. */
function Compare({ id, numbers }: { id: string; numbers: number[] }) {
  const [chosen, choose] = useState<{ from?: number; to?: number }>({})
  const from = chosen.from ?? numbers[1]!
  const to = chosen.to ?? numbers[0]!
  const options = numbers.map((number) => ({ value: String(number), label: t('post.version', { number }) }))
  return (
    <section aria-labelledby="compare" className="s-compare">
      <h3 id="compare">{t('difference.title')}</h3>
      <div className="s-compare-choice">
        <NativeSelect
          label={t('difference.from')}
          data={options}
          value={String(from)}
          onChange={(event) => choose({ from: Number(event.currentTarget.value), to })}
        />
        <NativeSelect
          label={t('difference.to')}
          data={options}
          value={String(to)}
          onChange={(event) => choose({ from, to: Number(event.currentTarget.value) })}
        />
      </div>
      <div aria-live="polite">
        <DifferenceOf id={id} from={from} to={to} />
      </div>
    </section>
  )
}
