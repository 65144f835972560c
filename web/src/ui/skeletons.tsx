import { Skeleton } from '@mantine/core'

import { t } from '../language/i18n.js'

/** The shape of a page that is being fetched. */
export function PageSkeleton() {
  return (
    <div className="s-page" aria-busy="true">
      <span className="s-hidden" aria-live="polite">
        {t('app.loading')}
      </span>
      <Skeleton h={32} w="45%" mb="lg" />
      <CardSkeletons />
    </div>
  )
}

export function CardSkeletons({ count = 3 }: { count?: number }) {
  return (
    <div className="s-cards" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="s-card">
          <Skeleton h={18} w="40%" mb="sm" />
          <Skeleton h={14} mb="xs" />
          <Skeleton h={14} w="80%" mb="md" />
          <Skeleton h={14} w="55%" />
        </div>
      ))}
    </div>
  )
}
