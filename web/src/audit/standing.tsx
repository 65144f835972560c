import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { api, download } from '../api/client.js'
import { at, groupQueries } from '../api/queries.js'
import type { LogStanding as Standing } from '../api/types.js'
import { useGroup } from '../app/session.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { Note } from '../ui/note.js'
import { say, sayFailure } from '../ui/notify.js'
import { moment } from '../ui/time.js'

/** Where the chain stands, when it was last checked, and what to do when it does not fit. */
export function LogStanding() {
  const group = useGroup()
  const queries = useQueryClient()
  const standing = useQuery(groupQueries.logStanding(group.slug))
  const renew = () => queries.invalidateQueries({ queryKey: groupQueries.all(group.slug) })
  const verify = useMutation({
    mutationFn: () => api<Standing>('POST', `${at(group.slug)}/log/verify`, {}),
    onSuccess: async ({ broken, entries }) => {
      if (!broken) say(t('log.fits', { count: entries }))
      await renew()
    },
    onError: sayFailure,
  })
  const fetchFile = useMutation({
    mutationFn: () => download(`${at(group.slug)}/log/export`, `${group.slug}-log.ndjson`),
    onSuccess: renew,
    onError: sayFailure,
  })
  if (standing.error && !standing.data) {
    return <Failure error={standing.error} retry={() => void standing.refetch()} />
  }
  if (!standing.data) return null
  const { head, entries, checkedAt, broken, acceptedUpTo } = standing.data
  return (
    <section className="s-card s-log-standing" aria-labelledby="log-standing">
      <h2 id="log-standing">{t('log.standing')}</h2>
      {broken ? (
        <Broken standing={standing.data} renew={renew} />
      ) : (
        <p>
          {checkedAt
            ? t('log.checked', { when: moment(checkedAt, group.timeZone), count: standing.data.checkedUpTo })
            : t('log.neverChecked')}
        </p>
      )}
      {!broken && acceptedUpTo > 0 && <p className="s-meta">{t('log.accepted', { seq: acceptedUpTo })}</p>}
      <p>
        {t('log.entries', { count: entries })} <code className="s-break">{head}</code>
      </p>
      <p className="s-meta">{t('log.headHelp')}</p>
      <div className="s-actions">
        <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('log.verify')}
        </Button>
        <Button
          variant="default"
          leftSection={<Icon name="down" />}
          loading={fetchFile.isPending}
          onClick={() => fetchFile.mutate()}
        >
          {t('log.export')}
        </Button>
      </div>
    </section>
  )
}

function Broken({ standing, renew }: { standing: Standing; renew: () => Promise<unknown> }) {
  const group = useGroup()
  const [reason, setReason] = useState('')
  const { broken, resumeAskedBy } = standing
  const resume = useMutation({
    mutationFn: () => api<{ goesOn: boolean }>('POST', `${at(group.slug)}/log/resume`, { reason }),
    onSuccess: async ({ goesOn }) => {
      setReason('')
      say(t(goesOn ? 'log.goesOn' : 'log.asked'))
      await renew()
    },
    onError: sayFailure,
  })
  if (!broken) return null
  const mine = resumeAskedBy?.memberId === group.memberId
  return (
    <>
      <Note tone="bad" icon="warning">
        <p>
          {t('log.broken', { seq: broken.entry, when: moment(broken.at, group.timeZone) })} {t('log.brokenNow')}
        </p>
        <p>{t('log.brokenNext')}</p>
      </Note>
      {mine ? (
        <p>{t('log.waitsForSecond')}</p>
      ) : (
        <form
          className="s-log-resume"
          onSubmit={(event) => {
            event.preventDefault()
            resume.mutate()
          }}
        >
          {resumeAskedBy && <p>{t('log.askedBy', { name: resumeAskedBy.name })}</p>}
          <Textarea
            label={t('log.reason')}
            description={t('log.reasonHelp')}
            required
            minLength={5}
            maxLength={1000}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className="s-actions">
            <Button type="submit" loading={resume.isPending}>
              {t(resumeAskedBy ? 'log.agree' : 'log.resume')}
            </Button>
          </div>
        </form>
      )}
    </>
  )
}
