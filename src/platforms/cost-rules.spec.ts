import { costOf } from './cost-rules.js'
import type { CheckedPost } from './platform.js'
import { platformRules } from './rules.js'

const post = (changes: Partial<CheckedPost> = {}): CheckedPost => ({
  text: 'Hello',
  link: null,
  pictures: [],
  ...changes,
})
const picture = { alt: 'A hall', mime: 'image/jpeg', size: 400_000 }
const onX = (...parts: CheckedPost[]) => costOf(platformRules.x, parts)

// https://docs.x.com/x-api/getting-started/pricing, prices since 20 April 2026
describe('what a post costs', () => {
  const dear = ' A post with a link costs $0.20, one without $0.015.'

  it.each([
    ['words alone', [post()], 'X charges about $0.015 for this.'],
    ['a link card', [post({ link: 'https://example.org' })], `X charges about $0.20 for this.${dear}`],
    ['a link in the words', [post({ text: 'See https://example.org/a' })], `X charges about $0.20 for this.${dear}`],
    [
      'a bare address, of which X makes a link',
      [post({ text: 'See example.org' })],
      `X charges about $0.20 for this.${dear}`,
    ],
    [
      'descriptions of pictures',
      [post({ pictures: [picture, { ...picture, alt: '' }, picture] })],
      'X charges about $0.025 for this.',
    ],
    [
      'a thread',
      [post(), post(), post({ link: 'https://example.org' })],
      `X charges about $0.23 for this, in 3 posts.${dear}`,
    ],
    [
      'a repost, which is looked at twice',
      [post({ text: '', repostOf: '12' })],
      'X charges about $0.045 for this. Two looks at the post, for the review and again before it is passed on, are $0.03 of that.',
    ],
  ])('is told for %s', (_what, parts, said) => {
    expect(onX(...parts)).toBe(said)
  })

  it('is nothing on networks that charge nothing, and told wherever a network says that it charges', () => {
    for (const rules of Object.values(platformRules))
      expect([rules.network, costOf(rules, [post()]) !== null]).toEqual([
        rules.network,
        rules.capabilities.cost !== undefined,
      ])
  })
})
