import { challengeOf, maySendTo, stateFor, whyNotAgreed, withKept } from './consent.js'

describe('the way to a network', () => {
  it.each([
    ['https://network.example/authorize?x=1', true],
    ['http://mastodon.internal:3000/authorize', true],
    ['http://network.example/authorize', false],
    ['https://user:word@network.example/', false],
    ['javascript:alert(1)', false],
    ['data:text/html,hello', false],
    ['//network.example', false],
    ['', false],
  ])('may lead to %s: %s', (address, may) => {
    expect(maySendTo(address, ['mastodon.internal', ''])).toBe(may)
  })

  it('has the challenge of RFC 7636, appendix B', () => {
    expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('names the group in the state, so that the page of the way back knows whom to ask', () => {
    expect(stateFor('01935', 'secret').split('.')).toEqual(['01935', 'secret'])
  })
})

describe('what came back', () => {
  it('is fine with a code', () => {
    expect(whyNotAgreed({ code: 'x' }, 'X')).toBeNull()
  })

  it.each(['access_denied', 'user_cancelled_login', 'user_cancelled_authorize', 'user_denied'])(
    'is somebody’s own no: %s',
    (error) => {
      expect(whyNotAgreed({ error, code: 'x' }, 'LinkedIn')).toContain('You did not agree at LinkedIn')
    },
  )

  it('is the network’s no, in its own words, of which nothing can be a tag or endless', () => {
    const errorDescription = `The scope <b>w_member</b> is unknown.\n${'x'.repeat(500)}`
    const said = whyNotAgreed({ error: 'invalid_scope<', errorDescription }, 'LinkedIn')
    expect(said).toContain('(invalid_scope: The scope bw_member/b is unknown.xxx')
    expect(said?.length).toBeLessThan(500)
  })

  it('is nothing at all', () => {
    expect(whyNotAgreed({}, 'X')).toContain('without a code')
  })
})

describe('what was typed before', () => {
  const fields = [
    { name: 'server', secret: false },
    { name: 'secret', secret: true },
  ]
  const kept = { server: 'https://one.example', secret: 's3', accessToken: 'a' }

  it('stays where a field is left empty, and nothing else comes along', () => {
    expect(withKept(fields, { server: ' ' }, kept)).toEqual({ server: 'https://one.example', secret: 's3' })
    expect(withKept(fields, { secret: 'new' }, kept)).toEqual({ server: 'https://one.example', secret: 'new' })
  })

  it('does not go to a place that it was not typed for', () => {
    expect(withKept(fields, { server: 'https://two.example', secret: '' }, kept)).toEqual({
      server: 'https://two.example',
      secret: '',
    })
  })
})
