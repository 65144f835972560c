import { Button } from '@mantine/core'

import type { PostDetail } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { say } from '../ui/notify.js'
import { usePostAction } from './use-post-action.js'

/** Says that nobody looks after the post any more, and lets somebody who writes take it over. */
export function Adopt({ post }: { post: PostDetail }) {
  const action = usePostAction()
  if (!post.author.left || ['done', 'cancelled', 'expired'].includes(post.state)) return null
  return (
    <Note tone="wait" icon="people">
      <p>{t('post.authorLeft', { name: post.author.name })}</p>
      {post.may.adopt === null && (
        <>
          <p className="s-dim">{t('post.adoptText')}</p>
          <Button
            leftSection={<Icon name="hand" />}
            disabled={action.isPending}
            onClick={() =>
              action.mutate({ path: `posts/${post.id}/adopt`, body: {} }, { onSuccess: () => say(t('post.adopted')) })
            }
          >
            {t('post.adopt')}
          </Button>
        </>
      )}
    </Note>
  )
}
