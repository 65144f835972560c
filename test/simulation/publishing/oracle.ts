import type { Taken } from './network.js'
import { gapMinutes, type Planned, type Scenery } from './scenery.js'
import type { Stage } from './stage.js'

const minuteMs = 60_000
/** The deadline of a send, and a little: between its claim and the moment the network takes it. */
const underWayMs = 50_000
/** How wrong the clock of a process may be. */
const skewMs = 125_000
const aboutPublic = ['published', 'in_doubt', 'unconfirmed', 'retracting', 'retracted']
const freshMs = 30 * minuteMs

interface Row {
  readonly id: string
  readonly postId: string
  readonly state: string
  readonly slotMs: number
  readonly doubt: boolean
  readonly tries: number
  readonly attempts: number
  readonly unsettled: number
  readonly postState: string
  readonly free: boolean
  readonly channelState: string
  readonly leaseMs: number
}

/** Judges what became public by its own knowledge of what was allowed, and by nothing that the product counts. */
export class Oracle {
  readonly violations: string[] = []
  /** How a directed scenario went another way than it is meant to: then it shows nothing. */
  readonly straying: string[] = []
  /** Milliseconds between a slot and the moment its post was public at the first try, whatever was in the way. */
  readonly lateMs: number[] = []
  readonly cancelled = new Map<string, number>()
  /** Publications of which a person said that they are there: of a thread that is one more part than was known. */
  readonly seen = new Set<string>()
  private readonly taken: Taken[] = []
  private readonly standing = new Map<string, { atMs: number; ok: boolean }[]>()

  constructor(
    private readonly stage: Stage,
    private readonly scenery: Scenery,
    private readonly nowMs: () => number,
  ) {
    for (const { postId } of scenery.planned) this.standing.set(postId, [{ atMs: 0, ok: true }])
  }

  /** From now on this post may, or may not, be claimed. */
  stands(postId: string, ok: boolean): void {
    this.standing.get(postId)?.push({ atMs: this.nowMs(), ok })
  }

  strays(how: string): void {
    this.straying.push(how)
  }

  violate(what: string): void {
    this.violations.push(what)
  }

  /** Called at the moment at which the network takes a post, before anything else happens. */
  async took(taken: Taken): Promise<void> {
    const planned = this.scenery.planned.find((each) => each.publicationId === taken.publicationId)
    if (!planned) return this.violate(`something that was never planned is public: ${taken.text}`)
    const about = `"${planned.text}" on ${planned.account.split('-')[0]}`
    const of = this.taken.filter((each) => each.publicationId === taken.publicationId)
    const part = planned.texts.indexOf(taken.text)
    if (of.some((each) => each.text === taken.text)) this.violate(`2: twice public: ${about}`)
    else if (part < 0) this.violate(`1: other words than the approved ones: ${about}`)
    else if (part !== of.length) this.violate(`1: part ${part + 1} came after ${of.length} others: ${about}`)
    if ((of.at(-1)?.key ?? null) !== taken.under) this.violate(`1: it does not hang on the part before it: ${about}`)
    if (taken.account !== planned.account) this.violate(`1: another account than the approved one: ${about}`)
    if (this.cancelled.has(planned.postId)) this.violate(`cancelled, and public afterwards: ${about}`)
    await this.judgeTime(planned, taken, about)
    this.taken.push(taken)
  }

  /** When faults are over and everything had its time. */
  async judgeEnd(endMs: number): Promise<Map<string, number>> {
    const states = new Map<string, number>()
    for (const row of await this.rows()) {
      states.set(row.state, (states.get(row.state) ?? 0) + 1)
      const planned = this.scenery.planned.find((each) => each.publicationId === row.id)
      const about = `"${planned?.text}" is ${row.state}`
      const out = this.taken.filter((each) => each.publicationId === row.id).length
      const parts = planned?.texts.length ?? 1
      const isPublic = out > 0
      // A thread of which a part cannot go out is planned again or failed, and says how far it came.
      const known = out < parts ? [...aboutPublic, 'planned', 'failed'] : aboutPublic
      if (row.state === 'published' && out < (this.seen.has(row.id) ? 1 : parts))
        this.violate(`3: said to be public, and is not: ${about}`)
      if (isPublic && !known.includes(row.state)) this.violate(`3: public, and the product does not know: ${about}`)
      // The last look may be an hour away.
      const waits = row.state === 'in_doubt' && row.leaseMs > endMs - 10 * minuteMs
      if (['publishing', 'in_doubt'].includes(row.state) && !waits) this.violate(`3: stuck: ${about}`)
      if (row.state === 'planned' && row.free && row.channelState === 'connected' && row.slotMs < endMs - 35 * minuteMs)
        this.violate(`3: due, approved, and forgotten: ${about}`)
      if (row.attempts !== row.tries)
        this.violate(`attempts and tries differ (${row.attempts}, ${row.tries}): ${about}`)
      if (row.unsettled > 0) this.violate(`an attempt was never settled: ${about}`)
      if (['failed', 'missed', 'unconfirmed'].includes(row.state) && !this.told(row.postId))
        this.violate(`3: nobody was told: ${about}`)
    }
    return states
  }

  private told(postId: string): boolean {
    return this.stage.mails.some((mail) => mail.thread === `post-${postId}`)
  }

  private async judgeTime(planned: Planned, taken: Taken, about: string): Promise<void> {
    const [row] = await this.stage.query<{ slotMs: number; endsMs: number | null; claimedMs: number; first: boolean }>(
      `select extract(epoch from p.slot)::double precision * 1000 as "slotMs", extract(epoch from p.window_ends)::double precision * 1000 as "endsMs",
         (select extract(epoch from max(a.started_at))::double precision * 1000 from attempts a where a.group_id = p.group_id and a.publication_id = p.id) as "claimedMs",
         p.moved_times = 0 and p.tries = 1 as first
       from publications p where p.group_id = $1 and p.id = $2`,
      [this.scenery.groupId, planned.publicationId],
    )
    if (!row) return this.violate(`the publication is gone: ${about}`)
    if (taken.atMs < row.slotMs)
      this.violate(`4: ${Math.round((row.slotMs - taken.atMs) / 1000)} s before its slot: ${about}`)
    const freshUntil = Math.max(row.endsMs ?? 0, row.slotMs + freshMs)
    if (row.claimedMs > freshUntil + skewMs) this.violate(`4: long after its time: ${about}`)
    if (!this.allowedAt(planned.postId, row.claimedMs)) this.violate(`1: claimed while it was not approved: ${about}`)
    // A thread that has begun goes on as soon as it can.
    const close = this.taken.find(
      (each) =>
        taken.under === null &&
        each.account === taken.account &&
        each.publicationId !== taken.publicationId &&
        Math.abs(each.atMs - taken.atMs) < gapMinutes * minuteMs - underWayMs,
    )
    if (close) this.violate(`4: ${Math.round(Math.abs(close.atMs - taken.atMs) / 1000)} s from another post: ${about}`)
    if (row.first && taken.under === null) this.lateMs.push(taken.atMs - row.slotMs)
  }

  /** Two things at one millisecond: either order is right. */
  private allowedAt(postId: string, atMs: number): boolean {
    const history = this.standing.get(postId) ?? []
    const before = history.findLast((each) => each.atMs < atMs)
    const at = history.filter((each) => Math.abs(each.atMs - atMs) <= 1)
    return (before?.ok ?? true) || at.some((each) => each.ok)
  }

  private rows(): Promise<Row[]> {
    return this.stage.query<Row>(
      `select p.id, p.post_id as "postId", p.state, extract(epoch from p.slot)::double precision * 1000 as "slotMs", p.doubt, p.tries,
         (select count(*)::integer from attempts a where a.group_id = p.group_id and a.publication_id = p.id) as attempts,
         (select count(*)::integer from attempts a where a.group_id = p.group_id and a.publication_id = p.id and a.state = 'sending') as unsettled,
         po.state as "postState", po.state = 'approved' and po.held_at is null and not po.editing as free, c.state as "channelState",
         coalesce(extract(epoch from p.lease_until)::double precision * 1000, 0) as "leaseMs"
       from publications p join posts po on po.group_id = p.group_id and po.id = p.post_id
       join channels c on c.group_id = p.group_id and c.id = p.channel_id where p.group_id = $1 order by p.id`,
      [this.scenery.groupId],
    )
  }
}
