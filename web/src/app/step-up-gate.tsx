import { lazy, Suspense, useEffect, useState } from 'react'

import { proveBy, type ApiProblem } from '../api/client.js'

const StepUpDialog = lazy(() =>
  import('../account/step-up-dialog.js').then((found) => ({ default: found.StepUpDialog })),
)

interface Asked {
  problem: ApiProblem
  answer: (proved: boolean) => void
}

/** Asks for a fresh proof whenever a request wants one; several at the same moment wait for one answer. */
export function StepUpGate() {
  const [asked, setAsked] = useState<Asked | null>(null)
  useEffect(() => {
    let open: Promise<boolean> | null = null
    proveBy((problem) => {
      open ??= new Promise<boolean>((resolve) => {
        setAsked({
          problem,
          answer: (proved) => {
            open = null
            setAsked(null)
            resolve(proved)
          },
        })
      })
      return open
    })
    return () => proveBy(null)
  }, [])
  if (!asked) return null
  return (
    <Suspense>
      <StepUpDialog problem={asked.problem} answer={asked.answer} />
    </Suspense>
  )
}
