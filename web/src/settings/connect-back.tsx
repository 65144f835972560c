import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'

import { api, ApiProblem } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { Channel, SessionGroup } from '../api/types.js'
import { Frame } from '../app/frame.js'
import { Page } from '../app/page.js'
import { GroupProvider, useSession } from '../app/session.js'
import { t } from '../language/i18n.js'
import { ButtonLink } from '../ui/button-link.js'
import { Empty } from '../ui/empty.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { say } from '../ui/notify.js'
import { forgetWay } from './way-kept.js'

/** What the network put into the address. */
interface Came {
  state: string
  code?: string
  error?: string
  errorDescription?: string
}

interface Choice {
  consentId: string
  accounts: { remoteAccountId: string; handle: string; url: string; connected: boolean }[]
  channelId: string | null
  channelName: string | null
}

/** Reads the address once, and takes it away: a code has no business in the history of a browser. */
function takeAddress(): Came | null {
  const query = new URLSearchParams(window.location.search)
  const state = query.get('state')
  if (state === null) return null
  window.history.replaceState(null, '', window.location.pathname)
  const told = (name: string) => query.get(name) ?? undefined
  return { state, code: told('code'), error: told('error'), errorDescription: told('error_description') }
}

/** Where a network sends the browser back to. Looking at it changes nothing: the page tells the server in a request. */
export function ConnectBack() {
  const session = useSession()
  const [came] = useState(takeAddress)
  const group = session.groups.find((each) => each.id === came?.state.split('.')[0])
  const fallback = group ?? session.groups[0] ?? null
  return (
    <GroupProvider value={fallback}>
      <Frame>
        {came && group ? (
          <Arrival came={came} group={group} />
        ) : (
          <Page title={t('connect.backTitle')}>
            <Empty
              icon="question"
              text={t(
                came === null ? 'connect.nothingCame' : session.person ? 'connect.otherPerson' : 'connect.signedOut',
              )}
            >
              <ButtonLink href={fallback ? `/g/${fallback.slug}/settings/channels` : '/'}>
                {t(session.person ? 'connect.toChannels' : 'connect.toSignIn')}
              </ButtonLink>
            </Empty>
          </Page>
        )}
      </Frame>
    </GroupProvider>
  )
}

function Arrival({ came, group }: { came: Came; group: SessionGroup }) {
  const [, go] = useLocation()
  const queries = useQueryClient()
  const path = `${at(group.slug)}/channels/consent`
  const home = `/g/${group.slug}/settings/channels`
  const [choice, setChoice] = useState<Choice | null>(null)
  const done = async (said: string) => {
    forgetWay()
    say(said)
    await queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
  }
  const tell = useMutation({
    mutationFn: () => api<{ channel: Channel | null; choice: Choice | null }>('POST', `${path}/back`, came),
    onSuccess: async ({ channel, choice: found }) => {
      setChoice(found)
      if (!channel) return
      await done(t('connect.done', { name: channel.name }))
      go(home, { replace: true })
    },
  })
  // Once, also where effects run twice: a code can be used once.
  const told = useRef(false)
  useEffect(() => {
    if (told.current) return
    told.current = true
    tell.mutate()
  })
  return (
    <Page title={t('connect.backTitle')}>
      {choice ? (
        <Choose choice={choice} path={path} home={home} done={done} />
      ) : tell.error ? (
        <NotConnected error={tell.error} path={path} home={home} />
      ) : (
        <div aria-busy="true">
          <output className="s-lead">{t('connect.finishing')}</output>
          <Skeleton h={96} />
        </div>
      )}
    </Page>
  )
}

function NotConnected({ error, path, home }: { error: unknown; path: string; home: string }) {
  const told = error instanceof ApiProblem ? error.body : {}
  const consentId = typeof told['consentId'] === 'string' ? told['consentId'] : null
  const channelId = typeof told['channelId'] === 'string' ? told['channelId'] : null
  const network = typeof told['network'] === 'string' ? told['network'] : null
  const again = useMutation({
    mutationFn: () => api<{ url: string }>('POST', `${path}/${consentId ?? ''}/again`),
    onSuccess: ({ url }) => window.location.assign(url),
  })
  const form = channelId ? `${home}?again=${channelId}` : network ? `${home}?connect=${network}` : home
  return (
    <div className="s-form">
      <div role="alert">
        <Note tone="bad" icon="warning">
          <p>{sentenceOf(again.error ?? error)}</p>
        </Note>
      </div>
      <div className="s-actions">
        {consentId && (
          <Button disabled={again.isPending || again.isSuccess} onClick={() => again.mutate()}>
            {again.isPending || again.isSuccess ? t('app.working') : t('connect.tryAgain')}
          </Button>
        )}
        <ButtonLink variant={consentId ? 'default' : 'filled'} href={form}>
          {t(form === home ? 'connect.toChannels' : 'connect.changeAnswers')}
        </ButtonLink>
      </div>
    </div>
  )
}

/** Several accounts came, or none of them is the one of the channel. */
function Choose({
  choice,
  path,
  home,
  done,
}: {
  choice: Choice
  path: string
  home: string
  done: (said: string) => Promise<void>
}) {
  const [, go] = useLocation()
  const [connected, setConnected] = useState<string[]>(() =>
    choice.accounts.filter((each) => each.connected).map((each) => each.remoteAccountId),
  )
  const isOther = choice.channelId !== null
  const choose = useMutation({
    mutationFn: (remoteAccountId: string) =>
      api<Channel>('POST', `${path}/${choice.consentId}/choose`, { remoteAccountId, otherAccount: isOther }),
    onSuccess: async (channel, remoteAccountId) => {
      setConnected((old) => [...old, remoteAccountId])
      await done(isOther ? t('channels.otherConnected') : t('connect.done', { name: channel.name }))
      if (isOther || choice.accounts.length === 1) go(home, { replace: true })
    },
  })
  return (
    <div className="s-form">
      {isOther ? (
        <Note tone="bad" icon="warning">
          <p>{t('connect.noneIsIt', { name: choice.channelName ?? '' })}</p>
        </Note>
      ) : (
        <p className="s-lead">{t('connect.choose')}</p>
      )}
      {choose.error && (
        <div role="alert">
          <Note tone="bad" icon="warning">
            <p>{sentenceOf(choose.error)}</p>
          </Note>
        </div>
      )}
      <ul className="s-rows">
        {choice.accounts.map((account) => (
          <li key={account.remoteAccountId} className="s-card s-between">
            <span className="s-break">
              <strong>{account.handle}</strong>{' '}
              {account.url !== '' && (
                <a href={account.url} target="_blank" rel="noreferrer">
                  {t('connect.look')}
                  <span className="s-hidden">: {account.handle}</span>
                </a>
              )}
            </span>
            {connected.includes(account.remoteAccountId) ? (
              <span className="s-pill s-good">
                <Icon name="tick" size={16} />
                <span>{t('connect.isChannel')}</span>
              </span>
            ) : (
              <Button
                variant={isOther ? 'default' : 'filled'}
                className={isOther ? 's-danger' : undefined}
                disabled={choose.isPending}
                onClick={() => choose.mutate(account.remoteAccountId)}
              >
                {t(isOther ? 'connect.useOther' : 'channels.connectNow')}
                <span className="s-hidden">: {account.handle}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="s-actions">
        <ButtonLink variant="default" href={home}>
          {t(isOther ? 'connect.leaveIt' : 'connect.toChannels')}
        </ButtonLink>
      </div>
    </div>
  )
}
