import { platformRules } from './rules.js'
import { networkOfAddress, whyNotAnswered } from './target-rules.js'

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
    expect(whyNotAnswered(platformRules.bluesky, here)).toBeNull()
    expect(whyNotAnswered(platformRules.mastodon, 'https://social.example/@ana/1')).toBeNull()
    expect(whyNotAnswered(platformRules.mastodon, here)).toBe(
      'This is a post on Bluesky, which cannot be answered from Mastodon. Leave it out for Mastodon.',
    )
    expect(whyNotAnswered(platformRules.threads, here)).toBe(
      'Posts on Threads cannot be looked up by their address, so none can be answered from here. Leave it out for Threads.',
    )
    expect(whyNotAnswered(platformRules.telegram, here)).toContain('lets nobody answer')
  })
})
