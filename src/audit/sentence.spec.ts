import { type AuditKind, kinds } from './kinds.js'
import { kindsAbout, readEvent, sentenceOf, topicOf } from './sentence.js'

const nobody = () => null
const people = (id: string) => ({ '1': 'Ana', '2': 'Ben' })[id] ?? null

describe('an entry of the log in words', () => {
  it('names people by their names of today, and what has none by what it is', () => {
    expect(sentenceOf({ kind: 'post-held', member: '1' }, people)).toBe('Ana put the post on hold.')
    expect(sentenceOf({ kind: 'post-held', member: '3' }, people)).toBe('3 put the post on hold.')
    expect(sentenceOf({ kind: 'post-held' }, people)).toBe('Somebody put the post on hold.')
  })

  it('says lists, and values in words', () => {
    expect(sentenceOf({ kind: 'member-added', memberId: '2', roles: ['editor', 'reviewer'] }, people)).toBe(
      'Ben was added as editor, reviewer.',
    )
    expect(sentenceOf({ kind: 'verdict-given', member: '2', verdict: 'changes' }, people)).toBe(
      'Ben answered the review: asked for changes.',
    )
    expect(sentenceOf({ kind: 'unconfirmed-answered', member: '1', there: false }, people)).toBe(
      'Ana looked whether it is there: no.',
    )
  })

  it('leaves out what the entry does not have', () => {
    expect(sentenceOf({ kind: 'log-verified', upTo: 7, member: null }, people)).toBe(
      'The log was checked up to entry 7: nothing was altered.',
    )
    expect(sentenceOf({ kind: 'log-verified', upTo: 7, member: '1' }, people)).toBe(
      'The log was checked up to entry 7, by Ana: nothing was altered.',
    )
    expect(sentenceOf({ kind: 'log-exported', upTo: 7, member: null }, people)).toBe(
      'Whoever runs the server exported the log up to entry 7.',
    )
  })

  it('has a whole sentence for every kind, whatever an entry lacks', () => {
    for (const kind of Object.keys(kinds)) {
      const sentence = sentenceOf({ kind }, nobody)
      expect(sentence).toMatch(/^\p{L}.*[.”]$/u)
      expect(sentence).not.toMatch(/[[\]{}|]|undefined|null/)
    }
  })

  it('says of an unknown kind that it is unknown', () => {
    expect(sentenceOf({ kind: 'forged' }, nobody)).toContain('“forged”')
    expect(sentenceOf({ kind: 'toString' }, nobody)).toContain('“toString”')
    expect(topicOf('forged')).toBeNull()
  })

  it('belongs to one topic', () => {
    for (const kind of Object.keys(kinds) as AuditKind[]) expect(kindsAbout(topicOf(kind)!)).toContain(kind)
    expect(kindsAbout('nothing')).toEqual([])
  })

  it('is read from its payload, or refused', () => {
    expect(readEvent('{"kind":"post-held"}')).toEqual({ kind: 'post-held' })
    for (const payload of ['{}', 'null', '[]', 'no']) expect(() => readEvent(payload)).toThrow(/kind|JSON/)
  })
})
