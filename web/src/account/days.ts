const words = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })

/** "Tue 24 Nov 2026" on this device's clock, for an instant or a date: what is the person's own has no group's zone. */
export function dayOf(instant: string): string {
  return words.format(new Date(instant))
}
