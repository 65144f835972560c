import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'

import { ApiProblem } from '../api/client.js'
import { sessionQuery } from '../api/queries.js'
import { t } from '../language/i18n.js'
import { theme, variables } from '../theme/theme.js'
import { Rescue } from './rescue.js'
import { Routes } from './routes.js'
import { SessionGate } from './session.js'
import { StepUpGate } from './step-up-gate.js'

const schemes = localStorageColorSchemeManager({ key: 'seconder-scheme' })

// A session that has ended while the page was open: asking who is here leads to the sign-in page.
const onError = (error: unknown) => {
  if (error instanceof ApiProblem && error.code === 'not-signed-in') {
    void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal is an answer; only silence is worth asking again.
      retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.code === 'offline',
    },
  },
})

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <Rescue>
          <SessionGate>
            <Routes />
            <StepUpGate />
          </SessionGate>
        </Rescue>
      </QueryClientProvider>
      <section aria-label={t('app.notices')}>
        <Notifications position="bottom-right" limit={3} withinPortal={false} />
      </section>
    </MantineProvider>
  )
}
