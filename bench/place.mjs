import { DateTime } from 'luxon'

import { Figures, prepare, product, quantile } from './support/server.mjs'

// How long it takes to find a slot on a channel with a thousand taken ones: the rules alone, without a database.
const taken = 1000
const rounds = 3000

prepare()
const { place } = await product('src/scheduler/plan.js')
const figures = new Figures('place', { taken, rounds })
const now = DateTime.fromISO('2026-11-23T09:30:00Z', { zone: 'utc' })
const days = [1, 2, 3, 4, 5, 6, 7]
const windows = [
  { days, start: '07:00', end: '09:00', name: 'before work' },
  { days, start: '12:00', end: '14:00', name: 'lunch' },
  { days, start: '17:00', end: '19:00', name: 'after work' },
  { days, start: '20:00', end: '21:00', name: 'evening' },
]
const rules = {
  zone: 'Europe/London',
  windows,
  gapMinutes: 60,
  dailyCap: 40,
  quiet: { start: '21:30', end: '07:00' },
  leadMinutes: 60,
  silences: [],
}
const slots = (stepMinutes, from) =>
  Array.from({ length: taken }, (_, number) => ({
    at: from.plus({ minutes: number * stepMinutes }),
    windowName: null,
    labels: [],
  }))
// Most of what a channel has is out already, or far away. A queue that is full for weeks has to be looked through to its
// end; so has one where every window is empty and every minute too close to a neighbour.
const cases = {
  spread: { slotsTaken: slots(7 * 60, now.minus({ days: 280 })), rules },
  full: { slotsTaken: slots(70, now), rules },
  close: { slotsTaken: slots(6 * 60, now.startOf('day').plus({ minutes: 270 })), rules: { ...rules, gapMinutes: 170 } },
}
for (const [name, { slotsTaken, rules: rulesOfCase }] of Object.entries(cases)) {
  const times = []
  let kind = ''
  for (let round = 0; round < rounds; round += 1) {
    const request = { postId: `post ${round}`, channelId: 'channel', wish: { kind: 'queue' }, labels: [] }
    const begun = performance.now()
    kind = place(request, rulesOfCase, slotsTaken, now).kind
    if (round >= rounds / 3) times.push((performance.now() - begun) * 1000)
  }
  figures.note(`${name}P50`, Math.round(quantile(times, 0.5)), `microseconds, half of the time: ${taken} slots, ${name} (${kind})`)
  figures.note(`${name}P99`, Math.round(quantile(times, 0.99)), `microseconds, 99 of a hundred: ${taken} slots, ${name}`)
} // prettier-ignore
figures.end()
