import { authorWords, saysTheSame, targetLine, targetOf } from './target.js'

const found = {
  remoteId: 'at://did:plc:ana/app.bsky.feed.post/3k',
  root: 'at://did:plc:ana/app.bsky.feed.post/3k',
  url: 'https://bsky.app/profile/did:plc:ana/post/3k',
  author: { handle: 'ana.example', name: 'Ana Lee' },
  text: 'Will the ferry sail?\r\n\r\nWe wait.',
  version: 'bafy1',
}

describe('somebody’s post that is answered', () => {
  it('is kept with its address, its author and its words', () => {
    expect(targetOf(found)).toEqual({
      remoteId: found.remoteId,
      root: found.root,
      address: found.url,
      author: found.author,
      text: 'Will the ferry sail?\n\nWe wait.',
      version: 'bafy1',
    })
  })

  it('can neither turn the direction of what is beside it nor break a line of names', () => {
    const { author, text } = targetOf({
      ...found,
      author: { handle: 'ana\u0000\nx', name: '\u202EeeL\u2066 Ana\r\nBcc: all' },
      text: 'one\u0007\u202Etwo\nthree \uD800',
    })
    expect(author).toEqual({ handle: 'ana x', name: 'eeL Ana Bcc: all' })
    expect(text).toBe('onetwo\nthree \uFFFD')
  })

  it('is cut where it is long, between characters', () => {
    const { text } = targetOf({ ...found, text: '🌊'.repeat(2000) })
    expect([...text]).toHaveLength(1000)
    expect(text.endsWith('🌊…')).toBe(true)
  })

  it('is named by its author and told apart by its words', () => {
    const target = targetOf(found)
    expect(authorWords(target)).toBe('Ana Lee (@ana.example)')
    expect(authorWords({ author: { handle: '@ana', name: '' } })).toBe('@ana')
    expect(targetLine(targetOf({ ...found, text: ' ' }), 'answer')).toBe(
      `answers Ana Lee (@ana.example): It has no words, only a picture, a film or a link. (${found.url})`,
    )
  })

  it('is said to be answered, quoted, or passed on as it is', () => {
    const words = `Ana Lee (@ana.example): Will the ferry sail?\n\nWe wait. (${found.url})`
    expect((['answer', 'quote', 'repost'] as const).map((manner) => targetLine(targetOf(found), manner))).toEqual([
      `answers ${words}`,
      `quotes ${words}`,
      `passes on, without words of our own, ${words}`,
    ])
  })

  it('is another one once its id or what it says is another', () => {
    const target = targetOf(found)
    expect(saysTheSame(target, { ...found, author: { handle: 'new-name', name: '' } })).toBe(true)
    expect(saysTheSame(target, { ...found, version: 'bafy2' })).toBe(false)
    expect(saysTheSame(target, { ...found, remoteId: 'at://other' })).toBe(false)
  })
})
