import { insist, moveTo, movesFrom, postStates, whyNot, type PostFacts } from './post.js'

const waiting: PostFacts = {
  state: 'in_review',
  held: false,
  editing: false,
  sealed: true,
  orphaned: false,
  publications: ['planned'],
}

describe('a post', () => {
  it('goes from waiting to approved', () => {
    expect(moveTo('in_review', 'approved')).toBe('approved')
  })

  it('never skips review, and the refusal names what is allowed', () => {
    expect(() => moveTo('draft', 'approved')).toThrow('It can become: waiting for review, cancelled.')
  })

  it('stays cancelled', () => {
    expect(() => moveTo('cancelled', 'in_review')).toThrow('Copy it to a new post')
  })

  it('is not sent twice unchanged', () => {
    expect(whyNot('sendForReview', waiting)).toContain('Change something first')
    expect(whyNot('sendForReview', { ...waiting, editing: true })).toBeNull()
  })

  it('cannot be edited or cancelled while it may be on its way to the public', () => {
    for (const state of ['publishing', 'in_doubt', 'unconfirmed']) {
      expect(whyNot('edit', { ...waiting, publications: [state] })).toContain('Wait until that is settled')
      expect(whyNot('cancel', { ...waiting, publications: [state] })).not.toBeNull()
    }
  })

  it('that is partly out is retracted, not edited', () => {
    expect(whyNot('edit', { ...waiting, publications: ['planned', 'published'] })).toContain('Copy it to a new post')
  })

  it('can always be copied', () => {
    expect(whyNot('copy', { ...waiting, state: 'cancelled' })).toBeNull()
  })

  it('is held by anybody and released only by a fresh look', () => {
    expect(whyNot('hold', waiting)).toBeNull()
    expect(whyNot('release', { ...waiting, held: true })).toContain('approval releases it')
  })

  it('whose time is over, or that was cancelled, ends there', () => {
    for (const state of ['cancelled', 'expired'] as const) {
      expect(movesFrom(state)).toEqual([])
      for (const action of ['edit', 'sendForReview', 'hold', 'cancel', 'withdraw'] as const)
        expect(whyNot(action, { ...waiting, state, editing: true })).not.toBeNull()
    }
  })

  it('is never a draft again', () => {
    for (const state of postStates) expect(movesFrom(state)).not.toContain('draft')
  })

  it('is taken over only from somebody who is gone, and while there is something to do', () => {
    expect(whyNot('adopt', waiting)).toContain('active member')
    expect(whyNot('adopt', { ...waiting, orphaned: true })).toBeNull()
    expect(whyNot('adopt', { ...waiting, orphaned: true, publications: ['published'] })).toContain('nothing left')
  })

  it('keeps its answers once it is out; until then they can be taken back', () => {
    expect(whyNot('withdraw', waiting)).toBeNull()
    expect(whyNot('withdraw', { ...waiting, publications: ['published', 'planned'] })).toBeNull()
    expect(whyNot('withdraw', { ...waiting, publications: ['published'] })).toContain('Take the post down')
    expect(whyNot('withdraw', { ...waiting, sealed: false })).toContain('nobody has answered')
  })

  it('says with every refusal where it stands and what is possible', () => {
    const facts: PostFacts = { ...waiting, state: 'approved', editing: true, held: true }
    expect(() => insist('hold', facts)).toThrow(
      'This post is on hold already. The post is approved and being changed and on hold. ' +
        'You can: change it, send it for review, discard the change, cancel it, copy it.',
    )
    expect(() => insist('cancel', { ...waiting, state: 'cancelled' })).toThrow(
      'The post is cancelled. You can: copy it.',
    )
  })

  it('refuses with a stable code', () => {
    expect(() => insist('discardEdit', waiting)).toThrow(
      expect.objectContaining({ code: 'cannot-discard-edit', refusal: 'conflict' }),
    )
  })
})
