import { Button } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'

import type { PostAction, PostDetail } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { ButtonLink } from '../ui/button-link.js'
import { Icon } from '../ui/icons.js'
import { say } from '../ui/notify.js'
import { AskDialog } from './ask-dialog.js'
import { ReviewButton } from './review-button.js'
import { usePostAction } from './use-post-action.js'
import { Withdraw } from './withdraw.js'

/** What can be done with the post now, and for the rest the reason why not. */
export function Actions({ post }: { post: PostDetail }) {
  const group = useGroup()
  const [, go] = useLocation()
  const action = usePostAction()
  const [asking, setAsking] = useState<'cancel' | null>(null)
  const { may } = post
  const path = `posts/${post.id}`
  const run = (name: string, body: unknown, done: (after: PostDetail) => void) =>
    action.mutate({ path: `${path}/${name}`, body }, { onSuccess: done })

  const hold = () => run('hold', {}, () => say(t('post.held')))

  const reasons = (Object.keys(may) as PostAction[])
    .filter((name) => relevant(post, name))
    .flatMap((name) => (may[name] ? [{ name, reason: may[name] }] : []))

  return (
    <div className="s-post-do">
      <div className="s-actions">
        {may.edit === null && (
          <ButtonLink
            href={`/g/${group.slug}/${path}/edit`}
            variant={post.state === 'draft' || post.state === 'changes_requested' ? 'filled' : 'default'}
            leftSection={<Icon name="pencil" />}
          >
            {t('post.edit')}
          </ButtonLink>
        )}
        {may.release === null && post.held && !post.mayReview && <ReviewButton post={post} release />}
        {may.hold === null && !post.held && (
          <Button variant="default" leftSection={<Icon name="hand" />} disabled={action.isPending} onClick={hold}>
            {t('post.hold')}
          </Button>
        )}
        <Withdraw post={post} />
        {may.discardEdit === null && post.editing && (
          <Button
            variant="default"
            leftSection={<Icon name="undo" />}
            disabled={action.isPending}
            onClick={() => run('discard-edit', {}, () => say(t('composer.discarded')))}
          >
            {t('composer.discard')}
          </Button>
        )}
        {may.copy === null && (
          <Button
            variant="default"
            leftSection={<Icon name="copy" />}
            disabled={action.isPending}
            onClick={() =>
              run('copy', {}, (copy) => {
                say(t('post.copied'))
                go(`/g/${group.slug}/posts/${copy.id}/edit`)
              })
            }
          >
            {t('post.copy')}
          </Button>
        )}
        {may.cancel === null && (
          <Button
            variant="default"
            className="s-danger"
            leftSection={<Icon name="cross" />}
            disabled={action.isPending}
            onClick={() => setAsking('cancel')}
          >
            {t('post.cancel')}
          </Button>
        )}
      </div>
      {reasons.length > 0 && (
        <details className="s-why">
          <summary>{t('post.whyNot')}</summary>
          <ul>
            {reasons.map(({ name, reason }) => (
              <li key={name}>
                <strong>{t(`postAction.${name}`)}:</strong> {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      <AskDialog
        opened={asking === 'cancel'}
        close={() => setAsking(null)}
        title={t('post.cancelTitle')}
        text={t('post.cancelText')}
        confirm={t('post.cancel')}
        danger
        busy={action.isPending}
        done={() =>
          run('cancel', {}, () => {
            setAsking(null)
            say(t('post.cancelled'))
          })
        }
      />
    </div>
  )
}

/** Reasons are told only for what somebody could expect to be able to do. */
function relevant(post: PostDetail, action: PostAction): boolean {
  if (action === 'discardEdit') return post.editing
  if (action === 'adopt') return post.author.left
  if (action === 'withdraw') return false
  if (action === 'release') return post.held
  if (action === 'hold') return !post.held
  if (action === 'sendForReview') return post.state === 'draft' || post.state === 'changes_requested' || post.editing
  return true
}
