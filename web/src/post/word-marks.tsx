import type { Stretch } from '../api/types.js'
import { t } from '../language/i18n.js'

/** Words that stayed, went and came: marked by line and colour, and named for those who hear them. */
export function WordMarks({ text }: { text: readonly Stretch[] }) {
  return text.map((part, index) =>
    part.kind === 'same' ? (
      part.text
    ) : part.kind === 'added' ? (
      <ins key={index}>
        <span className="s-hidden">{t('difference.addedHere')}</span>
        {part.text}
        <span className="s-hidden">{t('difference.endHere')}</span>
      </ins>
    ) : (
      <del key={index}>
        <span className="s-hidden">{t('difference.removedHere')}</span>
        {part.text}
        <span className="s-hidden">{t('difference.endHere')}</span>
      </del>
    ),
  )
}
