import { UnstyledButton } from '@mantine/core'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'

/** A button that shows a few more buttons under it. They are ordinary buttons: Tab goes through them, Escape closes. */
export function Dropdown({
  label,
  className,
  side = 'end',
  children,
  content,
}: {
  /** Says what the button is, where its content does not. */
  label?: string
  className: string
  side?: 'start' | 'end'
  children: ReactNode
  content: (close: () => void) => ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!isOpen) return
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    document.addEventListener('keydown', escape)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
      document.removeEventListener('keydown', escape)
    }
  }, [isOpen])
  return (
    <div className="s-dropdown" ref={root}>
      <UnstyledButton
        ref={button}
        className={className}
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </UnstyledButton>
      {isOpen && (
        <div id={id} className={`s-dropdown-panel s-dropdown-${side}`}>
          {content(() => setOpen(false))}
        </div>
      )}
    </div>
  )
}

/** One line of a dropdown. */
export function DropdownItem({
  icon,
  end,
  chosen,
  onClick,
  children,
}: {
  icon?: ReactNode
  end?: ReactNode
  /** For a choice: whether it is the one that holds. */
  chosen?: boolean
  onClick: () => void
  children: ReactNode
}) {
  return (
    <UnstyledButton className="s-dropdown-item" aria-pressed={chosen} onClick={onClick}>
      {icon}
      <span className="s-grow">{children}</span>
      {end}
    </UnstyledButton>
  )
}
