import { DateTime } from 'luxon'

/**
 * The only source of "now" in the product. Instants are luxon `DateTime` in UTC.
 * An abstract class rather than an interface, so that it can be an injection token.
 */
export abstract class Clock {
  /** The present instant, in UTC. */
  abstract now(): DateTime

  /**
   * Milliseconds since some fixed moment of this process. It goes on evenly, whatever is done to the machine's clock:
   * for deadlines, never for instants.
   */
  monotonicMs(): number {
    return performance.now()
  }
}

/** The machine's clock, moved by a fixed offset (zero outside demonstrations and tests). */
export class SystemClock extends Clock {
  private offsetMs = 0

  now(): DateTime {
    return DateTime.utc().plus({ milliseconds: this.offsetMs })
  }

  /** Moves the clock so that it runs `offsetMs` milliseconds ahead of the machine's. */
  setOffset(offsetMs: number): void {
    this.offsetMs = offsetMs
  }
}
