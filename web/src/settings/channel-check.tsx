import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { api } from '../api/client.js'
import { at } from '../api/queries.js'
import type { Channel, Finding } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { Icon, type IconName } from '../ui/icons.js'
import type { Tone } from '../ui/note.js'

const marks: Record<Finding['state'], [IconName, Tone]> = {
  good: ['tick', 'good'],
  warning: ['info', 'wait'],
  bad: ['warning', 'bad'],
}

/** Asks the network whether all is well with a channel, and says what to do where it is not. */
export function ChannelCheck({ channel }: { channel: Channel }) {
  const group = useGroup()
  const check = useQuery({
    queryKey: ['check', channel.id],
    queryFn: ({ signal }) =>
      api<{ findings: Finding[] }>('POST', `${at(group.slug)}/channels/${channel.id}/check`, {}, signal),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })
  if (check.error) return <Failure error={check.error} retry={() => void check.refetch()} />
  if (!check.data || check.isFetching)
    return (
      <div className="s-inset" aria-busy="true">
        <output>{t('check.asking', { name: channel.name })}</output>
        <Skeleton h={72} />
      </div>
    )
  return (
    <div className="s-inset">
      <ul className="s-findings">
        {check.data.findings.map((finding) => {
          const [icon, tone] = marks[finding.state]
          return (
            <li key={finding.about}>
              <span className={`s-pill s-${tone}`}>
                <Icon name={icon} size={16} />
                <span className="s-hidden">{t(`check.${finding.state}`)}</span>
              </span>
              <div>
                <strong>{finding.about}</strong>
                <p>{finding.said}</p>
                {finding.nextStep && <p className="s-next">{finding.nextStep}</p>}
              </div>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
