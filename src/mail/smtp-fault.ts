/** What a mail program's error says; the fields are those of nodemailer's errors. */
export interface SmtpError {
  readonly code?: string
  /** The SMTP command that was answered, such as `RCPT TO`; `CONN` for the greeting. */
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

/** Why a mail did not go: whether another try makes sense, and the cause in words without any address. */
export interface SmtpFault {
  readonly permanent: boolean
  readonly cause: string
}

/** Only these commands are about the mail; a 5xx to any other is about the server or its settings, which can be mended. */
const aboutTheMail = /^(MAIL FROM|RCPT TO|DATA)/

const unreachable: Record<string, string> = {
  EDNS: 'The mail server’s name was not found.',
  ETIMEDOUT: 'The mail server did not answer in time.',
  EABORT: 'The mail server did not answer in time.',
  ETLS: 'No safe connection to the mail server could be made.',
  EAUTH: 'The mail server did not accept the user and password.',
  ENOAUTH: 'The mail server wants a user and password.',
}

/** Judges an error by the reply classes of RFC 5321, section 4.2.1. */
export function judge(error: SmtpError): SmtpFault {
  const { code = '', command = '', responseCode = 0 } = error
  const answer = quoted(error.response)
  if (responseCode >= 500 && aboutTheMail.test(command)) {
    return { permanent: true, cause: `The mail server refused this mail${answer}` }
  }
  if (responseCode >= 400 && aboutTheMail.test(command)) {
    return { permanent: false, cause: `The mail server asked to try again later${answer}` }
  }
  if (code === 'EMESSAGE' || code === 'EENVELOPE') {
    return { permanent: true, cause: 'The mail server would not take a mail of this size, or to such an address.' }
  }
  if (responseCode >= 400 && code !== 'EAUTH') {
    return { permanent: false, cause: `The mail server refused the connection${answer}` }
  }
  return { permanent: false, cause: unreachable[code] ?? 'The mail server could not be reached.' }
}

/** The server's own words, as far as they name nobody. */
function quoted(response: string | undefined): string {
  if (!response) return '.'
  const words = response
    .replace(/<?[^\s<>]+@[^\s<>]+>?/g, 'the address')
    .replace(/\s+/g, ' ')
    .slice(0, 200)
  return `: “${words}”`
}
