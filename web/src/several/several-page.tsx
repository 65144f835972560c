import './several.css'

import { Button, Checkbox, FileButton, Progress, Radio, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'

import { api } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { BulkPreview, BulkProgress } from '../api/types.js'
import { Page } from '../app/page.js'
import { useGroup, useMayWrite } from '../app/session.js'
import { t } from '../language/i18n.js'
import { ButtonLink } from '../ui/button-link.js'
import { Empty } from '../ui/empty.js'
import { Failure } from '../ui/failure.js'
import { Note } from '../ui/note.js'
import { moment } from '../ui/time.js'

/** Browsers give `randomUUID` to pages on https or this very machine only; an installation may be neither. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Several posts at once: pasted or from a file, looked at, then written one after the other. */
export function SeveralPage() {
  const mayWrite = useMayWrite()
  const [location, go] = useLocation()
  // In the address, so that whoever leaves the page and comes back finds it.
  const followed = new URLSearchParams(useSearch()).get('request')
  const follow = (id: string) => go(`${location}?request=${id}`)
  return (
    <Page title={t('several.title')} lead={t('several.lead')}>
      {!mayWrite ? (
        <Empty icon="pencil" text={t('composer.notEditor')} />
      ) : followed ? (
        <Following key={followed} id={followed} again={() => go(location)} />
      ) : (
        <>
          <Writing done={follow} />
          <Before />
        </>
      )}
    </Page>
  )
}

/** What was begun in the last days, by anybody of the group. */
function Before() {
  const group = useGroup()
  const [location] = useLocation()
  const { data } = useQuery(groupQueries.bulks(group.slug))
  if (!data || data.length === 0) return null
  return (
    <section aria-labelledby="several-before" className="s-several-before">
      <h2 id="several-before">{t('several.before')}</h2>
      <ul className="s-several-rows">
        {data.map((each) => (
          <li key={each.id}>
            <Link href={`${location}?request=${each.id}`}>
              {t('several.begun', { name: each.by, when: moment(each.startedAt, group.timeZone) })}
            </Link>
            <p className="s-meta">
              {each.state === 'running' && `${t('several.running')} `}
              {each.sentence}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Writing({ done }: { done: (id: string) => void }) {
  const group = useGroup()
  const channels = useQuery(groupQueries.channels(group.slug))
  const [form, setForm] = useState<'paragraphs' | 'table'>('paragraphs')
  const [source, setSource] = useState('')
  const [channelIds, setChannelIds] = useState<string[]>([])
  const [send, setSend] = useState(true)
  // The same text is the same request, however often the button is pressed or the answer lost.
  const [key, setKey] = useState(() => newKey())
  const [preview, setPreview] = useState<BulkPreview | null>(null)
  const changed = () => {
    setPreview(null)
    setKey(newKey())
  }
  const given = { channelIds, source, form }
  const check = useMutation({
    mutationFn: () => api<BulkPreview>('POST', `${at(group.slug)}/posts/bulk/check`, given),
    onSuccess: setPreview,
  })
  const start = useMutation({
    mutationFn: () => api<BulkProgress>('POST', `${at(group.slug)}/posts/bulk`, { ...given, key, send }),
    onSuccess: ({ id }) => done(id),
  })
  const read = (file: File | null) => {
    void file?.text().then((text) => {
      if (file.name.toLowerCase().endsWith('.csv')) setForm('table')
      setSource(text)
      changed()
    })
  }
  const ready = source.trim() !== '' && channelIds.length > 0
  const failed = start.error ?? check.error
  return (
    <div className="s-card s-form">
      <Radio.Group
        label={t('several.form')}
        value={form}
        onChange={(value) => {
          setForm(value === 'table' ? 'table' : 'paragraphs')
          changed()
        }}
      >
        <div className="s-several-choices">
          <Radio value="paragraphs" label={t('several.paragraphs')} description={t('several.paragraphsHelp')} />
          <Radio value="table" label={t('several.table')} description={t('several.tableHelp')} />
        </div>
      </Radio.Group>
      <Textarea
        label={t('several.source')}
        autosize
        minRows={6}
        maxRows={18}
        value={source}
        onChange={(event) => {
          setSource(event.currentTarget.value)
          changed()
        }}
      />
      <FileButton accept=".csv,text/csv,text/plain" onChange={read}>
        {(props) => (
          <Button variant="default" className="s-several-file" {...props}>
            {t('several.file')}
          </Button>
        )}
      </FileButton>
      <Checkbox.Group
        label={t('composer.where')}
        value={channelIds}
        onChange={(ids) => {
          setChannelIds(ids)
          changed()
        }}
      >
        <div className="s-several-choices">
          {channels.data?.map((channel) => (
            <Checkbox key={channel.id} value={channel.id} label={channel.name} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox
        label={t('several.send')}
        description={t('several.sendHelp')}
        checked={send}
        onChange={(event) => {
          setSend(event.currentTarget.checked)
          setKey(newKey())
        }}
      />
      {failed && <Failure error={failed} />}
      {preview && <Preview preview={preview} />}
      <div className="s-actions">
        <Button variant="default" disabled={!ready || check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? t('app.working') : t('several.check')}
        </Button>
        {preview && !preview.unreadable && (
          <Button disabled={start.isPending} onClick={() => start.mutate()}>
            {start.isPending ? t('app.working') : t('several.start', { count: preview.rows.length })}
          </Button>
        )}
      </div>
    </div>
  )
}

function Preview({ preview }: { preview: BulkPreview }) {
  if (preview.unreadable) {
    return (
      <div role="alert">
        <Note tone="bad" icon="warning">
          <p>{preview.unreadable}</p>
        </Note>
      </div>
    )
  }
  return (
    <section aria-label={t('several.preview')}>
      <output className="s-several-ready">
        {t('several.ready', { ready: preview.ready, count: preview.rows.length })}
        {preview.ready < preview.rows.length && ` ${t('several.notReady')}`}
      </output>
      <ol className="s-several-rows">
        {preview.rows.map((row) => (
          <li key={row.number}>
            <p>{row.firstWords || t('several.noWords')}</p>
            {row.at && <p className="s-meta">{row.at.replace('T', ' ')}</p>}
            {row.problems.map((problem) => (
              <p key={problem} className="s-cause">
                {problem}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Following({ id, again }: { id: string; again: () => void }) {
  const group = useGroup()
  const queries = useQueryClient()
  const followed = useQuery({
    ...groupQueries.bulk(group.slug, id),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : 1500),
  })
  const over = followed.data !== undefined && followed.data.state !== 'running'
  useEffect(() => {
    if (over) void queries.invalidateQueries(groupQueries.queue(group.slug))
  }, [over, queries, group.slug])
  const [sure, setSure] = useState(false)
  const stop = useMutation({
    mutationFn: () => api<BulkProgress>('POST', `${at(group.slug)}/bulk/${id}/stop`),
    onSuccess: () => void followed.refetch(),
  })
  const goOn = useMutation({
    mutationFn: () => api<BulkProgress>('POST', `${at(group.slug)}/bulk/${id}/go-on`),
    onSuccess: (after) => {
      setSure(false)
      queries.setQueryData(groupQueries.bulk(group.slug, id).queryKey, after)
      void followed.refetch()
    },
  })
  const now = followed.data
  return (
    <div className="s-card s-form">
      {followed.error && <Failure error={followed.error} retry={() => void followed.refetch()} />}
      {now && (
        <>
          <Progress.Root size="lg">
            <Progress.Section value={(100 * now.finished) / now.total} aria-label={t('several.progress')} />
          </Progress.Root>
          <output>{now.sentence}</output>
          {now.state === 'running' && (
            <>
              <p className="s-meta">{t('several.leave')}</p>
              {stop.error && <Failure error={stop.error} />}
              <div className="s-actions">
                {sure ? (
                  <>
                    <p>{t('several.stopMeans')}</p>
                    <Button color="red" loading={stop.isPending} onClick={() => stop.mutate()}>
                      {t('several.stopSure')}
                    </Button>
                    <Button variant="default" onClick={() => setSure(false)}>
                      {t('several.goOn')}
                    </Button>
                  </>
                ) : (
                  <Button variant="default" onClick={() => setSure(true)}>
                    {t('several.stop')}
                  </Button>
                )}
              </div>
            </>
          )}
          {now.problems.length > 0 && (
            <section aria-labelledby="several-problems">
              <h2 id="several-problems">{t('several.problems')}</h2>
              <ol className="s-several-rows">
                {now.problems.map(({ number, postId, problem }) => (
                  <li key={number} value={number}>
                    <p>{problem}</p>
                    {postId && <Link href={`/g/${group.slug}/posts/${postId}`}>{t('several.look', { number })}</Link>}
                  </li>
                ))}
              </ol>
            </section>
          )}
          {goOn.error && <Failure error={goOn.error} />}
          {now.state !== 'running' && (
            <div className="s-actions">
              {now.mayGoOn && (
                <Button loading={goOn.isPending} onClick={() => goOn.mutate()}>
                  {t('several.rest', { count: now.total - now.finished })}
                </Button>
              )}
              <Button variant="default" onClick={again}>
                {t('several.again')}
              </Button>
              <ButtonLink href={`/g/${group.slug}/queue`}>{t('several.toQueue')}</ButtonLink>
            </div>
          )}
        </>
      )}
    </div>
  )
}
