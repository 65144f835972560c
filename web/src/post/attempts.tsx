import type { PostDetail } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { moment } from '../ui/time.js'

/** Every try to publish, with what the network said. */
export function Attempts({ post }: { post: PostDetail }) {
  const group = useGroup()
  return (
    <ul className="s-history">
      {post.attempts.map((attempt) => (
        <li key={`${attempt.publicationId}-${attempt.number}`}>
          <Icon name={attempt.cause ? 'warning' : 'send'} size={18} />
          <div>
            <p>
              <strong>{attempt.channelName}</strong> · {t('post.attempt', { number: attempt.number })} ·{' '}
              {attempt.outcome}
            </p>
            {attempt.cause && (
              <p className="s-cause">
                {attempt.part > 1 && `${t('post.attemptPart', { number: attempt.part })} `}
                {attempt.cause}
              </p>
            )}
            {attempt.detail && (
              <details>
                <summary>{t('post.attemptDetail')}</summary>
                <pre className="s-raw">{attempt.detail}</pre>
              </details>
            )}
            <p className="s-meta">{moment(attempt.startedAt, group.timeZone)}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
