import type { PostCard, PostState, PublicationState } from '../api/types.js'
import { Icon, type IconName } from './icons.js'
import type { Tone } from './note.js'

const posts: Record<PostState, [IconName, Tone]> = {
  draft: ['pencil', 'quiet'],
  in_review: ['clock', 'wait'],
  changes_requested: ['undo', 'wait'],
  approved: ['tick', 'good'],
  cancelled: ['cross', 'quiet'],
  expired: ['clock', 'quiet'],
  done: ['ticks', 'brand'],
}

const publications: Record<PublicationState, [IconName, Tone]> = {
  planned: ['clock', 'brand'],
  publishing: ['send', 'brand'],
  published: ['ticks', 'good'],
  failed: ['warning', 'bad'],
  in_doubt: ['question', 'wait'],
  unconfirmed: ['question', 'bad'],
  missed: ['warning', 'wait'],
  cancelled: ['cross', 'quiet'],
  retracting: ['undo', 'wait'],
  retracted: ['undo', 'quiet'],
}

function Pill({ icon, tone, text }: { icon: IconName; tone: Tone; text: string }) {
  return (
    <span className={`s-pill s-${tone}`}>
      <Icon name={icon} size={16} />
      <span>{text}</span>
    </span>
  )
}

/** What went wrong on the way, the worst first: then it is no matter how far the review has come. */
const troubles: PublicationState[] = ['unconfirmed', 'in_doubt', 'failed', 'missed']

/** A post's state in words, with its icon; the colour only repeats it. */
export function PostPill({ post }: { post: Pick<PostCard, 'state' | 'stateText' | 'held' | 'publications'> }) {
  const trouble = troubles.find((state) => post.publications.some((each) => each.state === state))
  const [icon, tone]: [IconName, Tone] =
    post.held && post.state !== 'done' ? ['hand', 'bad'] : trouble ? publications[trouble] : posts[post.state]
  return <Pill icon={icon} tone={tone} text={post.stateText} />
}

export function PublicationPill({ state, text }: { state: PublicationState; text: string }) {
  const [icon, tone] = publications[state]
  return <Pill icon={icon} tone={tone} text={text} />
}

export function publicationIcon(state: PublicationState): IconName {
  return publications[state][0]
}
