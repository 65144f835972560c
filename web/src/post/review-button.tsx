import { Button } from '@mantine/core'
import { useState } from 'react'

import { api } from '../api/client.js'
import { at } from '../api/queries.js'
import type { PostCard } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Icon } from '../ui/icons.js'
import { sayFailure } from '../ui/notify.js'

/** To the review page, the same that the e-mail leads to; somebody who was not asked by mail is asked now. */
export function ReviewButton({
  post,
  release = false,
}: {
  post: Pick<PostCard, 'id' | 'firstWords' | 'reviewUrl'>
  /** The post is held, and a fresh look lets it go. */
  release?: boolean
}) {
  const group = useGroup()
  const [busy, setBusy] = useState(false)
  const words = (
    <>
      {release ? t('post.release') : t('queue.review')}
      <span className="s-hidden">: {post.firstWords}</span>
    </>
  )
  if (post.reviewUrl) {
    return (
      <Button component="a" href={post.reviewUrl} leftSection={<Icon name="eye" />}>
        {words}
      </Button>
    )
  }
  const open = async () => {
    setBusy(true)
    try {
      const { url } = await api<{ url: string }>('POST', `${at(group.slug)}/posts/${post.id}/review`, {})
      location.assign(url)
    } catch (error) {
      setBusy(false)
      sayFailure(error)
    }
  }
  return (
    <Button leftSection={<Icon name="eye" />} disabled={busy} onClick={() => void open()}>
      {words}
    </Button>
  )
}
