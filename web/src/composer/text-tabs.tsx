import { Button, Tabs, Textarea } from '@mantine/core'

import type { Channel, ChannelCheck, CheckResult, Content } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { Note } from '../ui/note.js'
import { useCounting, type Count } from './counting.js'
import { isBlankContent, textFor } from './input.js'
import { picturesIn } from './pictures.js'

interface Props {
  content: Content
  channels: Channel[]
  check: CheckResult | null
  setContent: (change: (old: Content) => Content) => void
  addPictures: (files: File[]) => void
  /** `all` or a channel's id. */
  tab: string
  setTab: (tab: string) => void
}

/** One text for all; a tab per channel, where it may have words of its own. */
export function TextTabs({ content, channels, check, setContent, addPictures, tab, setTab }: Props) {
  const count = useCounting()
  const paste = (event: React.ClipboardEvent) => {
    const files = picturesIn(event.clipboardData)
    if (files.length === 0) return
    event.preventDefault()
    addPictures(files)
  }
  const setOwn = (channelId: string, text: string | null) =>
    setContent((old) => ({
      ...old,
      channels: old.channels.map((each) => (each.channelId === channelId ? { ...each, text } : each)),
    }))
  const sharing = channels.filter(
    (channel) => (content.channels.find((each) => each.channelId === channel.id)?.text ?? null) === null,
  )
  // With one channel there is nothing to tell apart, unless it was given words of its own.
  const withTabs = channels.length > 1 || sharing.length < channels.length
  // Nobody is told off for a page that is still blank; sending it says what is missing.
  const blank = isBlankContent(content)
  const checkOf = (channel: Channel) => check?.channels.find((each) => each.channelId === channel.id) ?? null
  return (
    <Tabs value={tab} onChange={(next) => setTab(next ?? 'all')} className="s-panel s-words" keepMounted={false}>
      <Tabs.List aria-label={t('composer.tabs')} className={withTabs ? undefined : 's-hidden'}>
        <Tabs.Tab value="all">{withTabs ? t('composer.allChannels') : t('composer.text')}</Tabs.Tab>
        {withTabs &&
          channels.map((channel) => {
            const own = !sharing.includes(channel)
            const troubled = !blank && (checkOf(channel)?.problems.length ?? 0) > 0
            return (
              <Tabs.Tab
                key={channel.id}
                value={channel.id}
                leftSection={<NetworkMark network={channel.network} size={20} />}
                rightSection={
                  troubled ? <Icon name="warning" size={16} /> : own ? <Icon name="pencil" size={16} /> : undefined
                }
              >
                {channel.name}
                {own && <span className="s-hidden"> {t('composer.ownWords')}</span>}
                {troubled && <span className="s-hidden"> {t('composer.hasProblem')}</span>}
              </Tabs.Tab>
            )
          })}
      </Tabs.List>

      <Tabs.Panel value="all">
        <div className="s-writing">
          <Textarea
            label={withTabs ? t('composer.sharedText') : t('composer.text')}
            description={t('composer.textHelp')}
            autosize
            minRows={6}
            data-autofocus
            value={content.text}
            onPaste={paste}
            onChange={(event) => {
              const { value } = event.currentTarget
              setContent((old) => ({ ...old, text: value }))
            }}
          />
          {channels.length === 0 && (
            <Note tone="wait" icon="info">
              <p>{t('composer.chooseChannel')}</p>
            </Note>
          )}
          {sharing.map((channel) => (
            <Counter
              key={channel.id}
              channel={channel}
              text={content.text}
              check={checkOf(channel)}
              count={count}
              quiet={blank}
            />
          ))}
          <Problems lines={check?.problems ?? []} />
        </div>
      </Tabs.Panel>

      {channels.map((channel) => {
        const own = content.channels.find((each) => each.channelId === channel.id)?.text ?? null
        return (
          <Tabs.Panel key={channel.id} value={channel.id}>
            <div className="s-writing">
              {own === null ? (
                <>
                  <p className="s-shared-words">{content.text || t('preview.empty')}</p>
                  <Button
                    variant="default"
                    leftSection={<Icon name="pencil" />}
                    onClick={() => setOwn(channel.id, content.text)}
                  >
                    {t('composer.fork', { name: channel.name })}
                  </Button>
                  <p className="s-meta">{t('composer.forkHelp')}</p>
                </>
              ) : (
                <>
                  <Textarea
                    label={t('composer.textOnly', { name: channel.name })}
                    autosize
                    minRows={6}
                    value={own}
                    onPaste={paste}
                    onChange={(event) => setOwn(channel.id, event.currentTarget.value)}
                  />
                  <Button variant="default" leftSection={<Icon name="undo" />} onClick={() => setOwn(channel.id, null)}>
                    {t('composer.reset')}
                  </Button>
                </>
              )}
              <Counter channel={channel} text={textFor(content, channel.id)} check={checkOf(channel)} count={count} />
            </div>
          </Tabs.Panel>
        )
      })}
    </Tabs>
  )
}

function Counter({
  channel,
  text,
  check,
  count,
  quiet = false,
}: {
  channel: Channel
  text: string
  check: ChannelCheck | null
  count: Count
  quiet?: boolean
}) {
  const local = count(channel, text)
  const used = local?.used ?? check?.used ?? 0
  const limit = local?.limit ?? check?.limit ?? channel.limits.textLimit
  const left = limit - used
  const near = left < Math.min(40, limit / 5)
  return (
    <>
      <p className={left < 0 ? 's-counter s-over' : 's-counter'}>
        <NetworkMark network={channel.network} size={20} />
        <span>
          <span className="s-hidden">{channel.name}: </span>
          {left < 0 ? t('composer.tooMany', { count: -left }) : t('composer.left', { count: left })}
        </span>
        <span className="s-meter" aria-hidden="true">
          <span style={{ width: `${Math.min(100, (used / limit) * 100)}%` }} />
        </span>
        <span className="s-hidden" aria-live="polite">
          {near
            ? left < 0
              ? t('composer.tooManyFor', { count: -left, name: channel.name })
              : t('composer.leftFor', { count: left, name: channel.name })
            : ''}
        </span>
      </p>
      <Problems lines={quiet ? [] : (check?.problems.map((each) => each.message) ?? [])} />
    </>
  )
}

function Problems({ lines }: { lines: string[] }) {
  if (lines.length === 0) return null
  return (
    <ul className="s-problems">
      {lines.map((line) => (
        <li key={line}>
          <Icon name="warning" size={18} />
          <span>{line}</span>
        </li>
      ))}
    </ul>
  )
}
