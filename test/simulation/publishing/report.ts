import type { AttemptState } from '../../../src/scheduler/attempt.entity.js'
import { movesFrom, publicationStates } from '../../../src/scheduler/publication.js'
import { faultKinds } from './faults.js'
import type { Played } from './seed.js'

const attemptEnds = {
  published: true,
  retry: true,
  limited: true,
  rejected: true,
  unauthorized: true,
  blocked: true,
  unknown: true,
} satisfies Record<Exclude<AttemptState, 'sending'>, true>

/** Every edge that there is, as `Stage.walked` names it. */
const edges = [
  ...publicationStates.flatMap((from) => movesFrom(from).map((to) => `publications ${from}>${to}`)),
  'attempts >sending',
  ...Object.keys(attemptEnds).map((to) => `attempts sending>${to}`),
]

/** What a run of many nights showed. */
export class Report {
  violations = 0
  private readonly faults = new Map<string, number>()
  private readonly states = new Map<string, number>()
  private readonly walked = new Map<string, number>()
  private readonly late: number[] = []
  private readonly total = { happenings: 0, hours: 0, taken: 0 }

  count(played: Played): void {
    this.total.happenings += played.happenings
    this.total.hours += played.hours
    this.total.taken += played.taken
    this.violations += played.violations.length
    addAll(this.faults, played.faults)
    addAll(this.states, played.states)
    addAll(this.walked, played.walked)
    this.late.push(...played.lateMs)
  }

  lines(): string[] {
    const { faults, states, walked, total } = this
    const never = (all: readonly string[], of: ReadonlyMap<string, number>) => all.filter((each) => !of.has(each))
    const list = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'none')
    return [
      `simulated hours: ${total.hours}`,
      `happenings: ${total.happenings}`,
      `faults: ${sum(faults)} (${inOrder(faults)})`,
      `faults that never happened: ${list(never(faultKinds, faults))}`,
      `became public: ${total.taken}`,
      `ended as: ${inOrder(states)}`,
      `edges walked: ${edges.length - never(edges, walked).length} of ${edges.length} (${inOrder(walked)})`,
      `edges never walked: ${list(never(edges, walked))}`,
      `edges that are none: ${list([...walked.keys()].filter((edge) => !edges.includes(edge)))}`,
      `lateness of first tries, with outages and pauses: p50 ${this.quantile(0.5)} s, p90 ${this.quantile(0.9)} s, p99 ${this.quantile(0.99)} s, most ${this.quantile(1)} s`,
    ]
  }

  private quantile(share: number): string {
    const sorted = this.late.toSorted((a, b) => a - b)
    return ((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1000).toFixed(1)
  }
}

function addAll(to: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, n] of counts) to.set(name, (to.get(name) ?? 0) + n)
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, each) => all + each, 0)
}

function inOrder(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => `${n} ${name}`)
    .join(', ')
}
