import { DateTime } from 'luxon'

import { mayTell, newsFor, type Comment } from './remark.js'

const now = DateTime.fromISO('2026-11-23T09:30:00Z')

function comment(personId: string, over: Partial<Comment> = {}): Comment {
  const said = { id: personId, memberId: personId, personId, name: personId, at: now, version: 1, told: false }
  return { ...said, kind: 'comment', text: 'Fine.', removed: false, suggestionId: null, ...over }
}

describe('mails about what is said', () => {
  it('leave ten minutes between each other', () => {
    expect(mayTell(null, now)).toBe(true)
    expect(mayTell(now.minus({ minutes: 10 }), now)).toBe(true)
    expect(mayTell(now.minus({ minutes: 9, seconds: 59 }), now)).toBe(false)
  })

  it('tell everybody what others said and they have not heard, but nobody their own words', () => {
    const remarks = [
      comment('ana'),
      comment('ben'),
      comment('cleo', { told: true }),
      comment('dee', { removed: true, text: '' }),
    ]
    expect(newsFor(remarks, { personId: 'ana' }).map((each) => each.personId)).toEqual(['ben'])
    expect(newsFor(remarks, { personId: 'eli' }).map((each) => each.personId)).toEqual(['ana', 'ben'])
  })
})
