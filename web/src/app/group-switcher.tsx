import { Menu, UnstyledButton } from '@mantine/core'
import { useLocation } from 'wouter'

import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { useGroup, useSession } from './session.js'

/** Shows the group; a menu where somebody belongs to several. */
export function GroupSwitcher() {
  const session = useSession()
  const group = useGroup()
  const [, go] = useLocation()
  if (session.groups.length < 2) return <span className="s-group-name">{group.name}</span>
  return (
    <Menu>
      <Menu.Target>
        <UnstyledButton className="s-group-name s-group-button" aria-label={t('nav.groupIs', { name: group.name })}>
          <span className="s-clip">{group.name}</span>
          <Icon name="chevron" size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {session.groups.map((each) => (
          <Menu.Item
            key={each.id}
            className="s-menu-item"
            leftSection={<span className="s-tick-space">{each.id === group.id && <Icon name="tick" size={18} />}</span>}
            onClick={() => go(`/g/${each.slug}/queue`)}
          >
            {each.name}
            {each.id === group.id && <span className="s-hidden"> {t('nav.here')}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
