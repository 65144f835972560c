import { Button } from '@mantine/core'
import { useState } from 'react'

import type { PostDetail, Suggestion } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { say, sayFailure } from '../ui/notify.js'
import { moment } from '../ui/time.js'
import { AskDialog } from './ask-dialog.js'
import { useConversationAction } from './use-conversation.js'
import { WordMarks } from './word-marks.js'

/** Words that somebody suggests, as a difference, and what became of them. */
export function SuggestionItem({ post, suggestion }: { post: PostDetail; suggestion: Suggestion }) {
  const group = useGroup()
  const { id, name, at, version, label, difference, words, note, state, settledBy, now, own } = suggestion
  const action = useConversationAction(post.id)
  const [asking, setAsking] = useState(false)
  const apply = () =>
    action.mutate(
      { path: `suggestions/${id}/apply`, body: {} },
      { onSuccess: () => say(t('conversation.applied')), onError: (error) => void sayFailure(error) },
    )
  const dismiss = (reason: string) =>
    action.mutate({ path: `suggestions/${id}/dismiss`, body: { note: reason } }, { onSuccess: () => setAsking(false) })
  return (
    <div className="s-remark s-suggestion">
      <p className="s-meta">
        <strong>{name}</strong> · <time dateTime={at}>{moment(at, group.timeZone)}</time>
        {version !== null && ` · ${t('post.version', { number: version })}`}
      </p>
      <p>
        <Icon name="pencil" size={18} /> {t('conversation.suggests', { label })}
      </p>
      <p className="s-lines s-change" dir="auto">
        <WordMarks text={difference} />
      </p>
      {note && (
        <blockquote className="s-lines" dir="auto">
          {note}
        </blockquote>
      )}
      {state === 'open' && suggestion.whyNot && (
        <Note tone="wait" icon="info">
          <p>{suggestion.whyNot}</p>
          {now !== null && now !== words && now.trim() !== suggestion.before && (
            <>
              <p>
                <strong>{t('conversation.nowSays')}</strong>
              </p>
              <p className="s-lines" dir="auto">
                {now}
              </p>
              <p>
                <strong>{t('conversation.suggested')}</strong>
              </p>
              <p className="s-lines" dir="auto">
                {words}
              </p>
            </>
          )}
        </Note>
      )}
      {state !== 'open' && (
        <p className="s-meta">
          <Icon name={state === 'applied' ? 'tick' : 'cross'} size={18} />{' '}
          {t(`conversation.state.${state}`, { name: settledBy ?? t('conversation.somebody') })}
        </p>
      )}
      {suggestion.answers.map((answer) => (
        <blockquote key={answer.id} className="s-lines" dir="auto">
          {answer.removed ? t('conversation.removed') : `${answer.name}: ${answer.text}`}
        </blockquote>
      ))}
      {(suggestion.mayApply || suggestion.mayDismiss) && (
        <div className="s-actions">
          {suggestion.mayApply && (
            <Button leftSection={<Icon name="tick" />} disabled={action.isPending} onClick={apply}>
              {t('conversation.apply')}
              <span className="s-hidden">: {label}</span>
            </Button>
          )}
          {suggestion.mayDismiss && (
            <Button variant="default" disabled={action.isPending} onClick={() => setAsking(true)}>
              {t(own ? 'conversation.takeBack' : 'conversation.dismiss')}
              <span className="s-hidden">: {label}</span>
            </Button>
          )}
        </div>
      )}
      <AskDialog
        opened={asking}
        close={() => setAsking(false)}
        title={t(own ? 'conversation.takeBackTitle' : 'conversation.dismissTitle')}
        text={own ? t('conversation.takeBackText') : t('conversation.dismissText', { name })}
        field={own ? undefined : t('conversation.reason')}
        confirm={t(own ? 'conversation.takeBack' : 'conversation.dismiss')}
        busy={action.isPending}
        problem={asking && action.error ? sentenceOf(action.error) : null}
        done={dismiss}
      />
    </div>
  )
}
