import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

import sharp from 'sharp'

import { sha256 } from '../../src/kernel/ids.js'
import type {
  Connection,
  Grant,
  OutgoingPost,
  Platform,
  PublishKey,
  SentPicture,
  Visibility,
} from '../../src/platforms/platform.js'
import type { FaultProxy } from './fault-proxy.js'

/** A post as the public finds it, read from the network itself and never through the adapter. */
export interface PublicPost {
  readonly remoteId: string
  readonly text: string
  readonly alts: readonly string[]
  /** SHA-256 of each picture's bytes, in order. */
  readonly pictures: readonly string[]
  /** The remote id of the post that it hangs below. */
  readonly under?: string
  readonly contentWarning?: string
  /** `public` when missing. */
  readonly visibility?: Visibility
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
  /** Matches the request that makes something public, as `METHOD path`. */
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
  /** A post that the network takes: text alone, unless told (Instagram takes none without a picture). */
  readonly post?: (text: string) => Promise<OutgoingPost>
  /** Where the network's servers can fetch this picture, for networks that fetch. */
  readonly publicUrl?: (picture: SentPicture) => string
  /** Everything that is public on the account, in any order. */
  published(): Promise<PublicPost[]>
  stop(): Promise<void>
}

/** Where networks differ; everything stands for the best there is unless told. */
export interface ContractOptions {
  /** False for an adapter without a network between: the faults of a network are left out. */
  readonly wire?: boolean
  /**
   * What becomes of a send that is repeated with its key though the first succeeded. `one`: the same post, and
   * published; `refused`: the network refuses a duplicate, so the adapter is in doubt, and finds it; `two`: only the
   * protocol stands between.
   */
  readonly repeated?: 'one' | 'refused' | 'two'
  /** Whether the same words may be posted twice on purpose. */
  readonly sameWords?: boolean
  /** False where five sends at one moment can make several posts: the protocol never sends so. */
  readonly atOnce?: boolean
  /** False for a network that cannot be asked for a post: the adapter must say so. */
  readonly finds?: boolean
  /**
   * What a look says of a post that was deleted. `cannot-tell` where the network only remembers that it published one:
   * it may be deleted, or not be listed yet.
   */
  readonly afterDeletion?: 'absent' | 'cannot-tell'
  /** False where the server of the tests has no counters. */
  readonly counts?: boolean
  readonly altText?: boolean
  /** False where a person deletes by hand. */
  readonly retracts?: boolean
  /** Why, in a sentence: a footnote of the table that `npm run contracts` prints. */
  readonly because?: string
}

const soon = () => AbortSignal.timeout(30_000)

/** A key such as the scheduler makes, different at every call. */
export function newKey(changes: Partial<PublishKey> = {}): PublishKey {
  const publicationId = randomUUID()
  let kept: string | null = null
  return {
    publicationId,
    key: `publication ${publicationId}`,
    createdAt: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString(),
    get memo() {
      return kept
    },
    // Of several that began without a memo one is first; the others have lost their attempt.
    keep: (memo) => {
      if (kept !== null) return Promise.reject(new Error('Another attempt has kept something'))
      kept = memo
      return Promise.resolve()
    },
    others: () => Promise.resolve([]),
    ...changes,
  }
}

/** A connection whose renewals are kept in memory, one at a time. */
export function testConnection(
  account: Pick<Connection, 'remoteAccountId' | 'handle' | 'credentials'> & Partial<Connection>,
): Connection & { readonly stored: () => Grant } {
  let grant: Grant = { credentials: account.credentials }
  let queue: Promise<unknown> = Promise.resolve()
  return {
    groupId: 'group',
    channelId: account.remoteAccountId,
    ...account,
    renew: (used, trade) => {
      const renewed = queue.then(async () => {
        if (!isDeepStrictEqual(used, grant.credentials)) return grant.credentials
        grant = await trade(grant.credentials)
        return grant.credentials
      })
      queue = renewed.catch(() => undefined)
      return renewed
    },
    stored: () => grant,
  }
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
  options: ContractOptions = {},
): void {
  const {
    wire: wired = true,
    repeated = 'one',
    sameWords = true,
    atOnce = true,
    finds = true,
    afterDeletion = 'absent',
    counts = true,
    altText = true,
    retracts = true,
  } = options
  const file = process.env.CONTRACT_OPTIONS_FILE
  if (file) appendFileSync(file, `${JSON.stringify({ name, ...options })}\n`)
  describe(`${name} keeps the promises of the port`, () => {
    let subject: ContractSubject
    let text: string

    beforeAll(async () => {
      subject = await makeSubject()
    }, 120_000)
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
    const find = (post: OutgoingPost, key: PublishKey) => subject.platform.find(subject.connection, post, key, soon())
    const aPost = (said: string) => subject.post?.(said) ?? Promise.resolve(textPost(said))
    const aPicture = async (alt: string, colour: string): Promise<SentPicture> => {
      const made = await picture(alt, colour)
      return subject.publicUrl ? { ...made, publicUrl: subject.publicUrl(made) } : made
    }
    const unknowable = { kind: 'cannot-tell', cause: expect.stringMatching(/\w/) }
    const inPublic = async (said: string) => (await subject.published()).filter((post) => post.text === said)

    it('makes a post public, says where, and finds it again', async () => {
      const key = newKey()
      const post = await aPost(text)
      const outcome = await publish(post, key)
      expect(outcome).toMatchObject({ kind: 'published', url: expect.stringMatching(/^https?:\/\//) })
      const [found] = await inPublic(text)
      expect(outcome).toMatchObject({ remoteId: found?.remoteId })
      expect(await find(post, key)).toMatchObject(finds ? { kind: 'found', remoteId: found?.remoteId } : unknowable)
    })

    if (repeated === 'one') {
      it('makes one post of the same key sent twice', async () => {
        const key = newKey()
        const post = await aPost(text)
        const first = await publish(post, key)
        const second = await publish(post, key)
        expect(first.kind).toBe('published')
        expect(second).toMatchObject({ kind: 'published', remoteId: (first as { remoteId: string }).remoteId })
        expect(await inPublic(text)).toHaveLength(1)
      })
    }

    if (repeated === 'refused') {
      it('is in doubt when the same key is sent twice, and finds the first', async () => {
        const key = newKey()
        const post = await aPost(text)
        const first = await publish(post, key)
        expect(first.kind).toBe('published')
        expect((await publish(post, key)).kind).toBe('unknown')
        expect(await find(post, key)).toMatchObject({
          kind: 'found',
          remoteId: (first as { remoteId: string }).remoteId,
        })
        expect(await inPublic(text)).toHaveLength(1)
      })
    }

    if (atOnce) {
      it('makes one post of five sends at the same moment', async () => {
        const key = newKey()
        const post = await aPost(text)
        const outcomes = await Promise.all(Array.from({ length: 5 }, () => publish(post, key)))
        const kinds = outcomes.map((outcome) => outcome.kind)
        expect(kinds).toContain('published')
        expect(kinds.filter((kind) => !['published', 'unknown', 'retry'].includes(kind))).toEqual([])
        expect(await inPublic(text)).toHaveLength(1)
      })
    }

    if (sameWords) {
      it('makes two posts of the same words under two keys', async () => {
        const post = await aPost(text)
        await publish(post, newKey())
        await publish(post, newKey())
        expect(await inPublic(text)).toHaveLength(2)
      })
    }

    it('finds nothing under a key that was never sent, or says that it cannot tell', async () => {
      expect(await find(await aPost(text), newKey())).toEqual(finds ? { kind: 'absent' } : unknowable)
    })

    it('delivers exactly the approved bytes of each picture, with its description, in order', async () => {
      const pictures = [await aPicture('A red door', '#c00'), await aPicture('Ünïcode — “quoted” 🚪', '#00c')]
      expect(await publish({ ...textPost(text), pictures }, newKey())).toMatchObject({ kind: 'published' })
      const [post] = await inPublic(text)
      if (altText) expect(post?.alts).toEqual(['A red door', 'Ünïcode — “quoted” 🚪'])
      expect(post?.pictures).toEqual(pictures.map((sent) => sent.sha256))
    })

    it('refuses a picture whose bytes are not the approved ones', async () => {
      const swapped = { ...(await aPicture('A red door', '#c00')), sha256: sha256('something else') }
      expect(await publish({ ...textPost(text), pictures: [swapped] }, newKey())).toMatchObject({ kind: 'rejected' })
      expect(await inPublic(text)).toEqual([])
    })

    it('takes a text as long as it measures, and no longer', async () => {
      const { limits } = subject.connection
      const { limit } = subject.platform.rules.measure('', limits)
      const longest = text.padEnd(limit, 'ß')
      expect(subject.platform.rules.measure(longest, limits).used).toBe(limit)
      expect(await publish(await aPost(longest), newKey())).toMatchObject({ kind: 'published' })
      expect(await publish(await aPost(`${longest}ß`), newKey())).toMatchObject({ kind: 'rejected', field: 'text' })
      expect((await subject.published()).filter((post) => post.text.startsWith(text))).toHaveLength(1)
    })

    it('sends nothing once the deadline has passed', async () => {
      const key = newKey()
      const post = await aPost(text)
      expect((await publish(post, key, AbortSignal.abort())).kind).toBe('retry')
      expect(await find(post, key)).toMatchObject(finds ? { kind: 'absent' } : unknowable)
      expect(await inPublic(text)).toEqual([])
    })

    it(retracts ? 'deletes a post, and a second time is fine' : 'says that a person has to delete a post', async () => {
      const key = newKey()
      const post = await aPost(text)
      const outcome = await publish(post, key)
      const { remoteId } = outcome as { remoteId: string }
      const retract = () => subject.platform.retract(subject.connection, remoteId, soon())
      if (retracts) {
        expect(await retract()).toEqual({ kind: 'retracted' })
        expect(await inPublic(text)).toEqual([])
        expect(await retract()).toEqual({ kind: 'retracted' })
        expect((await find(post, key)).kind).toBe(finds ? afterDeletion : 'cannot-tell')
      } else {
        expect(await retract()).toEqual({ kind: 'by-hand', cause: expect.stringMatching(/\w/) })
      }
    })

    it('gives null, never zero, for a counter that the network does not have', async () => {
      const outcome = await publish(await aPost(text), newKey())
      const { remoteId } = outcome as { remoteId: string }
      const readings = await subject.platform.counters(subject.connection, [remoteId], soon())
      const all = ['reactions', 'replies', 'reposts', 'clicks', 'impressions'] as const
      const { metrics } = subject.platform.rules.capabilities
      if (metrics.length > 0 && counts) expect(readings.get(remoteId)).toBeDefined()
      for (const reading of readings.values()) {
        for (const metric of all) {
          if (metrics.includes(metric)) expect(reading[metric]).toEqual(expect.any(Number))
          else expect(reading[metric]).toBeNull()
        }
      }
    })

    it('finds a post by its address with what it says, or has no way to', async () => {
      const { platform, connection } = subject
      expect(platform.lookUp !== undefined).toBe(platform.rules.capabilities.lookUp)
      if (!platform.lookUp) return
      const { remoteId, url } = (await publish(await aPost('What others may answer'), newKey())) as {
        remoteId: string
        url: string
      }
      const found = await platform.lookUp(connection, url, soon())
      expect(found).toMatchObject({ kind: 'found', post: { remoteId, text: 'What others may answer' } })
      expect(await platform.lookUp(connection, url, soon())).toEqual(found)
    })

    it('hangs the next part of a thread below the one before, or says that it cannot', async () => {
      await hangs('thread', subject.platform.rules.capabilities.threads !== null)
    })

    it('puts a first comment below a post, or says that it cannot', async () => {
      await hangs('comment', subject.platform.rules.capabilities.firstComment)
    })

    async function hangs(kind: 'thread' | 'comment', possible: boolean): Promise<void> {
      const first = await publish(await aPost(text), newKey())
      const { remoteId } = first as { remoteId: string }
      const said = `${text}, below`
      const key = newKey()
      const below: OutgoingPost = { ...textPost(said), under: { kind, root: remoteId, parent: remoteId } }
      const outcome = await publish(below, key)
      if (!possible) {
        expect(outcome).toMatchObject({ kind: 'rejected', cause: expect.stringMatching(/\w/) })
        return
      }
      expect(outcome).toMatchObject({ kind: 'published', url: expect.stringMatching(/^https?:\/\//) })
      const found = await inPublic(said)
      expect(found).toHaveLength(1)
      expect(found[0]).toMatchObject({ under: remoteId, remoteId: (outcome as { remoteId: string }).remoteId })
      expect((await find(below, key)).kind).toBe(finds ? 'found' : 'cannot-tell')
    }

    it('hides a post behind its content warning, or says that it cannot', async () => {
      const outcome = await publish({ ...(await aPost(text)), contentWarning: 'Politics' }, newKey())
      if (subject.platform.rules.capabilities.contentWarning) {
        expect(outcome.kind).toBe('published')
        expect((await inPublic(text))[0]).toMatchObject({ contentWarning: 'Politics' })
      } else expect(outcome).toMatchObject({ kind: 'rejected', field: 'contentWarning' })
    })

    it('shows a post to whom it is meant for, or says that it cannot', async () => {
      const { visibilities } = subject.platform.rules.capabilities
      for (const visibility of ['unlisted', 'followers'] as const) {
        const said = `${text} ${visibility}`
        const outcome = await publish({ ...(await aPost(said)), visibility }, newKey())
        if (visibilities.includes(visibility)) {
          expect(outcome.kind).toBe('published')
          expect((await inPublic(said))[0]).toMatchObject({ visibility })
        } else expect(outcome).toMatchObject({ kind: 'rejected', field: 'visibility' })
      }
    })

    if (!wired) return

    const wire = (): Wire => {
      if (!subject.wire) throw new Error(`${name} has no wire to plant faults in`)
      return subject.wire
    }
    const answer = (path: RegExp, given: Answer) => wire().proxy.plant({ kind: 'answer', path, ...given })

    it('says "retry" when the network cannot be reached, since nothing was sent', async () => {
      const key = newKey()
      await wire().proxy.close()
      const outcome = await publish(await aPost(text), key)
      await wire().proxy.open()
      expect(outcome.kind).toBe('retry')
      expect((await publish(await aPost(text), key)).kind).toBe('published')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('makes one post when the answer was lost: in doubt, then found, then sent again', async () => {
      const key = newKey()
      wire().proxy.plant({ kind: 'lose-answer', path: wire().publishing, times: 1 })
      expect((await publish(await aPost(text), key)).kind).toBe('unknown')
      expect((await find(await aPost(text), key)).kind).toBe(finds ? 'found' : 'cannot-tell')
      if (repeated === 'one') expect((await publish(await aPost(text), key)).kind).toBe('published')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('is in doubt when the connection closes without an answer, and finds that nothing was posted', async () => {
      const key = newKey()
      wire().proxy.plant({ kind: 'close', path: wire().publishing, times: 1 })
      expect((await publish(await aPost(text), key)).kind).toBe('unknown')
      expect((await find(await aPost(text), key)).kind).toBe(finds ? 'absent' : 'cannot-tell')
      expect((await publish(await aPost(text), key)).kind).toBe('published')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('is in doubt when the deadline passes in the middle of the answer', async () => {
      const key = newKey()
      const deadline = new AbortController()
      wire().proxy.plant({ kind: 'slow-body', path: wire().publishing, times: 1, stalled: () => deadline.abort() })
      expect((await publish(await aPost(text), key, deadline.signal)).kind).toBe('unknown')
      expect((await find(await aPost(text), key)).kind).toBe(finds ? 'found' : 'cannot-tell')
      expect(await inPublic(text)).toHaveLength(1)
    })

    it('is in doubt when the network breaks down while publishing', async () => {
      const key = newKey()
      answer(wire().publishing, wire().answers.broken)
      expect((await publish(await aPost(text), key)).kind).toBe('unknown')
      wire().proxy.heal()
      expect((await find(await aPost(text), key)).kind).toBe(finds ? 'absent' : 'cannot-tell')
    })

    it('cannot tell while the network is broken', async () => {
      const key = newKey()
      const post = await aPost(text)
      await publish(post, key)
      answer(wire().anything, wire().answers.broken)
      expect((await find(post, key)).kind).toBe('cannot-tell')
    })

    it('says "unauthorized" when the credentials no longer work', async () => {
      answer(wire().anything, wire().answers.unauthorized)
      const outcome = await publish(await aPost(text), newKey())
      expect(outcome).toMatchObject({ kind: 'unauthorized', cause: expect.stringMatching(/\w/) })
    })

    it('says "blocked" when the network forbids the account to post', async () => {
      answer(wire().publishing, wire().answers.forbidden)
      expect(await publish(await aPost(text), newKey())).toMatchObject({
        kind: 'blocked',
        cause: expect.stringMatching(/\w/),
      })
    })

    it('says "rejected" with the network’s reason when the content is refused', async () => {
      answer(wire().publishing, wire().answers.invalid)
      expect(await publish(await aPost(text), newKey())).toMatchObject({
        kind: 'rejected',
        cause: expect.stringMatching(/\w/),
      })
      expect(await inPublic(text)).toEqual([])
    })

    it('says "limited" until the moment that Retry-After names', async () => {
      const { limited } = wire().answers
      answer(wire().publishing, { ...limited, headers: { ...limited.headers, 'retry-after': '120' } })
      const before = Date.now()
      const outcome = await publish(await aPost(text), newKey())
      expect(outcome.kind).toBe('limited')
      const pause = Date.parse((outcome as { until: string }).until) - before
      expect(pause).toBeGreaterThanOrEqual(119_000)
      expect(pause).toBeLessThan(150_000)
    })

    if (retracts) {
      it('asks to try a deletion again when its answer was lost', async () => {
        const outcome = await publish(await aPost(text), newKey())
        const { remoteId } = outcome as { remoteId: string }
        wire().proxy.plant({ kind: 'lose-answer', path: wire().anything, times: 1 })
        expect((await subject.platform.retract(subject.connection, remoteId, soon())).kind).toBe('retry')
        expect((await subject.platform.retract(subject.connection, remoteId, soon())).kind).toBe('retracted')
        expect(await inPublic(text)).toEqual([])
      })
    }

    it('leaves out counters that cannot be read', async () => {
      answer(wire().anything, wire().answers.broken)
      expect((await subject.platform.counters(subject.connection, ['x'], soon())).size).toBe(0)
    })
  })
}
