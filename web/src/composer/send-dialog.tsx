import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { api } from '../api/client.js'
import { at } from '../api/queries.js'
import type { Channel, CheckResult, PostDetail, PostInput } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { EthicsInSight } from '../governance/ethics-in-sight.js'
import { t } from '../language/i18n.js'
import { Dialog } from '../ui/dialog.js'
import { Failure, sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { fingerprint, isWholeLink, sendable } from './input.js'
import { ToPeople } from './to-people.js'
import { checked } from './use-check.js'

/** Says who will be asked and for which slot, then sends; the server's answer is awaited. */
export function SendDialog({
  opened,
  close,
  postId,
  input,
  channels,
  save,
  sent,
}: {
  opened: boolean
  close: () => void
  postId: string | null
  input: PostInput
  channels: Channel[]
  save: () => Promise<PostDetail | null>
  sent: (post: PostDetail) => void
}) {
  const group = useGroup()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const check = useQuery({
    queryKey: ['group', group.slug, 'check', 'send', postId, fingerprint(input)],
    queryFn: ({ signal }) =>
      api<CheckResult>('POST', `${at(group.slug)}/posts/check`, checked(postId, sendable(input)), signal),
    enabled: opened,
    staleTime: 0,
  })
  const { link } = input.content
  const stops = check.data
    ? [
        ...(link !== null && !isWholeLink(link) ? [t('composer.linkUnfinished')] : []),
        ...check.data.problems,
        ...check.data.channels.flatMap((each) =>
          [...each.problems.map((problem) => problem.message), ...(each.noSlot ? [each.noSlot] : [])].map(
            (sentence) => `${channels.find((one) => one.id === each.channelId)?.name ?? ''}: ${sentence}`,
          ),
        ),
        ...(check.data.reviewers.refused ? [check.data.reviewers.refused] : []),
      ]
    : []
  const send = async () => {
    setBusy(true)
    setWrong(null)
    try {
      const saved = await save()
      if (!saved) {
        setWrong(t('send.notSaved'))
        return
      }
      sent(
        await api<PostDetail>('POST', `${at(group.slug)}/posts/${saved.id}/send-for-review`, {
          version: saved.version,
        }),
      )
    } catch (error) {
      setWrong(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog opened={opened} close={close} title={t('send.title')} wide>
      {check.isPending && (
        <div aria-busy="true">
          <Skeleton h={20} mb="sm" />
          <Skeleton h={20} w="70%" mb="lg" />
        </div>
      )}
      {check.error && <Failure error={check.error} retry={() => void check.refetch()} />}
      {check.data && stops.length > 0 && (
        <>
          <p>{t('send.stops', { count: stops.length })}</p>
          <ul className="s-problems">
            {stops.map((stop) => (
              <li key={stop}>
                <Icon name="warning" size={18} />
                <span>
                  {stop} {stop === check.data.reviewers.refused && <ToPeople />}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {check.data && stops.length === 0 && (
        <>
          <p className="s-send-who">
            <Icon name="people" /> <span>{check.data.reviewers.sentence}</span>
          </p>
          <ul className="s-slots">
            {check.data.channels.map((each) => (
              <li key={each.channelId}>
                <Icon name="clock" size={18} />
                <div>
                  <p>
                    <strong>{channels.find((one) => one.id === each.channelId)?.name}</strong> ·{' '}
                    {each.slot?.text ?? each.noSlot}
                  </p>
                  {each.slot && <p className="s-meta">{each.slot.reasons.join(' ')}</p>}
                  {each.cost && <p className="s-meta">{each.cost}</p>}
                </div>
              </li>
            ))}
          </ul>
          <p className="s-meta">{t('send.nothingUntil')}</p>
          <EthicsInSight />
        </>
      )}
      <div role="alert">
        {wrong && (
          <Note tone="bad" icon="warning">
            <p>{wrong}</p>
          </Note>
        )}
      </div>
      <div className="s-actions s-dialog-actions">
        <Button variant="default" onClick={close}>
          {stops.length > 0 ? t('send.backToFix') : t('app.cancel')}
        </Button>
        {check.data && stops.length === 0 && (
          <Button leftSection={<Icon name="send" />} disabled={busy} onClick={() => void send()}>
            {busy ? t('app.working') : t('send.confirm')}
          </Button>
        )}
      </div>
    </Dialog>
  )
}
