import { DateTime } from 'luxon'

import { playQueues } from '../../test/simulation/placement-laws.js'
import { defaultWindows } from '../channels/window.js'
import type { Placed, PlaceRequest } from './placement.js'
import { candidates, eachPlacement, place } from './plan.js'
import type { PlaceRules, Taken } from './slot.js'

const utc = (instant: string) => DateTime.fromISO(instant, { zone: 'utc' })
const monday = utc('2026-11-23T06:00:00Z')
const rules: PlaceRules = {
  zone: 'Europe/London',
  windows: defaultWindows(),
  gapMinutes: 180,
  dailyCap: 2,
  quiet: { start: '21:30', end: '07:00' },
  leadMinutes: 10,
  silences: [],
}
const post = (postId: string, labels: string[] = []): PlaceRequest => ({
  postId,
  channelId: 'channel',
  wish: { kind: 'queue' },
  labels,
})
const exactly = (at: string, reason?: string): PlaceRequest => ({
  ...post('exact'),
  wish: { kind: 'exact', at, reason },
})
const soon: PlaceRequest = { ...post('soon'), wish: { kind: 'as-soon-as-approved' } }
const taken = (at: string, labels: string[] = []): Taken => ({ at: utc(at), windowName: null, labels })

function placed(
  request: PlaceRequest,
  others: readonly Taken[] = [],
  change: Partial<PlaceRules> = {},
  now = monday,
): Placed {
  const placement = place(request, { ...rules, ...change }, others, now)
  if (placement.kind === 'no-slot') throw new Error(placement.reason)
  return placement
}

function refused(
  request: PlaceRequest,
  others: readonly Taken[] = [],
  change: Partial<PlaceRules> = {},
  now = monday,
): string {
  const placement = place(request, { ...rules, ...change }, others, now)
  return placement.kind === 'no-slot' ? placement.reason : `placed at ${placement.wall}`
}

/** Puts posts into the queue one after the other. */
function fill(count: number, change: Partial<PlaceRules> = {}): Placed[] {
  const queue: Placed[] = []
  for (let number = 0; number < count; number += 1) {
    queue.push(
      placed(
        post(`post-${number}`),
        queue.map(({ at, windowName }) => ({ at, windowName, labels: [] })),
        change,
      ),
    )
  }
  return queue
}

describe('a queued post', () => {
  it('gets the next window of an empty channel, and is told why', () => {
    const placement = placed(post('a'))
    expect(placement.wall.slice(0, 10)).toBe('2026-11-23')
    expect(placement).toMatchObject({
      windowName: 'before work',
      zone: 'Europe/London',
      reasons: ['before work, Monday: the next free window, nothing else within 3 hours'],
      broken: [],
    })
    expect(placement.windowEnds?.toISO()).toBe('2026-11-23T09:00:00.000Z')
  })

  it('fills the days soonest first, as many a day as the cap allows', () => {
    const days = fill(10).map((each) => each.wall.slice(8, 10))
    expect(days).toEqual(['23', '23', '24', '24', '25', '25', '26', '26', '27', '27'])
  })

  it('goes on past the first week when that is full', () => {
    const fifteenth = fill(15).at(-1)!
    expect(fifteenth.wall.slice(0, 10)).toBe('2026-11-30')
    expect(fifteenth.reasons[0]).toContain('the weeks before are full')
  })

  it('never takes a quarter of an hour, and not the same minute day after day', () => {
    const queue = fill(40, { dailyCap: 4, gapMinutes: 60 })
    expect(queue.filter((each) => Number(each.wall.slice(14)) % 15 === 0)).toEqual([])
    const times = queue.map((each) => each.wall.slice(11))
    expect(new Set(times).size).toBeGreaterThan(30)
    const mornings = queue.filter((each) => each.windowName === 'before work').map((each) => each.wall.slice(11))
    mornings.slice(1).forEach((time, index) => expect(time).not.toBe(mornings[index]))
  })

  it('gets the same slot however often it is asked, in whatever order others are listed', () => {
    const others = [taken('2026-11-23T12:20:00Z'), taken('2026-11-24T12:20:00Z'), taken('2026-11-24T17:20:00Z')]
    expect(placed(post('a'), [...others].reverse())).toEqual(placed(post('a'), others))
  })

  it('waits for a window that is known to be clearly better, and says so', () => {
    const score: PlaceRules['score'] = (window) =>
      window.name === 'evening'
        ? { score: 0.2, because: 'your best window so far (n = 31)' }
        : { score: 0, because: null }
    const placement = placed(post('a'), [], { score })
    expect(placement.reasons).toEqual([
      'evening, Monday: your best window so far (n = 31), nothing else within 3 hours',
    ])
  })

  it('does not wait a week for a window that is hardly better', () => {
    const score: PlaceRules['score'] = (_, weekday) => ({ score: weekday === 7 ? 0.2 : 0, because: null })
    expect(placed(post('a'), [], { score }).wall.slice(0, 10)).toBe('2026-11-23')
  })

  it('goes a little later rather than next to a post with the same label', () => {
    const others = [taken('2026-11-23T07:10:00Z', ['rail']), taken('2026-11-23T17:20:00Z', ['housing'])]
    const loose = { dailyCap: 4, gapMinutes: 60 }
    expect(placed(post('a', ['climate']), others, loose).wall.slice(0, 10)).toBe('2026-11-23')
    expect(placed(post('a', ['rail']), others, loose)).toMatchObject({
      windowName: 'before work',
      reasons: ['before work, Tuesday: better spread than an earlier window, nothing else within an hour'],
    })
  })

  it('shares no window, even without a gap', () => {
    const other = taken('2026-11-23T08:00:00Z')
    expect(placed(post('a'), [other]).windowName).not.toBe('before work')
    expect(placed(post('a'), [other], { gapMinutes: 0 }).windowName).toBe('lunch')
  })

  it('does not go out at the minute of the day before', () => {
    const once = placed(post('a'), [taken('2026-11-23T12:00:00Z'), taken('2026-11-23T18:00:00Z')])
    expect(once.wall.slice(0, 10)).toBe('2026-11-24')
    const dayBefore = [
      { ...taken('2026-11-23T18:00:00Z') },
      { ...taken('2026-11-23T12:00:00Z'), at: once.at.minus({ days: 1 }) },
    ]
    const other = placed(post('a'), dayBefore)
    expect(other.windowName).toBe(once.windowName)
    expect(other.wall.slice(0, 10)).toBe('2026-11-24')
    expect(other.wall).not.toBe(once.wall)
  })

  it('gives reviewers their time', () => {
    expect(placed(post('a'), [], { leadMinutes: 200 }).windowName).toBe('lunch')
    expect(placed({ ...post('a'), notBefore: utc('2026-12-01T10:00:00Z') }).wall.slice(0, 10)).toBe('2026-12-01')
  })

  it('keeps silences, to the minute', () => {
    const silences = [{ from: monday, until: utc('2026-11-25T12:30:00Z'), name: 'election' }]
    const placement = placed(post('a'), [], { silences })
    expect(placement.windowName).toBe('lunch')
    expect(placement.at >= utc('2026-11-25T12:30:00Z')).toBe(true)
  })

  it('without a slot is told what is in the way, and the way out', () => {
    expect(refused(post('a'), [], { windows: [] })).toBe(
      'This channel has no windows. Add one under Group, Windows, or choose an exact time.',
    )
    expect(refused({ ...post('a'), uselessAfter: utc('2026-11-23T06:05:00Z') })).toContain(
      'because reviewers need time to look',
    )
    expect(refused({ ...post('a'), uselessAfter: utc('2026-11-23T06:50:00Z') })).toContain(
      'no window begins until then',
    )
    const full = refused(post('a'), [taken('2026-11-23T12:00:00Z')], { gapMinutes: 10_080 * 5 })
    expect(full).toContain('No window is free in the next 28 days')
    expect(full).toContain('too close to another post')
    expect(full).toContain('Add a window')
  })

  it('has other slots to go to when it loses the race for the best', () => {
    const slots = candidates(post('a'), rules, [], monday, 8)
    expect(slots).toHaveLength(8)
    expect(slots[0]).toEqual(place(post('a'), rules, [], monday))
    const instants = slots.map((each) => (each.kind === 'placed' ? each.at.toMillis() : 0))
    expect(new Set(instants).size).toBe(8)
    expect([...eachPlacement(post('a'), rules, [], monday)].length).toBeGreaterThan(80)
    expect(candidates(post('a'), { ...rules, windows: [] }, [], monday)).toHaveLength(1)
  })
})

describe('an exact time', () => {
  it('is honoured, quarter of an hour or not', () => {
    const placement = placed(exactly('2026-11-24T15:00'))
    expect(placement).toMatchObject({ wall: '2026-11-24T15:00', windowName: null, windowEnds: null, broken: [] })
    expect(placement.at.toISO()).toBe('2026-11-24T15:00:00.000Z')
  })

  it('that breaks gap, cap or quiet hours needs a reason, and the refusal names each', () => {
    const others = [taken('2026-11-24T21:00:00Z'), taken('2026-11-24T12:00:00Z')]
    expect(refused(exactly('2026-11-24T22:00'), others)).toBe(
      'Tuesday 24 November, 22:00 is only an hour from another post of this channel (the gap is 3 hours), ' +
        'and is on a day that is full (2 posts a day on this channel), and is in the quiet hours (21:30 to 07:00). ' +
        'Give a reason to go ahead all the same, or choose another time.',
    )
    expect(refused(exactly('2026-11-24T22:00', '  '), others)).toContain('Give a reason')
    const placement = placed(exactly('2026-11-24T22:00', 'the result comes then'), others)
    expect(placement.broken).toEqual(['gap', 'cap', 'quiet'])
    expect(placement.reasons.at(-1)).toContain('the reason given: the result comes then')
  })

  it('just outside the gap or the quiet hours breaks nothing', () => {
    expect(
      placed(exactly('2026-11-24T15:00'), [taken('2026-11-24T12:00:00Z'), taken('2026-11-24T18:00:00Z')], {
        dailyCap: 3,
      }).broken,
    ).toEqual([])
    expect(placed(exactly('2026-11-24T07:00')).broken).toEqual([])
    expect(placed(exactly('2026-11-24T21:29')).broken).toEqual([])
  })

  it('never breaks a silence, whatever the reason', () => {
    const silences = [{ from: utc('2026-11-24T00:00:00Z'), until: utc('2026-11-25T00:00:00Z'), name: 'election' }]
    expect(refused(exactly('2026-11-24T15:00', 'important'), [], { silences })).toBe(
      'Tuesday 24 November, 15:00 is within the silence “election”. Choose Wednesday 25 November, 00:00 or later.',
    )
    expect(refused(exactly('2026-11-24T23:59', 'important'), [], { silences, quiet: null })).toContain('election')
    expect(placed(exactly('2026-11-25T00:00'), [], { silences, quiet: null }).broken).toEqual([])
  })

  it('with a slip of the year is refused, and the year is named', () => {
    expect(refused(exactly('2020-11-24T17:00'))).toContain('of 2020 has passed')
    expect(refused(exactly('2030-11-24T17:00'))).toContain('of 2030 is more than a year away')
  })

  it('that has passed, leaves no time to review, or is past its use, is refused', () => {
    expect(refused(exactly('2026-11-23T05:59'))).toContain('has passed')
    expect(refused(exactly('2026-11-23T06:09', 'urgent'))).toBe(
      'Monday 23 November, 06:09 leaves reviewers too little time. Choose Monday 23 November, 06:10 or later.',
    )
    expect(refused({ ...exactly('2026-11-24T15:00'), uselessAfter: utc('2026-11-24T15:00:00Z') })).toContain(
      'Choose an earlier time',
    )
  })

  it('that the clock skips comes later, and says so', () => {
    const placement = placed(exactly('2026-03-29T01:30', 'a vigil'), [], {}, utc('2026-03-28T10:00:00Z'))
    expect(placement.wall).toBe('2026-03-29T02:30')
    expect(placement.reasons).toContain('01:30 is skipped on that day, because the clock changes')
  })
})

describe('as soon as approved', () => {
  it('is the very next minute when nothing is in the way', () => {
    const placement = placed(soon, [], { leadMinutes: 0 }, utc('2026-11-23T10:00:30Z'))
    expect(placement.wall).toBe('2026-11-23T10:01')
    expect(placement.reasons).toEqual(['as soon as it is approved'])
  })

  it('waits for the end of quiet hours, gaps, full days and silences, and says for which', () => {
    expect(placed(soon, [], {}, utc('2026-11-23T23:00:00Z'))).toMatchObject({
      wall: '2026-11-24T07:00',
      reasons: ['as soon as it is approved, after the quiet hours'],
    })
    expect(placed(soon, [taken('2026-11-23T09:00:00Z')], {}, utc('2026-11-23T10:00:00Z')).wall).toBe('2026-11-23T12:00')
    const full = [taken('2026-11-23T08:00:00Z'), taken('2026-11-23T11:00:00Z')]
    expect(placed(soon, full, {}, utc('2026-11-23T15:00:00Z')).reasons).toEqual([
      'as soon as it is approved, after a day that is full and the quiet hours',
    ])
    const silences = [{ from: monday, until: utc('2026-11-23T13:00:00Z'), name: 'embargo' }]
    expect(placed(soon, [], { silences }, utc('2026-11-23T10:00:00Z')).wall).toBe('2026-11-23T13:00')
  })

  it('that cannot be in time is told so', () => {
    const late = { ...soon, uselessAfter: utc('2026-11-23T23:50:00Z') }
    expect(refused(late, [], {}, utc('2026-11-23T22:00:00Z'))).toContain('In the way: the quiet hours.')
  })
})

describe('a thousand random queues in five zones, most around a clock change', () => {
  it('break no law: windows, gaps, caps, quiet hours, silences, review time, same input same slot, nothing moves', () => {
    const tally = playQueues(1000)
    expect(tally.violations.slice(0, 5)).toEqual([])
    expect(tally.placed).toBeGreaterThan(4000)
    expect(tally.refused).toBeGreaterThan(100)
    expect(tally.onChangeDays).toBeGreaterThan(100)
  }, 300_000)
})
