import { type Container, type ContainerSteps, findByContainer, type Listed, publishByContainer } from './containers.js'
import type { PublishKey } from './platform.js'

const there: Listed = { remoteId: '7', url: 'https://example.org/7', at: '2026-11-24T17:22:00.000Z' }
const atOnce = () => Promise.resolve()
const signal = new AbortController().signal

/** A key under which the container `1` was made by an earlier attempt. */
function keptKey(): PublishKey & { readonly kept: string[] } {
  const kept = ['1']
  return {
    publicationId: 'p',
    key: 'k',
    createdAt: '2026-11-24T17:22:00.000Z',
    kept,
    get memo() {
      return kept.at(-1) ?? null
    },
    keep: (memo) => {
      kept.push(memo)
      return Promise.resolve()
    },
    others: () => Promise.resolve([]),
  }
}

/** A network that says of each container what it is told to. */
function network(state: string, changes: Partial<ContainerSteps> = {}): ContainerSteps {
  return {
    name: 'Loom',
    make: () => Promise.resolve('2'),
    look: () => Promise.resolve({ state, said: null } as Container),
    publish: () => Promise.resolve(there),
    listed: () => Promise.resolve([there]),
    failedOutcome: () => ({ kind: 'retry', cause: 'It failed.', afterSeconds: null }),
    outcomeOf: (_error, step) =>
      step === 'publish'
        ? { kind: 'unknown', cause: 'No answer.' }
        : { kind: 'retry', cause: 'No answer.', afterSeconds: null },
    isLost: () => false,
    ...changes,
  }
}

const broken = () => Promise.reject(new Error('broken'))

describe('a container', () => {
  it('that was published is never called safe to send again, though its place cannot be asked for', async () => {
    const outcome = await publishByContainer(network('PUBLISHED', { listed: broken }), keptKey(), signal, atOnce)
    expect(outcome).toEqual({
      kind: 'unknown',
      cause: 'Loom has published the post, and does not say where it is. No answer.',
    })
  })

  it('that is mislaid while its post is listed gets no other in its place', async () => {
    const key = keptKey()
    const steps = network('FINISHED', { publish: broken, isLost: () => true })
    expect(await publishByContainer(steps, key, signal, atOnce)).toEqual({ kind: 'published', ...there })
    expect(key.kept).toEqual(['1'])
  })

  it('that is mislaid twice and listed nowhere gets another one', async () => {
    const key = keptKey()
    const steps = network('FINISHED', { publish: broken, isLost: () => true, listed: () => Promise.resolve([]) })
    expect((await publishByContainer(steps, key, signal, atOnce)).kind).toBe('retry')
    expect(key.kept).toEqual(['1', '2'])
  })

  it.each(['REVIEWING', undefined])('in a state that nobody knows (%s) is no sign of an absent post', async (state) => {
    const look = await findByContainer(network(state!), keptKey(), signal, atOnce, () => ({
      kind: 'cannot-tell',
      cause: '',
    }))
    expect(look).toEqual({ kind: 'cannot-tell', cause: 'Loom does not say what became of the post.' })
  })
})
