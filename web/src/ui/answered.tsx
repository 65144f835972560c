import './answered.css'

import type { Target } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from './icons.js'

/** Somebody else's post that ours answers, set apart from our words; of a draft no more than its address is known. */
export function Answered({ target: { author, address, text } }: { target: Target }) {
  return (
    <div className="s-answered">
      <p>
        <Icon name="reply" size={16} /> {t('target.answers')} <bdi>{author === '' ? address : author}</bdi>
      </p>
      {text !== '' && <blockquote dir="auto">{text}</blockquote>}
    </div>
  )
}
