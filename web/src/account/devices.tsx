import { Button } from '@mantine/core'
import { useState } from 'react'

import { api } from '../api/client.js'
import type { Account, OwnDevice } from '../api/types.js'
import { t } from '../language/i18n.js'
import { AskDialog } from '../post/ask-dialog.js'
import { Empty } from '../ui/empty.js'
import { sentenceOf } from '../ui/failure.js'
import { Icon } from '../ui/icons.js'
import { dayOf } from './days.js'
import { useOwnChange } from './use-own-change.js'

/** Where the person is signed in. */
export function Devices({ devices }: { devices: Account['sessions'] }) {
  const change = useOwnChange()
  const others = useOwnChange(true)
  const [asking, setAsking] = useState(false)
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{t('ownSignIn.sessions')}</h2>
      <ul className="s-rows">
        {devices.map((device) => (
          <li key={device.id} className="s-card">
            <div className="s-row-head">
              <h3>{device.words}</h3>
              {device.thisOne && (
                <span className="s-pill s-good">
                  <Icon name="tick" size={16} />
                  <span>{t('ownSignIn.thisOne')}</span>
                </span>
              )}
            </div>
            <Dates device={device} />
            {!device.thisOne && (
              <div className="s-actions">
                <Button
                  variant="default"
                  disabled={change.isPending}
                  onClick={() =>
                    change.mutate({
                      work: () => api('DELETE', `/account/sessions/${device.id}`),
                      said: t('ownSignIn.ended', { device: device.words }),
                    })
                  }
                >
                  {t('ownSignIn.end')}
                  <span className="s-hidden">: {device.words}</span>
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {devices.length > 1 && (
        <div className="s-actions">
          <Button variant="default" leftSection={<Icon name="exit" />} onClick={() => setAsking(true)}>
            {t('ownSignIn.endOthers')}
          </Button>
        </div>
      )}
      <AskDialog
        opened={asking}
        close={() => setAsking(false)}
        title={t('ownSignIn.endOthersTitle')}
        text={t('ownSignIn.endOthersText')}
        confirm={t('ownSignIn.endOthers')}
        danger
        busy={others.isPending}
        problem={others.error && sentenceOf(others.error)}
        done={() =>
          others.mutate(
            { work: () => api('POST', '/account/sessions/end-others', {}), said: t('ownSignIn.othersEnded') },
            { onSuccess: () => setAsking(false) },
          )
        }
      />
    </section>
  )
}

/** Where the person may review without a code. */
export function ReviewDevices({ devices }: { devices: Account['reviewDevices'] }) {
  const change = useOwnChange()
  return (
    <section aria-labelledby="review-devices">
      <h2 id="review-devices">{t('ownSignIn.reviewDevices')}</h2>
      <p>{t('ownSignIn.reviewDevicesText')}</p>
      {devices.length === 0 && <Empty icon="eye" text={t('ownSignIn.noReviewDevices')} />}
      <ul className="s-rows">
        {devices.map((device) => (
          <li key={device.id} className="s-card">
            <h3>{device.words}</h3>
            <Dates device={device} of={device.groupName} />
            <div className="s-actions">
              <Button
                variant="default"
                disabled={change.isPending}
                onClick={() =>
                  change.mutate({
                    work: () => api('DELETE', `/account/review-devices/${device.id}`),
                    said: t('ownSignIn.forgotten', { device: device.words }),
                  })
                }
              >
                {t('ownSignIn.forget')}
                <span className="s-hidden">: {device.words}</span>
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Dates({ device, of }: { device: OwnDevice; of?: string }) {
  return (
    <p className="s-meta">
      {[
        ...(of ? [of] : []),
        t('ownSignIn.since', { date: dayOf(device.since) }),
        t('ownSignIn.activeOn', { date: dayOf(device.lastUsedOn) }),
      ].join(' · ')}
    </p>
  )
}
