import './post.css'

import { useQuery } from '@tanstack/react-query'

import { groupQueries } from '../api/queries.js'
import type { ChosenPicture, PostDetail, SealedContent } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup, useNow } from '../app/session.js'
import { extrasFor, mannerOn } from '../composer/input.js'
import { t } from '../language/i18n.js'
import { ButtonLink } from '../ui/button-link.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { Preview, type PreviewPost } from '../ui/preview.js'
import { PageSkeleton } from '../ui/skeletons.js'
import { PostPill } from '../ui/state-pill.js'
import { moment, relative, wallTime } from '../ui/time.js'
import { Actions } from './actions.js'
import { Adopt } from './adopt.js'
import { Attempts } from './attempts.js'
import { Conversation } from './conversation.js'
import { History } from './history.js'
import { Publications } from './publications.js'
import { ReviewButton } from './review-button.js'
import { Verdicts } from './verdicts.js'
import { Versions } from './versions.js'

/** Everything about one post: what it says, where it stands, what happened to it. */
export function PostPage({ id }: { id: string }) {
  const group = useGroup()
  const post = useQuery({ ...groupQueries.post(group.slug, id), refetchInterval: 20_000 })
  if (post.error && !post.data) {
    return (
      <Page title={t('post.title')}>
        <Failure error={post.error} retry={() => void post.refetch()} />
      </Page>
    )
  }
  if (!post.data) return <PageSkeleton />
  return <Detail post={post.data} />
}

function Detail({ post }: { post: PostDetail }) {
  const group = useGroup()
  const now = useNow()
  return (
    <Page
      title={post.firstWords || t('queue.noWords')}
      heading={<span className="s-post-title">{post.firstWords || t('queue.noWords')}</span>}
      lead={t('post.byline', { name: post.author.name, when: relative(post.updatedAt, now) })}
    >
      <div className="s-post-pills">
        <PostPill post={post} />
        {post.labels.map((label) => (
          <span key={label} className="s-pill s-quiet">
            <Icon name="tag" size={16} />
            <span>{label}</span>
          </span>
        ))}
      </div>
      {post.mayReview && (
        <Note tone="wait" icon={post.held ? 'hand' : 'eye'}>
          <p>{post.held ? t('post.heldForYou') : t('post.waitsForYou')}</p>
          <ReviewButton post={post} release={post.held} />
        </Note>
      )}
      {post.editing && post.revisions.length > 0 && (
        <Note tone="wait" icon="pencil">
          <p>{t('post.editing')}</p>
          {post.may.edit === null && (
            <ButtonLink href={`/g/${group.slug}/posts/${post.id}/edit`} leftSection={<Icon name="pencil" />}>
              {t('post.seeChanges')}
            </ButtonLink>
          )}
        </Note>
      )}
      <Adopt post={post} />
      <Actions post={post} />
      <div className="s-post-columns">
        <div>
          <section aria-labelledby="where" className="s-panel">
            <h2 id="where">{t('post.where')}</h2>
            <Publications post={post} />
          </section>
          <section aria-labelledby="content" className="s-panel">
            <h2 id="content">{t('post.content')}</h2>
            <ContentOf post={post} />
          </section>
          {post.revisions.length > 0 && (
            <section aria-labelledby="versions" className="s-panel">
              <h2 id="versions">{t('post.versions')}</h2>
              <Versions post={post} />
            </section>
          )}
        </div>
        <div>
          <section aria-labelledby="verdicts" className="s-panel">
            <h2 id="verdicts">{t('post.verdicts')}</h2>
            <Verdicts post={post} />
          </section>
          <section aria-labelledby="conversation" className="s-panel">
            <h2 id="conversation">{t('conversation.title')}</h2>
            <Conversation post={post} />
          </section>
          {post.notes && (
            <section aria-labelledby="notes" className="s-panel">
              <h2 id="notes">{t('post.notes')}</h2>
              <p className="s-lines">{post.notes}</p>
            </section>
          )}
          {post.attempts.length > 0 && (
            <section aria-labelledby="attempts" className="s-panel">
              <h2 id="attempts">{t('post.attempts')}</h2>
              <Attempts post={post} />
            </section>
          )}
          <section aria-labelledby="history" className="s-panel">
            <h2 id="history">{t('post.history')}</h2>
            <History post={post} />
          </section>
        </div>
      </div>
    </Page>
  )
}

/** The sealed words where there are any, else the draft's. */
function ContentOf({ post }: { post: PostDetail }) {
  const group = useGroup()
  const channels = useQuery(groupQueries.channels(group.slug))
  const sealed = post.revisions.find((each) => each.current)?.content ?? draftContent(post)
  const changed = post.editing && post.revisions.length > 0
  const whenOf = (id: string) => {
    const publication = post.publications.find((each) => each.channelId === id)
    return publication && moment(publication.publishedAt ?? publication.slot, group.timeZone)
  }
  const handleOf = (id: string) => channels.data?.find((each) => each.id === id)?.handle
  return (
    <>
      {changed && <p className="s-meta">{t('post.withoutChanges')}</p>}
      {sealed.channels.map((channel) => (
        <div key={channel.channelId} className="s-content">
          <h3>{channel.name}</h3>
          <Preview
            post={{ ...channel, handle: handleOf(channel.channelId) } satisfies PreviewPost}
            when={whenOf(channel.channelId)}
          />
          <Descriptions pictures={[channel, ...channel.below].flatMap(({ pictures }) => pictures)} />
        </div>
      ))}
      {sealed.timing && (
        <p className="s-meta">
          <Icon name="clock" size={18} /> {sealed.timing}
        </p>
      )}
      {post.usefulUntil && (
        <p className="s-meta">
          <Icon name="clock" size={18} /> {t('post.usefulUntil', { when: wallTime(post.usefulUntil) })}
        </p>
      )}
    </>
  )
}

/** The words that people who cannot see a picture will hear are part of what is agreed, so they are shown. */
export function Descriptions({ pictures }: { pictures: { url: string; alt: string }[] }) {
  if (pictures.length === 0) return null
  return (
    <ul className="s-descriptions">
      {pictures.map((picture, index) => (
        <li key={picture.url}>
          <strong>{t('post.picture', { number: index + 1 })}</strong> {picture.alt || t('preview.noAlt')}
        </li>
      ))}
    </ul>
  )
}

function draftContent(post: PostDetail): SealedContent {
  const media = new Map(post.media.map((each) => [each.id, each]))
  const shown = (pictures: readonly ChosenPicture[]) =>
    pictures.flatMap((picture) => {
      const file = media.get(picture.mediaId)
      return file ? [{ url: file.url, alt: picture.alt, film: file.seconds !== null }] : []
    })
  const belowOf = (channelId: string) => {
    const { thread, firstComment, contentWarning, visibility, target } = extrasFor(post.content, channelId)
    const comment =
      firstComment === '' ? [] : [{ kind: 'comment' as const, text: firstComment, link: null, pictures: [] }]
    const parts = thread.map((part) => ({ ...part, kind: 'thread' as const, pictures: shown(part.pictures) }))
    return {
      below: [...parts, ...comment],
      contentWarning: contentWarning === '' ? null : contentWarning,
      visibility,
      target:
        target === '' ? null : { author: '', address: target, text: '', manner: mannerOn(post.content, channelId) },
    }
  }
  return {
    timing: '',
    channels: post.channels.map((channel) => ({
      channelId: channel.channelId,
      network: channel.network,
      name: channel.name,
      text: post.content.channels.find((each) => each.channelId === channel.channelId)?.text ?? post.content.text,
      link: post.content.link,
      pictures: shown(post.content.pictures),
      ...belowOf(channel.channelId),
    })),
  }
}
