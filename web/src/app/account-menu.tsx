import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'

import { api } from '../api/client.js'
import { t } from '../language/i18n.js'
import { Dropdown, DropdownItem } from '../ui/dropdown.js'
import { Icon, type IconName } from '../ui/icons.js'
import { sayFailure } from '../ui/notify.js'
import { useMaybeGroup, useSession } from './session.js'

const schemes: { value: MantineColorScheme; icon: IconName }[] = [
  { value: 'light', icon: 'sun' },
  { value: 'dark', icon: 'moon' },
  { value: 'auto', icon: 'auto' },
]

/** Who is signed in, light or dark, and the way out. */
export function AccountMenu() {
  const session = useSession()
  const group = useMaybeGroup()
  const queries = useQueryClient()
  const [, go] = useLocation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = async (path: string) => {
    try {
      await api('POST', path, {})
      queries.clear()
      go('/sign-in')
      location.reload()
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <Dropdown
      className="s-account"
      label={t('account.open', { name: session.person?.name ?? '' })}
      content={(close) => (
        <>
          <div className="s-dropdown-head">
            <strong>{session.person?.name}</strong>
            <span>{session.person?.email}</span>
            {group && <span>{group.roles.map((role) => t(`role.${role}`)).join(', ')}</span>}
          </div>
          <fieldset className="s-plain s-dropdown-part">
            <legend>{t('account.scheme')}</legend>
            {schemes.map(({ value, icon }) => (
              <DropdownItem
                key={value}
                icon={<Icon name={icon} size={18} />}
                chosen={colorScheme === value}
                end={colorScheme === value ? <Icon name="tick" size={18} /> : undefined}
                onClick={() => setColorScheme(value)}
              >
                {t(`account.${value}`)}
              </DropdownItem>
            ))}
          </fieldset>
          <div className="s-dropdown-part">
            <DropdownItem
              icon={<Icon name="key" size={18} />}
              onClick={() => {
                close()
                go('/account')
              }}
            >
              {t('account.own')}
            </DropdownItem>
            <DropdownItem icon={<Icon name="exit" size={18} />} onClick={() => void leave('/sign-out')}>
              {t('account.signOut')}
            </DropdownItem>
            <DropdownItem icon={<Icon name="exit" size={18} />} onClick={() => void leave('/sign-out-everywhere')}>
              {t('account.signOutEverywhere')}
            </DropdownItem>
          </div>
        </>
      )}
    >
      <Icon name="person" size={22} />
    </Dropdown>
  )
}
