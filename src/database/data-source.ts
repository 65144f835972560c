import { DataSource, type DataSourceOptions } from 'typeorm'

import { CreateClockAndAudit1795219200000 } from '../../migrations/1795219200000-create-clock-and-audit.js'
import { CreateGroupsAndPeople1795219200001 } from '../../migrations/1795219200001-create-groups-and-people.js'
import { CreateMails1795219200002 } from '../../migrations/1795219200002-create-mails.js'
import { CreateChannels1795219200003 } from '../../migrations/1795219200003-create-channels.js'
import { CreatePosts1795219200004 } from '../../migrations/1795219200004-create-posts.js'
import { CreateReviewing1795219200005 } from '../../migrations/1795219200005-create-reviewing.js'
import { CreatePublications1795219200006 } from '../../migrations/1795219200006-create-publications.js'
import { CreatePolicies1795219200007 } from '../../migrations/1795219200007-create-policies.js'
import { KeepTransitions1795219200008 } from '../../migrations/1795219200008-keep-transitions.js'
import { CreateComments1795219200009 } from '../../migrations/1795219200009-create-comments.js'
import { CreateReviewProtocol1795219200010 } from '../../migrations/1795219200010-create-review-protocol.js'
import { CreatePasskeys1795219200011 } from '../../migrations/1795219200011-create-passkeys.js'
import { WatchAudit1795219200012 } from '../../migrations/1795219200012-watch-audit.js'
import { CreateGovernance1795219200013 } from '../../migrations/1795219200013-create-governance.js'
import { WakeWorkers1795219200015 } from '../../migrations/1795219200015-wake-workers.js'
import { CreateSilences1795219200016 } from '../../migrations/1795219200016-create-silences.js'
import { CreateBulk1795219200017 } from '../../migrations/1795219200017-create-bulk.js'
import { RetireOldRows1795219200018 } from '../../migrations/1795219200018-retire-old-rows.js'
import { CreateParts1795219200020 } from '../../migrations/1795219200020-create-parts.js'
import { CreateConsents1795219200021 } from '../../migrations/1795219200021-create-consents.js'

/** What every session is asked to have. A pooler leaves it out; see "Behind PgBouncer" in docs/scale.md. */
export const sessionOptions = '-c timezone=UTC -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000'

/** How the product connects to PostgreSQL. Migrations are listed by hand: no globs, so that a bundler or test sees the same. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    migrations: [
      CreateClockAndAudit1795219200000,
      CreateGroupsAndPeople1795219200001,
      CreateMails1795219200002,
      CreateChannels1795219200003,
      CreatePosts1795219200004,
      CreateReviewing1795219200005,
      CreatePublications1795219200006,
      CreatePolicies1795219200007,
      KeepTransitions1795219200008,
      CreateComments1795219200009,
      CreatePasskeys1795219200011,
      WatchAudit1795219200012,
      CreateGovernance1795219200013,
      CreateReviewProtocol1795219200010,
      WakeWorkers1795219200015,
      CreateSilences1795219200016,
      RetireOldRows1795219200018,
      CreateBulk1795219200017,
      CreateParts1795219200020,
      CreateConsents1795219200021,
    ],
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    poolSize: 12,
    applicationName: 'seconder',
    logging: false,
    extra: { options: sessionOptions },
  }
}

/** A data source with no entities: enough for migrations and plain SQL. */
export function createDataSource(url: string): DataSource {
  return new DataSource(dataSourceOptions(url))
}
