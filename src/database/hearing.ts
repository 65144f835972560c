import { randomUUID } from 'node:crypto'
import { clearTimeout, setTimeout } from 'node:timers'

import pg from 'pg'

/**
 * Whether `client` hears what another connection announces. A pooler in transaction mode takes `listen` without
 * complaint and drops what comes of it.
 * @param announce on the channel, from another connection: a pooler may pass an announcement on to whoever made it
 */
export async function hears(
  client: pg.Client,
  announce: (channel: string) => Promise<unknown>,
  patienceMs: number,
): Promise<boolean> {
  const channel = `seconder_hears_${randomUUID()}`
  let timer: NodeJS.Timeout | undefined
  let hear: ((message: pg.Notification) => void) | undefined
  const heard = new Promise<boolean>((resolve) => {
    hear = (message) => message.channel === channel && resolve(true)
    client.on('notification', hear)
    client.once('end', () => resolve(false))
    timer = setTimeout(() => resolve(false), patienceMs).unref()
  })
  try {
    await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    await announce(channel)
    const answer = await heard
    if (answer) await client.query(`unlisten ${pg.escapeIdentifier(channel)}`)
    return answer
  } finally {
    clearTimeout(timer)
    if (hear) client.off('notification', hear)
  }
}
