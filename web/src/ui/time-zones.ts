/** The zones that the browser knows, London first because most groups are there. */
export const timeZones: string[] = [
  'Europe/London',
  'Europe/Dublin',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'Europe/London' && zone !== 'Europe/Dublin'),
]
