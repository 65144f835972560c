import { ChannelsService } from '../../src/channels/channels.service.js'
import { ResealingService } from '../../src/channels/resealing.service.js'
import { Sealing } from '../../src/kernel/sealing.js'
import { startApp, type TestApp } from '../support/app.js'

const before = 'the secret of before, long enough to be taken'
const now = 'the secret of now, which is long enough as well'

let app: TestApp

beforeAll(async () => {
  app = await startApp({ ticking: false, settings: { SECRET: now, SECRET_PREVIOUS: before } })
})
afterAll(() => app?.close())

async function channelSealedWith(secret: string): Promise<{ groupId: string; id: string }> {
  const { group } = await app.makeGroup({ name: `Sealed with ${secret.slice(14, 20)}` }, [])
  const [channel] = await app.app.get(ChannelsService).list(group.id)
  const sealed = new Sealing(secret).seal('{"appPassword":"abcd-efgh"}', 'credentials')
  await app.query('update channels set sealed_credentials = $1 where id = $2', [sealed, channel!.id])
  return { groupId: group.id, id: channel!.id }
}

async function sealedCredentials(id: string): Promise<string> {
  const [row] = await app.query<{ sealed: string }>('select sealed_credentials as sealed from channels where id = $1', [
    id,
  ])
  return row!.sealed
}

describe('a start with a new secret and the one before it', () => {
  it('seals every channel’s credentials anew, so that the old secret is needed no more', async () => {
    const { id } = await channelSealedWith(before)
    await app.app.get(ResealingService).onApplicationBootstrap()
    expect(new Sealing(now).open(await sealedCredentials(id), 'credentials')).toBe('{"appPassword":"abcd-efgh"}')
  })

  it('leaves alone what it has sealed itself, and what nobody can open', async () => {
    const current = await channelSealedWith(now)
    const strange = await channelSealedWith('a secret that nobody remembers any more')
    const sealed = await Promise.all([current, strange].map(({ id }) => sealedCredentials(id)))
    await app.app.get(ResealingService).onApplicationBootstrap()
    expect(await Promise.all([current, strange].map(({ id }) => sealedCredentials(id)))).toEqual(sealed)
  })
})
