import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { settingNotes } from '../../src/config/config.js'
import { SystemClock } from '../../src/kernel/clock.js'
import { BlueskyAdapter } from '../../src/platforms/bluesky/bluesky.adapter.js'
import { FacebookAdapter } from '../../src/platforms/facebook/facebook.adapter.js'
import { InstagramAdapter } from '../../src/platforms/instagram/instagram.adapter.js'
import { LinkedInAdapter } from '../../src/platforms/linkedin/linkedin.adapter.js'
import { MastodonAdapter } from '../../src/platforms/mastodon/mastodon.adapter.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import type { Network, Platform } from '../../src/platforms/platform.js'
import { platformRules } from '../../src/platforms/rules.js'
import { TelegramAdapter } from '../../src/platforms/telegram/telegram.adapter.js'
import { ThreadsAdapter } from '../../src/platforms/threads/threads.adapter.js'
import { XAdapter } from '../../src/platforms/x/x.adapter.js'

// The guide of a network, word by word against what the dialog and the network's own page will ask for.

const outward = new Outward({})
const clock = new SystemClock()
const nowhere = 'https://example.org'
const platforms: Partial<Record<Network, Platform>> = {
  bluesky: new BlueskyAdapter(outward, clock),
  mastodon: new MastodonAdapter(outward, clock),
  facebook: new FacebookAdapter(outward, clock),
  instagram: new InstagramAdapter(outward, clock),
  threads: new ThreadsAdapter(outward, clock),
  linkedin: new LinkedInAdapter(outward, clock, { api: nowhere, site: nowhere, version: '202607' }),
  telegram: new TelegramAdapter(outward, clock),
  x: new XAdapter(outward, clock, { api: nowhere, authorize: nowhere }),
}
const guide = (network: string) => readFileSync(join(import.meta.dirname, `../../docs/platforms/${network}.md`), 'utf8')
const settings = new Set([...settingNotes().keys()].map((name) => name.replace(/[A-Z]/g, '_$&').toUpperCase()))
/** A setting of the account's own server. */
settings.add('PDS_BLOB_UPLOAD_LIMIT')

describe.each(Object.keys(platformRules) as Network[])('the guide of %s', (network) => {
  it('names settings that there are', () => {
    const named = [...guide(network).matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name]) => name!)
    expect(named.filter((name) => !settings.has(name))).toEqual([])
  })

  const platform = platforms[network]
  if (!platform) return

  it('names every field that the dialog asks for', () => {
    const labels = platform.connectFields.map(({ label }) => label)
    const words = guide(network).toLowerCase()
    expect(labels.filter((label) => !words.includes(label.toLowerCase()))).toEqual([])
  })

  // Mastodon's are asked of the server, which is not here.
  if (!platform.consent || network === 'mastodon') return

  it('names every permission that is asked for', async () => {
    const way = { redirectUri: nowhere, state: 's', challenge: 'c' }
    const app = { appId: '1', appSecret: 's', clientId: '1', clientSecret: 's' }
    const scopes = new Set<string>()
    for (const [name, value] of [
      ['login', 'instagram'],
      ['login', 'facebook'],
      ['pages', 'yes'],
    ] as const) {
      const begun = await platform.consent!.begin({ ...app, [name]: value }, way, AbortSignal.timeout(30_000))
      if (begun.kind !== 'go') throw new Error(begun.cause)
      for (const scope of new URL(begun.url).searchParams.get('scope')?.split(/[ ,]/) ?? []) scopes.add(scope)
    }
    expect(scopes.size).toBeGreaterThan(2)
    expect([...scopes].filter((scope) => !guide(network).includes(scope))).toEqual([])
  })
})
