import { seal } from '../../../src/drafts/envelope.js'
import type { ActingMember } from '../../../src/groups/acting-member.js'
import type { Role } from '../../../src/groups/roles.js'
import { newId } from '../../../src/kernel/ids.js'
import type { Dice } from '../approval/random.js'
import type { Kind } from './accounts.js'
import type { Stage } from './stage.js'

export interface Somebody {
  readonly name: string
  readonly memberId: string
  readonly personId: string
  readonly roles: readonly Role[]
}

/** An approved post on one channel, as the seed begins. */
export interface Planned {
  readonly postId: string
  readonly publicationId: string
  readonly account: string
  readonly text: string
  /** What becomes public, in this order: the post, and the further parts of its thread. */
  readonly texts: readonly string[]
  readonly slotMs: number
  readonly windowEndsMs: number | null
  readonly reviewer: Somebody
  readonly exact: boolean
}

/** A post that somebody wants to have: on which of the accounts, and in which minute. */
export interface Wanted {
  /** 0 knows keys, 1 and 3 can be read, 2 tells nothing. */
  readonly account: number
  readonly minute: number
  readonly exact: boolean
  /** How long after its slot the window of one that is not exact ends. */
  readonly windowMinutes: number
  /** Of how many parts its thread is; 1 when left out. */
  readonly parts?: number
}

/** One group with its people, its accounts and its approved posts. */
export interface Scenery {
  readonly groupId: string
  readonly people: Record<'ana' | 'ben' | 'cleo' | 'dee' | 'eli', Somebody>
  readonly accounts: readonly { readonly channelId: string; readonly account: string; readonly kind: Kind }[]
  readonly planned: readonly Planned[]
  acting(who: Somebody): ActingMember
}

export const gapMinutes = 15
const kinds: Kind[] = ['keyed', 'readable', 'mute', 'readable']
const zone = 'Europe/London'
const minuteMs = 60_000
const windows = [
  { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '05:00', name: 'night' },
  { days: [1, 2, 3, 4, 5, 6, 7], start: '05:30', end: '23:00', name: 'day' },
]

const cast = {
  ana: ['editor'],
  ben: ['reviewer'],
  cleo: ['reviewer'],
  dee: ['admin', 'editor'],
  eli: ['admin', 'editor'],
} satisfies Record<string, Role[]>

/** Up to twelve posts in the first hour, never two of an account within its gap. */
function draw(dice: Dice): Wanted[] {
  const together = 5 + dice.below(40)
  const wanted: Wanted[] = []
  for (let times = 0; times < 12; times += 1) {
    const account = dice.below(kinds.length)
    // Many at one moment, as after an hour in which nothing worked.
    const minute = dice.happens(0.5) ? together : dice.below(60)
    const thread = dice.happens(0.25) ? { parts: 2 + dice.below(2) } : {}
    const each = { account, minute, exact: dice.happens(0.3), windowMinutes: dice.below(50), ...thread }
    if (!wanted.some((other) => other.account === account && Math.abs(other.minute - minute) < gapMinutes))
      wanted.push(each)
  }
  return wanted
}

/** Writes a group with approved posts whose slots lie within the first hour, as the database's own rules let them be written. */
export async function setUp(
  stage: Stage,
  dice: Dice,
  seed: number,
  startMs: number,
  wanted: readonly Wanted[] = draw(dice),
): Promise<Scenery> {
  const id = () => newId(startMs - 86_400_000)
  const group = await stage.found(`Group ${seed} ${id().slice(-12)}`)
  const { id: groupId, slug } = group
  const people = Object.fromEntries(
    Object.entries(cast).map(([name, roles]) => [name, { name, roles, memberId: id(), personId: id() }]),
  ) as unknown as Scenery['people']
  const all = Object.values(people)
  const accounts = kinds.map((kind, index) => ({ channelId: id(), account: `did:plc:${kind}-${index}-${slug}`, kind }))
  const planned: (Planned & { channelId: string; revisionId: string; envelope: { text: string; hash: string } })[] = []
  for (const [index, { account: which, minute, exact, windowMinutes, parts = 1 }] of wanted.entries()) {
    const { channelId, account } = accounts[which]!
    const slotMs = startMs + minute * minuteMs
    const text = `Post ${index} of seed ${seed}.`
    const thread = Array.from({ length: parts - 1 }, (_, part) => `${text} Part ${part + 2}.`)
    const timing = exact
      ? { kind: 'exact' as const, zone, wall: '2026-10-25T01:00', toleranceMinutes: 30 }
      : { kind: 'queue' as const, zone, windows: Object.fromEntries(accounts.map((each) => [each.channelId, windows])) }
    planned.push({
      postId: id(),
      publicationId: id(),
      revisionId: id(),
      channelId,
      account,
      text,
      texts: [text, ...thread],
      slotMs,
      windowEndsMs: exact ? null : slotMs + windowMinutes * minuteMs,
      reviewer: dice.pick([people.ben, people.cleo])!,
      exact,
      envelope: seal({
        version: 1,
        channels: [{ channelId, network: 'bluesky', remoteAccountId: account, text, link: null, language: 'en-GB', pictures: [], ...(thread.length > 0 ? { thread: thread.map((each) => ({ text: each, link: null, pictures: [] })) } : {}) }],
        timing,
      }),
    }) // prettier-ignore
  }
  const before = new Date(startMs - 3_600_000)
  const run = (sql: string, ...values: unknown[]) => stage.query(sql, values)
  const of = <Key extends keyof (typeof planned)[number]>(key: Key) => planned.map((each) => each[key])

  await run(
    `insert into people (id, name, email, created_at)
     select id, name, name || '-' || $3 || '@example.org', $4 from unnest($1::uuid[], $2::text[]) as each (id, name)`,
    all.map((each) => each.personId), all.map((each) => each.name), slug, before,
  ) // prettier-ignore
  await run(
    `insert into members (group_id, id, person_id, roles, joined_at, created_at)
     select $1, id, person_id, string_to_array(roles, ','), $5, $5 from unnest($2::uuid[], $3::uuid[], $4::text[]) as each (id, person_id, roles)`,
    groupId, all.map((each) => each.memberId), all.map((each) => each.personId), all.map((each) => each.roles.join(',')), before,
  ) // prettier-ignore
  await run(
    `insert into channels (group_id, id, network, remote_account_id, name, handle, sealed_credentials, gap_minutes, daily_cap, created_at)
     select $1, id, 'bluesky', account, account, account, $4, $5, 50, $6 from unnest($2::uuid[], $3::text[]) as each (id, account)`,
    groupId, accounts.map((each) => each.channelId), accounts.map((each) => each.account), stage.sealedCredentials, gapMinutes, before,
  ) // prettier-ignore
  await run('delete from windows where group_id = $1', groupId)
  for (const { days, start, end, name } of windows)
    await run(
      `insert into windows (group_id, id, days, starts, ends, name) values ($1, $2, $3, $4, $5, $6)`,
      groupId,
      id(),
      days,
      start,
      end,
      name,
    )
  await run(
    `insert into posts (group_id, id, author_id, content, wish, created_at, updated_at)
     select $1, id, $4, jsonb_build_object('text', text, 'link', null, 'language', 'en-GB', 'pictures', '[]'::jsonb,
       'channels', jsonb_build_array(jsonb_build_object('channelId', channel_id, 'text', null))),
       case when exact then '{"kind": "exact", "at": "2026-10-25T01:00"}'::jsonb else '{"kind": "queue"}'::jsonb end, $5, $5
     from unnest($2::uuid[], $3::text[], $6::uuid[], $7::boolean[]) as each (id, text, channel_id, exact)`,
    groupId, of('postId'), of('text'), people.ana.memberId, before, of('channelId'), of('exact'),
  ) // prettier-ignore
  await run(
    `insert into contributors (group_id, post_id, revision_number, member_id, person_id, at) select $1, id, 1, $3, $4, $5 from unnest($2::uuid[]) as id`,
    groupId, of('postId'), people.ana.memberId, people.ana.personId, before,
  ) // prettier-ignore
  await run(
    `insert into revisions (group_id, post_id, id, number, envelope, hash, source, sealed_by, sealed_at)
     select $1, each.post_id, each.id, 1, each.envelope, each.hash, jsonb_build_object('content', p.content, 'wish', p.wish), $6, $7
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as each (post_id, id, envelope, hash)
     join posts p on p.group_id = $1 and p.id = each.post_id`,
    groupId, of('postId'), of('revisionId'), planned.map((each) => each.envelope.text), planned.map((each) => each.envelope.hash), people.ana.memberId, before,
  ) // prettier-ignore
  await run(
    `update posts p set state = 'in_review', editing = false, current_revision_id = r.id from revisions r
     where p.group_id = $1 and r.group_id = $1 and r.post_id = p.id`,
    groupId,
  )
  await run(
    `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, via, at)
     select $1, id, post_id, revision_id, hash, member_id, person_id, 'approve', 'session', $8
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[]) as each (id, post_id, revision_id, hash, member_id, person_id)`,
    groupId, planned.map(id), of('postId'), of('revisionId'), planned.map((each) => each.envelope.hash),
    planned.map((each) => each.reviewer.memberId), planned.map((each) => each.reviewer.personId), before,
  ) // prettier-ignore
  await run(`update posts set state = 'approved', approved_at = $2 where group_id = $1`, groupId, before)
  await run(
    `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, window_name, window_ends, spaced, next_try_at, created_at, updated_at)
     select $1, id, post_id, channel_id, slot, to_char(slot at time zone $9, 'YYYY-MM-DD"T"HH24:MI'), $9, case when ends is null then null else 'night' end, ends,
       tstzrange(slot, slot + $7 * interval '1 minute', '[)'), slot, $8, $8
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[]) as each (id, post_id, channel_id, slot, ends)`,
    groupId, of('publicationId'), of('postId'), of('channelId'), planned.map((each) => new Date(each.slotMs)),
    planned.map((each) => (each.windowEndsMs === null ? null : new Date(each.windowEndsMs))), gapMinutes, before, zone,
  ) // prettier-ignore
  return {
    groupId,
    people,
    accounts,
    planned,
    acting: (who) => ({
      groupId,
      memberId: who.memberId,
      personId: who.personId,
      name: who.name,
      email: `${who.name}-${slug}@example.org`,
      roles: who.roles,
      group,
    }),
  }
}

/** Nothing of a seed is due any more when the next one begins. */
export async function clearAway(stage: Stage, groupId: string): Promise<void> {
  await stage.query(`update publications set state = 'failed' where group_id = $1 and state = 'planned'`, [groupId])
  await stage.query(
    `update publications set lease_until = null, next_try_at = 'infinity' where group_id = $1 and state <> 'cancelled'`,
    [groupId],
  )
  await stage.query(`update channels set state = 'to_reconnect' where group_id = $1`, [groupId])
  await stage.query('delete from network_limits')
}
