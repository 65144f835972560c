import { Button } from '@mantine/core'
import { useState } from 'react'

import type { PostDetail } from '../api/types.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { say } from '../ui/notify.js'
import { AskDialog } from './ask-dialog.js'
import { usePostAction } from './use-post-action.js'

/** Takes one's own answer back, as long as the post is not out. */
export function Withdraw({ post }: { post: PostDetail }) {
  const action = usePostAction()
  const [isAsking, setAsking] = useState(false)
  if (post.may.withdraw !== null) return null
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="undo" />}
        disabled={action.isPending}
        onClick={() => setAsking(true)}
      >
        {t('post.withdraw')}
      </Button>
      <AskDialog
        opened={isAsking}
        close={() => setAsking(false)}
        title={t('post.withdrawTitle')}
        text={t('post.withdrawText')}
        confirm={t('post.withdraw')}
        busy={action.isPending}
        done={() =>
          action.mutate(
            { path: `posts/${post.id}/withdraw`, body: {} },
            {
              onSuccess: () => {
                setAsking(false)
                say(t('post.withdrawn'))
              },
            },
          )
        }
      />
    </>
  )
}
