/** A recurring stretch of local time in which posting is good. */
export interface Window {
  /** 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[]
  /** `HH:MM`, wall time. */
  readonly start: string
  /** `HH:MM`, exclusive, later than `start` on the same day; `24:00` is midnight. */
  readonly end: string
  readonly name: string
}

/** What `minuteOfDay` was asked before, of times only: there are 1,441, and placing asks for the same few again and again. */
const knownMinutes = new Map<string, number>()

/** Minutes since midnight of `HH:MM`; `24:00` is the end of a day. Null when it is not a time. */
export function minuteOfDay(time: string): number | null {
  const known = knownMinutes.get(time)
  if (known !== undefined) return known
  const minutes = readMinutes(time)
  if (minutes !== null) knownMinutes.set(time, minutes)
  return minutes
}

function readMinutes(time: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(time)
  if (match === null) return null
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : null
}

const weekdays = [1, 2, 3, 4, 5]
const weekend = [6, 7]
const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
/** A shorter window has next to no minutes left once the quarter hours are out. */
const shortestMinutes = 10

/** `Tuesday` for 2. */
export function dayName(weekday: number): string {
  return dayNames[weekday - 1] ?? ''
}

/** What a new group starts with. */
export function defaultWindows(): Window[] {
  return [
    { days: weekdays, start: '07:00', end: '09:00', name: 'before work' },
    { days: weekdays, start: '12:00', end: '14:00', name: 'lunch' },
    { days: weekdays, start: '17:00', end: '19:00', name: 'after work' },
    { days: weekdays, start: '20:00', end: '21:00', name: 'evening' },
    { days: weekend, start: '10:00', end: '12:00', name: 'late morning' },
    { days: weekend, start: '17:00', end: '19:00', name: 'after work' },
    { days: weekend, start: '20:00', end: '21:00', name: 'evening' },
  ]
}

/** What is wrong with a set of windows, as sentences; empty when nothing is. */
export function checkWindows(windows: readonly Window[]): string[] {
  const problems = windows.flatMap(checkOne)
  if (problems.length > 0) return problems
  windows.forEach((one, index) => {
    for (const other of windows.slice(index + 1)) {
      const day = one.days.find((each) => other.days.includes(each))
      if (day === undefined) continue
      if (one.start < other.end && other.start < one.end) {
        problems.push(
          `“${one.name}” (${one.start}-${one.end}) and “${other.name}” (${other.start}-${other.end}) overlap on ` +
            `${dayName(day)}. Shorten one, or make them one window.`,
        )
      } else if (one.name === other.name) {
        problems.push(`Two windows on ${dayName(day)} are called “${one.name}”. Give each its own name.`)
      }
    }
  })
  return problems
}

function checkOne(window: Window): string[] {
  const name = window.name.trim()
  const said = name === '' ? `The window ${window.start}-${window.end}` : `“${name}”`
  const problems: string[] = []
  if (name === '') problems.push(`${said} has no name. Call it what people would say, such as “after work”.`)
  if (window.days.length === 0) problems.push(`${said} is on no day. Choose at least one.`)
  const wrong = window.days.find((day) => dayName(day) === '')
  if (wrong !== undefined) problems.push(`${said} is on day ${wrong}. Days go from 1 (Monday) to 7 (Sunday).`)
  const start = minuteOfDay(window.start)
  const end = minuteOfDay(window.end)
  if (start === null || start === 1440)
    problems.push(`${said} starts at “${window.start}”. Write a time such as 17:00.`)
  if (end === null) problems.push(`${said} ends at “${window.end}”. Write a time such as 19:00.`)
  if (start !== null && end !== null) {
    if (end <= start) {
      problems.push(
        `${said} ends at ${window.end}, which is not after its start at ${window.start}. ` +
          'For a window past midnight make two: one until 24:00, one from 00:00.',
      )
    } else if (end - start < shortestMinutes) {
      problems.push(`${said} is only ${end - start} minutes long. Make it at least ${shortestMinutes}.`)
    }
  }
  return problems
}
