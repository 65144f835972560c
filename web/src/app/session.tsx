import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'

import { sessionQuery } from '../api/queries.js'
import type { Role, Session, SessionGroup } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { PageSkeleton } from '../ui/skeletons.js'

interface Known {
  session: Session
  /** Milliseconds that the server's clock is ahead of this device's; in the demonstration it is moved on purpose. */
  ahead: number
}

const SessionContext = createContext<Known | null>(null)
const GroupContext = createContext<SessionGroup | null>(null)

/** Asks who is here before anything is drawn. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery)
  if (session.error && !session.data) {
    return (
      <main className="s-alone">
        <h1>{t('app.cannotReach')}</h1>
        <Failure error={session.error} retry={() => void session.refetch()} />
      </main>
    )
  }
  if (!session.data) {
    return (
      <main className="s-alone" aria-busy="true">
        <PageSkeleton />
      </main>
    )
  }
  const ahead = session.data.demo ? Date.parse(session.data.demo.now) - session.dataUpdatedAt : 0
  return <SessionContext value={{ session: session.data, ahead }}>{children}</SessionContext>
}

export function useSession(): Session {
  const known = useContext(SessionContext)
  if (!known) throw new Error('There is no session above this component.')
  return known.session
}

export const GroupProvider = GroupContext

/** The group whose pages are shown. */
export function useGroup(): SessionGroup {
  const group = useContext(GroupContext)
  if (!group) throw new Error('There is no group above this component.')
  return group
}

/** The group, or null on pages outside any group. */
export function useMaybeGroup(): SessionGroup | null {
  return useContext(GroupContext)
}

export function useIs(role: Role): boolean {
  return useGroup().roles.includes(role)
}

/** Whether this person may write posts here. */
export function useMayWrite(): boolean {
  const { roles } = useGroup()
  return roles.includes('editor') || roles.includes('admin')
}

/** Now by the server's clock, in milliseconds; renewed twice a minute. */
export function useNow(): number {
  const ahead = useContext(SessionContext)?.ahead ?? 0
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now + ahead
}
