import { DateTime } from 'luxon'

import type { Finding } from './platform.js'

/** An answer that a server gave, with its own time and ours. */
interface Answered {
  readonly host: string
  readonly ms: number
  /** `Date` (RFC 9110, 6.6.1); null where the server tells none. */
  readonly date: string | null
  readonly now: DateTime
}

/** A `Date` is cut to the second, and the way takes its time: less than this is no difference. */
const fineSeconds = 30
/** Standard Webhooks and most signed requests allow five minutes. */
const badSeconds = 300

/** Who answered, and how fast. */
export function reachFindings(
  answers: readonly Answered[],
  faults: readonly { host: string; said: string }[],
): Finding[] {
  const slowest = new Map<string, number>()
  for (const { host, ms } of answers) slowest.set(host, Math.max(slowest.get(host) ?? 0, ms))
  const reached = [...slowest].map(([host, ms]): Finding => {
    const slow = ms > 5000
    return {
      about: `reaching ${host}`,
      state: slow ? 'warning' : 'good',
      said: slow ? `It took ${Math.round(ms / 1000)} seconds to answer.` : `It answers, in ${Math.round(ms)} ms.`,
      nextStep: slow
        ? 'Posts may go out a little late. Look again later; if it stays so, look at the line of this machine.'
        : null,
    }
  })
  const unreached = new Map(faults.filter(({ host }) => !slowest.has(host)).map((fault) => [fault.host, fault.said]))
  return [
    ...reached,
    ...[...unreached].map(([host, said]): Finding => ({
      about: `reaching ${host}`,
      state: 'bad',
      said,
      nextStep:
        'Open the address in a browser. If it opens there, look whether a firewall or the name server keeps this machine from it.',
    })),
  ]
}

/** How far the clock here is from the first clock that was told; nothing where none was. */
export function clockFindings(answers: readonly Answered[]): Finding[] {
  const told = answers.find(({ date }) => date !== null && DateTime.fromHTTP(date).isValid)
  if (!told?.date) return []
  const seconds = Math.round(told.now.diff(DateTime.fromHTTP(told.date)).as('seconds'))
  const away = Math.abs(seconds)
  if (away <= fineSeconds)
    return [{ about: 'clock', state: 'good', said: `The clock here agrees with that of ${told.host}.`, nextStep: null }]
  return [
    {
      about: 'clock',
      state: away > badSeconds ? 'bad' : 'warning',
      said: `The clock here is ${inWords(away)} ${seconds > 0 ? 'ahead of' : 'behind'} that of ${told.host}.`,
      nextStep:
        'Let this machine set its clock by the network (NTP): posts go out by it, and networks refuse requests that are too old.',
    },
  ]
}

function inWords(seconds: number): string {
  const [count, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
