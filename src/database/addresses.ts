import type { Config } from '../config/config.js'
import type { EmbeddedServer } from './embedded/embedded-server.js'
import type { DatabaseAddresses } from './migrate.js'

/** The database of the settings, or the embedded one. */
export function addressesOf(config: Config, embedded: EmbeddedServer | null): DatabaseAddresses {
  if (embedded) return { url: embedded.applicationUrl, ownerUrl: embedded.url }
  return { url: config.databaseUrl ?? '', ownerUrl: config.databaseOwnerUrl, directUrl: config.databaseDirectUrl }
}
