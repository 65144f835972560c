import type { PostDetail, Revision } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { moment } from '../ui/time.js'
import { wordDifference } from './word-difference.js'

/** Every sealed version, newest first, each with what changed since the one before. */
export function Versions({ post }: { post: PostDetail }) {
  const group = useGroup()
  const newestFirst = post.revisions.toSorted((a, b) => b.number - a.number)
  return (
    <ol className="s-versions">
      {newestFirst.map((revision, index) => (
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
            <abbr title={revision.hash}>{t('post.seal', { start: revision.hash.slice(0, 8) })}</abbr>
          </p>
          <details>
            <summary>{index === newestFirst.length - 1 ? t('post.showFirst') : t('post.showChanges')}</summary>
            <Changes revision={revision} before={newestFirst[index + 1] ?? null} />
          </details>
        </li>
      ))}
    </ol>
  )
}

function Changes({ revision, before }: { revision: Revision; before: Revision | null }) {
  return (
    <>
      {revision.content.channels.map((channel) => {
        const old = before?.content.channels.find((each) => each.channelId === channel.channelId)
        const parts = old ? wordDifference(old.text, channel.text) : [{ kind: 'same' as const, text: channel.text }]
        const samePictures =
          !old ||
          JSON.stringify(old.pictures.map((each) => each.alt)) ===
            JSON.stringify(channel.pictures.map((each) => each.alt))
        return (
          <div key={channel.channelId} className="s-change">
            <h3>{channel.name}</h3>
            <p className="s-lines">
              {parts.map((part, index) =>
                part.kind === 'same' ? (
                  part.text
                ) : part.kind === 'added' ? (
                  <ins key={index}>{part.text}</ins>
                ) : (
                  <del key={index}>{part.text}</del>
                ),
              )}
            </p>
            {old && old.link !== channel.link && (
              <p className="s-meta">{t('post.linkChanged', { link: channel.link ?? t('post.none') })}</p>
            )}
            {!samePictures && <p className="s-meta">{t('post.picturesChanged')}</p>}
          </div>
        )
      })}
      {before && before.content.timing !== revision.content.timing && (
        <p className="s-meta">{t('post.timingChanged', { timing: revision.content.timing })}</p>
      )}
    </>
  )
}
