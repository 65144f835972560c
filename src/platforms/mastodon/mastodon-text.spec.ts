import { plainText, saysTheSame } from './mastodon-text.js'

const link =
  '<a href="https://www.example.org/a/very/long/path/that/is/cut?x=1&amp;y=2" target="_blank" rel="nofollow noopener">' +
  '<span class="invisible">https://www.</span><span class="ellipsis">example.org/a/very/long/path/th</span>' +
  '<span class="invisible">at/is/cut?x=1&amp;y=2</span></a>'

describe('a status and the text that it was made of', () => {
  // Sources: M app/lib/text_formatter.rb of Mastodon, P the formatter of Pleroma, G GoToSocial’s, as they write HTML.
  it.each([
    ['M', 'plain words', '<p>Hello</p>', 'Hello'],
    [
      'M',
      'signs of HTML',
      '<p>Bread &amp; &lt;roses&gt; &quot;now&quot; &#39;x&#39;</p>',
      'Bread & <roses> "now" \'x\'',
    ],
    ['M', 'lines and paragraphs', '<p>One<br />two</p><p>Three</p>', 'One\ntwo\n\nThree'],
    ['M', 'three empty lines, which become one', '<p>One</p><p>Two</p>', 'One\n\n\n\nTwo'],
    [
      'M',
      'a link that is shown shortened',
      `<p>See ${link}</p>`,
      'See https://www.example.org/a/very/long/path/that/is/cut?x=1&y=2',
    ],
    [
      'M',
      'a hashtag',
      '<p>For <a href="https://m.example/tags/Klima" class="mention hashtag" rel="tag">#<span>Klima</span></a>!</p>',
      'For #Klima!',
    ],
    [
      'M',
      'somebody on another server',
      '<p><span class="h-card" translate="no"><a href="https://o.example/@a" class="u-url mention">@<span>a</span></a></span> hi</p>',
      '@a@o.example hi',
    ],
    ['M', 'somebody whom the server does not know', '<p>@a@gone.example hi</p>', '@a@gone.example hi'],
    [
      'M',
      'a quote, before which nobody wrote the line “RE:”',
      '<p class="quote-inline">RE: <a href="https://o.example/@a/1">o.example</a></p><p>Well said</p>',
      'Well said',
    ],
    [
      'P',
      'a hashtag and a name written otherwise',
      '<span class="h-card"><a class="u-url mention" data-user="9" href="https://p.example/a" rel="ugc">@<span>a</span></a></span> <a class="hashtag" data-tag="x" href="https://p.example/tag/x">#x</a>',
      '@a@p.example #x',
    ],
    ['P', 'lines', 'One<br/>two', 'One\ntwo'],
    ['G', 'a paragraph with a line break after it', '<p>One<br>two</p>\n<p>Three</p>', 'One\ntwo\n\nThree'],
    ['M', 'accents that are composed otherwise', '<p>Cafe\u0301</p>', 'Café'],
    ['M', 'white space at both ends', '<p>Hello</p>', '  Hello \n'],
  ])('(%s) are the same with %s', (_source, _case, html, text) => {
    expect(saysTheSame(html, text)).toBe(true)
  })

  it.each([
    ['another word', '<p>Hello there</p>', 'Hello'],
    ['another link', `<p>${link}</p>`, 'https://www.example.org/a/very/long/path/that/is/cut?x=1&y=3'],
    ['another hashtag', '<p>#<span>one</span></p>', '#two'],
    ['another name', '<p>@<span>a</span></p>', '@b@o.example'],
    ['no words', '', 'Hello'],
  ])('are not the same with %s', (_case, html, text) => {
    expect(saysTheSame(html, text)).toBe(false)
  })

  it('keeps what only looks like a sign', () => {
    expect(plainText('<p>&amp;lt;b&amp;gt; &#x1F6AA; &#99999999; &nope;</p>')).toBe('&lt;b&gt; 🚪 &#99999999; &nope;')
  })
})
