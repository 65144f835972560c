import type { ReactNode } from 'react'

import { Icon, type IconName } from './icons.js'

/** Nothing here yet, and what to do about it. */
export function Empty({ icon, text, children }: { icon: IconName; text: ReactNode; children?: ReactNode }) {
  return (
    <div className="s-empty">
      <span className="s-empty-icon">
        <Icon name={icon} size={26} />
      </span>
      <p>{text}</p>
      {children}
    </div>
  )
}
