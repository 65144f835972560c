import { checkParts } from './part-rules.js'
import type { CheckedPost, PlatformRules } from './platform.js'
import { platformRules } from './rules.js'

const plain: CheckedPost = { text: 'Hello', link: null, pictures: [] }
const below = (kind: 'thread' | 'comment', text = 'More'): CheckedPost => ({ ...plain, text, under: { kind } })

/** Bluesky’s own rules, with other capabilities. */
function rules(can: Partial<PlatformRules['capabilities']>): PlatformRules {
  return { ...platformRules.bluesky, capabilities: { ...platformRules.bluesky.capabilities, ...can } }
}

describe('a post with parts below it', () => {
  it('is said once to have a thread that the network has not', () => {
    expect(checkParts(rules({ threads: null }), [plain, below('thread'), below('thread', 'x'.repeat(400))])).toEqual([
      { part: 2, field: 'text', message: 'Bluesky has no threads. Make it one post for Bluesky.' },
    ])
  })

  it('is refused when its thread is longer than the network takes, counted without the comment', () => {
    const can = rules({ threads: { parts: 2 }, firstComment: true })
    expect(checkParts(can, [plain, below('thread'), below('comment')])).not.toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('threads of at most') }),
    )
    expect(checkParts(can, [plain, below('thread'), below('thread'), below('comment')])).toContainEqual({
      part: 3,
      field: 'text',
      message: 'Bluesky takes threads of at most 2 parts; this one has 3.',
    })
  })

  it('is refused below what is passed on without words, and not below a quote', () => {
    const repost = { ...plain, text: '', repostOf: 'at://did:plc:ana/app.bsky.feed.post/3k' }
    const message = expect.stringContaining('below a post that is passed on without words')
    for (const kind of ['thread', 'comment'] as const)
      expect(checkParts(platformRules.bluesky, [repost, below(kind)])).toEqual([{ part: 1, field: 'text', message }])
    expect(checkParts(platformRules.bluesky, [repost])).toEqual([])
    expect(checkParts(platformRules.bluesky, [{ ...repost, text: 'Well said' }, below('thread')])).toEqual([])
  })

  it('is said to have a comment that the network does not take', () => {
    expect(checkParts(rules({ firstComment: false }), [plain, below('comment')])).toEqual([
      { part: 2, field: 'text', message: 'Bluesky takes no first comment from here. Leave it out for Bluesky.' },
    ])
  })

  it('has each part looked at by the network’s own rules, and named', () => {
    const can = platformRules.bluesky
    const long = 'x'.repeat(301)
    const problems = checkParts({ ...can, capabilities: { ...can.capabilities, threads: { parts: 9 } } }, [
      { ...plain, text: long },
      below('thread', long),
    ])
    expect(problems.map(({ part, message }) => [part, message])).toEqual([
      [1, 'Part 1: Bluesky takes 300 characters; this text has 301.'],
      [2, 'Part 2: Bluesky takes 300 characters; this text has 301.'],
    ])
    expect(checkParts(can, [{ ...plain, text: long }])[0]?.message).toBe(
      'Bluesky takes 300 characters; this text has 301.',
    )
  })

  it('is told once of a warning that the network cannot show, although every part carries it', () => {
    const warned = { contentWarning: 'food' }
    const problems = checkParts(rules({ threads: { parts: 9 } }), [
      { ...plain, ...warned },
      { ...below('thread'), ...warned },
    ])
    expect(problems.map((problem) => problem.message)).toEqual([
      'Bluesky has no content warnings. Leave it out for Bluesky.',
    ])
  })
})
