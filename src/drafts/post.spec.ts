import { insist, moveTo, whyNot, type PostFacts } from './post.js'

const waiting: PostFacts = { state: 'in_review', held: false, editing: false, sealed: true, publications: ['planned'] }

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

  it('refuses with a stable code', () => {
    expect(() => insist('discardEdit', waiting)).toThrow(
      expect.objectContaining({ code: 'cannot-discard-edit', refusal: 'conflict' }),
    )
  })
})
