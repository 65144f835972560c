import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'

import { groupQueries } from '../api/queries.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { sentenceOf } from '../ui/failure.js'
import { cardsOf } from './pages.js'

/** Brings the next page. The focus stays on the button; when there is nothing more, it goes to the words that say so. */
export function More() {
  const group = useGroup()
  const queue = useInfiniteQuery(groupQueries.queue(group.slug))
  const [said, setSaid] = useState('')
  const words = useRef<HTMLParagraphElement>(null)
  const bring = async () => {
    // Not `disabled` meanwhile, which would take the focus away.
    if (queue.isFetchingNextPage) return
    const shown = cardsOf(queue.data?.pages ?? []).length
    const { data, error, hasNextPage } = await queue.fetchNextPage()
    if (error) return setSaid(sentenceOf(error))
    const came = t('queue.came', { count: cardsOf(data?.pages ?? []).length - shown })
    setSaid(hasNextPage ? came : `${came} ${t('queue.thatIsAll')}`)
    if (!hasNextPage) words.current?.focus({ preventScroll: true })
  }
  if (!queue.hasNextPage && said === '') return null
  return (
    <div className="s-more">
      {queue.hasNextPage && (
        <Button variant="default" aria-disabled={queue.isFetchingNextPage || undefined} onClick={() => void bring()}>
          {t(queue.isFetchingNextPage ? 'app.loading' : 'queue.more')}
        </Button>
      )}
      <p ref={words} tabIndex={-1} aria-live="polite" className="s-meta">
        {said}
      </p>
    </div>
  )
}
