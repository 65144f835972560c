import type { Connection, OutgoingPost, PublishKey, PublishOutcome } from '../../../src/platforms/platform.js'
import { FakeNetwork, type Turn } from '../../support/fake-network.js'

/** What became public, with all that the public sees. */
export interface Made {
  readonly publicationId: string
  readonly groupId: string
  readonly account: string
  readonly text: string
  readonly link: string | null
  readonly language: string
  readonly pictures: readonly { readonly sha256: string; readonly alt: string }[]
  /** Milliseconds of the clock that everybody goes by. */
  readonly at: number
}

/** The fake network, with a better memory. */
export class RememberingNetwork extends FakeNetwork {
  readonly made: Made[] = []

  constructor(private readonly nowMs: () => number) {
    super()
  }

  override async publish(connection: Connection, post: OutgoingPost, key: PublishKey): Promise<PublishOutcome> {
    const before = this.public.length
    const outcome = await super.publish(connection, post, key)
    // somebody else's send may have ended in between
    if (this.public.slice(before).some((sent) => sent.key === key.key)) {
      const { text, link, language } = post
      this.made.push({
        publicationId: key.publicationId,
        groupId: connection.groupId,
        account: connection.remoteAccountId,
        text,
        link,
        language,
        pictures: post.pictures.map(({ sha256, alt }) => ({ sha256, alt })),
        at: this.nowMs(),
      })
    }
    return outcome
  }

  /** Whether it is there, for somebody who looks with their own eyes. */
  shows(publicationId: string): boolean {
    return this.made.some((each) => each.publicationId === publicationId)
  }

  /** A new sequence: earlier ones are forgotten, which keeps looking things up short. */
  startOver(): void {
    this.calm()
    for (const memory of [this.public, this.tried, this.lookedUp, this.retracted, this.made]) memory.length = 0
  }
}

/** What can go wrong with a send; most go well. */
export const faults: readonly { readonly weight: number; readonly turn: Turn | null }[] = [
  { weight: 60, turn: null },
  { weight: 8, turn: 'answer lost' },
  { weight: 8, turn: 'request lost' },
  { weight: 4, turn: 'breaks' },
  { weight: 4, turn: { kind: 'rejected', cause: 'The network refused it.', field: null } },
  { weight: 3, turn: { kind: 'unauthorized', cause: 'The network no longer takes the password.' } },
  { weight: 4, turn: { kind: 'retry', cause: 'The network is busy.', afterSeconds: null } },
]
