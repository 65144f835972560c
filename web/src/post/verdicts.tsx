import type { PostDetail, Verdict } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Icon, type IconName } from '../ui/icons.js'
import { moment } from '../ui/time.js'

const icons: Record<Verdict['kind'], IconName> = {
  approve: 'tick',
  changes: 'undo',
  stop: 'hand',
  withdrawn: 'cross',
  hand_over: 'people',
}

/** Who was asked, who said what, and what is still needed. */
export function Verdicts({ post }: { post: PostDetail }) {
  const group = useGroup()
  const waiting = post.state === 'in_review' ? post.asked.filter((each) => each.answer === null) : []
  return (
    <>
      {post.verdicts.length === 0 && waiting.length === 0 && (
        <p className="s-dim">{t(post.revisions.length > 0 ? 'post.noAnswers' : 'post.noVerdicts')}</p>
      )}
      <ul className="s-verdicts">
        {post.verdicts.map((verdict, index) => (
          <li key={index} className={`s-verdict-${verdict.kind}`}>
            <Icon name={icons[verdict.kind]} />
            <div>
              <p>{t(`verdict.${verdict.kind}`, { name: verdict.name })}</p>
              {verdict.note && <blockquote>{verdict.note}</blockquote>}
              <p className="s-meta">
                {moment(verdict.at, group.timeZone)} · {t('post.version', { number: verdict.revision })}
              </p>
            </div>
          </li>
        ))}
        {waiting.map((each) => (
          <li key={each.memberId}>
            <Icon name="clock" />
            <p>{t('asked.waiting', { name: each.name })}</p>
          </li>
        ))}
      </ul>
      {post.needs && <p className="s-meta">{post.needs}</p>}
    </>
  )
}
