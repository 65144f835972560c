import { Button, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'

import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'

/** The server takes no more. */
const mostLabels = 20

/** Ordinary labels are one press away; others can be typed. */
export function Labels({ labels, set }: { labels: string[]; set: (labels: string[]) => void }) {
  const [typed, setTyped] = useState('')
  const usual: string[] = [t('labels.local'), t('labels.national'), t('labels.event'), t('labels.campaign')]
  const offered = [...usual, ...labels.filter((label) => !usual.includes(label))]
  const full = labels.length >= mostLabels
  const add = () => {
    // "Buses" and "buses" are one label.
    const label = typed.trim().toLocaleLowerCase('en-GB')
    if (label !== '' && !labels.includes(label) && !full) set([...labels, label])
    setTyped('')
  }
  return (
    <fieldset className="s-plain">
      <legend>{t('labels.title')}</legend>
      <p className="s-meta" aria-live="polite">
        {full ? t('labels.enough', { count: mostLabels }) : t('labels.help')}
      </p>
      <div className="s-chips">
        {offered.map((label) => {
          const on = labels.includes(label)
          return (
            <UnstyledButton
              key={label}
              className="s-chip"
              aria-pressed={on}
              disabled={full && !on}
              onClick={() => set(on ? labels.filter((each) => each !== label) : [...labels, label])}
            >
              <Icon name={on ? 'tick' : 'plus'} size={16} />
              <span>{label}</span>
            </UnstyledButton>
          )
        })}
      </div>
      <div className="s-inline">
        <TextInput
          aria-label={t('labels.own')}
          placeholder={t('labels.own')}
          value={typed}
          maxLength={40}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault()
              add()
            }
          }}
        />
        <Button variant="default" onClick={add} disabled={full}>
          {t('labels.add')}
        </Button>
      </div>
    </fieldset>
  )
}
