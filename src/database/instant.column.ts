import { DateTime } from 'luxon'
import { Column, type ColumnOptions, type ValueTransformer } from 'typeorm'

/** `timestamptz` as luxon `DateTime` in UTC, to the millisecond. */
const instant: ValueTransformer = {
  from: (value: Date | null) => (value === null ? null : DateTime.fromJSDate(value, { zone: 'utc' })),
  to: (value: DateTime | null | undefined) => (DateTime.isDateTime(value) ? value.toJSDate() : value),
}

/** A column that holds an instant. */
export function InstantColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'timestamptz', transformer: instant })
}
