import {
  away,
  because,
  choosePool,
  eligible,
  inWords,
  needsSentence,
  sendRefusal,
  type Candidate,
  type NamedRule,
} from './approval.js'

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

const rule = (reviewers: string[]): NamedRule => ({ reviewers, labels: ['sensitive'], channels: [] })

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

  it('asks by name where people have as much to do', () => {
    const names = (...given: string[]) =>
      choosePool(
        given.map((each) => person(each)),
        1,
      ).map((each) => each.name)
    expect(names('Dan', 'Ben', 'Cleo')).toEqual(['Ben', 'Cleo', 'Dan'])
    expect(names('Cleo', 'Dan', 'Ben', 'Ana')).toEqual(['Ana', 'Ben', 'Cleo'])
  })

  it('asks nobody twice, named by a rule or not', () => {
    const all = [person('Ben'), person('Cleo')]
    expect(choosePool(all, 3, [rule(['m-Ben'])]).map((each) => each.name)).toEqual(['Ben', 'Cleo'])
  })

  it('keeps to those whom the policy names, by person', () => {
    const twin = person('Cleo2', { personId: 'p-Cleo' })
    const all = [person('Ben'), person('Cleo'), twin]
    expect(eligible(all, new Set(), ['m-Cleo']).map((each) => each.name)).toEqual(['Cleo', 'Cleo2'])
    expect(eligible(all, new Set(), [])).toEqual([])
  })

  it('asks those first whom a rule names, however much they have to do', () => {
    const all = [person('Ben'), person('Cleo', { waiting: 5 }), person('Dan'), person('Eve'), person('Flo')]
    const names = (rules: NamedRule[]) => choosePool(all, 1, rules).map((each) => each.name)
    expect(names([])).toEqual(['Ben', 'Dan', 'Eve'])
    expect(names([rule(['m-Cleo'])])).toEqual(['Cleo', 'Ben', 'Dan'])
    expect(names([rule(['m-Cleo', 'm-Ben', 'm-Dan']), rule(['m-Eve']), rule(['m-Flo'])])).toEqual([
      'Ben',
      'Dan',
      'Eve',
      'Flo',
    ])
  })

  it('knows who is named by their person, since two memberships are one human', () => {
    const twin = person('Cleo2', { personId: 'p-Cleo', waiting: 9 })
    const all = [person('Ben'), person('Dan'), person('Eve'), twin]
    const gone = person('Cleo', { status: 'left' })
    expect(choosePool(all, 1, [rule(['m-Cleo'])], [...all, gone])[0]?.name).toBe('Cleo2')
  })
})

describe('why a post cannot be sent', () => {
  const refusal = (more: Partial<Parameters<typeof sendRefusal>[0]>) => {
    const able = more.able ?? [person('Ben')]
    return sendRefusal({
      able,
      candidates: [...able, person('Ana')],
      needed: 1,
      contributorNames: ['Ana'],
      mayBeAsked: null,
      rules: [],
      ...more,
    })
  }

  it('too few people may approve', () => {
    expect(refusal({ needed: 2 })).toBe(
      'This needs 2 approvals, and only Ben may give one: reviewers who worked on the post do not count (Ana). Ask an admin to make one more person a reviewer.',
    )
    expect(refusal({ able: [], needed: 3 })).toContain('nobody may give one')
    expect(refusal({ able: [], needed: 3 })).toContain('make 3 more people a reviewer')
    expect(refusal({})).toBeNull()
    expect(refusal({ able: [person('Ben'), person('Cleo')], needed: 2 })).toBeNull()
  })

  it('everybody is named who may approve, worked on it or may be asked', () => {
    expect(
      refusal({
        able: [person('Ben'), person('Cleo')],
        needed: 3,
        contributorNames: ['Ana', 'Dan'],
        mayBeAsked: ['m-Ben', 'm-Cleo'],
      }),
    ).toBe(
      'This needs 3 approvals, and only Ben and Cleo may give one: reviewers who worked on the post do not count (Ana and Dan), and the review rules let only Ben and Cleo be asked. Ask an admin to make one more person a reviewer, or to change the review rules.',
    )
  })

  it('those who are away do not count, and it says until when they are', () => {
    const ben = person('Ben', { awayUntil: '2026-12-01' })
    const candidates = [ben, person('Cleo', { awayUntil: null }), person('Ana', { awayUntil: '2026-12-02' })]
    expect(eligible(candidates, new Set(['p-Ana'])).map((each) => each.name)).toEqual(['Cleo'])
    expect(away(candidates, new Set(['p-Ana']))).toEqual([ben])
    expect(refusal({ able: [], awayNow: [ben] })).toContain('Ben is away until Tuesday 1 December 2026. Ask an admin')
    expect(
      refusal({ able: [person('Cleo')], candidates: [...candidates], awayNow: [ben], rules: [rule(['m-Ben'])] }),
    ).toContain('does not count. Ben is away until Tuesday 1 December 2026. Ask an admin')
  })

  it('two memberships of one person are one approval', () => {
    expect(refusal({ able: [person('Ben'), person('Ben2', { personId: 'p-Ben' })], needed: 2 })).toContain(
      'make one more person a reviewer',
    )
  })

  it('the rules let too few be asked', () => {
    expect(refusal({ able: [], mayBeAsked: ['m-Ana'] })).toBe(
      'This needs one approval, and nobody may give one: reviewers who worked on the post do not count (Ana), and the review rules let only Ana be asked. Ask an admin to make one more person a reviewer, or to change the review rules.',
    )
  })

  it('nobody whom a rule names may approve it', () => {
    expect(refusal({ rules: [rule(['m-Ana'])] })).toBe(
      'Because of the label “sensitive”, Ana has to approve this, and may not: who worked on a post, is suspended, away or no reviewer does not count. Ask an admin to change the review rules, or take the label off if it does not belong there.',
    )
    const about = { reviewers: ['m-Ana', 'm-Cleo'], labels: [], channels: ['River'] }
    expect(refusal({ candidates: [person('Ben'), person('Ana'), person('Cleo')], rules: [about] })).toBe(
      'Because of the channel River, Ana or Cleo has to approve this, and none of them may: who worked on a post, is suspended, away or no reviewer does not count. Ask an admin to change the review rules.',
    )
    expect(refusal({ rules: [rule(['m-Ben', 'm-Ana'])] })).toBeNull()
  })
})

describe('what a post needs', () => {
  const facts = {
    approvals: 0,
    needed: 1,
    objections: 0,
    held: false,
    contributorNames: ['Ana'],
    lacking: [],
    lapsed: [],
  }
  const cleo = { names: ['Cleo'], labels: ['sensitive'], channels: [] }
  const dan = { names: ['Dan', 'Eve'], labels: [], channels: ['River', 'Lake'] }
  it('is said as a sentence', () => {
    expect(needsSentence(facts)).toBe('Needs one approval, from anyone but Ana.')
    expect(needsSentence({ ...facts, needed: 2, approvals: 1, contributorNames: ['Ana', 'Ben'] })).toBe(
      'Needs one more approval, from anyone but Ana and Ben.',
    )
    expect(needsSentence({ ...facts, needed: 3 })).toBe('Needs 3 approvals, from anyone but Ana.')
    expect(needsSentence({ ...facts, approvals: 1 })).toBe('Approved by one person other than Ana.')
    expect(needsSentence({ ...facts, approvals: 2, contributorNames: ['Ana', 'Ben'] })).toBe(
      'Approved by 2 people other than Ana or Ben.',
    )
    expect(needsSentence({ ...facts, held: true, contributorNames: ['Ana', 'Ben'] })).toBe(
      'On hold until somebody other than Ana or Ben approves it afresh.',
    )
  })

  it('says who has to be among them, and because of what', () => {
    const needs = (more: Partial<Parameters<typeof needsSentence>[0]>) => needsSentence({ ...facts, ...more })
    expect(needs({ lacking: [cleo] })).toBe('Needs one approval: from Cleo, because of the label “sensitive”.')
    expect(needs({ needed: 2, lacking: [cleo] })).toBe(
      'Needs 2 approvals, from anyone but Ana; one of them Cleo, because of the label “sensitive”.',
    )
    expect(needs({ approvals: 1, lacking: [cleo] })).toBe(
      'Needs one more approval: from Cleo, because of the label “sensitive”.',
    )
    expect(needs({ needed: 2, lacking: [cleo, dan] })).toBe(
      'Needs 2 approvals: from Cleo, because of the label “sensitive”, and from Dan or Eve, because of the channels River and Lake.',
    )
    expect(needs({ needed: 3, lacking: [cleo, dan] })).toBe(
      'Needs 3 approvals, from anyone but Ana; one of them Cleo, because of the label “sensitive”, and one of them Dan or Eve, because of the channels River and Lake.',
    )
    expect(needs({ approvals: 1, lacking: [cleo, dan] })).toBe(
      'Needs 2 more approvals: from Cleo, because of the label “sensitive”, and from Dan or Eve, because of the channels River and Lake.',
    )
    expect(needs({ lacking: [{ ...cleo, names: [] }] })).toContain('somebody whom the review rules name')
  })

  it('says whose approval was too long ago', () => {
    expect(needsSentence({ ...facts, lapsed: ['Ben'] })).toBe(
      'Needs one approval, from anyone but Ana. The approval of Ben was too long ago and no longer counts.',
    )
    expect(needsSentence({ ...facts, lapsed: ['Ben', 'Cleo'] })).toContain(
      'The approval of Ben and Cleo was too long ago',
    )
    expect(needsSentence({ ...facts, approvals: 1, lapsed: ['Ben'] })).toBe('Approved by one person other than Ana.')
  })

  it('names a hold before anything else', () => {
    expect(needsSentence({ ...facts, held: true, objections: 1, approvals: 1 })).toContain('On hold')
    expect(needsSentence({ ...facts, objections: 1, approvals: 1 })).toContain('asked for changes')
  })

  it('names every label and every channel that is the reason', () => {
    expect(because({ labels: ['legal', 'sensitive'], channels: ['River'] })).toBe(
      'because of the labels “legal” and “sensitive” and the channel River',
    )
  })

  it('joins names as people do', () => {
    expect(inWords(['Ana', 'Ben', 'Cleo'], 'or')).toBe('Ana, Ben or Cleo')
    expect(inWords(['Ana', 'Ana'], 'and')).toBe('Ana')
    expect(inWords([], 'and')).toBe('nobody')
  })
})
