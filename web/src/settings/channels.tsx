import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { Channel, Network, Queue } from '../api/types.js'
import { useGroup, useIs, useNow } from '../app/session.js'
import { t } from '../language/i18n.js'
import { AskDialog } from '../post/ask-dialog.js'
import { cardsOf } from '../queue/pages.js'
import { Empty } from '../ui/empty.js'
import { Failure, sentenceOf } from '../ui/failure.js'
import { Icon, type IconName } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import type { Tone } from '../ui/note.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { moment } from '../ui/time.js'
import { ChannelCheck } from './channel-check.js'
import { ChannelRules } from './channel-rules.js'
import { Connect, type Connecting } from './connect.js'
import { useChange } from './use-change.js'
import { WindowsEditor } from './windows.js'

const states: Record<Channel['state'], [IconName, Tone]> = {
  connected: ['tick', 'good'],
  to_reconnect: ['warning', 'bad'],
  paused: ['pause', 'wait'],
}

/** The first reminder goes out so many days before. */
const remindedDays = 14

export function Channels() {
  const group = useGroup()
  const isAdmin = useIs('admin')
  const channels = useQuery(groupQueries.channels(group.slug))
  const [location, go] = useLocation()
  const query = new URLSearchParams(useSearch())
  const [started, setStarted] = useState<Connecting | null>(null)
  if (channels.error && !channels.data) return <Failure error={channels.error} retry={() => void channels.refetch()} />
  if (!channels.data) return <CardSkeletons />
  // From a mail, or on the way back from a network.
  const wanted = channels.data.find((each) => each.id === query.get('again'))
  const network = query.get('connect') as Network | null
  const connecting = started ?? (wanted ? { again: wanted } : network ? { again: null, network } : null)
  const close = () => {
    setStarted(null)
    if (query.size > 0) go(location, { replace: true })
  }
  return (
    <>
      {isAdmin && (
        <div className="s-actions">
          <Button leftSection={<Icon name="plus" />} onClick={() => setStarted({ again: null })}>
            {t('channels.connect')}
          </Button>
        </div>
      )}
      {channels.data.length === 0 && <Empty icon="channels" text={t('channels.none')} />}
      <ul className="s-rows">
        {channels.data.map((channel) => (
          <Row key={channel.id} channel={channel} isAdmin={isAdmin} reconnect={() => setStarted({ again: channel })} />
        ))}
      </ul>
      {connecting && isAdmin && <Connect connecting={connecting} close={close} />}
    </>
  )
}

function Row({ channel, isAdmin, reconnect }: { channel: Channel; isAdmin: boolean; reconnect: () => void }) {
  const group = useGroup()
  const change = useChange()
  const [open, setOpen] = useState<'rules' | 'windows' | 'check' | 'remove' | null>(null)
  const [icon, tone] = states[channel.state]
  const paused = channel.state === 'paused'
  const now = useNow()
  const endsSoon = channel.consentUntil !== null && Date.parse(channel.consentUntil) - now < remindedDays * 86_400_000
  const setPaused = (next: boolean, withUndo: boolean) =>
    change.mutate({
      method: 'PATCH',
      path: `/channels/${channel.id}`,
      body: { paused: next },
      said: next ? t('channels.pausedNow') : t('channels.goesOn'),
      undo: withUndo ? () => setPaused(!next, false) : undefined,
    })
  return (
    <li className="s-card">
      <div className="s-row-head">
        <NetworkMark network={channel.network} size={32} />
        <h2>{channel.name}</h2>
        <span className={`s-pill s-${tone}`}>
          <Icon name={icon} size={16} />
          <span>{t(`channelState.${channel.state}`)}</span>
        </span>
      </div>
      <p className="s-meta s-break">
        {channel.capabilities.name} · {channel.url ? <a href={channel.url}>{channel.handle}</a> : channel.handle}
      </p>
      {channel.cause && <p className="s-cause">{channel.cause}</p>}
      {channel.pausedUntil && (
        <p className="s-meta">{t('channels.pausedUntil', { when: moment(channel.pausedUntil, group.timeZone) })}</p>
      )}
      {channel.consentUntil && (
        <p className={endsSoon ? 's-cause' : 's-meta'}>
          {t('connect.until', {
            network: channel.capabilities.name,
            when: moment(channel.consentUntil, group.timeZone),
          })}
        </p>
      )}
      <p className="s-meta">
        {t('channels.rules', { gap: channel.gapMinutes, count: channel.dailyCap })}{' '}
        {channel.quietStart && channel.quietEnd
          ? t('channels.quiet', { start: channel.quietStart, end: channel.quietEnd })
          : ''}{' '}
        {channel.windows ? t('channels.ownWindows') : t('channels.groupWindows')}
      </p>
      {isAdmin && (
        <div className="s-actions">
          {(channel.cause !== null || endsSoon) && (
            <Button onClick={reconnect} leftSection={<Icon name="undo" />}>
              {t('channels.reconnect')}
              <span className="s-hidden">: {channel.name}</span>
            </Button>
          )}
          {channel.state !== 'to_reconnect' && (
            <Button
              variant="default"
              leftSection={<Icon name={paused ? 'play' : 'pause'} />}
              disabled={change.isPending}
              onClick={() => setPaused(!paused, true)}
            >
              {paused ? t('channels.resume') : t('channels.pause')}
              <span className="s-hidden">: {channel.name}</span>
            </Button>
          )}
          <Button
            variant="default"
            aria-expanded={open === 'rules'}
            onClick={() => setOpen(open === 'rules' ? null : 'rules')}
          >
            {t('channels.editRules')}
            <span className="s-hidden">: {channel.name}</span>
          </Button>
          <Button
            variant="default"
            aria-expanded={open === 'windows'}
            onClick={() => setOpen(open === 'windows' ? null : 'windows')}
          >
            {t('channels.editWindows')}
            <span className="s-hidden">: {channel.name}</span>
          </Button>
          <Button
            variant="default"
            aria-expanded={open === 'check'}
            onClick={() => setOpen(open === 'check' ? null : 'check')}
          >
            {t('check.start')}
            <span className="s-hidden">: {channel.name}</span>
          </Button>
          <Button variant="default" className="s-danger" onClick={() => setOpen('remove')}>
            {t('channels.remove')}
            <span className="s-hidden">: {channel.name}</span>
          </Button>
        </div>
      )}
      {open === 'check' && <ChannelCheck channel={channel} />}
      {open === 'rules' && <ChannelRules channel={channel} close={() => setOpen(null)} />}
      {open === 'windows' && <ChannelWindows channel={channel} close={() => setOpen(null)} />}
      {open === 'remove' && <Remove channel={channel} close={() => setOpen(null)} />}
    </li>
  )
}

function Remove({ channel, close }: { channel: Channel; close: () => void }) {
  const group = useGroup()
  const change = useChange(true)
  const queue = useInfiniteQuery(groupQueries.queue(group.slug))
  const planned = queue.data ? plannedOn(queue.data.pages, channel.id) : 0
  const said = queue.hasNextPage ? 'channels.plannedThereAtLeast' : 'channels.plannedThere'
  const text = t('channels.removeText')
  return (
    <AskDialog
      opened
      close={close}
      title={t('channels.removeTitle', { name: channel.name })}
      text={planned > 0 && !change.error ? `${t(said, { count: planned })} ${text}` : text}
      confirm={t('channels.remove')}
      danger
      busy={change.isPending}
      problem={change.error && sentenceOf(change.error)}
      done={() =>
        change.mutate(
          { method: 'DELETE', path: `/channels/${channel.id}`, said: t('channels.removed') },
          { onSuccess: close },
        )
      }
    />
  )
}

/** How many publications wait for their time on a channel, whether or not their post is approved. */
function plannedOn(pages: readonly Queue[], channelId: string): number {
  const ids = cardsOf(pages)
    .flatMap((post) => post.publications)
    .filter((each) => each.channelId === channelId && each.state === 'planned')
    .map((each) => each.id)
  return new Set(ids).size
}

function ChannelWindows({ channel, close }: { channel: Channel; close: () => void }) {
  const group = useGroup()
  const change = useChange()
  const shared = useQuery(groupQueries.windows(group.slug))
  if (!shared.data) return <CardSkeletons count={1} />
  return (
    <div className="s-form s-inset">
      {channel.windows && (
        <Button
          variant="default"
          leftSection={<Icon name="undo" />}
          onClick={() =>
            change.mutate(
              {
                method: 'PUT',
                path: `/channels/${channel.id}/windows`,
                body: { windows: null },
                said: t('windows.saved'),
              },
              { onSuccess: close },
            )
          }
        >
          {t('channels.useGroupWindows')}
        </Button>
      )}
      <WindowsEditor
        windows={channel.windows ?? shared.data}
        busy={change.isPending}
        level={3}
        save={(windows) =>
          change.mutate(
            { method: 'PUT', path: `/channels/${channel.id}/windows`, body: { windows }, said: t('windows.saved') },
            { onSuccess: close },
          )
        }
      />
    </div>
  )
}
