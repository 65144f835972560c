import { DateTime } from 'luxon'

import { Transaction } from '../../../src/database/transaction.js'
import type { ActingMember } from '../../../src/groups/acting-member.js'
import { GroupFounding } from '../../../src/groups/group-founding.service.js'
import type { Role } from '../../../src/groups/roles.js'
import { newId } from '../../../src/kernel/ids.js'
import { mondayMorning } from '../../support/group-fixture.js'
import { changePolicy } from '../../support/policy.js'
import type { Dice } from './random.js'
import type { Stage } from './stage.js'

export interface Somebody {
  readonly name: string
  readonly memberId: string
  readonly personId: string
  readonly email: string
  roles: Role[]
  active: boolean
}

/** A mailed review link. */
export interface Link {
  readonly token: string
  readonly to: Somebody
  readonly postId: string
}

/** A post as the table has it, with its current revision. */
export interface PostRow {
  readonly id: string
  readonly state: string
  readonly version: number
  readonly editing: boolean
  readonly held: boolean
  readonly authorId: string
  readonly revisionId: string | null
  readonly hash: string | null
}

const cast: readonly [string, Role[]][] = [
  ['Ana', ['editor', 'reviewer']],
  ['Ben', ['reviewer']],
  ['Cleo', ['reviewer']],
  ['Dee', ['admin']],
  ['Eli', ['admin', 'editor']],
  ['Fay', ['editor', 'reviewer']],
  ['Gus', ['reviewer']],
]

/** One group of people for one sequence, and what those who act in it remember. */
export class World {
  readonly posts: string[] = []
  /** Post to the people who really worked on it. */
  readonly worked = new Map<string, Set<string>>()
  readonly links: Link[] = []
  readonly pictures: { readonly id: string; readonly by: Somebody }[] = []
  /** How many texts were written: no two are alike. */
  texts = 0

  private constructor(
    readonly stage: Stage,
    readonly dice: Dice,
    readonly groupId: string,
    readonly people: readonly Somebody[],
    readonly channels: readonly { readonly id: string; readonly account: string }[],
    private readonly group: ActingMember['group'],
  ) {}

  static async make(stage: Stage, dice: Dice, seed: number): Promise<World> {
    const start = DateTime.fromISO(mondayMorning, { zone: 'utc' })
    await stage.setClock(start)
    stage.network.startOver()
    stage.mails.length = 0
    const id = () => newId(start.toMillis())
    const group: ActingMember['group'] = {
      id: id(),
      slug: `group-${seed}`,
      name: `Group ${seed}`,
      timeZone: 'Europe/London',
      holidays: null,
      demo: false,
      policy: {
        number: 2,
        approvals:
          1 +
          dice.weighted([
            { weight: 6, more: 0 },
            { weight: 4, more: 1 },
          ]).more,
        contributorRule: 'strict',
        approvalLifetimeDays: null,
        coolingMinutes: dice.happens(0.5) ? 0 : 10,
        atOnceCoolingMinutes: 0,
        proof: 'usual',
        adminsNeedPasskey: false,
        mayBeAsked: null,
        extra: [],
      },
    }
    const people = cast.map(([name, roles]) => ({
      name,
      memberId: id(),
      personId: id(),
      email: `${name.toLowerCase()}-${seed}@example.org`,
      roles: [...roles],
      active: true,
    }))
    const channels = ['river', 'square'].map((name) => ({ id: id(), account: `did:plc:${name}-${seed}.test` }))
    const world = new World(stage, dice, group.id, people, channels, group)
    await world.settle(id)
    return world
  }

  acting(who: Somebody): ActingMember {
    const { memberId, personId, name, email, roles } = who
    return { groupId: this.groupId, memberId, personId, name, email, roles, group: this.group }
  }

  member(memberId: string): Somebody | undefined {
    return this.people.find((each) => each.memberId === memberId)
  }

  remember(postId: string, ...people: readonly { personId: string }[]): void {
    const known = this.worked.get(postId) ?? new Set()
    for (const each of people) known.add(each.personId)
    this.worked.set(postId, known)
  }

  /** A post, more likely one of the last. */
  async somePost(): Promise<PostRow | undefined> {
    const recent = this.dice.happens(0.7) ? this.posts.slice(-2) : this.posts
    const id = this.dice.pick(recent)
    return id === undefined ? undefined : this.post(id)
  }

  async post(id: string): Promise<PostRow | undefined> {
    const [row] = await this.query<PostRow>(
      `select p.id, p.state, p.version, p.editing, p.held_at is not null as held, p.author_id as "authorId", r.id as "revisionId", r.hash
       from posts p left join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id
       where p.group_id = $1 and p.id = $2`,
      [this.groupId, id],
    )
    return row
  }

  /** Who approved the current version of a post. */
  async approvers(postId: string): Promise<Somebody[]> {
    const rows = await this.query<{ id: string }>(
      `select distinct v.member_id as id from verdicts v join posts p on p.group_id = v.group_id and p.id = v.post_id
       where v.group_id = $1 and v.post_id = $2 and v.revision_id = p.current_revision_id and v.kind = 'approve' order by 1`,
      [this.groupId, postId],
    )
    return rows.flatMap(({ id }) => this.member(id) ?? [])
  }

  query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.stage.query<Row>(sql, parameters)
  }

  async passTime(to: DateTime): Promise<void> {
    if (to > this.stage.clock.at) await this.stage.setClock(to)
  }

  /** "post 2", as the list of actions calls it. */
  nameOf(postId: string): string {
    return `post ${this.posts.indexOf(postId) + 1}`
  }

  /** Links out of the mails that were written since the last look. */
  readMails(): void {
    for (const mail of this.stage.mails.splice(0)) {
      const token = mail.kind === 'review-request' ? /\/r\/([\w-]{43})/.exec(mail.text)?.[1] : undefined
      const to = this.people.find((each) => each.email === mail.to)
      if (token && to) this.links.push({ token, to, postId: (mail.thread ?? '').replace('post-', '') })
    }
  }

  /** Nothing of this group is due any more when the next sequence puts the clock back. */
  async end(): Promise<void> {
    await this.query(
      `update publications set state = 'cancelled' where group_id = $1 and state in ('planned', 'missed', 'failed')`,
      [this.groupId],
    )
    await this.query(
      `update publications set lease_until = null, next_try_at = 'infinity' where group_id = $1 and state <> 'cancelled'`,
      [this.groupId],
    )
    await this.query(`update channels set state = 'to_reconnect' where group_id = $1`, [this.groupId])
    await this.query('delete from witness where group_id = $1', [this.groupId])
  }

  private async settle(id: () => string): Promise<void> {
    const { group, people, channels } = this
    await this.query('insert into groups (id, slug, name, time_zone, created_at) values ($1, $2, $3, $4, clock())', [
      group.id,
      group.slug,
      group.name,
      group.timeZone,
    ])
    await this.query(
      `insert into people (id, name, email, created_at)
       select id, name, email, clock() from unnest($1::uuid[], $2::text[], $3::text[]) as each (id, name, email)`,
      [people.map((each) => each.personId), people.map((each) => each.name), people.map((each) => each.email)],
    )
    await this.query(
      `insert into members (group_id, id, person_id, roles, joined_at, created_at)
       select $1, id, person_id, string_to_array(roles, ','), clock(), clock()
       from unnest($2::uuid[], $3::uuid[], $4::text[]) as each (id, person_id, roles)`,
      [
        group.id,
        people.map((each) => each.memberId),
        people.map((each) => each.personId),
        people.map((each) => each.roles.join(',')),
      ],
    )
    await changePolicy(this.stage, group.id, group.policy)
    await this.stage.app.get(Transaction).run((manager) => this.stage.app.get(GroupFounding).run(manager, group))
    await this.query(
      `insert into channels (group_id, id, network, remote_account_id, name, handle, sealed_credentials, gap_minutes, daily_cap, created_at)
       select $1, id, 'bluesky', account, account, account, $4, 15, 50, clock()
       from unnest($2::uuid[], $3::text[]) as each (id, account)`,
      [group.id, channels.map((each) => each.id), channels.map((each) => each.account), this.stage.sealedCredentials],
    )
    await this.query(
      `insert into windows (group_id, id, days, starts, ends, name) values ($1, $2, '{1,2,3,4,5,6,7}', '09:00', '12:00', 'morning'),
        ($1, $3, '{1,2,3,4,5,6,7}', '13:00', '20:00', 'later')`,
      [group.id, id(), id()],
    )
  }
}
