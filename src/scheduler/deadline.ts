/** The moment past which nothing is sent, on the monotonic clock: moving the machine's clock does not stretch it. */
export class Deadline {
  private readonly endMs: number

  /** @param ms from now on */
  constructor(
    private readonly clock: { monotonicMs(): number },
    ms: number,
  ) {
    this.endMs = clock.monotonicMs() + ms
  }

  get passed(): boolean {
    return this.leftMs <= 0
  }

  /** Breaks off what is on its way when the deadline passes. */
  signal(): AbortSignal {
    return this.passed ? AbortSignal.abort() : AbortSignal.timeout(Math.ceil(this.leftMs))
  }

  private get leftMs(): number {
    return this.endMs - this.clock.monotonicMs()
  }
}
