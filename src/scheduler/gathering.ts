interface Waiting<Item> {
  readonly item: Item
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Handles items in groups. What comes while a group is being handled forms the next one, so a lone item waits for
 * nobody and a crowd shares its transactions.
 * @example const settling = new Gathering(50, (outcomes) => settleAll(outcomes)); await settling.add(outcome)
 */
export class Gathering<Item> {
  private waiting: Waiting<Item>[] = []
  private busy = false

  constructor(
    private readonly most: number,
    private readonly handle: (items: Item[]) => Promise<void>,
  ) {}

  /** Resolves when the item's group was handled; rejects when handling the group failed. */
  add(item: Item): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed })
      void this.work()
    })
  }

  private async work(): Promise<void> {
    if (this.busy) return
    this.busy = true
    // What arrives in this very turn still comes along.
    await Promise.resolve()
    for (let group = this.next(); group.length > 0; group = this.next()) {
      try {
        await this.handle(group.map(({ item }) => item))
        for (const each of group) each.done()
      } catch (error) {
        for (const each of group) each.failed(error)
      }
    }
    this.busy = false
  }

  private next(): Waiting<Item>[] {
    return this.waiting.splice(0, this.most)
  }
}
