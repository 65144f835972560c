import { Injectable } from '@nestjs/common'
import type Calendar from 'date-holidays'
import { DateTime } from 'luxon'

import { DomainError } from '../kernel/domain-error.js'
import type { Holidays } from './slot.js'
import { dayMs } from './wall-time.js'

export interface Region {
  /** ISO 3166: a country, with its part where one is meant, such as GB-SCT. */
  readonly code: string
  readonly name: string
}

/**
 * Public holidays from the date-holidays library, which is loaded only once a group asks for them: it is large.
 * Holidays of one year and region are worked out once.
 */
@Injectable()
export class HolidaysService {
  private readonly years = new Map<string, Holidays>()
  private library: Promise<typeof Calendar> | null = null

  /** Public holidays from the first day's year to the last's, by the number of the day since 1970. */
  async between(region: string | null, from: DateTime, to: DateTime): Promise<Holidays> {
    if (region === null) return new Map()
    const found = new Map<number, string>()
    for (let { year } = from; year <= to.year; year += 1) {
      for (const [day, name] of await this.ofYear(region, year)) found.set(day, name)
    }
    return found
  }

  /** Countries, or the parts of one whose holidays differ. */
  async regions(country: string | null): Promise<Region[]> {
    const calendar = new (await this.load())()
    const named = country === null ? calendar.getCountries('en') : (calendar.getStates(country, 'en') ?? {})
    return Object.entries(named)
      .map(([code, name]) => ({ code: country === null ? code : `${country}-${code}`, name: String(name) }))
      .filter(({ code }) => /^[A-Z]{2}(-[A-Z0-9]{1,5})?$/.test(code))
      .sort((one, other) => one.name.localeCompare(other.name))
  }

  /** @throws DomainError `unknown-holidays` */
  async require(region: string): Promise<void> {
    const [country = ''] = region.split('-')
    const known = region === country ? await this.regions(null) : await this.regions(country)
    if (known.some(({ code }) => code === region)) return
    throw new DomainError('unknown-holidays', `We know no public holidays of "${region}". Choose another country.`)
  }

  private async ofYear(region: string, year: number): Promise<Holidays> {
    const key = `${region} ${year}`
    const have = this.years.get(key)
    if (have) return have
    const [country = '', part] = region.split('-')
    const Known = await this.load()
    const calendar = part === undefined ? new Known(country) : new Known(country, part)
    const days = new Map<number, string>()
    for (const { date, name, type } of calendar.getHolidays(year, 'en') ?? []) {
      // The date is local wall time; what begins in the evening before is meant for the day that follows.
      if (type === 'public') days.set(DateTime.fromISO(date.slice(0, 10), { zone: 'utc' }).toMillis() / dayMs, name)
    }
    this.years.set(key, days)
    return days
  }

  private load(): Promise<typeof Calendar> {
    return (this.library ??= import('date-holidays').then((loaded) => loaded.default))
  }
}
