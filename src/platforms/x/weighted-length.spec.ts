import { weightedLength } from './weighted-length.js'

describe('the length of a text on X', () => {
  /**
   * From twitter-text's conformance tests (github.com/twitter/twitter-text, conformance/validate.yml, `lengths` and
   * `tweets`); where the table there counts code points (configuration 1), the expectation is that of configuration 3.
   */
  it.each([
    ['', 0],
    ['This is a test.', 15],
    ['http://test.com', 23],
    ['https://test.com', 23],
    ['test.com', 23],
    ['Test https://test.com test https://test.com test.com test', 86],
    ['저찀쯿쿿', 8],
    ['H🐱☺', 5],
    ['𐀀', 2],
    ['の'.repeat(140), 280],
    ['🐱'.repeat(140), 280],
    ['example.com/path/to/resource?search=foo&lang=en', 23],
    ['foo.co.jp', 23],
    ['http://example.com/Русские_слова', 23],
    ['https://www.youtube.com/playlist?list=PL0ZPu8XSRTB7wZzn0mLHMvyzVFeRxbWn-', 23],
    ['http://sports.yahoo.com/nfl/news;_ylt=Aom0;ylu=XyZ?slug=ap-superbowlnotebook', 23],
    ['http://test_underscore.twitter.com', 23],
  ])('of %j is %i, as twitter-text has it', (text, length) => {
    expect(weightedLength(text)).toBe(length)
  })

  /** What twitter-text 3.1.0 itself answers (`parseTweet`), tried once by hand; it is no part of the product. */
  it.each([
    ['“quoted” — …', 13],
    ['€', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['ｆ', 2],
    ['©', 1],
    ['™', 2],
    ['1️⃣', 2],
    ['🇩🇪', 2],
    ['👩‍👩‍👧', 2],
    ['👍🏽', 2],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
    ['\u202aab\u202c', 6],
    ['see example.org.', 28],
    ['(example.org)', 25],
    ['example.org’s', 25],
    ['example.com,foo.de', 47],
    ['日本example.com', 27],
    ['README.md', 23],
    ['Node.js', 7],
    ['report.pdf', 10],
    ['z.B. so', 7],
    ['e.g. this', 9],
    ['user@example.org', 16],
    ['@a.example.org', 14],
    ['#tag.example.org', 16],
    ['-example.org', 12],
    ['http://localhost/x', 18],
    ['ftp://example.org', 17],
    ['http://192.168.0.1/x', 20],
    ['https://en.wikipedia.org/wiki/X_(y)', 23],
    ['https://example.org/a)', 24],
    ['https://example.org/a,', 24],
    ['https://example.org/a_(b', 25],
    ['https://example.org/日本', 27],
    ['https://exämple.de', 23],
    ['HTTPS://EXAMPLE.ORG', 23],
    ['https://a.example.org:8080/x', 23],
  ])('of %j is %i, as twitter-text answers', (text, length) => {
    expect(weightedLength(text)).toBe(length)
  })

  /** Newer emoji than twitter-text 3.1.0 knows (Unicode 15.1); X's own field counts 2. */
  it('counts 2 for an emoji that is newer than twitter-text', () => {
    expect(weightedLength('🐦‍🔥')).toBe(2)
  })

  it('is rather too long than too short where only X’s list of domains could tell', () => {
    expect(weightedLength('Saturday.Bring cake')).toBe(23 + 5)
  })
})
