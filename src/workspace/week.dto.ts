import type { Network } from '../platforms/platform.js'

export class WeekItem {
  postId: string
  publicationId: string
  network: Network
  channelName: string
  /** Local time, such as 17:22. */
  time: string
  firstWords: string
  state: string
  stateText: string
}

export class WeekCell {
  date: string
  /** Nothing is planned in it, and its time has not passed. */
  free: boolean
  past: boolean
  /** Wall time in the middle of the window, to start an exact time from. */
  at: string
  items: WeekItem[]
}

export class WeekRow {
  name: string
  start: string
  end: string
  cells: WeekCell[]
}

/** How a day can be put back as it was before it was spread. */
export class WeekUndo {
  spreadId: string
  /** Until then, and while nothing else on that day changes. */
  until: string
}

export class WeekDay {
  date: string
  label: string
  /** The public holiday's name; it has the windows of a Sunday. */
  holiday: string | null
  /** Null unless the day was spread again just now. */
  undo: WeekUndo | null
}

export class WeekView {
  from: string
  days: WeekDay[]
  rows: WeekRow[]
}
