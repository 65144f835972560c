import { Button, Tabs, Textarea } from '@mantine/core'

import { splitText } from '../../../src/drafts/splitting.js'
import type { Channel, CheckResult, ChosenPicture, Content, Media, ThreadPart } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { Note } from '../ui/note.js'
import { Counter } from './counter.js'
import { useCounting } from './counting.js'
import { extrasFor, isBlankContent, textFor, withExtras, withThread } from './input.js'
import { LeaveOut } from './leave-out.js'
import { OwnExtras } from './own-extras.js'
import { picturesIn } from './pictures.js'
import { Problems } from './problems.js'
import { Thread, type ThreadProps } from './thread.js'

interface Props {
  content: Content
  channels: Channel[]
  check: CheckResult | null
  setContent: (change: (old: Content) => Content) => void
  /** `put` puts a picture elsewhere than with the post itself. */
  addPictures: (files: File[], put?: (content: Content, one: ChosenPicture) => Content) => void
  media: ReadonlyMap<string, Media>
  pictureLimit: number
  /** `all` or a channel's id. */
  tab: string
  setTab: (tab: string) => void
}

/** One text for all; a tab per channel, where it may have words of its own. */
export function TextTabs(props: Props) {
  const { content, channels, check, setContent, addPictures, tab, setTab } = props
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
  const threading = channels.filter(({ capabilities }) => capabilities.threadParts !== null)
  const sharingThread = threading.filter(
    (channel) => content.channels.find((each) => each.channelId === channel.id)?.thread === undefined,
  )
  const isTooLong = (channel: Channel, text: string) => {
    const counted = count(channel, text)
    return counted ? counted.used > counted.limit : text.length > channel.limits.textLimit
  }
  const toSplit = sharingThread.filter((channel) => sharing.includes(channel))
  const split = () =>
    setContent((old) => {
      const [first = '', ...rest] = splitText(old.text, (text) => !toSplit.some((channel) => isTooLong(channel, text)))
      // Where there are no threads the words stay whole.
      const whole = old.channels.map((each) =>
        each.text === null && !threading.some((channel) => channel.id === each.channelId)
          ? { ...each, text: old.text, thread: [] }
          : each,
      )
      const added = rest.map((text) => ({ text, link: null, pictures: [] }))
      return withThread({ ...old, text: first, channels: whole }, null, (thread) => [...added, ...thread])
    })
  const thread = { ...props, checkOf, count }
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
          {toSplit.some((channel) => isTooLong(channel, content.text)) && (
            <Button variant="default" leftSection={<Icon name="ticks" />} onClick={split}>
              {t('thread.split')}
            </Button>
          )}
          {(threading.length > 0 || (content.thread ?? []).length > 0) && (
            <Thread {...thread} channelId={null} parts={content.thread ?? []} channels={sharingThread} />
          )}
          <LeaveOut name="thread" content={content} channels={channels} setContent={setContent} />
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
              <OwnThread {...thread} channel={channel} />
              {withTabs && (
                <OwnExtras channel={channel} content={content} check={checkOf(channel)} setContent={setContent} />
              )}
            </div>
          </Tabs.Panel>
        )
      })}
    </Tabs>
  )
}

/** The thread of one channel: that of all, one of its own, or none. */
function OwnThread({
  channel,
  ...props
}: Omit<ThreadProps, 'channelId' | 'parts' | 'channels'> & { channel: Channel; content: Content }) {
  const { content, setContent } = props
  const own = content.channels.find((each) => each.channelId === channel.id)?.thread
  const shared = content.thread ?? []
  const { thread } = extrasFor(content, channel.id)
  const setOwn = (next: ThreadPart[] | undefined) => setContent((old) => withExtras(old, channel.id, { thread: next }))
  if (channel.capabilities.threadParts === null)
    return <LeaveOut name="thread" content={content} channels={[channel]} setContent={setContent} />
  if (own === undefined && shared.length > 0)
    return (
      <>
        <p className="s-meta">{t('thread.shared', { count: shared.length + 1 })}</p>
        <div className="s-actions">
          <Button variant="default" leftSection={<Icon name="pencil" />} onClick={() => setOwn(shared)}>
            {t('thread.fork', { name: channel.name })}
          </Button>
          <Button variant="default" onClick={() => setOwn([])}>
            {t('thread.none', { name: channel.name })}
          </Button>
        </div>
      </>
    )
  return (
    <>
      {own !== undefined && (
        <p className="s-meta">{t(own.length > 0 ? 'thread.own' : 'thread.ownNone', { name: channel.name })}</p>
      )}
      <Thread {...props} channelId={channel.id} parts={thread} channels={[channel]} />
      {own !== undefined && (
        <Button variant="default" leftSection={<Icon name="undo" />} onClick={() => setOwn(undefined)}>
          {t('thread.reset')}
        </Button>
      )}
    </>
  )
}
