import { useLocation } from 'wouter'

import { t } from '../language/i18n.js'
import { Dropdown, DropdownItem } from '../ui/dropdown.js'
import { Icon } from '../ui/icons.js'
import { useGroup, useSession } from './session.js'

/** Shows the group; a list where somebody belongs to several. */
export function GroupSwitcher() {
  const session = useSession()
  const group = useGroup()
  const [, go] = useLocation()
  if (session.groups.length < 2) return <span className="s-group-name">{group.name}</span>
  return (
    <Dropdown
      className="s-group-name s-group-button"
      label={t('nav.groupIs', { name: group.name })}
      content={(close) =>
        session.groups.map((each) => (
          <DropdownItem
            key={each.id}
            chosen={each.id === group.id}
            end={each.id === group.id ? <Icon name="tick" size={18} /> : undefined}
            onClick={() => {
              close()
              go(`/g/${each.slug}/queue`)
            }}
          >
            {each.name}
          </DropdownItem>
        ))
      }
    >
      <span className="s-clip">{group.name}</span>
      <Icon name="chevron" size={16} />
    </Dropdown>
  )
}
