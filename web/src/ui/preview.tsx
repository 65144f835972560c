import './preview.css'

import type { Network, PartKind, Target, Visibility } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon, type IconName } from './icons.js'
import { NetworkMark } from './network-mark.js'
import { ShownMedia } from './shown-media.js'
import { SomebodysPost } from './somebodys-post.js'

export interface PreviewPost {
  network: Network
  name: string
  handle?: string
  text: string
  link: string | null
  pictures: { url: string; alt: string; film: boolean }[]
  /** What hangs below it: the rest of its thread, then its first comment. */
  below: readonly PreviewPart[]
  contentWarning: string | null
  visibility: Visibility
  target: Target | null
}

interface PreviewPart {
  kind: PartKind
  text: string
  link: string | null
  pictures: { url: string; alt: string; film: boolean }[]
}

/** A post as its network will show it. Not a control: nothing in it can be pressed. */
export function Preview({ post, when }: { post: PreviewPost; when?: string }) {
  return (
    <figure className={`s-preview s-preview-${post.network}`} aria-label={t('preview.label', { name: post.name })}>
      {post.network === 'noticeboard' ? <Noticeboard post={post} when={when} /> : <Timeline post={post} when={when} />}
    </figure>
  )
}

/** As most networks show a post: who, the words, pictures or a link card. */
function Timeline({ post, when }: { post: PreviewPost; when?: string }) {
  const icons: IconName[] = ['reply', 'repost', 'heart']
  return (
    <>
      <div className="s-preview-face">
        <NetworkMark network={post.network} size={40} />
      </div>
      <div className="s-preview-body">
        <p className="s-preview-who">
          <strong>{post.name}</strong> <span>{handleOf(post)}</span>
          {when && <span> · {when}</span>}
        </p>
        {post.target && <SomebodysPost target={post.target} />}
        {post.contentWarning && <Warning words={post.contentWarning} />}
        {post.visibility !== 'public' && (
          <p className="s-preview-note">
            <Icon name="eye" size={16} /> {t(`visibility.${post.visibility}`)}
          </p>
        )}
        {post.target?.manner !== 'repost' && <PreviewText text={post.text} />}
        <Pictures pictures={post.pictures} />
        {post.link && post.pictures.length === 0 && <LinkCard link={post.link} />}
        <Below parts={post.below} />
        <div className="s-preview-icons" aria-hidden="true">
          {icons.map((icon) => (
            <Icon key={icon} name={icon} size={18} />
          ))}
        </div>
      </div>
    </>
  )
}

/** A receiver of one’s own has an address in place of a handle, and is mostly called by it. */
function handleOf({ network, name, handle }: PreviewPost): string {
  if (!handle || handle === name) return ''
  return network === 'webhook' ? handle : `@${handle.replace(/^@/, '')}`
}

function Warning({ words }: { words: string }) {
  return (
    <p className="s-preview-note" dir="auto">
      <Icon name="warning" size={16} /> <strong>{words}</strong> {t('preview.hidden')}
    </p>
  )
}

/** The parts of a thread one below the other, and the first comment at their end. */
function Below({ parts }: { parts: readonly PreviewPart[] }) {
  if (parts.length === 0) return null
  return (
    <ol className="s-preview-below">
      {parts.map((part, index) => (
        <li key={index}>
          <p className="s-preview-part">
            {part.kind === 'comment' ? t('preview.comment') : t('preview.part', { number: index + 2 })}
          </p>
          <PreviewText text={part.text} />
          <Pictures pictures={part.pictures} />
          {part.link && part.pictures.length === 0 && <LinkCard link={part.link} />}
        </li>
      ))}
    </ol>
  )
}

function Noticeboard({ post, when }: { post: PreviewPost; when?: string }) {
  return (
    <div className="s-preview-body">
      <p className="s-preview-date">{when ?? t('preview.soon')}</p>
      <PreviewText text={post.text} />
      <Pictures pictures={post.pictures} />
      {post.link && <LinkCard link={post.link} />}
      <Below parts={post.below} />
      <p className="s-preview-who s-preview-foot">
        <NetworkMark network="noticeboard" size={22} /> {post.name}
      </p>
    </div>
  )
}

const marked = /(https?:\/\/[^\s]+|#[\p{L}\p{N}_]+|@[\p{L}\p{N}_.-]+)/gu

function PreviewText({ text }: { text: string }) {
  if (text.trim() === '') return <p className="s-preview-text s-dim">{t('preview.empty')}</p>
  return (
    <p className="s-preview-text" dir="auto">
      {text.split(marked).map((part, index) =>
        index % 2 === 1 ? (
          <span key={index} className="s-preview-mark">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </p>
  )
}

function Pictures({ pictures }: { pictures: PreviewPost['pictures'] }) {
  if (pictures.length === 0) return null
  return (
    <div className={`s-preview-pictures s-count-${Math.min(pictures.length, 4)}`}>
      {pictures.map((picture, index) => (
        <ShownMedia key={index} media={picture} alt={picture.alt || t('preview.noAlt')} />
      ))}
    </div>
  )
}

function LinkCard({ link }: { link: string }) {
  let host = link
  let rest = ''
  try {
    const url = new URL(link)
    host = url.hostname.replace(/^www\./, '')
    rest = decodeURIComponent(url.pathname === '/' ? '' : url.pathname)
  } catch {
    host = link
  }
  return (
    <div className="s-preview-link">
      <Icon name="link" size={18} />
      <span>
        <strong>{host}</strong>
        {rest && <span className="s-dim">{rest}</span>}
      </span>
    </div>
  )
}
