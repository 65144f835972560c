import { useEffect, useRef, type ReactNode } from 'react'

import { t } from '../language/i18n.js'

let arrived = false

/**
 * One screen: sets the document's title, and moves the focus to the heading when somebody came from another screen,
 * so that a screen reader says where they are.
 */
export function Page({
  title,
  heading,
  lead,
  actions,
  children,
  quiet = false,
}: {
  title: string
  heading?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** The heading is there for screen readers only. */
  quiet?: boolean
}) {
  const top = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title])
  useEffect(() => {
    if (arrived) {
      top.current?.focus({ preventScroll: true })
      window.scrollTo(0, 0)
    }
    arrived = true
  }, [])
  return (
    <div className="s-page">
      <div className={quiet ? 's-page-head s-hidden' : 's-page-head'}>
        <div>
          <h1 ref={top} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {lead && <p className="s-lead">{lead}</p>}
        </div>
        {actions && <div className="s-actions">{actions}</div>}
      </div>
      {children}
    </div>
  )
}
