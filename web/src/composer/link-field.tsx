import { TextInput } from '@mantine/core'
import { useState } from 'react'

import { t } from '../language/i18n.js'
import { isWholeLink } from './input.js'

/** The page that the post points to; "example.org/page" is completed when the field is left. */
export function LinkField({ link, set }: { link: string | null; set: (link: string | null) => void }) {
  const [isBusy, setBusy] = useState(false)
  const value = link ?? ''
  return (
    <TextInput
      label={t('composer.link')}
      description={t('composer.linkHelp')}
      type="url"
      inputMode="url"
      placeholder="https://"
      maxLength={2000}
      value={value}
      error={!isBusy && value !== '' && !isWholeLink(value) ? t('composer.linkUnfinished') : undefined}
      onFocus={() => setBusy(true)}
      onBlur={() => {
        setBusy(false)
        if (/^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(value)) set(`https://${value}`)
      }}
      onChange={(event) => {
        const typed = event.currentTarget.value.trim()
        set(typed === '' ? null : typed)
      }}
    />
  )
}
