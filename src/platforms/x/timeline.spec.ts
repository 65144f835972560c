import { wordsOf, type XPost } from './timeline.js'

const post = (text: string, opened: string): XPost => ({
  id: '20',
  text,
  entities: { urls: [{ url: 'https://t.co/a', expanded_url: opened }] },
})

describe('the words of a post on X', () => {
  it('have the address of somebody else’s picture in them, and not that of its own', () => {
    const elsewhere = 'https://x.com/neighbour/status/19/photo/1'
    expect(wordsOf(post('Look at https://t.co/a', elsewhere))).toBe(`Look at ${elsewhere}`)
    expect(wordsOf(post('Look https://t.co/a', 'https://x.com/group/status/20/photo/1'))).toBe('Look')
  })
})
