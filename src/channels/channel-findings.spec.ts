import { DateTime } from 'luxon'

import { standingFindings } from './channel-findings.js'
import type { Channel } from './channel.js'

const now = DateTime.fromISO('2026-11-23T09:30:00Z', { zone: 'utc' })
const channel: Channel = {
  groupId: 'g',
  id: 'c',
  network: 'bluesky',
  remoteAccountId: 'did:plc:river',
  name: 'River',
  handle: 'river.example.org',
  url: null,
  state: 'connected',
  cause: null,
  limitedUntil: null,
  limits: null,
  renewAt: null,
  consentUntil: null,
  createdAt: now,
  removedAt: null,
  gapMinutes: 60,
  dailyCap: 4,
  quietStart: null,
  quietEnd: null,
}
const states = (more: Partial<Channel>) =>
  standingFindings({ ...channel, ...more }, now).map(({ about, state, nextStep }) => [about, state, nextStep !== null])

describe('what is known of a channel', () => {
  it.each<[string, Partial<Channel>, [string, string, boolean][]]>([
    ['a connected one', {}, [['state', 'good', false]]],
    ['a paused one', { state: 'paused' }, [['state', 'warning', true]]],
    ['a worn one', { state: 'to_reconnect', cause: 'It was revoked.' }, [['state', 'bad', true]]],
    [
      'one that has to keep still',
      { limitedUntil: now.plus({ minutes: 5 }) },
      [
        ['state', 'good', false],
        ['pause', 'warning', true],
      ],
    ],
    ['one that had to keep still', { limitedUntil: now.minus({ minutes: 5 }) }, [['state', 'good', false]]],
    [
      'one that is renewed',
      { renewAt: now.minus({ minutes: 5 }), consentUntil: now.plus({ days: 15 }) },
      [
        ['state', 'good', false],
        ['renewal', 'good', false],
        ['consent', 'good', false],
      ],
    ],
    [
      'one that nobody renews',
      { renewAt: now.minus({ minutes: 61 }), consentUntil: now.plus({ days: 13 }) },
      [
        ['state', 'good', false],
        ['renewal', 'warning', true],
        ['consent', 'warning', true],
      ],
    ],
    [
      'one whose consent is over',
      { consentUntil: now },
      [
        ['state', 'good', false],
        ['consent', 'bad', true],
      ],
    ],
  ])('%s', (_name, more, found) => {
    expect(states(more)).toEqual(found)
  })

  it('names the cause', () => {
    const worn = { ...channel, state: 'to_reconnect', cause: 'It was revoked.' } as const
    expect(standingFindings(worn, now)[0]?.said).toBe('It has to be connected again. It was revoked.')
  })
})
