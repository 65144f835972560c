import './composer.css'

import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'

import { groupQueries } from '../api/queries.js'
import type { Channel, PostDetail } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup, useMayWrite } from '../app/session.js'
import { t } from '../language/i18n.js'
import { ButtonLink } from '../ui/button-link.js'
import { Empty } from '../ui/empty.js'
import { Failure } from '../ui/failure.js'
import { PageSkeleton } from '../ui/skeletons.js'
import { Composer } from './composer.js'
import { blankInput, inputOf, sameInput } from './input.js'
import { recall } from './kept.js'
import type { Start } from './use-draft.js'

/**
 * One editing session. A new post gets its address when it is first saved; the session goes on under the new address
 * and does not begin again.
 */
export function ComposerPage({ id }: { id: string | null }) {
  const group = useGroup()
  const search = useSearch()
  const [, go] = useLocation()
  const address = id ?? `new?${search}`
  const [shown, setShown] = useState({ round: 0, address, id, created: null as string | null })
  if (shown.address !== address) {
    const goesOn = id !== null && id === shown.created
    setShown(goesOn ? { ...shown, address } : { round: shown.round + 1, address, id, created: null })
  }
  const created = useCallback(
    (newId: string) => {
      setShown((old) => ({ ...old, created: newId }))
      go(`/g/${group.slug}/posts/${newId}/edit`, { replace: true })
    },
    [go, group.slug],
  )
  return <Session key={shown.round} id={shown.id} at={new URLSearchParams(search).get('at')} created={created} />
}

function Session({ id, at, created }: { id: string | null; at: string | null; created: (id: string) => void }) {
  const group = useGroup()
  const mayWrite = useMayWrite()
  const channels = useQuery(groupQueries.channels(group.slug))
  const post = useQuery({ ...groupQueries.post(group.slug, id ?? ''), enabled: id !== null, staleTime: 0 })
  const [start, setStart] = useState<Start | null>(null)
  const ready = channels.data !== undefined && (id === null || (post.data !== undefined && !post.isFetching))

  useEffect(() => {
    if (start || !ready || !channels.data) return
    let gone = false
    void begin(group.memberId, channels.data, id === null ? null : (post.data ?? null), at).then((begun) => {
      if (!gone) setStart(begun)
    })
    return () => {
      gone = true
    }
  }, [start, ready, channels.data, group.memberId, id, post.data, at])

  const title = id === null ? t('composer.titleNew') : t('composer.titleEdit')
  const error = channels.error ?? post.error
  if (error) {
    return (
      <Page title={title}>
        <Failure
          error={error}
          retry={() => {
            void channels.refetch()
            if (id) void post.refetch()
          }}
        />
      </Page>
    )
  }
  if (id === null && !mayWrite) {
    return (
      <Page title={title}>
        <Empty icon="pencil" text={t('composer.notEditor')} />
      </Page>
    )
  }
  const refusal = post.data?.may.edit ?? null
  if (id !== null && refusal) {
    return (
      <Page title={title}>
        <Empty icon="pencil" text={refusal}>
          <ButtonLink href={`/g/${group.slug}/posts/${id}`}>{t('composer.back')}</ButtonLink>
        </Empty>
      </Page>
    )
  }
  if (!start || !channels.data) return <PageSkeleton />
  if (channels.data.length === 0) {
    return (
      <Page title={title}>
        <Empty icon="channels" text={t('composer.noChannels')}>
          <ButtonLink href={`/g/${group.slug}/settings/channels`}>{t('composer.toChannels')}</ButtonLink>
        </Empty>
      </Page>
    )
  }
  return <Composer title={title} start={start} channels={channels.data} created={created} />
}

async function begin(
  memberId: string,
  channels: Channel[],
  post: PostDetail | null,
  at: string | null,
): Promise<Start> {
  const fresh = post ? inputOf(post) : blankInput(channels, at)
  const kept = await recall(memberId, post?.id ?? null)
  if (!kept || sameInput(kept.input, fresh)) return { input: fresh, post, restored: false, conflict: null }
  const input = at ? { ...kept.input, wish: { kind: 'exact' as const, at } } : kept.input
  const conflict = post && kept.version !== post.version ? post : null
  return { input, post, restored: true, conflict }
}
