import { blueskyRules } from '../../src/platforms/bluesky/bluesky-rules.js'
import type {
  ConnectOutcome,
  Connection,
  Counters,
  FindOutcome,
  FoundPost,
  LookUpOutcome,
  OutgoingPost,
  Place,
  Platform,
  PublishKey,
  PublishOutcome,
  RetractOutcome,
} from '../../src/platforms/platform.js'

/** A send as it reached the network. */
export interface Sent {
  readonly account: string
  readonly text: string
  readonly key: string
  readonly createdAt: string
  readonly pictures: readonly { readonly sha256: string; readonly alt: string }[]
  readonly under?: Place
  readonly repostOf?: string
}

/** What the network does with one send. */
export type Turn =
  | Exclude<PublishOutcome, { kind: 'published' }>
  /** It became public, and the answer never arrived. */
  | 'answer lost'
  /** It never arrived, and nobody can tell that from here. */
  | 'request lost'
  /** Our own adapter breaks before it sends anything. */
  | 'breaks'
  | 'works'

/**
 * A network under the name of Bluesky, with Bluesky's rules, that does as it is told and remembers what became public.
 * It never drops a repeated key by itself: a second send of anything is seen as a second public post.
 */
export class FakeNetwork implements Platform {
  readonly rules = blueskyRules
  readonly connectSteps = ['Make an app password.']
  readonly connectFields = [{ name: 'handle', label: 'Handle', help: '', secret: false }]
  /** What became public, in order. */
  readonly public: Sent[] = []
  /** Every send that was tried, public or not. */
  readonly tried: Sent[] = []
  readonly lookedUp: string[] = []
  readonly retracted: string[] = []
  /** What `find` says instead of looking into its memory. */
  findSays: FindOutcome | null = null
  /** What `retract` says instead of doing it. */
  retractSays: RetractOutcome | null = null
  /** Awaited while a send is under way, so that a test can do something in the middle of it. */
  duringSend: (() => Promise<unknown>) | null = null
  /** What it keeps with each part before it sends it. */
  memo: string | null = null
  /** The memos that sends and looks came with. */
  readonly memos: (string | null)[] = []
  /** What others wrote, by address. */
  readonly theirs = new Map<string, FoundPost>()
  /** The addresses that were looked for. */
  readonly addresses: string[] = []
  /** What `lookUp` says instead of looking into `theirs`. */
  lookUpSays: LookUpOutcome | null = null
  private readonly turns: Turn[] = []
  private readonly retractsOnce = new Map<string, RetractOutcome>()

  /** What happens to the next sends, one after the other; after that they succeed. */
  next(...turns: Turn[]): void {
    this.turns.push(...turns)
  }

  /** As on the first day; what is public stays. */
  calm(): void {
    this.turns.length = 0
    this.findSays = this.retractSays = this.duringSend = this.memo = this.lookUpSays = null
    this.theirs.clear()
    this.addresses.length = 0
  }

  publicTexts(text: string): Sent[] {
    return this.public.filter((sent) => sent.text === text)
  }

  connect(_group: unknown, answers: Record<string, string>): Promise<ConnectOutcome> {
    const handle = answers['handle'] ?? ''
    const remoteAccountId = `did:plc:${handle}`
    return Promise.resolve({
      kind: 'connected',
      remoteAccountId,
      handle,
      url: `https://bsky.test/${handle}`,
      credentials: { password: 'of the network' },
    })
  }

  async publish(connection: Connection, post: OutgoingPost, key: PublishKey): Promise<PublishOutcome> {
    const sent: Sent = {
      account: connection.remoteAccountId,
      text: post.text,
      key: key.key,
      createdAt: key.createdAt,
      pictures: post.pictures.map(({ sha256, alt }) => ({ sha256, alt })),
      ...(post.under ? { under: post.under } : {}),
      ...(post.repostOf === undefined ? {} : { repostOf: post.repostOf }),
    }
    this.tried.push(sent)
    const turn = this.turns.shift()
    await this.duringSend?.()
    this.memos.push(key.memo)
    if (this.memo !== null) await key.keep(this.memo)
    if (turn === 'breaks') throw new Error('The adapter broke')
    if (turn === 'request lost') return { kind: 'unknown', cause: 'No answer came.' }
    if (turn !== undefined && turn !== 'answer lost' && turn !== 'works') return turn
    this.public.push(sent)
    if (turn === 'answer lost') return { kind: 'unknown', cause: 'No answer came.' }
    return {
      kind: 'published',
      remoteId: remoteIdOf(sent),
      url: `https://bsky.test/post/${sent.key}`,
      at: key.createdAt,
    }
  }

  find(_connection: Connection, _post: OutgoingPost, key: PublishKey): Promise<FindOutcome> {
    this.lookedUp.push(key.key)
    this.memos.push(key.memo)
    if (this.findSays) return Promise.resolve(this.findSays)
    const sent = this.public.find((each) => each.key === key.key)
    if (!sent) return Promise.resolve({ kind: 'absent' })
    return Promise.resolve({
      kind: 'found',
      remoteId: remoteIdOf(sent),
      url: `https://bsky.test/post/${sent.key}`,
      at: sent.createdAt,
    })
  }

  /** What `retract` says to the next request for this post, once. */
  retractOnce(remoteId: string, says: RetractOutcome): void {
    this.retractsOnce.set(remoteId, says)
  }

  retract(_connection: Connection, remoteId: string): Promise<RetractOutcome> {
    const once = this.retractsOnce.get(remoteId)
    this.retractsOnce.delete(remoteId)
    if (once) return Promise.resolve(once)
    if (this.retractSays) return Promise.resolve(this.retractSays)
    this.retracted.push(remoteId)
    return Promise.resolve({ kind: 'retracted' })
  }

  lookUp(_connection: Connection, address: string): Promise<LookUpOutcome> {
    this.addresses.push(address)
    const post = this.theirs.get(address)
    const nothing = { kind: 'refused', cause: 'The network has no such post.' } as const
    return Promise.resolve(this.lookUpSays ?? (post ? { kind: 'found', post } : nothing))
  }

  counters(): Promise<Map<string, Counters>> {
    return Promise.resolve(new Map())
  }
}

function remoteIdOf(sent: Sent): string {
  return `at://${sent.account}/${sent.key}`
}
