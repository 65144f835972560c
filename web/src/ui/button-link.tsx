import { Button, type ButtonProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'

/** A link that looks like a button: it goes somewhere, it does not do something. */
export function ButtonLink({ href, children, ...rest }: ButtonProps & { href: string; children: ReactNode }) {
  return (
    <Button {...rest} renderRoot={(props) => <Link {...props} href={href} />}>
      {children}
    </Button>
  )
}
