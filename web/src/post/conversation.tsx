import { Button, Checkbox, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { groupQueries } from '../api/queries.js'
import type { Comment, Conversation as Said, PostDetail } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { say, sayFailure } from '../ui/notify.js'
import { moment } from '../ui/time.js'
import { AskDialog } from './ask-dialog.js'
import { SuggestDialog } from './suggest-dialog.js'
import { SuggestionItem } from './suggestion.js'
import { useConversationAction } from './use-conversation.js'

/** What people say about the post, and words that they suggest. */
export function Conversation({ post }: { post: PostDetail }) {
  const group = useGroup()
  const found = useQuery({ ...groupQueries.conversation(group.slug, post.id), refetchInterval: 20_000 })
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <p aria-busy="true">{t('app.loading')}</p>
  return <Thread post={post} said={found.data} />
}

function Thread({ post, said }: { post: PostDetail; said: Said }) {
  const [suggesting, setSuggesting] = useState(false)
  const action = useConversationAction(post.id)
  return (
    <>
      {said.remarks.length === 0 && <p className="s-dim">{t('conversation.empty')}</p>}
      <ul className="s-remarks">
        {said.remarks.map(({ comment, suggestion }) =>
          comment ? (
            <li key={comment.id}>
              <CommentItem post={post} comment={comment} />
            </li>
          ) : suggestion ? (
            <li key={suggestion.id}>
              <SuggestionItem post={post} suggestion={suggestion} />
            </li>
          ) : null,
        )}
      </ul>
      <Write post={post} />
      {said.whyNotSuggest === null && said.places.length > 0 && (
        <div className="s-actions">
          <Button variant="default" leftSection={<Icon name="pencil" />} onClick={() => setSuggesting(true)}>
            {t('conversation.suggest')}
          </Button>
        </div>
      )}
      {suggesting && <SuggestDialog post={post} places={said.places} close={() => setSuggesting(false)} />}
      <Checkbox
        className="s-mute"
        label={t('conversation.mailMe')}
        description={t('conversation.mailMeHelp')}
        checked={!said.muted}
        disabled={action.isPending}
        onChange={(event) =>
          action.mutate(
            { path: 'conversation/mute', body: { muted: !event.currentTarget.checked } },
            { onError: (error) => void sayFailure(error) },
          )
        }
      />
    </>
  )
}

/** Somebody's words; their own can be taken back. */
export function CommentItem({ post, comment }: { post: PostDetail; comment: Comment }) {
  const group = useGroup()
  const action = useConversationAction(post.id)
  const [asking, setAsking] = useState(false)
  return (
    <div className="s-remark">
      <p className="s-meta">
        <strong>{comment.name}</strong> · <time dateTime={comment.at}>{moment(comment.at, group.timeZone)}</time>
        {comment.version !== null && ` · ${t('post.version', { number: comment.version })}`}
      </p>
      {comment.removed ? (
        <p className="s-dim">{t('conversation.removed')}</p>
      ) : (
        <p className="s-lines" dir="auto">
          {comment.text}
        </p>
      )}
      {comment.mayRemove && (
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<Icon name="bin" size={18} />}
          onClick={() => setAsking(true)}
        >
          {t('conversation.remove')}
        </Button>
      )}
      <AskDialog
        opened={asking}
        close={() => setAsking(false)}
        title={t('conversation.removeTitle')}
        text={t('conversation.removeText')}
        confirm={t('conversation.remove')}
        danger
        busy={action.isPending}
        done={() =>
          action.mutate(
            { method: 'DELETE', path: `comments/${comment.id}` },
            { onSuccess: () => setAsking(false), onError: (error) => void sayFailure(error) },
          )
        }
      />
    </div>
  )
}

function Write({ post }: { post: PostDetail }) {
  const action = useConversationAction(post.id)
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    action.mutate(
      { path: 'comments', body: { text } },
      {
        onSuccess: () => {
          setText('')
          say(t('conversation.said'))
        },
        onError: (error) => void sayFailure(error),
      },
    )
  }
  return (
    <form onSubmit={submit} className="s-form s-write">
      <Textarea
        label={t('conversation.write')}
        description={t('conversation.writeHelp')}
        autosize
        minRows={2}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="s-actions">
        <Button type="submit" variant="default" disabled={action.isPending || text.trim() === ''}>
          {action.isPending ? t('app.working') : t('conversation.send')}
        </Button>
      </div>
    </form>
  )
}
