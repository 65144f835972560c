import { placed, type Placement } from './placement.js'
import { obstacleAt, type Limits, type Obstacle, type PlaceRules, type TakenInOrder } from './slot.js'
import { dayMs, minuteMs, sayTime, utc } from './wall-time.js'

/** How far ahead a minute is looked for. */
const furthestDays = 28

/** The free minutes from the earliest on, a gap apart from each other; never empty. */
export function* soon(rules: PlaceRules, taken: TakenInOrder, limits: Limits): Generator<Placement, void> {
  const start = Math.ceil(limits.earliest / minuteMs) * minuteMs
  const horizon = Math.min(limits.latest, start + furthestDays * dayMs)
  const held = new Set<string>()
  let found = false
  let at = start
  while (at < horizon) {
    const obstacle = obstacleAt(at, rules, taken)
    if (obstacle !== null) {
      held.add(sayObstacle(obstacle))
      // A silence or a neighbour may end within a minute.
      at = Math.ceil(obstacle.until / minuteMs) * minuteMs
      continue
    }
    found = true
    yield placed(at, rules, null, [
      held.size === 0 ? 'as soon as it is approved' : `as soon as it is approved, after ${[...held].join(' and ')}`,
    ])
    at += Math.max(1, rules.gapMinutes) * minuteMs
  }
  if (found) return
  const until =
    limits.latest < Infinity ? `before ${sayTime(utc(limits.latest), rules.zone)}` : `in the next ${furthestDays} days`
  yield {
    kind: 'no-slot',
    reason:
      `No minute ${until} keeps the rules of this channel. In the way: ${[...held].join(', ')}. ` +
      'Choose an exact time and give a reason, or let it be useful for longer.',
  }
}

/** Goes on after "as soon as it is approved, after ". */
function sayObstacle(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'silence':
      return `the silence “${obstacle.name}”`
    case 'quiet':
      return 'the quiet hours'
    case 'cap':
      return 'a day that is full'
    case 'gap':
      return 'the gap to another post'
    case 'repeat':
      return 'the hour that comes twice'
  }
}
