import type { ReactNode } from 'react'

import { Icon, type IconName } from './icons.js'

export type Tone = 'good' | 'wait' | 'bad' | 'brand' | 'quiet'

/** A sentence or two set apart, with an icon for those who skim. */
export function Note({ tone, icon, children }: { tone: Tone; icon: IconName; children: ReactNode }) {
  return (
    <div className={`s-note s-${tone}`}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}
