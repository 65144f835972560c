import fc from 'fast-check'

import { firstWords, htmlOf } from './notice-text.js'

const link = (href: string) => `<a href="${href}" rel="nofollow ugc noopener">${href}</a>`

describe('the text of a notice as a page shows it', () => {
  it('keeps paragraphs and line breaks, and leaves hashtags as words', () => {
    expect(htmlOf('One #vote\r\ntwo\n\n \nThree')).toBe('<p>One #vote<br>\ntwo</p>\n<p>Three</p>')
  })

  it('never takes words as markup', () => {
    expect(htmlOf('<script>alert("x")</script> & co')).toBe(
      '<p>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; co</p>',
    )
  })

  it('links web addresses and leaves the end of the sentence outside', () => {
    expect(htmlOf('See https://example.org/a.')).toBe(`<p>See ${link('https://example.org/a')}.</p>`)
    expect(htmlOf('(see https://example.org/a)')).toBe(`<p>(see ${link('https://example.org/a')})</p>`)
    expect(htmlOf('https://example.org/Ballot_(vote), then')).toBe(
      `<p>${link('https://example.org/Ballot_(vote)')}, then</p>`,
    )
    expect(htmlOf('https://example.org/?a=1&b=2')).toBe(`<p>${link('https://example.org/?a=1&amp;b=2')}</p>`)
  })

  it('links nothing but http and https', () => {
    expect(htmlOf('javascript:alert(1) data:text/html,x https://')).not.toContain('<a')
  })

  it('lets no text out of its element, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`<>"'&=/ \nabhttps://:.()#\u0000`) }), (text) => {
        const allowed = htmlOf(text).replace(/<\/?p>|<br>|<\/a>|<a href="[^"<>]*" rel="nofollow ugc noopener">/g, '')
        expect(allowed).not.toMatch(/[<>"'\u0000]/)
      }),
    )
  })

  it('gives feeds and tabs its first words, cut between words', () => {
    expect(firstWords('Short\n\none', 70)).toBe('Short one')
    expect(firstWords('The quick brown fox jumps, over', 27)).toBe('The quick brown fox jumps…')
  })
})
