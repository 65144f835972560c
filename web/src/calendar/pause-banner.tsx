import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { groupQueries } from '../api/queries.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { useChange } from '../settings/use-change.js'
import { Note } from '../ui/note.js'
import { moment } from '../ui/time.js'

/** Over every page, while everything is paused: who did it, and how it goes on. */
export function PauseBanner() {
  const group = useGroup()
  const { data } = useQuery(groupQueries.pause(group.slug))
  const change = useChange()
  const pause = data?.pause
  if (!pause) return null
  const asked = pause.releaseAskedBy
  return (
    <section className="s-pause" aria-label={t('pause.label')}>
      <Note tone="bad" icon="pause">
        <p>
          <strong>{t('pause.now', { name: pause.by, when: moment(pause.since, group.timeZone) })}</strong>
        </p>
        {pause.reason && <p>“{pause.reason}”</p>}
        <p>
          {pause.whyNotRelease
            ? t('pause.waiting')
            : asked === null
              ? t('pause.two')
              : t('pause.asked', { name: asked })}
        </p>
        {pause.whyNotRelease === null && (
          <Button
            variant="default"
            disabled={change.isPending}
            onClick={() =>
              change.mutate({
                method: 'POST',
                path: '/pause/release',
                body: {},
                said: asked === null ? t('pause.askedNow') : t('pause.released'),
              })
            }
          >
            {asked === null ? t('pause.ask') : t('pause.confirm')}
          </Button>
        )}
      </Note>
    </section>
  )
}
