import { Button } from '@mantine/core'

import { t } from '../language/i18n.js'
import { Icon, type IconName } from '../ui/icons.js'
import type { Saving } from './use-draft.js'

const icons: Record<Saving['kind'], IconName> = {
  untouched: 'pencil',
  unsaved: 'pencil',
  saving: 'clock',
  saved: 'tick',
  'device-only': 'info',
  failed: 'warning',
}

/** Whether what is typed is safe, said quietly. */
export function SaveState({ saving, retry }: { saving: Saving; retry: (() => void) | null }) {
  // "Saving" would be read out after every pause; screen readers hear only how it ended.
  const spoken = saving.kind === 'saved' || saving.kind === 'device-only' || saving.kind === 'failed'
  const text = saving.kind === 'failed' ? saving.sentence : t(`save.${saving.kind}`)
  return (
    <div className="s-save">
      <span className="s-hidden" aria-live="polite">
        {spoken ? text : ''}
      </span>
      {saving.kind !== 'untouched' && (
        <p aria-hidden="true" className={saving.kind === 'failed' ? 's-cause' : 's-meta'}>
          <Icon name={icons[saving.kind]} size={18} /> {text}
        </p>
      )}
      {retry && (saving.kind === 'failed' || saving.kind === 'device-only') && (
        <Button variant="default" onClick={retry}>
          {t('save.again')}
        </Button>
      )}
    </div>
  )
}
