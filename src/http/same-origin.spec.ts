import { forgeryProblem, hostProblem, type RequestOrigin } from './same-origin.js'

const form: RequestOrigin = {
  method: 'POST',
  path: '/review/1',
  origin: 'null',
  fetchSite: 'same-origin',
  marker: undefined,
}
const check = (request: RequestOrigin) => forgeryProblem(request, 'https://queue.example.org', 'queue.example.org')

describe('a request that changes something', () => {
  it('is carried out from our own form, though it names no origin', () => {
    expect(check(form)).toBeNull()
  })

  it('is refused from another site, whatever it says', () => {
    expect(check({ ...form, fetchSite: 'cross-site' })).toContain('another site')
    expect(check({ ...form, origin: 'https://evil.example', fetchSite: undefined })).toContain('another site')
    expect(check({ ...form, path: '/sign-in/confirm', fetchSite: undefined })).toContain('another site')
  })

  it('is carried out from a review page in a browser that tells nothing: its forms carry their own proof', () => {
    expect(check({ ...form, fetchSite: undefined })).toBeNull()
  })

  it('needs a header on the API that no form can send', () => {
    const api = { ...form, path: '/api/sign-out', origin: 'https://queue.example.org' }
    expect(check(api)).toContain('X-Seconder')
    expect(check({ ...api, marker: '1' })).toBeNull()
  })

  it('is any but GET, HEAD and OPTIONS', () => {
    expect(check({ ...form, method: 'HEAD', fetchSite: 'cross-site' })).toBeNull()
  })
})

describe('outside production', () => {
  it.each([
    'localhost:3000',
    'seconder.localhost',
    '127.0.0.1:3000',
    '[::1]:3000',
    '192.168.1.20',
    'queue.example.org',
  ])('a request for %s is taken', (host) => {
    expect(hostProblem(host, 'https://queue.example.org')).toBeNull()
  })

  it.each(['evil.example', 'localhost.evil.example', 'evil.example:3000', '', undefined])(
    'a request for %s is not: its name may have been pointed at this machine by anybody',
    (host) => {
      expect(hostProblem(host, 'https://queue.example.org')).not.toBeNull()
    },
  )
})
