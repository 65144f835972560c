import { secretBytes, signedHeaders } from './signature.js'

describe('the signature of a webhook', () => {
  it('is that of the published example', () => {
    // Source: https://docs.svix.com/receiving/verifying-payloads/how-manual, which Standard Webhooks took over.
    expect(
      signedHeaders(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
      ),
    ).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('takes a secret without the prefix as it is typed', () => {
    expect(secretBytes('whsec_aGVsbG8=').toString()).toBe('hello')
    expect(secretBytes('hello').toString()).toBe('hello')
  })

  it('is another one for another id, moment, body or secret', () => {
    const sign = (secret = 's', id = 'i', at = 1, body = 'b') =>
      signedHeaders(secret, id, at, body)['webhook-signature']
    expect(new Set([sign(), sign('t'), sign('s', 'j'), sign('s', 'i', 2), sign('s', 'i', 1, 'c')]).size).toBe(5)
  })
})
