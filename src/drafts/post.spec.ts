import { insist, moveTo, movesFrom, postStates, whyNot, type PostAction, type PostFacts } from './post.js'

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

describe('the moves of a post', () => {
  const allowed = {
    draft: ['in_review', 'cancelled'],
    in_review: ['approved', 'changes_requested', 'in_review', 'cancelled', 'expired'],
    changes_requested: ['in_review', 'approved', 'cancelled', 'expired'],
    approved: ['in_review', 'changes_requested', 'cancelled', 'expired'],
    cancelled: [],
    expired: [],
  }
  const inWords = {
    draft: 'a draft',
    in_review: 'waiting for review',
    changes_requested: 'sent back with changes asked for',
    approved: 'approved',
    cancelled: 'cancelled',
    expired: 'over, because its time has passed',
  }

  it('are these, and every other is refused in words', () => {
    expect(postStates).toEqual(Object.keys(allowed))
    for (const from of postStates) {
      for (const to of postStates) {
        if (movesFrom(from).includes(to)) {
          expect(allowed[from]).toContain(to)
          expect(moveTo(from, to)).toBe(to)
          continue
        }
        expect(allowed[from]).not.toContain(to)
        const wayOut =
          allowed[from].length > 0
            ? `It can become: ${allowed[from].map((state) => inWords[state as keyof typeof inWords]).join(', ')}.`
            : 'Copy it to a new post to use it again.'
        expect(() => moveTo(from, to)).toThrow(
          expect.objectContaining({
            code: 'illegal-move',
            refusal: 'conflict',
            message: `This post is ${inWords[from]}, so it cannot become ${inWords[to]}. ${wayOut}`,
          }),
        )
      }
      expect(movesFrom(from)).toHaveLength(allowed[from].length)
    }
  })
})

describe('what can be done with a post, and why not', () => {
  const cancelled = 'This post was cancelled. Copy it to a new post to use it again.'
  const expired =
    'The time in which this post was of use is over, so it has ended. Copy it to a new post to use it again.'
  const flying = 'This post is just going out, or we do not know yet whether it did. Wait until that is settled.'
  const isOut = 'This post has gone out. Copy it to a new post, or retract it.'
  const nothingToDiscard = 'There are no unsent changes to discard.'
  const lookedAfter = 'The author of this post is an active member and looks after it.'
  const sentAlready = 'This version has been sent for review already. Change something first.'
  const notHeld = 'This post is not on hold.'
  const usual: Readonly<Record<PostAction, string | null>> = {
    edit: null,
    sendForReview: sentAlready,
    hold: null,
    release: notHeld,
    cancel: null,
    copy: null,
    discardEdit: nothingToDiscard,
    withdraw: null,
    adopt: lookedAfter,
  }
  const retract = 'This post has gone out. Retract it instead.'
  const cannotCancelFlying =
    'This post is just going out, or we do not know yet whether it did. Hold it, and wait until that is settled.'
  const tooLateToWithdraw =
    'This post has gone out, so an answer cannot be taken back any more. Take the post down instead.'
  const cases: readonly [string, Partial<PostFacts>, Partial<typeof usual>][] = [
    ['that waits for review', {}, {}],
    ['that is being changed', { editing: true }, { sendForReview: null, discardEdit: null }],
    [
      'that was never sent',
      { state: 'draft', editing: true, sealed: false, publications: [] },
      {
        sendForReview: null,
        hold: 'A draft goes nowhere by itself; there is nothing to hold.',
        withdraw: 'This post has not been sent for review, so nobody has answered yet.',
      },
    ],
    [
      'that was never sent nor changed',
      { sealed: false },
      { sendForReview: null, withdraw: expect.any(String) as string },
    ],
    [
      'with which a reviewer was not content',
      { state: 'changes_requested' },
      { sendForReview: 'A reviewer asked for changes. Make them, then send the post again.' },
    ],
    [
      'that was changed as asked',
      { state: 'changes_requested', editing: true },
      { sendForReview: null, discardEdit: null },
    ],
    [
      'on hold',
      { held: true },
      {
        hold: 'This post is on hold already.',
        release: 'Somebody who did not work on this post has to look at it afresh: their approval releases it.',
      },
    ],
    [
      'that was cancelled',
      { state: 'cancelled', editing: true },
      {
        edit: cancelled,
        sendForReview: cancelled,
        hold: cancelled,
        cancel: 'This post was cancelled already.',
        discardEdit: cancelled,
        withdraw: cancelled,
      },
    ],
    [
      'whose time is over',
      { state: 'expired', editing: true, orphaned: true },
      {
        edit: expired,
        sendForReview: expired,
        hold: expired,
        cancel: expired,
        discardEdit: expired,
        withdraw: expired,
        adopt: expired,
      },
    ],
    ...['publishing', 'in_doubt', 'unconfirmed'].map((state): [string, Partial<PostFacts>, Partial<typeof usual>] => [
      `of which a part is ${state}`,
      { publications: ['planned', state] },
      { edit: flying, sendForReview: flying, cancel: cannotCancelFlying },
    ]),
    ...['published', 'retracting', 'retracted'].flatMap(
      (state): [string, Partial<PostFacts>, Partial<typeof usual>][] => [
        [
          `of which a part is ${state}`,
          { publications: ['planned', state], orphaned: true },
          { edit: isOut, sendForReview: isOut, cancel: retract, adopt: null },
        ],
        [
          `that is ${state}`,
          { publications: [state, 'published'], orphaned: true },
          {
            edit: isOut,
            sendForReview: isOut,
            hold: retract,
            cancel: retract,
            withdraw: tooLateToWithdraw,
            adopt: 'This post has gone out; there is nothing left to do.',
          },
        ],
      ],
    ),
    ['whose author has left', { orphaned: true }, { adopt: null }],
    ['without publications', { publications: [], orphaned: true }, { adopt: null }],
  ]

  it.each(cases)('of a post %s', (_name, facts, differs) => {
    const found = Object.fromEntries(
      (Object.keys(usual) as PostAction[]).map((action) => [action, whyNot(action, { ...waiting, ...facts })]),
    )
    expect(found).toEqual({ ...usual, ...differs })
  })

  it('is offered in these words', () => {
    const facts: PostFacts = { ...waiting, editing: true, orphaned: true }
    expect(() => insist('release', facts)).toThrow(
      'This post is not on hold. The post is waiting for review and being changed. You can: change it, send it for review, ' +
        'discard the change, put it on hold, cancel it, take it over, copy it.',
    )
    expect(() => insist('sendForReview', { ...waiting, held: true })).toThrow(
      expect.objectContaining({
        code: 'cannot-send-for-review',
        message: `${sentAlready} The post is waiting for review and on hold. You can: change it, cancel it, copy it.`,
      }),
    )
    expect(() => insist('withdraw', { ...waiting, sealed: false, editing: true })).toThrow(
      'nobody has answered yet. The post is waiting for review. You can',
    )
    expect(insist('edit', waiting)).toBeUndefined()
  })
})
