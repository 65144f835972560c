import '../settings/settings.css'
import './account.css'

import { useQuery } from '@tanstack/react-query'

import { accountQuery } from '../api/queries.js'
import { Page } from '../app/page.js'
import { t } from '../language/i18n.js'
import { Failure } from '../ui/failure.js'
import { CardSkeletons } from '../ui/skeletons.js'
import { Devices, ReviewDevices } from './devices.js'
import { Passkeys } from './passkeys.js'

/** How the person gets in, and where they are signed in. */
export function AccountPage() {
  const account = useQuery(accountQuery)
  return (
    <Page title={t('ownSignIn.title')} lead={t('ownSignIn.lead')}>
      {account.error && !account.data && <Failure error={account.error} retry={() => void account.refetch()} />}
      {account.isPending && (
        <div aria-busy="true">
          <CardSkeletons />
        </div>
      )}
      {account.data && (
        <div className="s-own">
          <Passkeys account={account.data} />
          <Devices devices={account.data.sessions} />
          <ReviewDevices devices={account.data.reviewDevices} />
        </div>
      )}
    </Page>
  )
}
