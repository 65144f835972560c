import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { ChannelCheckView } from '../../src/channels/channels.dto.js'
import { commands } from '../../src/command-line/commands.js'
import { Outward } from '../../src/platforms/outward.adapter.js'
import { PlatformRegistry } from '../../src/platforms/platform-registry.js'
import type { Connection, Finding, Limits, Platform } from '../../src/platforms/platform.js'
import type { TestApp } from '../support/app.js'
import { startQuietApp, TestGroup } from '../support/group-fixture.js'

// The button “Check this channel” and `channel:doctor`, with a network behind the guarded way out.

let app: TestApp
let river: TestGroup
let server: Server
let url: string
/** Seconds by which the network's clock is behind. */
let behind = 0
let limits: Limits | null = null
let findings: readonly Finding[] = []

beforeAll(async () => {
  ;({ app } = await startQuietApp())
  server = createServer((_request, response) => {
    response.setHeader('date', new Date(app.clock.now().toMillis() - behind * 1000).toUTCString())
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-token/getMe`
  const registry = app.app.get(PlatformRegistry)
  const outward = new Outward({ allowPrivateAddresses: true })
  const network: Platform = registry.get('bluesky')
  Object.assign(network, {
    askLimits: () => Promise.resolve(limits),
    examine: async ({ credentials }: Connection) => {
      if (credentials['password'] !== 'of the network') throw new Error('The wrong credentials came')
      await outward.fetch(url)
      return findings
    },
  })
  river = await TestGroup.make(app, 'River')
})
afterAll(async () => {
  server?.close()
  await app?.close()
})
beforeEach(async () => {
  behind = 0
  limits = null
  findings = []
  await app.query(`update channels set state = 'connected', cause = null, limits = null where group_id = $1`, [
    river.id,
  ])
})

async function check(name = 'Eli') {
  const path = river.path(`channels/${river.bluesky.id}/check`)
  return (await river.as(name)).post<ChannelCheckView>(path)
}
async function states(): Promise<Record<string, string>> {
  return Object.fromEntries((await check()).body.findings.map(({ about, state }) => [about.split(' ')[0]!, state]))
}
async function doctor(given: Record<string, string> = {}): Promise<{ status: number; lines: string }> {
  const lines: string[] = []
  const status = await commands['channel:doctor']!.run(app.app, { group: river.id, ...given }, (line) =>
    lines.push(line),
  )
  return { status, lines: lines.join('\n') }
}

describe('checking a channel', () => {
  it('says of a good one what was looked at, and by the command line the same with exit status 0', async () => {
    findings = [{ about: 'account', state: 'good', said: 'It knows us as river.', nextStep: null }]
    expect(await states()).toEqual({
      credentials: 'good',
      state: 'good',
      reaching: 'good',
      account: 'good',
      clock: 'good',
      limits: 'warning',
    })
    const { status, lines } = await doctor()
    expect(status).toBe(0)
    expect(lines).toContain('river: river.test (Bluesky, river.test)')
    expect(lines).toContain('account: It knows us as river.')
    expect(lines).toContain('2 channels looked at, none with something bad.')
    expect(lines).not.toContain('secret-token')
  })

  it('tells a wrong clock, a network that is not there, and what the network itself finds, each with what to do', async () => {
    behind = 600
    expect(await states()).toMatchObject({ clock: 'bad' })
    behind = 0
    findings = [{ about: 'permission', state: 'bad', said: 'It may not post.', nextStep: 'Connect it again.' }]
    const { status, lines } = await doctor({ channel: 'river.test' })
    expect(status).toBe(1)
    expect(lines).toMatch(/BAD {3}permission: It may not post\.\n\s+Connect it again\./)
    expect(lines).toContain('1 channel looked at, 1 with something bad.')
    const good = url
    url = 'http://127.0.0.1:1/secret-token/getMe'
    const { body } = await check()
    url = good
    expect(body.findings).toContainEqual({
      about: 'reaching 127.0.0.1:1',
      state: 'bad',
      said: '127.0.0.1:1 was not reached: nothing answers there.',
      nextStep: expect.stringContaining('firewall') as string,
    })
    expect(JSON.stringify(body)).not.toContain('secret-token')
  })

  it('tells credentials that were sealed with another secret, and a channel that waits to be connected again', async () => {
    const [row] = await app.query<{ sealed: string }>(
      'select sealed_credentials as sealed from channels where id = $1',
      [river.bluesky.id],
    )
    await app.query(`update channels set sealed_credentials = 'a.b.c.d', state = 'to_reconnect' where id = $1`, [
      river.bluesky.id,
    ])
    expect(await states()).toEqual({ credentials: 'bad', state: 'bad' })
    await app.query('update channels set sealed_credentials = $2 where id = $1', [river.bluesky.id, row?.sealed])
  })

  it('is for admins; and a channel that is not there is a wrong word', async () => {
    expect((await check('Ana')).status).toBe(403)
    await expect(doctor({ channel: 'Lake' })).rejects.toThrow('There is no channel "Lake"')
  })

  it('keeps the limits that the network tells', async () => {
    limits = { textLimit: 5000, pictures: 8, pictureBytes: 1e6, altText: null, pictureTypes: ['image/png'] }
    expect((await check()).body.findings).toContainEqual({
      about: 'limits',
      state: 'good',
      said: expect.stringMatching(/^Posts may have 5000 .*characters.* and 8 pictures\.$/) as string,
      nextStep: null,
    })
    expect(await app.query('select limits from channels where id = $1', [river.bluesky.id])).toEqual([{ limits }])
  })

  it('lets drafts be counted by what was told, and by the rules’ own limits otherwise', async () => {
    await app.query(`update channels set network = 'mastodon' where id = $1`, [river.bluesky.id])
    const draft = await river.write({ text: 'x'.repeat(600) })
    const refused = await river.trySend(draft)
    expect(refused.status).toBe(422)
    expect(JSON.stringify(refused.body)).toContain('500')
    const told = { textLimit: 5000, pictures: 8, pictureBytes: 1e6, altText: null, pictureTypes: ['image/png'] }
    await app.query('update channels set limits = $2 where id = $1', [river.bluesky.id, JSON.stringify(told)])
    const sent = await river.send(draft)
    const page = await river.open(sent, 'Ben')
    expect(page.html).toContain('600 of 5000 characters')
    expect(page.html).not.toContain('too long')
  })
})
