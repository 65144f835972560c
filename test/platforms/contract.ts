import { randomUUID } from 'node:crypto'

import sharp from 'sharp'

import { sha256 } from '../../src/kernel/ids.js'
import type { Connection, OutgoingPost, Platform, PublishKey, SentPicture } from '../../src/platforms/platform.js'
import type { FaultProxy } from './fault-proxy.js'

/** A post as the public finds it, read from the network itself and never through the adapter. */
export interface PublicPost {
  readonly remoteId: string
  readonly text: string
  readonly alts: readonly string[]
  /** SHA-256 of each picture's bytes, in order. */
  readonly pictures: readonly string[]
}

/** An answer of the network, as its documentation or its real server words it. */
export interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: object
}

/** What stands between an adapter and its network; a network without one (the noticeboard) has none. */
export interface Wire {
  readonly proxy: FaultProxy
  /** Matches the request that makes something public. */
  readonly publishing: RegExp
  /** Matches whatever the network answers to credentials that no longer work. */
  readonly anything: RegExp
  /** The network's words for each refusal. `limited` carries no headers: the suite adds `retry-after`. */
  readonly answers: {
    readonly unauthorized: Answer
    readonly forbidden: Answer
    readonly invalid: Answer
    readonly limited: Answer
    readonly broken: Answer
  }
}

export interface ContractSubject {
  readonly platform: Platform
  readonly connection: Connection
  readonly wire: Wire | null
  /** Everything that is public on the account, in any order. */
  published(): Promise<PublicPost[]>
  stop(): Promise<void>
}

export interface ContractOptions {
  /** False for an adapter without a network between: the faults of a network are left out. */
  readonly wire: boolean
}

const soon = () => AbortSignal.timeout(30_000)

/** A key such as the scheduler makes, different at every call. */
export function newKey(): PublishKey {
  const publicationId = randomUUID()
  return { publicationId, key: `publication ${publicationId}`, createdAt: '2026-11-21T17:30:00.000Z' }
}

export function textPost(text: string): OutgoingPost {
  return { text, link: null, pictures: [], language: 'en' }
}

export async function picture(alt: string, colour: string): Promise<SentPicture> {
  const square = sharp({ create: { width: 40, height: 30, channels: 3, background: colour } })
  const bytes = new Uint8Array(await square.jpeg().toBuffer())
  return { bytes, mime: 'image/jpeg', width: 40, height: 30, sha256: sha256(bytes), alt }
}

/** The promises of the port, kept by every adapter against a real server or the nearest thing to one. */
export function describePlatformContract(
  name: string,
  makeSubject: () => Promise<ContractSubject>,
  options: ContractOptions = { wire: true },
): void {
  describe(`${name} keeps the promises of the port`, () => {
    let subject: ContractSubject
    let text: string

    beforeAll(async () => {
      subject = await makeSubject()
    }, 60_000)
    afterAll(async () => {
      await subject?.stop()
    })
    beforeEach(() => {
      text = `A meeting, ${randomUUID()}`
      subject.wire?.proxy.heal()
    })
    afterEach(() => {
      subject.wire?.proxy.heal()
    })

    const publish = (post: OutgoingPost, key: PublishKey, signal = soon()) =>
      subject.platform.publish(subject.connection, post, key, signal)
    const find = (key: PublishKey) => subject.platform.find(subject.connection, key, soon())
    const inPublic = async (said: string) => (await subject.published()).filter((post) => post.text === said)

    it('makes a post public, says where, and finds it again', async () => {
      const key = newKey()
      const outcome = await publish(textPost(text), key)
      expect(outcome).toMatchObject({ kind: 'published', url: expect.stringMatching(/^https?:\/\//) })
      const [post] = await inPublic(text)
      expect(outcome).toMatchObject({ remoteId: post?.remoteId })
      expect(await find(key)).toMatchObject({ kind: 'found', remoteId: post?.remoteId })
    })

    it('makes one post of the same key sent twice', async () => {
      const key = newKey()
      const first = await publish(textPost(text), key)
      const second = await publish(textPost(text), key)
      expect(first.kind).toBe('published')
      expect(second).toMatchObject({ kind: 'published', remoteId: (first as { remoteId: string }).remoteId })
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('makes one post of five sends at the same moment', async () => {
      const key = newKey()
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => publish(textPost(text), key)))
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(Array(5).fill('published'))
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('makes two posts of the same words under two keys', async () => {
      await publish(textPost(text), newKey())
      await publish(textPost(text), newKey())
      expect(await inPublic(text)).toHaveLength(2)
    })

    it('finds nothing under a key that was never sent', async () => {
      expect(await find(newKey())).toEqual({ kind: 'absent' })
    })

    it('delivers exactly the approved bytes of each picture, with its description, in order', async () => {
      const pictures = [await picture('A red door', '#c00'), await picture('Ünïcode — “quoted” 🚪', '#00c')]
      expect((await publish({ ...textPost(text), pictures }, newKey())).kind).toBe('published')
      const [post] = await inPublic(text)
      expect(post?.alts).toEqual(['A red door', 'Ünïcode — “quoted” 🚪'])
      expect(post?.pictures).toEqual(pictures.map((sent) => sent.sha256))
    })

    it('refuses a picture whose bytes are not the approved ones', async () => {
      const swapped = { ...(await picture('A red door', '#c00')), sha256: sha256('something else') }
      expect(await publish({ ...textPost(text), pictures: [swapped] }, newKey())).toMatchObject({ kind: 'rejected' })
      expect(await inPublic(text)).toEqual([])
    })

    it('takes a text as long as it measures, and no longer', async () => {
      const { limit } = subject.platform.rules.measure('')
      const longest = text.padEnd(limit, 'ß')
      expect(subject.platform.rules.measure(longest).used).toBe(limit)
      expect(await publish(textPost(longest), newKey())).toMatchObject({ kind: 'published' })
      expect(await publish(textPost(`${longest}ß`), newKey())).toMatchObject({ kind: 'rejected', field: 'text' })
      expect((await subject.published()).filter((post) => post.text.startsWith(text))).toHaveLength(1)
    })

    it('sends nothing once the deadline has passed', async () => {
      const key = newKey()
      expect((await publish(textPost(text), key, AbortSignal.abort())).kind).toBe('retry')
      expect(await find(key)).toEqual({ kind: 'absent' })
    })

    it('deletes a post, and a second time is fine', async () => {
      const key = newKey()
      const outcome = await publish(textPost(text), key)
      const { remoteId } = outcome as { remoteId: string }
      expect(await subject.platform.retract(subject.connection, remoteId, soon())).toEqual({ kind: 'retracted' })
      expect(await inPublic(text)).toEqual([])
      expect(await subject.platform.retract(subject.connection, remoteId, soon())).toEqual({ kind: 'retracted' })
      expect((await find(key)).kind).toBe('absent')
    })

    it('gives null, never zero, for a counter that the network does not have', async () => {
      const outcome = await publish(textPost(text), newKey())
      const { remoteId } = outcome as { remoteId: string }
      const readings = await subject.platform.counters(subject.connection, [remoteId], soon())
      const missing = (['reactions', 'replies', 'reposts', 'clicks', 'impressions'] as const).filter(
        (metric) => !subject.platform.rules.capabilities.metrics.includes(metric),
      )
      expect(missing.length).toBeGreaterThan(0)
      for (const reading of readings.values()) {
        for (const metric of missing) expect(reading[metric]).toBeNull()
      }
    })

    if (!options.wire) return

    const wire = (): Wire => {
      if (!subject.wire) throw new Error(`${name} has no wire to plant faults in`)
      return subject.wire
    }
    const answer = (path: RegExp, given: Answer) => wire().proxy.plant({ kind: 'answer', path, ...given })

    it('says "retry" when the network cannot be reached, since nothing was sent', async () => {
      const key = newKey()
      await wire().proxy.close()
      const outcome = await publish(textPost(text), key)
      await wire().proxy.open()
      expect(outcome.kind).toBe('retry')
      expect((await publish(textPost(text), key)).kind).toBe('published')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('makes one post when the answer was lost: in doubt, then found, then sent again', async () => {
      const key = newKey()
      wire().proxy.plant({ kind: 'lose-answer', path: wire().publishing, times: 1 })
      expect((await publish(textPost(text), key)).kind).toBe('unknown')
      expect((await find(key)).kind).toBe('found')
      expect((await publish(textPost(text), key)).kind).toBe('published')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('is in doubt when the connection closes without an answer, and finds that nothing was posted', async () => {
      const key = newKey()
      wire().proxy.plant({ kind: 'close', path: wire().publishing, times: 1 })
      expect((await publish(textPost(text), key)).kind).toBe('unknown')
      expect((await find(key)).kind).toBe('absent')
      expect((await publish(textPost(text), key)).kind).toBe('published')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('is in doubt when the deadline passes in the middle of the answer', async () => {
      const key = newKey()
      const deadline = new AbortController()
      wire().proxy.plant({ kind: 'slow-body', path: wire().publishing, times: 1, stalled: () => deadline.abort() })
      expect((await publish(textPost(text), key, deadline.signal)).kind).toBe('unknown')
      expect((await find(key)).kind).toBe('found')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('is in doubt when the network breaks down while publishing', async () => {
      const key = newKey()
      answer(wire().publishing, wire().answers.broken)
      expect((await publish(textPost(text), key)).kind).toBe('unknown')
      wire().proxy.heal()
      expect((await find(key)).kind).toBe('absent')
    })

    it('cannot tell while the network is broken', async () => {
      answer(wire().anything, wire().answers.broken)
      expect((await find(newKey())).kind).toBe('cannot-tell')
    })

    it('says "unauthorized" when the credentials no longer work', async () => {
      answer(wire().anything, wire().answers.unauthorized)
      const outcome = await publish(textPost(text), newKey())
      expect(outcome).toMatchObject({ kind: 'unauthorized', cause: expect.stringMatching(/\w/) })
    })

    it('says "blocked" when the network forbids the account to post', async () => {
      answer(wire().publishing, wire().answers.forbidden)
      expect(await publish(textPost(text), newKey())).toMatchObject({
        kind: 'blocked',
        cause: expect.stringMatching(/\w/),
      })
    })

    it('says "rejected" with the network’s reason when the content is refused', async () => {
      answer(wire().publishing, wire().answers.invalid)
      expect(await publish(textPost(text), newKey())).toMatchObject({
        kind: 'rejected',
        cause: expect.stringMatching(/\w/),
      })
      expect(await inPublic(text)).toEqual([])
    })

    it('says "limited" until the moment that Retry-After names', async () => {
      const { limited } = wire().answers
      answer(wire().publishing, { ...limited, headers: { ...limited.headers, 'retry-after': '120' } })
      const before = Date.now()
      const outcome = await publish(textPost(text), newKey())
      expect(outcome.kind).toBe('limited')
      const pause = Date.parse((outcome as { until: string }).until) - before
      expect(pause).toBeGreaterThanOrEqual(119_000)
      expect(pause).toBeLessThan(150_000)
    })

    it('asks to try a deletion again when its answer was lost', async () => {
      const outcome = await publish(textPost(text), newKey())
      const { remoteId } = outcome as { remoteId: string }
      wire().proxy.plant({ kind: 'lose-answer', path: wire().anything, times: 1 })
      expect((await subject.platform.retract(subject.connection, remoteId, soon())).kind).toBe('retry')
      expect((await subject.platform.retract(subject.connection, remoteId, soon())).kind).toBe('retracted')
      expect(await inPublic(text)).toEqual([])
    })

    it('leaves out counters that cannot be read', async () => {
      answer(wire().anything, wire().answers.broken)
      expect((await subject.platform.counters(subject.connection, ['x'], soon())).size).toBe(0)
    })
  })
}
