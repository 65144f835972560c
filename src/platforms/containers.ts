import type { FindOutcome, PublishKey, PublishOutcome } from './platform.js'

/**
 * Publishing in two steps, as Instagram and Threads do it: a container is made, which nobody sees; when the network has
 * fetched and prepared its pictures, it is published. The container's id is kept before it is published, so that
 * however often a send is repeated, only ever one container of a key is published.
 * Sources: https://developers.facebook.com/docs/instagram-platform/content-publishing and
 * https://developers.facebook.com/docs/threads/troubleshooting
 */

/** What is ready, or can become nothing any more; any other word is no sign that nothing is public. */
const unpublished: readonly ContainerState[] = ['FINISHED', 'EXPIRED', 'ERROR']

/** What the network says of a container. It is gone 24 hours after it was made. */
export type ContainerState = 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'EXPIRED' | 'ERROR'

/** A container as the network shows it; `said` is why it failed. */
export interface Container {
  readonly state: ContainerState
  readonly said: string | null
}

/** A post that is out. */
export interface Listed {
  readonly remoteId: string
  readonly url: string
  readonly at: string
}

/** What differs between the networks. Every step throws what its call throws. */
export interface ContainerSteps {
  readonly name: string
  /** Makes the container of the post, with the containers of its parts; answers its id. */
  make(): Promise<string>
  look(container: string): Promise<Container>
  publish(container: string): Promise<Listed>
  /** The posts of the account that can be this one. */
  listed(): Promise<readonly Listed[]>
  /** What a container means that could not be prepared. */
  failedOutcome(said: string | null): PublishOutcome
  outcomeOf(error: unknown, step: 'prepare' | 'publish'): PublishOutcome
  /** Whether publishing failed since the network does not know the container. */
  isLost(error: unknown): boolean
}

/** Resolves after that time, or as soon as the signal says so. */
export type Patience = (ms: number, signal: AbortSignal) => Promise<void>

/** Waits for real. */
export const patiently: Patience = (ms, signal) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })

/** Seconds between looks at a container, the last one for ever: a text is ready at once, a film takes minutes. */
const INTERVALS = [1, 2, 4, 8, 15, 30]
/** Seconds between looks at the list of posts. */
const LIST_INTERVALS = [2, 5, 10]
/** A container that is still worked on at the deadline is looked at again so soon. */
const LATER_SECONDS = 60

/** Looks until the container is no longer worked on, or the deadline passes. */
export async function untilPrepared(
  look: () => Promise<Container>,
  signal: AbortSignal,
  patience: Patience,
): Promise<Container> {
  for (let looks = 0; ; looks += 1) {
    const seen = await look()
    if (seen.state !== 'IN_PROGRESS' || signal.aborted) return seen
    await patience((INTERVALS[looks] ?? INTERVALS.at(-1)!) * 1000, signal)
    if (signal.aborted) return seen
  }
}

/** Sends once; sent again under the same key, it goes on with the same container. */
export async function publishByContainer(
  steps: ContainerSteps,
  key: PublishKey,
  signal: AbortSignal,
  patience: Patience,
): Promise<PublishOutcome> {
  let step: 'prepare' | 'publish' = 'prepare'
  let container = key.memo
  try {
    if (container !== null) {
      const { state } = await steps.look(container)
      if (state === 'PUBLISHED') return await whereItIs(steps, signal, patience)
      // Neither can become public any more, so another one may.
      if (state === 'EXPIRED' || state === 'ERROR') container = null
    }
    const kept = container !== null
    container ??= await madeAndKept(steps, key)
    const { state, said } = await untilPrepared(() => steps.look(container!), signal, patience)
    if (signal.aborted) {
      const cause = `The time for this post was over before ${steps.name} had prepared it; it goes on from there.`
      return { kind: 'retry', cause, afterSeconds: LATER_SECONDS }
    }
    if (state === 'PUBLISHED') return await whereItIs(steps, signal, patience)
    if (state !== 'FINISHED') return steps.failedOutcome(said)
    step = 'publish'
    try {
      return { kind: 'published', ...(await steps.publish(container)) }
    } catch (error) {
      if (!steps.isLost(error)) throw error
      return await afterLoss(steps, key, container, kept, signal, patience)
    }
  } catch (error) {
    return steps.outcomeOf(error, step)
  }
}

async function madeAndKept(steps: ContainerSteps, key: PublishKey): Promise<string> {
  const made = await steps.make()
  await key.keep(made)
  return made
}

/**
 * The network has just said that the container is ready, and now that there is none. It says so for a while of young
 * ones, for ever of some, and possibly of one that a lost request has published meanwhile.
 */
async function afterLoss(
  steps: ContainerSteps,
  key: PublishKey,
  container: string,
  kept: boolean,
  signal: AbortSignal,
  patience: Patience,
): Promise<PublishOutcome> {
  const { state } = await steps.look(container)
  if (state === 'PUBLISHED') return whereItIs(steps, signal, patience)
  if (kept) {
    // The state of one that a lost request has published may be behind; the list may know better.
    if ((await steps.listed()).length > 0) return whereItIs(steps, signal, patience)
    // Kept from an earlier attempt, it was lost twice: another one takes its place, to be published next time.
    await madeAndKept(steps, key)
  }
  const cause = `${steps.name} has mislaid the prepared post, as it sometimes does; it is tried again.`
  return { kind: 'retry', cause, afterSeconds: LATER_SECONDS }
}

/** It is public, whatever becomes of the look: an answer that means the opposite is never given from here on. */
async function whereItIs(steps: ContainerSteps, signal: AbortSignal, patience: Patience): Promise<PublishOutcome> {
  try {
    const [there, ...more] = await untilListed(steps, signal, patience)
    if (there && more.length === 0) return { kind: 'published', ...there }
    return { kind: 'unknown', cause: notListed(steps.name, there !== undefined) }
  } catch (error) {
    const looked = steps.outcomeOf(error, 'publish')
    const why = looked.kind === 'published' ? '' : looked.cause
    return { kind: 'unknown', cause: `${steps.name} has published the post, and does not say where it is. ${why}` }
  }
}

/** Lists are behind by seconds: a few looks spare a person the question. */
async function untilListed(steps: ContainerSteps, signal: AbortSignal, patience: Patience): Promise<readonly Listed[]> {
  for (const seconds of LIST_INTERVALS) {
    const listed = await steps.listed()
    if (listed.length > 0 || signal.aborted) return listed
    await patience(seconds * 1000, signal)
  }
  return steps.listed()
}

/** Looks what became of the key's container. */
export async function findByContainer(
  steps: ContainerSteps,
  key: PublishKey,
  signal: AbortSignal,
  patience: Patience,
  cannotTell: (error: unknown) => FindOutcome,
): Promise<FindOutcome> {
  // It is kept before it is published.
  if (key.memo === null) return { kind: 'absent' }
  try {
    const { memo } = key
    const { state } = await untilPrepared(() => steps.look(memo), signal, patience)
    if (state === 'IN_PROGRESS') return { kind: 'cannot-tell', cause: `${steps.name} is still working on the post.` }
    if (unpublished.includes(state)) return { kind: 'absent' }
    if (state !== 'PUBLISHED')
      return { kind: 'cannot-tell', cause: `${steps.name} does not say what became of the post.` }
    const [there, ...more] = await untilListed(steps, signal, patience)
    if (there && more.length === 0) return { kind: 'found', ...there }
    return { kind: 'cannot-tell', cause: notListed(steps.name, there !== undefined) }
  } catch (error) {
    return cannotTell(error)
  }
}

function notListed(name: string, several: boolean): string {
  return several
    ? `${name} has published the post, and lists several that say the same.`
    : `${name} says that it has published the post, but does not list it: not yet, or no more.`
}
