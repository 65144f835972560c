import { Button } from '@mantine/core'
import { useState } from 'react'

import type { Governance } from '../api/types.js'
import { t } from '../language/i18n.js'
import { AwayForm } from './away-form.js'

/** Reviewers who may have too much on their hands, by name. */
export function Unanswering({ people }: { people: NonNullable<Governance['unanswering']> }) {
  const [pausing, setPausing] = useState<string | null>(null)
  if (people.length === 0) return <p className="s-meta">{t('governance.nobodyUnanswering')}</p>
  return (
    <ul className="s-lines">
      {people.map(({ memberId, name, sentence }) => (
        <li key={memberId} className="s-form">
          <p>{sentence}</p>
          {pausing === memberId ? (
            <AwayForm memberId={memberId} close={() => setPausing(null)} />
          ) : (
            <div className="s-actions">
              <Button variant="default" onClick={() => setPausing(memberId)}>
                {t('governance.pause')}
                <span className="s-hidden">: {name}</span>
              </Button>
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}
