import { platformRules } from './rules.js'
import { canTarget, isWordless, mannerOf, networkOfAddress, whyNotTarget } from './target-rules.js'

describe('the address of a post', () => {
  it.each([
    ['https://bsky.app/profile/ana.example/post/3k2a', 'bluesky'],
    ['at://did:plc:abc/app.bsky.feed.post/3k2a', 'bluesky'],
    ['https://x.com/ana/status/12', 'x'],
    ['https://mobile.twitter.com/ana/status/12', 'x'],
    ['https://www.threads.net/@ana/post/Cx', 'threads'],
    ['https://www.facebook.com/ana/posts/12', 'facebook'],
    ['https://www.instagram.com/p/Cx/', 'instagram'],
    ['https://www.linkedin.com/feed/update/urn:li:share:1', 'linkedin'],
    ['https://t.me/ana/12', 'telegram'],
    ['https://mastodon.example/@ana/12', null],
    ['https://netflix.com/ana/12', null],
    ['https://x.com.example.org/ana/status/12', null],
    ['no address', null],
  ])('%s is one of %s', (address, network) => {
    expect(networkOfAddress(address)).toBe(network)
  })

  it('is said to be of no use where nobody can be answered, or not by address, or on another network', () => {
    const here = 'https://bsky.app/profile/ana.example/post/3k2a'
    const whyNot = (network: 'bluesky' | 'mastodon' | 'threads' | 'telegram' | 'x', address = here) =>
      whyNotTarget(platformRules[network], address, 'answer')
    expect(whyNot('bluesky')).toBeNull()
    expect(whyNot('mastodon', 'https://social.example/@ana/1')).toBeNull()
    expect(whyNot('mastodon')).toBe(
      'This is a post on Bluesky, which cannot be answered from Mastodon. Leave it out for Mastodon.',
    )
    expect(whyNot('threads')).toBe(
      'Posts on Threads cannot be looked up by their address, so none can be answered from here. Leave it out for Threads.',
    )
    expect(whyNot('telegram')).toContain('lets nobody answer')
    expect(whyNot('x', 'https://x.com/ana/status/12')).toBe(
      'X lets ordinary apps answer only people who mentioned or quoted the account, so none can be answered from here. Leave it out for X.',
    )
  })

  it.each([
    ['bluesky', 'https://bsky.app/profile/ana.example/post/3k2a', null],
    ['mastodon', 'https://social.example/@ana/1', null],
    ['bluesky', 'https://x.com/ana/status/12', 'This is a post on X, which cannot be passed on from Bluesky.'],
    ['x', 'https://x.com/ana/status/12', null],
    [
      'linkedin',
      'https://www.linkedin.com/feed/update/urn:li:share:1',
      'Posts on LinkedIn cannot be looked up by their address, so none can be passed on from here.',
    ],
    ['threads', 'https://www.threads.net/@ana/post/Cx', 'Threads lets nobody pass other people’s posts on from here.'],
    ['telegram', 'https://t.me/ana/12', 'Telegram lets nobody pass other people’s posts on from here.'],
    ['webhook', 'https://social.example/@ana/1', 'Webhook lets nobody pass other people’s posts on from here.'],
  ] as const)('is for passing on from %s: %s, %s', (network, address, said) => {
    const { name } = platformRules[network].capabilities
    expect(whyNotTarget(platformRules[network], address, 'repost')).toBe(said && `${said} Leave it out for ${name}.`)
  })
})

describe('what a network lets an editor do with somebody’s post', () => {
  it.each([
    ['bluesky', ['answer', 'quote', 'repost']],
    ['mastodon', ['answer', 'quote', 'repost']],
    ['x', ['repost']],
    ['linkedin', []],
    ['noticeboard', []],
  ] as const)('is on %s: %s', (network, manners) => {
    const can = platformRules[network].capabilities
    expect((['answer', 'quote', 'repost'] as const).filter((manner) => canTarget(can, manner))).toEqual(manners)
  })
})

describe('what becomes of somebody’s post', () => {
  const none = { text: ' \n', link: null, pictures: [] }

  it.each([
    ['nothing of our own', none, 'repost'],
    ['words', { ...none, text: 'Well said' }, 'quote'],
    ['a link', { ...none, link: 'https://example.org' }, 'quote'],
    ['a picture', { ...none, pictures: [1] }, 'quote'],
    ['a film', { ...none, video: {} }, 'quote'],
  ] as const)('with %s is told apart', (_what, own, manner) => {
    expect(mannerOf('repost', own)).toBe(manner)
    expect(mannerOf('answer', own)).toBe('answer')
    expect(isWordless(own)).toBe(manner === 'repost')
  })
})
