import { DateTime } from 'luxon'

import { retractLimit, sentenceOf, takingDownWords } from './publication-words.js'

describe('a repost', () => {
  it('is undone where a post of ours is taken down, and else said to be what a post is', () => {
    const said = (state: 'published' | 'failed' | 'retracting' | 'retracted', isRepost: boolean) =>
      sentenceOf({ state, remoteId: state === 'failed' ? null : '1' }, isRepost)
    expect([said('retracting', false), said('retracted', false)]).toEqual(['Being taken down', 'Taken down'])
    expect([said('retracting', true), said('retracted', true)]).toEqual(['Being undone', 'Undone'])
    for (const state of ['published', 'failed'] as const) expect(said(state, true)).toBe(said(state, false))
    expect(Object.values(takingDownWords(true)).join(' ')).not.toMatch(/taken? .*down/)
  })
})

describe('what taking a post down cannot do', () => {
  const out = DateTime.fromISO('2026-11-23T12:00:00Z')
  const limit = (hours: number | undefined, after: number, retract = true) =>
    retractLimit(
      { name: 'Telegram', retract, ...(hours === undefined ? {} : { retractWithinHours: hours }) },
      out,
      out.plus({ hours: after }),
      'Europe/London',
    )

  it('is nothing where the network always deletes', () => {
    expect(limit(undefined, 1)).toBeNull()
  })

  it('is said with the moment until which the network does it, and when that is over', () => {
    expect(limit(48, 47)).toBe(
      'Telegram deletes it from here until Wednesday 25 November, 12:00 (Europe/London); after that somebody has to do it there.',
    )
    expect(limit(48, 48)).toBe(
      'Telegram deletes from here only what is younger than 48 hours: somebody has to do it there.',
    )
  })

  it('is all of it where the network deletes nothing', () => {
    expect(limit(undefined, 1, false)).toBe('Telegram lets nobody delete posts from here: somebody has to do it there.')
  })
})
