import type { PublicationState } from '../../../src/scheduler/publication.js'
import type { Script } from './faults.js'
import type { Wanted } from './scenery.js'

/** What somebody does about one of the posts. */
export type Doing = 'cancel' | 'hold' | 'edit' | 'suspend' | 'retract' | 'connect'

/** A night in which the places of the faults are fixed. It says which planted bugs it was made for. */
export interface Scenario extends Script {
  readonly about: string
  readonly posts: readonly Wanted[]
  readonly people?: readonly { readonly atMinute: number; readonly doing: Doing; readonly post: number }[]
  /** From and for how many minutes the database cannot be reached. */
  readonly databaseAway?: { readonly fromMinute: number; readonly minutes: number }
  /** From which minute on the process runs that looks for what is late; 0 when left out. */
  readonly keeperFromMinute?: number
  /** From which minute on somebody answers what no machine can tell; 10 when left out. */
  readonly carerFromMinute?: number
  /** How the posts stand when the night is over. */
  readonly ends: readonly PublicationState[]
  readonly catches: readonly string[]
}

const minuteMs = 60_000
const keyed = { account: 0, minute: 5, exact: true, windowMinutes: 0 }
const readable = { ...keyed, account: 1 }
const thread = { ...readable, parts: 3 }
const mute = { ...keyed, account: 2 }
const tenMinutes = 10 * minuteMs

export const scenarios: Readonly<Record<string, Scenario>> = {
  'dies-at-the-network': {
    about: 'The process dies when it has claimed and the network has not yet got anything.',
    posts: [readable],
    ways: [{ kind: 'killed' }],
    ends: ['published'],
    catches: ['published-before-sending'],
  },
  'answer-lost': {
    about: 'The network took it, and the answer was lost.',
    posts: [readable],
    ways: [{ kind: 'answer lost' }],
    ends: ['published'],
    catches: ['retry-after-timeout'],
  },
  'dies-after-the-network': {
    about: 'The network took it, and the process died before it could write that down.',
    posts: [readable],
    ways: [{ kind: 'killed after' }],
    ends: ['published'],
    catches: ['lease-back-to-planned'],
  },
  'request-comes-late': {
    about: 'The network has not got the request, says so, and gets it long after another was sent.',
    posts: [keyed],
    ways: [{ kind: 'lingers', lingersMs: tenMinutes }],
    ends: ['published'],
    catches: ['new-key-per-attempt'],
  },
  'reviewer-suspended': {
    about: 'The only reviewer who agreed is suspended two minutes before the slot.',
    posts: [readable],
    people: [{ atMinute: 3, doing: 'suspend', post: 0 }],
    keeperFromMinute: 120,
    ends: ['missed'],
    catches: ['approval-only-when-planned'],
  },
  'clock-ahead': {
    about: 'The clocks of both processes are two minutes ahead of that of the database.',
    posts: [readable],
    skewsMs: [120_000, 120_000],
    ends: ['published'],
    catches: ['app-clock-decides'],
  },
  'clock-behind': {
    about:
      'The clocks of both processes are two minutes behind, and the network takes its time after a lost connection.',
    posts: [readable],
    skewsMs: [-120_000, -120_000],
    ways: [{ kind: 'lingers', lingersMs: 3000 }],
    ends: ['published'],
    catches: ['app-clock-settles'],
  },
  'late-on-its-channel': {
    about: 'Two tries are refused, so that the first of two goes out shortly before the slot of the second.',
    posts: [readable, { ...readable, minute: 20 }],
    ways: [{ kind: 'refused' }, { kind: 'refused' }],
    ends: ['published', 'published'],
    catches: ['no-spacing'],
  },
  'long-outage': {
    about: 'The database is away until the time of the post is long over; nothing else has looked for late ones yet.',
    posts: [readable],
    databaseAway: { fromMinute: 4, minutes: 50 },
    keeperFromMinute: 90,
    ends: ['missed'],
    catches: ['no-freshness'],
  },
  'no-after-doubt': {
    about: 'The first request was lost, nobody knows where; the second is refused for good.',
    posts: [readable],
    ways: [{ kind: 'request lost' }, { kind: 'rejected' }],
    ends: ['failed'],
    catches: ['failed-after-doubt'],
  },
  'cancelled-while-sending': {
    about: 'An editor cancels while the request is on its way.',
    posts: [readable],
    ways: [{ thereMs: 20_000 }],
    people: [{ atMinute: 5 + 10 / 60, doing: 'cancel', post: 0 }],
    ends: ['published'],
    catches: ['cancel-without-check'],
  },
  'frozen-after-the-claim': {
    about: 'The process stands still between its claim and the send, until another has sent it again.',
    posts: [readable],
    places: [{ when: 'after', step: 'claim', nth: 1, frozenMs: tenMinutes }],
    ends: ['published'],
    catches: ['no-deadline', 'deadline-after-claim'],
  },
  'frozen-before-settling': {
    about: 'The process learns that it was not taken, and stands still until another has sent it again.',
    posts: [readable],
    ways: [{ kind: 'refused' }],
    places: [{ when: 'before', step: 'settle', nth: 1, frozenMs: tenMinutes }],
    ends: ['published'],
    catches: ['no-fence'],
  },
  'nobody-can-tell': {
    about: 'The answer was lost, the network tells nothing, and nobody has looked when its time is over.',
    posts: [mute],
    ways: [{ kind: 'answer lost' }],
    carerFromMinute: 60,
    ends: ['published'],
    catches: ['missed-without-doubt-check'],
  },
  'not-reached-after-doubt': {
    about: 'The first request was lost, nobody knows where; for the second the network cannot be reached.',
    posts: [readable],
    ways: [{ kind: 'request lost' }, { kind: 'refused' }],
    ends: ['published'],
    catches: ['doubt-back-through-planned'],
  },
  'dies-between-parts': {
    about: 'The first part of a thread is out when the process dies.',
    posts: [thread],
    ways: [{}, { kind: 'killed' }],
    ends: ['published'],
    catches: ['thread-from-its-beginning'],
  },
  'slot-after-half-a-thread': {
    about:
      'The first part of a thread is out late, the second is refused for good, and soon comes the slot of another post.',
    posts: [thread, { ...readable, minute: 20 }],
    ways: [{ kind: 'refused' }, { kind: 'refused' }, {}, { kind: 'rejected' }],
    ends: ['failed', 'published'],
    catches: ['thread-without-gap'],
  },
  'slot-after-a-thread-that-nobody-can-tell': {
    about: 'The second part of a thread goes late and without an answer, and soon comes the slot of another post.',
    posts: [
      { ...mute, parts: 2 },
      { ...mute, minute: 20 },
    ],
    ways: [{}, { kind: 'refused' }, { kind: 'refused' }, { kind: 'answer lost' }],
    carerFromMinute: 60,
    ends: ['published', 'published'],
    catches: ['unconfirmed-without-gap'],
  },
  'connected-before-settling': {
    about: 'The network no longer takes the password, and somebody connects the channel before that is written down.',
    posts: [thread],
    ways: [{}, { kind: 'locked out' }],
    places: [{ when: 'before', step: 'settle', nth: 1, frozenMs: 30_000 }],
    people: [{ atMinute: 5 + 20 / 60, doing: 'connect', post: 0 }],
    carerFromMinute: 80,
    ends: ['published'],
    catches: ['old-password-stops-the-channel'],
  },
  'answer-about-a-part-lost': {
    about: 'The network took the second part of a thread, and the answer was lost.',
    posts: [thread],
    ways: [{}, { kind: 'answer lost' }],
    ends: ['published'],
    catches: [],
  },
  'frozen-between-parts': {
    about: 'The first part is out, and the process stands still before it writes that down, until another has gone on.',
    posts: [thread],
    places: [{ when: 'before', step: 'settle part', nth: 1, frozenMs: tenMinutes }],
    ends: ['published'],
    catches: [],
  },
}
