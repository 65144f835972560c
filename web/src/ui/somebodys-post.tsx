import './somebodys-post.css'

import type { Target } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from './icons.js'

/** Somebody else's post that ours answers or passes on, set apart from our words; of a draft its address alone is known. */
export function SomebodysPost({ target: { author, address, text, manner } }: { target: Target }) {
  return (
    <div className="s-somebodys">
      <p>
        <Icon name={manner === 'answer' ? 'reply' : 'repost'} size={16} /> {t(`target.does.${manner}`)}{' '}
        <bdi>{author === '' ? address : author}</bdi>
      </p>
      {text !== '' && <blockquote dir="auto">{text}</blockquote>}
    </div>
  )
}
