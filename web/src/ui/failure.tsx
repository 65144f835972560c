import { Button } from '@mantine/core'

import { ApiProblem } from '../api/client.js'
import { t } from '../language/i18n.js'
import { Icon } from './icons.js'

/** The server's own sentence, or what to say when there was none. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiProblem) {
    if (error.code === 'offline') return t('failure.offline')
    if (error.message !== '') return error.message
  }
  return t('failure.unknown')
}

/** What went wrong, with a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div className="s-note s-bad" role="alert">
      <Icon name="warning" />
      <div>
        <p>{sentenceOf(error)}</p>
        {retry && (
          <Button variant="default" onClick={retry}>
            {t('failure.again')}
          </Button>
        )}
      </div>
    </div>
  )
}
