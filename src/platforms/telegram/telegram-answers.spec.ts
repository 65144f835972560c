import { DateTime } from 'luxon'

import { connectRefusalOf, type Fault, publishOutcomeOf, retractOutcomeOf } from './telegram-answers.js'

const now = DateTime.fromISO('2026-11-21T12:00:00Z', { zone: 'utc' })

function answered(status: number, description: string, more: object = {}): Fault {
  const body = { ok: false, error_code: status, description, ...more }
  return { status, sent: true, headers: new Headers(), body, message: `The server answered ${status}`, detail: 'raw' }
}
const silent = (sent: boolean): Fault => ({
  ...answered(0, ''),
  status: null,
  sent,
  message: 'api.telegram.org gave no whole answer.',
})

describe('what an answer of Telegram means', () => {
  // The descriptions are those of the Bot API server, https://github.com/tdlib/telegram-bot-api
  it.each([
    ['no answer', silent(true), 'unknown'],
    ['no connection', silent(false), 'retry'],
    ['a break-down', answered(502, 'Bad Gateway'), 'unknown'],
    ['a revoked token', answered(401, 'Unauthorized'), 'unauthorized'],
    ['a token that never was', answered(404, 'Not Found'), 'unauthorized'],
    ['a bot that was put out', answered(403, 'Forbidden: bot was kicked from the channel chat'), 'unauthorized'],
    ['a bot without rights', answered(400, 'Bad Request: not enough rights to send text messages'), 'unauthorized'],
    [
      'a bot that is no administrator',
      answered(400, 'Bad Request: need administrator rights in the channel chat'),
      'unauthorized',
    ],
    ['a channel that is gone', answered(400, 'Bad Request: chat not found'), 'unauthorized'],
    ['a channel that was closed', answered(400, 'Bad Request: CHAT_RESTRICTED'), 'blocked'],
    ['too long a text', answered(400, 'Bad Request: message is too long'), 'rejected'],
    ['a picture of odd sides', answered(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS'), 'rejected'],
    ['too large a file', answered(413, 'Request Entity Too Large'), 'rejected'],
    ['something new', answered(400, 'Bad Request: EVERYTHING_IS_NEW'), 'rejected'],
  ])('%s', (_what, fault, kind) => {
    expect(publishOutcomeOf(fault, now)).toMatchObject({ kind, cause: expect.stringMatching(/\.$/) })
  })

  it('names the field that a refusal is about, and keeps the raw answer', () => {
    expect(publishOutcomeOf(answered(400, 'Bad Request: message is too long'), now)).toEqual({
      kind: 'rejected',
      cause: 'Telegram refused the post: message is too long.',
      field: 'text',
      detail: 'raw',
    })
    expect(publishOutcomeOf(answered(400, 'Bad Request: IMAGE_PROCESS_FAILED'), now)).toMatchObject({
      field: 'pictures',
    })
  })

  it('pauses as long as Telegram says', () => {
    const limited = answered(429, 'Too Many Requests: retry after 37', { parameters: { retry_after: 37 } })
    expect(publishOutcomeOf(limited, now)).toMatchObject({ kind: 'limited', until: '2026-11-21T12:00:37.000Z' })
    expect(retractOutcomeOf(limited, now)).toMatchObject({ kind: 'retry', afterSeconds: 37 })
    expect(publishOutcomeOf(answered(429, 'Too Many Requests'), now)).toMatchObject({
      until: '2026-11-21T12:01:00.000Z',
    })
  })

  it.each([
    ['is gone already', answered(400, 'Bad Request: message to delete not found'), 'retracted'],
    ['is too old', answered(400, "Bad Request: message can't be deleted"), 'by-hand'],
    ['could not be asked about', silent(true), 'retry'],
    ['was asked about with a dead token', answered(401, 'Unauthorized'), 'unauthorized'],
  ])('of a post to delete that %s', (_what, fault, kind) => {
    expect(retractOutcomeOf(fault, now).kind).toBe(kind)
  })

  it('tells whoever connects which field to look at', () => {
    expect(connectRefusalOf(answered(401, 'Unauthorized'), 'bot')).toMatchObject({ field: 'token' })
    expect(connectRefusalOf(answered(400, 'Bad Request: chat not found'), 'channel')).toMatchObject({
      field: 'channel',
    })
    expect(connectRefusalOf(silent(false), 'bot')).toMatchObject({ field: 'server' })
  })
})
