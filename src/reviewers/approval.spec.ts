import { away, choosePool, eligible, inWords, needsSentence, sendRefusal, type Candidate } from './approval.js'

const person = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  memberId: `m-${name}`,
  personId: `p-${name}`,
  name,
  email: `${name}@example.org`,
  roles: ['reviewer'],
  status: 'active',
  waiting: 0,
  ...more,
})

describe('who may be asked', () => {
  it('leaves out contributors, by person and not by membership', () => {
    const twin = person('Ana2', { personId: 'p-Ana' })
    expect(eligible([person('Ben'), twin], new Set(['p-Ana'])).map((each) => each.name)).toEqual(['Ben'])
  })

  it('leaves out the suspended and those without the role', () => {
    expect(eligible([person('Ben', { status: 'suspended' }), person('Cleo', { roles: ['admin'] })], new Set())).toEqual(
      [],
    )
  })

  it('asks those first who have the least waiting', () => {
    const pool = choosePool(
      [person('Ben', { waiting: 3 }), person('Cleo'), person('Dan', { waiting: 1 }), person('Eve', { waiting: 9 })],
      1,
    )
    expect(pool.map((each) => each.name)).toEqual(['Cleo', 'Dan', 'Ben'])
  })

  it('says why a post cannot be sent and what to do', () => {
    expect(sendRefusal([person('Ben')], 2, ['Ana'])).toContain('Ask an admin to make one more person a reviewer')
    expect(sendRefusal([], 1, ['Ana'])).toContain('nobody may give one')
    expect(sendRefusal([person('Ben')], 1, ['Ana'])).toBeNull()
  })

  it('does not count those who are away, and says until when they are', () => {
    const ben = person('Ben', { awayUntil: '2026-12-01' })
    const candidates = [ben, person('Cleo', { awayUntil: null }), person('Ana', { awayUntil: '2026-12-02' })]
    expect(eligible(candidates, new Set(['p-Ana'])).map((each) => each.name)).toEqual(['Cleo'])
    expect(away(candidates, new Set(['p-Ana']))).toEqual([ben])
    expect(sendRefusal([], 1, ['Ana'], [ben])).toContain('Ben is away until Tuesday 1 December 2026. Ask an admin')
  })
})

describe('what a post needs', () => {
  const facts = { approvals: 0, needed: 1, objections: 0, held: false, contributorNames: ['Ana'] }
  it('is said as a sentence', () => {
    expect(needsSentence(facts)).toBe('Needs one approval, from anyone but Ana.')
    expect(needsSentence({ ...facts, needed: 2, approvals: 1, contributorNames: ['Ana', 'Ben'] })).toBe(
      'Needs one more approval, from anyone but Ana or Ben.',
    )
    expect(needsSentence({ ...facts, needed: 3 })).toBe('Needs 3 approvals, from anyone but Ana.')
    expect(needsSentence({ ...facts, approvals: 1 })).toBe('Approved by one person other than Ana.')
  })

  it('names a hold before anything else', () => {
    expect(needsSentence({ ...facts, held: true, objections: 1, approvals: 1 })).toContain('On hold')
    expect(needsSentence({ ...facts, objections: 1, approvals: 1 })).toContain('asked for changes')
  })

  it('joins names as people do', () => {
    expect(inWords(['Ana', 'Ben', 'Cleo'], 'or')).toBe('Ana, Ben or Cleo')
    expect(inWords(['Ana', 'Ana'], 'and')).toBe('Ana')
    expect(inWords([], 'and')).toBe('nobody')
  })
})
