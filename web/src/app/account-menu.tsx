import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'

import { api } from '../api/client.js'
import { t } from '../language/i18n.js'
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
    <Menu width={260}>
      <Menu.Target>
        <ActionIcon aria-label={t('account.open', { name: session.person?.name ?? '' })} className="s-account">
          <Icon name="person" size={22} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="s-menu-head">
          <strong>{session.person?.name}</strong>
          <span>{session.person?.email}</span>
          {group && <span>{group.roles.map((role) => t(`role.${role}`)).join(', ')}</span>}
        </div>
        <Menu.Divider />
        <Menu.Label>{t('account.scheme')}</Menu.Label>
        {schemes.map(({ value, icon }) => (
          <Menu.Item
            key={value}
            className="s-menu-item"
            leftSection={<Icon name={icon} size={18} />}
            rightSection={colorScheme === value ? <Icon name="tick" size={18} /> : undefined}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(value)}
          >
            {t(`account.${value}`)}
            {colorScheme === value && <span className="s-hidden"> {t('account.chosen')}</span>}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          className="s-menu-item"
          leftSection={<Icon name="exit" size={18} />}
          onClick={() => void leave('/sign-out')}
        >
          {t('account.signOut')}
        </Menu.Item>
        <Menu.Item
          className="s-menu-item"
          leftSection={<Icon name="exit" size={18} />}
          onClick={() => void leave('/sign-out-everywhere')}
        >
          {t('account.signOutEverywhere')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
