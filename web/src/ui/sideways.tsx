import type { ReactNode } from 'react'

/** A wide table that scrolls by itself; it takes the focus so that the keyboard can scroll it. */
export function Sideways({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it nobody without a mouse could scroll it
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
