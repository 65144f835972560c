import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { groupQueries } from '../api/queries.js'
import type { ChannelDifference, ComparedPicture, Difference, PartDifference, PictureDifference } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { ShownMedia } from '../ui/shown-media.js'
import { WordMarks } from './word-marks.js'

/** What differs between two versions, as the server finds it: the same as in mails and on the review page. */
export function DifferenceOf({ id, from, to }: { id: string; from: number; to: number }) {
  const group = useGroup()
  const found = useQuery(groupQueries.difference(group.slug, id, from, to))
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <p aria-busy="true">{t('app.loading')}</p>
  return <Changes difference={found.data} />
}

function Changes({ difference }: { difference: Difference }) {
  const { timing } = difference
  if (difference.same) return <p className="s-dim">{t('difference.same')}</p>
  return (
    <>
      {difference.channels.map((channel) => (
        <div key={channel.channelId} className="s-change">
          <h3>{channel.name}</h3>
          <ChannelChanges channel={channel} />
        </div>
      ))}
      {timing && (
        <div className="s-change">
          <h3>{t('difference.time')}</h3>
          {timing.before !== timing.after && <Replaced before={timing.before} after={timing.after} />}
          {timing.windows.map((each) => (
            <div key={each.channelId}>
              <p>{t('difference.windowsOf', { name: each.name })}</p>
              {each.removed.map((words) => (
                <p key={words}>
                  <Gone>{words}</Gone>
                </p>
              ))}
              {each.added.map((words) => (
                <p key={words}>
                  <Come>{words}</Come>
                </p>
              ))}
            </div>
          ))}
        </div>
      )}
    </>
  )
}

function ChannelChanges({ channel }: { channel: ChannelDifference }) {
  const { kind, text, link, language, pictures, contentWarning, visibility, target, below } = channel
  const sameWords = text.every((part) => part.kind === 'same')
  if (kind === 'same') return <p className="s-dim">{t('difference.sameHere')}</p>
  return (
    <>
      {kind === 'added' && <Said>{t('difference.channelAdded')}</Said>}
      {kind === 'removed' && <Said>{t('difference.channelRemoved')}</Said>}
      {kind === 'other-account' && <Said>{t('difference.otherAccount')}</Said>}
      {sameWords ? (
        <p className="s-dim">{t('difference.sameWords')}</p>
      ) : (
        <p className="s-lines" dir="auto">
          <WordMarks text={text} />
        </p>
      )}
      {link && (
        <div>
          <p>{t('difference.link')}</p>
          <Replaced {...link} />
        </div>
      )}
      {language && (
        <div>
          <p>{t('difference.language')}</p>
          <Replaced {...language} />
        </div>
      )}
      {contentWarning && (
        <div>
          <p>{t('difference.contentWarning')}</p>
          <Replaced {...contentWarning} />
        </div>
      )}
      {visibility && (
        <div>
          <p>{t('difference.visibility')}</p>
          <Replaced {...visibility} />
        </div>
      )}
      {target && (
        <div>
          <p>{t('difference.target')}</p>
          <Replaced {...target} />
        </div>
      )}
      {pictures.map((picture, index) => (
        <PictureChange key={index} picture={picture} />
      ))}
      {below.map((part) => (
        <PartChange key={`${part.part} ${part.number}`} part={part} />
      ))}
    </>
  )
}

function PartChange({ part }: { part: PartDifference }) {
  const { kind, text, link, pictures } = part
  if (kind === 'same') return null
  return (
    <div className="s-part-change">
      <h4>{part.part === 'comment' ? t('difference.comment') : t('difference.part', { number: part.number })}</h4>
      {kind === 'added' && <Said>{t('difference.partAdded')}</Said>}
      {kind === 'removed' && <Said>{t('difference.partRemoved')}</Said>}
      {text.length > 0 && (
        <p className="s-lines" dir="auto">
          <WordMarks text={text} />
        </p>
      )}
      {link && (
        <div>
          <p>{t('difference.link')}</p>
          <Replaced {...link} />
        </div>
      )}
      {pictures.map((picture, index) => (
        <PictureChange key={index} picture={picture} />
      ))}
    </div>
  )
}

function PictureChange({ picture }: { picture: PictureDifference }) {
  const { kind, before, after, moved, alt } = picture
  const number = (after ?? before)?.place ?? 0
  if (kind === 'same' && !moved && !alt) return null
  return (
    <div className="s-picture-change">
      {kind === 'added' && <Said>{t('difference.pictureAdded', { number })}</Said>}
      {kind === 'removed' && <Said>{t('difference.pictureRemoved', { number })}</Said>}
      {kind === 'replaced' && <Said>{t('difference.pictureReplaced', { number })}</Said>}
      {moved && <Said>{t('difference.pictureMoved', { number, former: before?.place ?? 0 })}</Said>}
      <div className="s-pair">
        {kind !== 'same' && before && <Thumb label={t('difference.before')} picture={before} />}
        {after && <Thumb label={t(kind === 'same' ? 'difference.picture' : 'difference.now')} picture={after} />}
      </div>
      {alt && (
        <p className="s-lines" dir="auto">
          {t('difference.description')} <WordMarks text={alt} />
        </p>
      )}
    </div>
  )
}

function Thumb({ label, picture }: { label: string; picture: ComparedPicture }) {
  const described = picture.alt || t('preview.noAlt')
  return (
    <figure>
      <figcaption>{label}</figcaption>
      {picture.url ? (
        <ShownMedia media={picture} alt={`${label}: ${described}`} width={picture.width} height={picture.height} />
      ) : (
        <p>{described}</p>
      )}
    </figure>
  )
}

function Replaced({ before, after }: { before: string | null; after: string | null }) {
  return (
    <p className="s-lines">
      <Gone>{before ?? t('post.none')}</Gone> <Come>{after ?? t('post.none')}</Come>
    </p>
  )
}

function Gone({ children }: { children: string }) {
  return <WordMarks text={[{ kind: 'removed', text: children }]} />
}

function Come({ children }: { children: string }) {
  return <WordMarks text={[{ kind: 'added', text: children }]} />
}

function Said({ children }: { children: ReactNode }) {
  return (
    <p className="s-said">
      <Icon name="info" size={18} /> <span>{children}</span>
    </p>
  )
}
