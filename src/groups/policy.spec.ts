import fc from 'fast-check'

import { cases, lineages, passes, policies, type Cast } from '../../test/support/policy-laws.js'
import { changesBetween, sentencesOf } from './policy-words.js'
import {
  approvalsNeeded,
  extraRulesFor,
  isWeaker,
  policyRefusal,
  strictest,
  tidy,
  weakenings,
  type Policy,
} from './policy.js'

const first: Policy = {
  approvals: 1,
  contributorRule: 'strict',
  approvalLifetimeDays: null,
  coolingMinutes: 10,
  atOnceCoolingMinutes: 0,
  proof: 'usual',
  adminsNeedPasskey: false,
  mayBeAsked: null,
  extra: [],
}
const sensitive = { labels: ['sensitive'], channelIds: [], reviewers: ['cleo', 'dan'], approvals: 2 }
const names = { member: (id: string) => id.charAt(0).toUpperCase() + id.slice(1), channel: () => 'River' }
const cast: Cast = { members: ['ana', 'ben', 'cleo', 'dan'], channels: ['c1', 'c2'], labels: ['sensitive', 'legal'] }

describe('weakening a policy', () => {
  it.each<[keyof Policy, Partial<Policy>, Partial<Policy>]>([
    ['approvals', { approvals: 2 }, { approvals: 1 }],
    ['contributorRule', { contributorRule: 'strict' }, { contributorRule: 'last_editor' }],
    ['approvalLifetimeDays', { approvalLifetimeDays: 7 }, { approvalLifetimeDays: 8 }],
    ['approvalLifetimeDays', { approvalLifetimeDays: 365 }, { approvalLifetimeDays: null }],
    ['coolingMinutes', { coolingMinutes: 10 }, { coolingMinutes: 9 }],
    ['atOnceCoolingMinutes', { atOnceCoolingMinutes: 1 }, { atOnceCoolingMinutes: 0 }],
    ['proof', { proof: 'strict' }, { proof: 'usual' }],
    ['adminsNeedPasskey', { adminsNeedPasskey: true }, { adminsNeedPasskey: false }],
    ['mayBeAsked', { mayBeAsked: ['ana'] }, { mayBeAsked: ['ana', 'ben'] }],
    ['mayBeAsked', { mayBeAsked: ['ana'] }, { mayBeAsked: null }],
    ['extra', { extra: [sensitive] }, { extra: [] }],
    ['extra', { extra: [sensitive] }, { extra: [{ ...sensitive, approvals: 1 }] }],
    ['extra', { extra: [sensitive] }, { extra: [{ ...sensitive, approvals: null }] }],
    ['extra', { extra: [sensitive] }, { extra: [{ ...sensitive, labels: ['legal'] }] }],
    ['extra', { extra: [sensitive] }, { extra: [{ ...sensitive, reviewers: ['cleo', 'eve'] }] }],
    ['extra', { extra: [sensitive] }, { extra: [{ ...sensitive, reviewers: [] }] }],
    ['extra', { extra: [{ ...sensitive, channelIds: ['c1'] }] }, { extra: [sensitive] }],
  ])('in %s is seen, and its opposite is none', (field, before, after) => {
    const [from, to] = [
      { ...first, ...before },
      { ...first, ...after },
    ]
    expect(weakenings(from, to)).toEqual([field])
    // Two lists of people of whom neither is within the other are weaker both ways.
    if (JSON.stringify(after).includes('eve') || JSON.stringify(after).includes('legal')) return
    expect(weakenings(to, from)).toEqual([])
  })

  it('keeps an extra rule that another covers, in whichever words', () => {
    const from = { ...first, extra: [sensitive] }
    expect(isWeaker(from, { ...first, approvals: 2, extra: [{ ...sensitive, approvals: null }] })).toBe(false)
    expect(isWeaker(from, { ...first, extra: [{ ...sensitive, labels: ['Sensitive', 'legal'] }] })).toBe(false)
    const apart = [
      { ...sensitive, approvals: null },
      { ...sensitive, reviewers: [] },
    ]
    expect(isWeaker(from, { ...first, extra: apart })).toBe(false)
  })

  it('is never from a policy to itself, and adds up', () => {
    fc.assert(fc.property(policies(cast), (policy) => !isWeaker(policy, policy)))
    fc.assert(
      fc.property(lineages(cast, 2), ([a, b, c]) => {
        fc.pre(!isWeaker(a!, b!) && !isWeaker(b!, c!))
        return !isWeaker(a!, c!)
      }),
      { numRuns: 200, maxSkipsPerRun: 100 },
    )
  })

  it('is whatever lets a post pass that would not pass before', () => {
    let passed = 0
    fc.assert(
      fc.property(lineages(cast, 1), cases(cast), ([from, to], post) => {
        if (isWeaker(from!, to!) || !passes([to!], post)) return true
        passed += 1
        return passes([from!], post)
      }),
      { numRuns: 5000 },
    )
    expect(passed).toBeGreaterThan(100)
  })

  it('does not happen between policies and the strictest of them', () => {
    fc.assert(
      fc.property(policies(cast), policies(cast), cases(cast), (a, b, post) => {
        const all = strictest([a, b])
        return !isWeaker(a, all) && !isWeaker(b, all) && passes([all], post) === passes([a, b], post)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a policy', () => {
  it('asks more of posts with a label or for a channel', () => {
    const rule = { ...sensitive, channelIds: ['c1'] }
    const policy = { ...first, extra: [rule] }
    expect(extraRulesFor(policy, { labels: ['SENSITIVE'], channelIds: ['c2'] })).toEqual([
      { ...rule, hitLabels: ['sensitive'], hitChannelIds: [] },
    ])
    expect(extraRulesFor(policy, { labels: [], channelIds: ['c1'] })).toHaveLength(1)
    expect(extraRulesFor(policy, { labels: ['other'], channelIds: ['c2'] })).toEqual([])
    expect(approvalsNeeded([policy], { labels: ['sensitive'], channelIds: [] })).toBe(2)
    expect(approvalsNeeded([policy], { labels: [], channelIds: [] })).toBe(1)
    expect(approvalsNeeded([first, { ...first, approvals: 3 }], { labels: [], channelIds: [] })).toBe(3)
  })

  it('is kept in one form', () => {
    const untidy = { ...first, mayBeAsked: ['ana', 'ana'], extra: [{ ...sensitive, labels: [' legal', 'legal', ' '] }] }
    expect(tidy(untidy)).toEqual({ ...first, mayBeAsked: ['ana'], extra: [{ ...sensitive, labels: ['legal'] }] })
  })

  it('makes no sense when nothing could go out under it', () => {
    const ground = {
      reviewers: ['ana', 'ben', 'cleo'].map((id) => ({ id, personId: id === 'ben' ? 'ana' : id })),
      channelIds: ['c1'],
    }
    const refusal = (change: Partial<Policy>) => policyRefusal({ ...first, ...change }, ground)
    const rule = { ...sensitive, reviewers: ['cleo'] }
    expect(refusal({})).toBeNull()
    expect(refusal({ approvals: 2, mayBeAsked: ['ana', 'cleo'], extra: [rule] })).toBeNull()
    expect(refusal({ approvals: 3 })).toBe(
      '3 approvals are more than the 2 of this group who may give one, so nothing could go out. Make more people reviewers first, or ask for fewer approvals.',
    )
    expect(refusal({ approvals: 2, mayBeAsked: ['ana', 'ben'] })).toContain('2 approvals are more than the 1')
    expect(refusal({ mayBeAsked: [] })).toContain('One approval is more than the 0')
    expect(refusal({ extra: [{ ...rule, approvals: 3 }] })).toContain('3 approvals are more than the 2')
    expect(refusal({ mayBeAsked: ['eve'] })).toContain('no active reviewer')
    expect(refusal({ extra: [{ ...rule, reviewers: ['eve'] }] })).toContain('no active reviewer')
    expect(refusal({ extra: [{ ...rule, labels: [] }] })).toContain('needs a label or a channel')
    expect(refusal({ extra: [{ ...rule, reviewers: [], approvals: null }] })).toContain('needs reviewers')
    expect(refusal({ extra: [{ ...rule, channelIds: ['c9'] }] })).toContain('a channel that this group does not have')
    expect(refusal({ mayBeAsked: ['ana', 'ben'], extra: [{ ...rule, approvals: 1 }] })).toContain('may not be asked')
  })

  it('is said in sentences', () => {
    expect(sentencesOf(first, names)).toEqual([
      'One person has to approve a post before it goes out.',
      'Nobody who worked on any version of a post approves it.',
      'An approval counts until the post goes out.',
      'A post goes out 10 minutes after it was approved at the earliest, so that somebody can still stop it.',
      'What is to go out as soon as it is approved does so at once.',
      'Every reviewer may be asked.',
      'Reviewers answer on a device they have confirmed, or with a code from their mail.',
      'Admins may do without a passkey.',
    ])
    const other: Policy = {
      approvals: 2,
      contributorRule: 'last_editor',
      approvalLifetimeDays: 1,
      coolingMinutes: 0,
      atOnceCoolingMinutes: 5,
      proof: 'strict',
      adminsNeedPasskey: true,
      mayBeAsked: ['ana', 'ben'],
      extra: [sensitive, { labels: [], channelIds: ['c1'], reviewers: [], approvals: 1 }],
    }
    expect(sentencesOf(other, names)).toEqual([
      '2 people have to approve a post before it goes out.',
      'Nobody who worked on the present version of a post approves it; whoever worked on an earlier one may.',
      'An approval counts for one day; after that somebody has to look again.',
      'A post may go out in the minute in which it is approved.',
      'What is to go out as soon as it is approved waits 5 minutes first.',
      'Only Ana and Ben may be asked, and only their approvals count.',
      'Reviewers sign in, or use a passkey, to answer.',
      'Admins need a passkey.',
      'A post with the label “sensitive” needs 2 approvals, and the approval of Cleo or Dan.',
      'A post for River needs one approval.',
    ])
  })

  it('says what a change means, and what of it is weaker', () => {
    const strict = { ...first, approvals: 2, extra: [sensitive] }
    expect(changesBetween(strict, strict, names)).toEqual([])
    expect(changesBetween(strict, { ...first, coolingMinutes: 20 }, names)).toEqual([
      { text: 'One person has to approve a post before it goes out.', weaker: true },
      {
        text: 'A post goes out 20 minutes after it was approved at the earliest, so that somebody can still stop it.',
        weaker: false,
      },
      {
        text: 'No longer: “A post with the label “sensitive” needs 2 approvals, and the approval of Cleo or Dan.”',
        weaker: true,
      },
    ])
    expect(changesBetween(first, strict, names).map((each) => each.weaker)).toEqual([false, false])
  })

  it('has a weaker change exactly when it is weaker', () => {
    fc.assert(
      fc.property(policies(cast), policies(cast), (from, to) => {
        const inWords = { member: (id: string) => id, channel: (id: string) => id }
        return changesBetween(from, to, inWords).some((change) => change.weaker) === isWeaker(from, to)
      }),
    )
  })
})
