import { handOverItems, type LeftBehind } from './hand-over.js'

const nothing: LeftBehind = {
  name: 'Ana',
  posts: [],
  requests: [],
  channels: [],
  rolesAlone: [],
  accountable: false,
  devices: 0,
  otherGroups: 0,
  passkeys: 0,
  hasLeft: true,
}
const texts = (left: Partial<LeftBehind>) => handOverItems({ ...nothing, ...left }).map((item) => item.text)

describe('the hand-over list', () => {
  it('ends with what Seconder cannot know, also for somebody who leaves nothing behind', () => {
    expect(handOverItems(nothing).map((item) => item.key)).toEqual(['outside', 'talk'])
  })

  it('names each thing with its way out, the pressing first', () => {
    expect(
      texts({
        posts: [
          { id: '1', words: 'Stall on Saturday', state: 'draft' },
          { id: '2', words: 'Thank you', state: 'approved' },
        ],
        requests: [{ postId: '3', words: 'The 42' }],
        channels: [{ id: '4', name: 'river.test', network: 'Bluesky' }],
        rolesAlone: ['editor', 'reviewer'],
        accountable: true,
      }).slice(0, -2),
    ).toEqual([
      'Ana connected river.test on Bluesky. Change the password there, and connect the channel again if the network asks for it.',
      'Nobody else here is an editor. Give somebody the role.',
      'Nobody else here is a reviewer. Give somebody the role.',
      'Ana is named as one of the two who answer for the accounts. Name somebody else.',
      'Ana has a draft: “Stall on Saturday”. Somebody should take it over, or cancel it.',
      'Ana wrote a post that is still to go out: “Thank you”. It goes its way; somebody should take it over, to answer for it.',
      'Ana was asked to review “The 42”. Make sure that somebody else looks at it.',
    ])
  })

  it('mentions what still opens something once they have left, and why', () => {
    expect(texts({ devices: 1, passkeys: 2, otherGroups: 1 }).slice(0, 2)).toEqual([
      'Ana still has a device signed in, but nothing of this group opens for them any more. They stay signed in for their other groups.',
      'Ana still has 2 passkeys, which open nothing of this group any more. They can remove them in their account.',
    ])
    expect(texts({ devices: 1, passkeys: 2, hasLeft: false })).toHaveLength(2)
  })

  it('keeps the key of a thing while the thing is there', () => {
    const one = handOverItems({ ...nothing, channels: [{ id: '4', name: 'a', network: 'Bluesky' }] })
    const two = handOverItems({ ...nothing, channels: [{ id: '4', name: 'b', network: 'Bluesky' }], accountable: true })
    expect(one[0]!.key).toBe(two[0]!.key)
  })
})
