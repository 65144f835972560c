import { Link } from 'wouter'

import type { PostCard as Card, PublicationView } from '../api/types.js'
import { useGroup, useNow } from '../app/session.js'
import { t } from '../language/i18n.js'
import { ReviewButton } from '../post/review-button.js'
import { CounterRow } from '../ui/counters.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { PostPill, publicationIcon, PublicationPill } from '../ui/state-pill.js'
import { relative } from '../ui/time.js'

/** Where a card stands, which decides what it leads with. */
export type Section =
  | 'waitingForYou'
  | 'needsAttention'
  | 'waitingForOthers'
  | 'planned'
  | 'drafts'
  | 'wentOut'
  | 'ended'

export function PostCard({ post, section }: { post: Card; section: Section }) {
  const group = useGroup()
  const now = useNow()
  const href = section === 'drafts' ? `/g/${group.slug}/posts/${post.id}/edit` : `/g/${group.slug}/posts/${post.id}`
  const shown = section === 'drafts' ? [] : post.publications
  return (
    <article className="s-card s-post" aria-labelledby={`post-${post.id}`}>
      <div className="s-post-top">
        <div className="s-post-pills">
          <PostPill post={post} />
        </div>
        <span className="s-post-networks">
          {post.channels.map((channel) => (
            <NetworkMark key={channel.channelId} network={channel.network} label={channel.name} />
          ))}
        </span>
      </div>
      <div className="s-post-body">
        <div className="s-grow">
          <h3 id={`post-${post.id}`} className="s-post-words">
            <Link href={href}>{post.firstWords || t('queue.noWords')}</Link>
          </h3>
          <p className="s-meta">
            {t(post.author.left && section !== 'wentOut' && section !== 'ended' ? 'queue.byLeft' : 'queue.by', {
              name: post.author.name,
            })}
            {section === 'drafts' && <> · {t('queue.changed', { when: relative(post.updatedAt, now) })}</>}
            {post.labels.length > 0 && <> · {post.labels.join(', ')}</>}
          </p>
        </div>
        {post.picture && (
          <span className="s-post-picture">
            {post.picture.film ? (
              <video
                src={`${post.picture.url}#t=0.001`}
                muted
                preload="metadata"
                aria-label={post.picture.alt || t('preview.noAlt')}
              />
            ) : (
              <img src={post.picture.url} alt={post.picture.alt || t('preview.noAlt')} loading="lazy" />
            )}
            {post.pictureCount > 1 && <span>{t('queue.morePictures', { count: post.pictureCount - 1 })}</span>}
          </span>
        )}
      </div>
      {shown.length > 0 && (
        <ul className="s-slots">
          {together(shown).map((same, index, all) => (
            <SlotLine
              key={same[0].id}
              publications={same}
              now={now}
              // Reasons that were just given are not given again.
              withReasons={section !== 'wentOut' && reasonsOf(all[index - 1]) !== reasonsOf(same)}
            />
          ))}
        </ul>
      )}
      {!['wentOut', 'drafts', 'ended'].includes(section) && post.asked.length > 0 && <Asked post={post} />}
      {post.mayReview && (
        <div className="s-actions s-post-actions">
          <ReviewButton post={post} release={post.held} />
        </div>
      )}
    </article>
  )
}

type Together = [PublicationView, ...PublicationView[]]

/** Publications of which the same is to be said, so that it is said once. */
function together(publications: PublicationView[]): Together[] {
  const found = new Map<string, Together>()
  for (const publication of publications) {
    const { state, slotText, stateText, cause, failureAccepted, counters } = publication
    const key = counters ? publication.id : JSON.stringify([state, slotText, stateText, cause, failureAccepted])
    const same = found.get(key)
    if (same) same.push(publication)
    else found.set(key, [publication])
  }
  return [...found.values()]
}

function reasonsOf(publications: Together | undefined): string {
  return publications?.[0].reasons.join(' ') ?? ''
}

function SlotLine({ publications, now, withReasons }: { publications: Together; now: number; withReasons: boolean }) {
  const [publication] = publications
  const happened = publication.publishedAt
  const ordinary = publication.state === 'planned'
  return (
    <li>
      <Icon name={publicationIcon(publication.state)} size={18} />
      <div>
        <p>
          <strong>{publications.map((each) => each.channelName).join(', ')}</strong> · {publication.slotText}{' '}
          <span className="s-dim">({relative(happened ?? publication.slot, now)})</span>
        </p>
        {withReasons && ordinary && publication.reasons.length > 0 && (
          <p className="s-meta">{reasonsOf(publications)}</p>
        )}
        {!ordinary && !happened && <PublicationPill state={publication.state} text={publication.stateText} />}
        {publication.cause && <p className="s-cause">{publication.cause}</p>}
        {publication.nextStep && <p className="s-next">{publication.nextStep}</p>}
        {publication.failureAccepted && <p className="s-meta">{publication.failureAccepted}</p>}
        {publication.counters && <CounterRow counters={publication.counters} />}
      </div>
    </li>
  )
}

function Asked({ post }: { post: Card }) {
  return (
    <div className="s-asked">
      <Icon name="people" size={18} />
      <div>
        <p className="s-asked-names">
          {post.asked.map((each) => (
            <span key={each.memberId}>
              <Icon
                name={each.answer === 'approve' ? 'tick' : each.answer === 'changes' ? 'undo' : 'clock'}
                size={16}
              />{' '}
              {t(
                each.answer === 'approve'
                  ? 'asked.approved'
                  : each.answer === 'changes'
                    ? 'asked.changes'
                    : 'asked.waiting',
                {
                  name: each.name,
                },
              )}
            </span>
          ))}
        </p>
        {post.needs && <p className="s-meta">{post.needs}</p>}
      </div>
    </div>
  )
}
