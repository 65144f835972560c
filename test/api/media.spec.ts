import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import sharp from 'sharp'

import { MediaAddresses } from '../../src/drafts/media-addresses.service.js'
import { MediaService } from '../../src/drafts/media.service.js'
import { sha256 } from '../../src/kernel/ids.js'
import type { Media } from '../../src/workspace/post-views.dto.js'
import { startApp, type TestApp } from '../support/app.js'

const film = readFileSync(join(import.meta.dirname, '../support/films/meeting.mp4'))

let app: TestApp
let groupId: string

beforeAll(async () => {
  app = await startApp({ ticking: false })
  app.config.publicOrigin = 'https://seconder.test'
  const { group } = await app.makeGroup({ name: 'River' }, [{ name: 'Ana', roles: ['editor'] }])
  groupId = group.id
}, 120_000)
afterAll(() => app?.close())

async function upload(bytes: Uint8Array): Promise<{ status: number; body: Media }> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), 'file')
  const ana = await app.signedIn('ana@example.org')
  return ana.ask<Media>('POST', `/api/groups/${groupId}/media`, form)
}

const kept = async (id: string) => (await app.app.get(MediaService).list(groupId, [id]))[0]

describe('a picture that not every network takes', () => {
  it('is kept as JPEG too', async () => {
    const png = await sharp({ create: { width: 60, height: 40, channels: 4, background: '#0000ff80' } })
      .png()
      .toBuffer()
    const { body } = await upload(png)
    const media = await kept(body.id)
    expect(media).toMatchObject({ mime: 'image/png', asJpeg: { mime: 'image/jpeg' } })
    const jpeg = await app.app.get(MediaService).bytesByHash(groupId, media!.asJpeg!.sha256)
    expect(await sharp(jpeg!.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 60, height: 40 })
  })

  it('is not kept twice when it is a JPEG, nor stilled when it moves', async () => {
    const still = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer()
    expect((await kept((await upload(still)).body.id))?.asJpeg).toBeNull()
    const frames = await sharp(
      await Promise.all(
        ['red', 'blue'].map((background) =>
          sharp({ create: { width: 8, height: 8, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      ),
      { join: { animated: true } },
    )
      .gif()
      .toBuffer()
    expect(await kept((await upload(frames)).body.id)).toMatchObject({ mime: 'image/gif', asJpeg: null })
  })
})

describe('a film', () => {
  it('is kept as it is, without what tells where it was taken, and sent in ranges', async () => {
    const { status, body } = await upload(film)
    expect(status).toBe(201)
    expect(body).toMatchObject({ mime: 'video/mp4', width: 64, height: 48, seconds: expect.closeTo(2, 0) })
    const ana = await app.signedIn('ana@example.org')
    const part = await fetch(`${app.origin}${body.url}`, {
      headers: { cookie: ana.cookieHeader, range: 'bytes=4-7' },
    })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 4-7/${film.length}`)
    expect(await part.text()).toBe('ftyp')
    const beyond = await fetch(`${app.origin}${body.url}`, {
      headers: { cookie: ana.cookieHeader, range: `bytes=${film.length}-` },
    })
    expect(beyond.status).toBe(416)
    const whole = Buffer.from(
      await (await fetch(`${app.origin}${body.url}`, { headers: { cookie: ana.cookieHeader } })).arrayBuffer(),
    )
    expect(whole).toHaveLength(film.length)
    for (const told of ['At home', '+51.5']) expect(whole.includes(told)).toBe(false)
  })

  it('that no network could take is refused in a sentence', async () => {
    const { status, body } = await upload(readFileSync(join(import.meta.dirname, '../support/films/quicktime.mov')))
    expect(status).toBe(422)
    expect(body).toMatchObject({ detail: expect.stringMatching(/QuickTime/) })
  })
})

describe('the address from which a network fetches', () => {
  const address = (hash: string) => app.app.get(MediaAddresses).addressOf(groupId, hash, 'video/mp4')!
  const get = (url: string) => fetch(url.replace('https://seconder.test', app.origin))

  it('gives exactly the bytes, to somebody without a session', async () => {
    const { body } = await upload(film)
    const { sha256: hash } = (await kept(body.id))!
    const url = address(hash)
    expect(url).toMatch(/^https:\/\/seconder\.test\/media\/[\w.-]+\.mp4$/)
    const answer = await get(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('video/mp4')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(hash)
  })

  it('is nothing once its hour is over, when it is changed, or for a picture of another group', async () => {
    const { body } = await upload(film)
    const { sha256: hash } = (await kept(body.id))!
    const url = address(hash)
    const at = url.lastIndexOf('.') - 3
    const changed = `${url.slice(0, at)}${url[at] === 'A' ? 'B' : 'A'}${url.slice(at + 1)}`
    expect((await get(changed)).status).toBe(404)
    const { group: other } = await app.makeGroup({ name: 'Lake' }, [])
    const elsewhere = app.app.get(MediaAddresses).addressOf(other.id, hash, 'video/mp4')!
    expect((await get(elsewhere)).status).toBe(404)
    expect((await get(url)).status).toBe(200)
    await app.letPass({ minutes: 61 })
    expect((await get(url)).status).toBe(404)
  })
})
