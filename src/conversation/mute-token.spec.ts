import fc from 'fast-check'

import { linkToken } from '../mail/link-token.js'
import { muteToken, readMuteToken } from './mute-token.js'

const secret = 'a secret of at least thirty-two characters'

describe('the token of a link that stops mails about one post', () => {
  it('leads back to one member and one post, and is worth nothing when changed', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.uuid(), fc.nat(84), (groupId, postId, memberId, at) => {
        const token = muteToken(secret, { groupId, postId, memberId })
        expect(readMuteToken([secret], token)).toEqual({ groupId, postId, memberId })
        const other = token[at] === 'A' ? 'B' : 'A'
        const changed = readMuteToken([secret], token.slice(0, at) + other + token.slice(at + 1))
        expect(changed).toBeNull()
      }),
    )
  })

  it('cannot be made of one for another purpose', () => {
    const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
    expect(readMuteToken([secret], linkToken(secret, 'unsubscribe', ids))).toBeNull()
  })
})
