import { lengthOf } from './mastodon-length.js'

const b30 = 'b'.repeat(30)

describe('a text’s length on Mastodon', () => {
  // Sources: S spec/validators/status_length_validator_spec.rb, T config/initializers/twitter_regex.rb,
  // M spec/models/account_spec.rb (MENTION_RE), D https://docs.joinmastodon.org/user/posting/#text
  it.each([
    ['S', 'a link counts 23', `${'a'.repeat(476)} http://${b30}.com/example`, 500],
    ['S', 'of a name on another server the host is not counted', `${'a'.repeat(475)} @alice@${b30}.com`, 482],
    ['S', 'a link that a letter runs into is none', `aa http://b.com`.replace(' ', ''), 14],
    ['S', 'a link of 4,096 characters is none', `http://example.com/${'x'.repeat(4096)}`, 4115],
    ['S', 'an emoji of several code points counts once', '🏳️‍⚧️👩‍👩‍👧✨', 3],
    ['D', 'a short link counts 23, too', 'http://a.eu', 23],
    ['D', 'a name on the same server counts as it is', '@alice', 6],
    ['T', 'a link without a protocol is text', 'example.com', 11],
    ['T', 'the full stop after a link is text', 'https://example.org/a.', 24],
    ['T', 'brackets around a link are text', '(https://example.org/a)', 25],
    ['T', 'balanced brackets belong to a link', 'https://example.org/a_(b)', 23],
    ['T', 'a query belongs to a link, its last question mark does not', 'https://example.org/a?b=1&c=é?', 24],
    ['T', 'a port belongs to a link', 'https://example.org:8443/', 23],
    ['T', 'a fragment belongs to a link', 'https://example.org/#part-2', 23],
    ['T', 'an accented host is a link', 'https://café.example/ü', 23],
    ['T', 'a host without a top-level domain is text', 'http://localhost/a', 18],
    ['T', 'a name within a link is no name', 'https://example.org/@alice@example.org', 23],
    ['T', 'another protocol is text', 'ftp://example.org', 17],
    ['M', 'an e-mail address is no name', 'alice@example.org', 17],
    ['M', 'a name behind a slash is none', 'a/@alice@example.org', 20],
    ['M', 'a name may hold dots and hyphens within', '@a.l-i.ce@example.org!', 10],
    ['M', 'a full stop after the host is text', '@alice@example.org.', 7],
    ['M', 'two names', '@a@b.example @c@d.example', 5],
  ])('(%s) %s', (_source, _case, text, expected) => {
    expect(lengthOf(text, 23)).toBe(expected)
  })

  it('counts a link as the server says, and the warning as it is written', () => {
    expect(lengthOf('See https://a.eu', 256)).toBe(260)
    expect(lengthOf('abc', 23, 'https://example.org/long')).toBe(27)
  })

  it('takes no time over texts made to be slow', () => {
    const begun = performance.now()
    for (const part of ['https://a.eu/((((', 'https://a.eu/....', '@a.a-a.', 'https://a-a-a-', 'https://a.a.a.'])
      lengthOf(part.repeat(1000), 23)
    expect(performance.now() - begun).toBeLessThan(20_000)
  })
})
