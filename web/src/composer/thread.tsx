import { ActionIcon, Button, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'

import type { Channel, ChannelCheck, ChosenPicture, Content, Media, ThreadPart } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { sayWithUndo } from '../ui/notify.js'
import { Counter } from './counter.js'
import type { Count } from './counting.js'
import { withThread } from './input.js'
import { LinkField } from './link-field.js'
import { Pictures, picturesIn } from './pictures.js'

export interface ThreadProps {
  /** Whose thread it is: null for that of all channels. */
  channelId: string | null
  parts: readonly ThreadPart[]
  /** Channels that show it. */
  channels: Channel[]
  checkOf: (channel: Channel) => ChannelCheck | null
  count: Count
  media: ReadonlyMap<string, Media>
  pictureLimit: number
  setContent: (change: (old: Content) => Content) => void
  addPictures: (files: File[], put: (content: Content, one: ChosenPicture) => Content) => void
}

/** The parts of a thread after the post itself: words, counted for each channel, pictures and a link for each. */
export function Thread(props: ThreadProps) {
  const { channelId, parts, channels, setContent } = props
  const [said, say] = useState('')
  const added = useRef<number>(null)
  const list = useRef<HTMLOListElement>(null)
  const set = (change: (old: ThreadPart[]) => ThreadPart[]) => setContent((old) => withThread(old, channelId, change))
  const most = Math.min(...channels.map(({ capabilities }) => capabilities.threadParts ?? 50))

  // The words of a part that was just added are what is typed next.
  useEffect(() => {
    if (added.current === null) return
    list.current?.querySelectorAll<HTMLTextAreaElement>('.s-part-words textarea')[added.current]?.focus()
    added.current = null
  }, [parts.length])

  const move = (from: number, to: number) => {
    set((old) => {
      const next = [...old]
      const [one] = next.splice(from, 1)
      if (one) next.splice(to, 0, one)
      return next
    })
    say(t('thread.moved', { from: from + 2, to: to + 2 }))
  }
  const remove = (index: number) => {
    const gone = parts[index]
    if (!gone) return
    set((old) => old.filter((_, each) => each !== index))
    sayWithUndo(t('thread.removed', { number: index + 2 }), () => set((old) => old.toSpliced(index, 0, gone)))
  }
  return (
    <div className="s-thread">
      <span className="s-hidden" aria-live="polite">
        {said}
      </span>
      {parts.length > 0 && (
        <ol className="s-parts" ref={list}>
          {parts.map((part, index) => (
            <li key={index} aria-label={t('thread.part', { number: index + 2 })}>
              <Part
                {...props}
                part={part}
                index={index}
                set={(change) => set((old) => old.map((each, at) => (at === index ? change(each) : each)))}
              />
              <div className="s-picture-buttons">
                {parts.length > 1 && (
                  <>
                    <ActionIcon
                      aria-label={t('thread.earlier', { number: index + 2 })}
                      aria-disabled={index === 0}
                      data-disabled={index === 0 || undefined}
                      onClick={() => index > 0 && move(index, index - 1)}
                    >
                      <Icon name="up" />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={t('thread.later', { number: index + 2 })}
                      aria-disabled={index === parts.length - 1}
                      data-disabled={index === parts.length - 1 || undefined}
                      onClick={() => index < parts.length - 1 && move(index, index + 1)}
                    >
                      <Icon name="down" />
                    </ActionIcon>
                  </>
                )}
                <ActionIcon aria-label={t('thread.remove', { number: index + 2 })} onClick={() => remove(index)}>
                  <Icon name="bin" />
                </ActionIcon>
              </div>
            </li>
          ))}
        </ol>
      )}
      {parts.length + 1 < most && (
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() => {
            set((old) => [...old, { text: '', link: null, pictures: [] }])
            added.current = parts.length
          }}
        >
          {t(parts.length === 0 ? 'thread.begin' : 'thread.add')}
        </Button>
      )}
    </div>
  )
}

function Part({
  channelId,
  part,
  index,
  channels,
  checkOf,
  count,
  media,
  pictureLimit,
  set,
  addPictures,
}: ThreadProps & { part: ThreadPart; index: number; set: (change: (old: ThreadPart) => ThreadPart) => void }) {
  const [open, setOpen] = useState<readonly string[]>([])
  const number = index + 2
  const add = (files: File[]) =>
    addPictures(files, (content, one) =>
      withThread(content, channelId, (old) =>
        old.map((each, at) => (at === index ? { ...each, pictures: [...each.pictures, one] } : each)),
      ),
    )
  const isOpen = (name: string, wanted: boolean) => wanted || open.includes(name)
  return (
    <>
      <Textarea
        className="s-part-words"
        label={t('thread.part', { number })}
        autosize
        minRows={3}
        value={part.text}
        onPaste={(event) => {
          const files = picturesIn(event.clipboardData)
          if (files.length === 0) return
          event.preventDefault()
          add(files)
        }}
        onChange={(event) => {
          const { value } = event.currentTarget
          set((old) => ({ ...old, text: value }))
        }}
      />
      {channels.map((channel) => (
        <Counter
          key={channel.id}
          channel={channel}
          text={part.text}
          check={checkOf(channel)}
          count={count}
          part={number}
          quiet={part.text.trim() === ''}
        />
      ))}
      {isOpen('pictures', part.pictures.length > 0) && (
        <Pictures
          pictures={part.pictures}
          media={media}
          limit={pictureLimit}
          set={(change) => set((old) => ({ ...old, pictures: change(old.pictures) }))}
          add={add}
          busy={0}
        />
      )}
      {isOpen('link', part.link !== null) && (
        <LinkField link={part.link} set={(link) => set((old) => ({ ...old, link }))} />
      )}
      <div className="s-part-more">
        {!isOpen('pictures', part.pictures.length > 0) && (
          <Button
            variant="subtle"
            leftSection={<Icon name="picture" />}
            onClick={() => setOpen((old) => [...old, 'pictures'])}
          >
            {t('thread.pictures', { number })}
          </Button>
        )}
        {!isOpen('link', part.link !== null) && (
          <Button
            variant="subtle"
            leftSection={<Icon name="link" />}
            onClick={() => setOpen((old) => [...old, 'link'])}
          >
            {t('thread.link', { number })}
          </Button>
        )}
      </div>
    </>
  )
}
