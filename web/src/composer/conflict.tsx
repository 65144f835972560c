import { Button } from '@mantine/core'

import type { PostDetail, PostInput } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'

/** Two people changed one post: shows both and lets the person choose. */
export function Conflict({
  mine,
  theirs,
  settle,
}: {
  mine: PostInput
  theirs: PostDetail
  settle: (whose: 'mine' | 'theirs') => void
}) {
  return (
    <section className="s-panel s-conflict" aria-labelledby="conflict" role="alert">
      <h2 id="conflict">
        <Icon name="warning" /> {t('conflict.title')}
      </h2>
      <p>{t('conflict.text')}</p>
      <div className="s-two">
        <div>
          <h3>{t('conflict.mine')}</h3>
          <blockquote>{mine.content.text || t('preview.empty')}</blockquote>
          <p className="s-meta">{t('conflict.pictures', { count: mine.content.pictures.length })}</p>
          <Button onClick={() => settle('mine')}>{t('conflict.keepMine')}</Button>
        </div>
        <div>
          <h3>{t('conflict.theirs')}</h3>
          <blockquote>{theirs.content.text || t('preview.empty')}</blockquote>
          <p className="s-meta">{t('conflict.pictures', { count: theirs.content.pictures.length })}</p>
          <Button variant="default" onClick={() => settle('theirs')}>
            {t('conflict.takeTheirs')}
          </Button>
        </div>
      </div>
    </section>
  )
}
