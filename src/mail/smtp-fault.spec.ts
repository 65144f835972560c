import { judge } from './smtp-fault.js'

describe('a fault on the way to the mail server', () => {
  it('is final when the server refuses the recipient, and names nobody', () => {
    const fault = judge({
      code: 'EENVELOPE',
      command: 'RCPT TO',
      responseCode: 550,
      response: '550 5.1.1 <ben@example.org> no such user',
    })
    expect(fault).toEqual({
      permanent: true,
      cause: 'The mail server refused this mail: “550 5.1.1 the address no such user”',
    })
  })

  it('passes when the server says so', () => {
    expect(judge({ code: 'EMESSAGE', command: 'DATA', responseCode: 451, response: '451 busy' })).toEqual({
      permanent: false,
      cause: 'The mail server asked to try again later: “451 busy”',
    })
  })

  it('is no fault of the mail when the server turns everyone away or does not know our password', () => {
    expect(judge({ code: 'EPROTOCOL', command: 'CONN', responseCode: 554, response: '554 go away' }).permanent).toBe(
      false,
    )
    expect(judge({ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 no' })).toEqual({
      permanent: false,
      cause: 'The mail server did not accept the user and password.',
    })
  })

  it.each(['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EABORT', 'EDNS', 'ETLS', 'something new'])(
    'passes when nothing was answered: %s',
    (code) => {
      const fault = judge({ code, command: 'CONN' })
      expect(fault.permanent).toBe(false)
      expect(fault.cause).toMatch(/mail server/)
    },
  )

  it('is final when the mail is larger than the server takes', () => {
    expect(judge({ code: 'EMESSAGE', command: 'MAIL FROM' }).permanent).toBe(true)
  })
})
