import { Button, Textarea, NativeSelect, Checkbox } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'

import { api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { Channel, ChosenPicture, Content, Media, PostDetail, PostInput } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { NetworkMark } from '../ui/network-mark.js'
import { Note } from '../ui/note.js'
import { say, sayFailure, sayProblem } from '../ui/notify.js'
import { Conflict } from './conflict.js'
import { picturesOf } from './input.js'
import { Labels } from './labels.js'
import { LinkField } from './link-field.js'
import { MoreFields } from './more-fields.js'
import { largestPicture, Pictures } from './pictures.js'
import { Previews } from './previews.js'
import { SaveState } from './save-state.js'
import { SendDialog } from './send-dialog.js'
import { TargetField } from './target-field.js'
import { TextTabs } from './text-tabs.js'
import { Timing } from './timing.js'
import { ToPeople } from './to-people.js'
import { useCheck } from './use-check.js'
import { useDraft, type Start } from './use-draft.js'

const languages = ['en-GB', 'cy', 'gd', 'ga', 'pl', 'ro', 'ur', 'bn', 'pa', 'ar', 'fr', 'de', 'es', 'pt']
const languageNames = new Intl.DisplayNames('en-GB', { type: 'language' })

/** A picture that this device remembers and the server has, of which no more is known than where it is. */
function restored(slug: string, id: string): Media {
  return { id, url: `/api${at(slug)}/media/${id}`, mime: '', width: 96, height: 96, size: 0, seconds: null }
}

/** Writing one post for all its channels. */
export function Composer({
  title,
  start,
  channels,
  created,
}: {
  title: string
  start: Start
  channels: Channel[]
  created: (id: string) => void
}) {
  const group = useGroup()
  const queries = useQueryClient()
  const [, go] = useLocation()
  const { input, setInput, post, saving, conflict, save, settle, replace } = useDraft(start, created)
  const [uploaded, setUploaded] = useState<Media[]>([])
  const [tab, setTab] = useState('all')
  const [isSending, sending] = useDisclosure(false)
  const check = useCheck(group.slug, post?.id ?? null, input)
  const media = useMemo(
    () =>
      new Map(
        [
          ...picturesOf(start.input.content).map(({ mediaId }) => restored(group.slug, mediaId)),
          ...(start.post?.media ?? []),
          ...(post?.media ?? []),
          ...uploaded,
        ].map((each) => [each.id, each]),
      ),
    [group.slug, start, post, uploaded],
  )
  const chosen = channels.filter((channel) => input.content.channels.some((each) => each.channelId === channel.id))
  const shownTab = chosen.some((each) => each.id === tab) ? tab : 'all'
  const setContent = (change: (old: Content) => Content) =>
    setInput((old) => ({ ...old, content: change(old.content) }))
  const set = <Name extends keyof PostInput>(name: Name, value: PostInput[Name]) =>
    setInput((old) => ({ ...old, [name]: value }))

  const [busyUploads, setBusyUploads] = useState(0)
  const pictureLimit = chosen.length > 0 ? Math.min(...chosen.map((each) => each.limits.pictures)) : 4
  const toPost = (content: Content, one: ChosenPicture): Content => ({
    ...content,
    pictures: [...content.pictures, one],
  })
  /** `put` puts each picture where it belongs. */
  const upload = async (files: File[], put = toPost) => {
    for (const file of files) {
      if (file.size > largestPicture) {
        sayProblem(t('pictures.tooLarge', { name: file.name }))
        continue
      }
      setBusyUploads((old) => old + 1)
      try {
        const form = new FormData()
        form.set('file', file)
        const one = await api<Media>('POST', `${at(group.slug)}/media`, form)
        setUploaded((old) => [...old, one])
        setContent((old) => put(old, { mediaId: one.id, alt: '' }))
      } catch (error) {
        sayFailure(error)
      } finally {
        setBusyUploads((old) => old - 1)
      }
    }
  }

  const discard = async () => {
    if (!post) return
    try {
      await save()
      const back = await api<PostDetail>('POST', `${at(group.slug)}/posts/${post.id}/discard-edit`, {})
      await replace(back)
      await queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
      say(t('composer.discarded'))
      go(`/g/${group.slug}/posts/${post.id}`)
    } catch (error) {
      sayFailure(error)
    }
  }

  return (
    <Page title={title} actions={<SaveState saving={saving} retry={conflict ? null : () => void save()} />}>
      {start.restored && !conflict && (
        <Note tone="brand" icon="undo">
          <p>{t('composer.restored')}</p>
        </Note>
      )}
      {post && post.revisions.length > 0 && (
        <Note tone="wait" icon="undo">
          <p>{t('composer.asksAgain')}</p>
          {post.editing && post.may.discardEdit === null && (
            <Button variant="default" onClick={() => void discard()}>
              {t('composer.discard')}
            </Button>
          )}
        </Note>
      )}
      {conflict && <Conflict mine={input} theirs={conflict} settle={(whose) => void settle(whose)} />}

      <form className="s-composer" onSubmit={(event) => event.preventDefault()} aria-label={title}>
        <fieldset className="s-panel s-where">
          <legend>{t('composer.where')}</legend>
          <div className="s-choices">
            {channels.map((channel) => (
              <Checkbox
                key={channel.id}
                className="s-choice"
                checked={input.content.channels.some((each) => each.channelId === channel.id)}
                label={
                  <span className="s-choice-label">
                    <NetworkMark network={channel.network} /> {channel.name}
                  </span>
                }
                description={
                  channel.state === 'connected' ? undefined : (channel.cause ?? t(`channelState.${channel.state}`))
                }
                onChange={(event) => {
                  const { checked } = event.currentTarget
                  setContent((old) => ({
                    ...old,
                    channels: channels
                      .filter((each) =>
                        each.id === channel.id ? checked : old.channels.some((kept) => kept.channelId === each.id),
                      )
                      .map(
                        (each) =>
                          old.channels.find((kept) => kept.channelId === each.id) ?? { channelId: each.id, text: null },
                      ),
                  }))
                }}
              />
            ))}
          </div>
        </fieldset>

        <TextTabs
          content={input.content}
          channels={chosen}
          check={check.data ?? null}
          setContent={setContent}
          addPictures={(files, put) => void upload(files, put)}
          media={media}
          pictureLimit={pictureLimit}
          tab={shownTab}
          setTab={setTab}
        />
        <Previews
          content={input.content}
          channels={shownTab === 'all' ? chosen : chosen.filter((each) => each.id === shownTab)}
          check={check.data ?? null}
          media={media}
        />

        <fieldset className="s-panel">
          <legend>{t('composer.picturesAndLink')}</legend>
          <Pictures
            pictures={input.content.pictures}
            media={media}
            limit={pictureLimit}
            set={(change) => setContent((old) => ({ ...old, pictures: change(old.pictures) }))}
            add={(files) => void upload(files)}
            busy={busyUploads}
          />
          <LinkField link={input.content.link} set={(link) => setContent((old) => ({ ...old, link }))} />
        </fieldset>
        <TargetField content={input.content} channels={chosen} setContent={setContent} check={check.data ?? null} />
        <MoreFields content={input.content} channels={chosen} setContent={setContent} check={check.data ?? null} />
        <Timing input={input} set={set} check={check.data ?? null} channels={chosen} />
        <fieldset className="s-panel">
          <legend>{t('composer.forGroup')}</legend>
          <Labels labels={input.labels} set={(labels) => set('labels', labels)} />
          <Textarea
            label={t('composer.notes')}
            description={t('composer.notesHelp')}
            maxLength={5000}
            autosize
            minRows={2}
            value={input.notes}
            onChange={(event) => set('notes', event.currentTarget.value)}
          />
          <NativeSelect
            label={t('composer.language')}
            description={t('composer.languageHelp')}
            value={input.content.language}
            data={[...new Set([...languages, input.content.language])].map((value) => ({
              value,
              label: languageNames.of(value) ?? value,
            }))}
            onChange={(event) => {
              const { value } = event.currentTarget
              setContent((old) => ({ ...old, language: value }))
            }}
          />
        </fieldset>

        <div className="s-sendbar">
          <p>
            {check.data
              ? (check.data.reviewers.refused ?? check.data.reviewers.sentence)
              : check.error
                ? sentenceOf(check.error)
                : t('composer.asking')}{' '}
            {check.data?.reviewers.refused && <ToPeople />}
          </p>
          <Button size="md" leftSection={<Icon name="send" />} disabled={conflict !== null} onClick={sending.open}>
            {t('composer.send')}
          </Button>
        </div>
      </form>

      <SendDialog
        opened={isSending}
        close={sending.close}
        postId={post?.id ?? null}
        input={input}
        channels={chosen}
        save={save}
        sent={(sentPost) => {
          void queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
          say(t('send.done'))
          // Going back leads to where writing began, not into the post that has just been sent.
          go(`/g/${group.slug}/posts/${sentPost.id}`, { replace: true })
        }}
      />
    </Page>
  )
}
