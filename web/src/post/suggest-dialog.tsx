import { Button, NativeSelect, Textarea } from '@mantine/core'
import { useState, type FormEvent } from 'react'

import type { PostDetail, SuggestionPlace } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { sentenceOf } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { say } from '../ui/notify.js'
import { useConversationAction } from './use-conversation.js'

/** Other words for one place of the post, starting from those that are there. */
export function SuggestDialog({
  post,
  places,
  close,
}: {
  post: PostDetail
  places: SuggestionPlace[]
  close: () => void
}) {
  const action = useConversationAction(post.id)
  // What is typed stays when the list of places comes anew.
  const [known] = useState(places)
  const [index, setIndex] = useState(0)
  const place = known[index]!
  const [words, setWords] = useState(place.words)
  const [note, setNote] = useState('')
  const choose = (chosen: number) => {
    setIndex(chosen)
    setWords(known[chosen]!.words)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { channelId, mediaId } = place
    const where = { place: place.place, ...(channelId ? { channelId } : {}), ...(mediaId ? { mediaId } : {}) }
    action.mutate(
      { path: 'suggestions', body: { ...where, words, note } },
      {
        onSuccess: () => {
          close()
          say(t('conversation.suggestionSent', { name: post.author.name }))
        },
      },
    )
  }
  return (
    <Dialog opened close={close} title={t('conversation.suggest')}>
      <form onSubmit={submit} className="s-form">
        <p>{t('conversation.suggestText', { name: post.author.name })}</p>
        {known.length > 1 && (
          <NativeSelect
            label={t('conversation.place')}
            data={known.map((each, number) => ({ value: String(number), label: each.label }))}
            value={String(index)}
            onChange={(event) => choose(Number(event.currentTarget.value))}
          />
        )}
        <Textarea
          label={t('conversation.words')}
          autosize
          minRows={4}
          maxRows={16}
          required
          withAsterisk={false}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Textarea
          label={t('app.optional', { label: t('conversation.why') })}
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {action.error && (
          <div role="alert">
            <Note tone="bad" icon="warning">
              <p>{sentenceOf(action.error)}</p>
            </Note>
          </div>
        )}
        <div className="s-actions s-dialog-actions">
          <Button variant="default" onClick={close}>
            {t('app.back')}
          </Button>
          <Button type="submit" disabled={action.isPending}>
            {action.isPending ? t('app.working') : t('conversation.sendSuggestion')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
