import { product, secret } from './server.mjs'

const batch = 5000
const zone = 'Europe/London'

/**
 * Writes groups, channels and approved posts with one publication each, in bulk. Nothing is pretended: every post has a
 * sealed revision and an approval of somebody else, which the gate counts when it goes out.
 * @param client by the role that owns the tables
 * @param wanted `count` publications on `channels` channels of `groups` groups; `slotMs(number)` is when each is due
 */
export async function fill(client, { groups, channels, count, slotMs, gapMinutes = 0, freshMs = 6 * 3_600_000 }) {
  const { seal } = await product('src/drafts/envelope.js')
  const { newId } = await product('src/kernel/ids.js')
  const { Sealing } = await product('src/kernel/sealing.js')
  const credentials = new Sealing(secret).seal('{"password":"of the network"}', 'credentials')
  const before = new Date(Date.now() - 86_400_000)
  const id = () => newId(before.getTime())
  const run = (sql, ...values) => client.query(sql, values)
  // The copies of the rules that look at each row one by one are left out; what the tables say of one row holds.
  await run('set session_replication_role = replica')

  const allGroups = Array.from({ length: groups }, (_, number) => ({
    id: id(),
    number,
    ana: [id(), id()],
    ben: [id(), id()],
  }))
  await run(
    `insert into groups (id, slug, name, time_zone, created_at)
     select id, 'group-' || number, 'Group ' || number, $3, $4 from unnest($1::uuid[], $2::integer[]) as g (id, number)`,
    allGroups.map((each) => each.id),
    allGroups.map((each) => each.number),
    zone,
    before,
  )
  for (const [who, role] of [
    ['ana', 'editor'],
    ['ben', 'reviewer'],
  ]) {
    await run(
      `insert into people (id, name, email, created_at)
       select id, $2, $2 || '-' || id || '@example.org', $3 from unnest($1::uuid[]) as id`,
      allGroups.map((each) => each[who][0]),
      who,
      before,
    )
    await run(
      `insert into members (group_id, id, person_id, roles, joined_at, created_at)
       select group_id, id, person_id, array[$4], $5, $5 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as m (group_id, id, person_id)`,
      allGroups.map((each) => each.id),
      allGroups.map((each) => each[who][1]),
      allGroups.map((each) => each[who][0]),
      role,
      before,
    )
  }
  await run(
    `insert into windows (group_id, id, days, starts, ends, name)
     select id, gen_random_uuid(), '{1,2,3,4,5,6,7}', '07:00', '21:00', 'day' from unnest($1::uuid[]) as id`,
    allGroups.map((each) => each.id),
  )
  const allChannels = Array.from({ length: channels }, (_, number) => ({
    id: id(),
    number,
    account: `did:plc:${number}`,
    group: allGroups[number % groups],
  }))
  await inBatches(allChannels, (some) =>
    run(
      `insert into channels (group_id, id, network, remote_account_id, name, handle, sealed_credentials, gap_minutes, daily_cap, created_at)
       select group_id, id, 'bluesky', account, account, account, $4, $5, 100, $6
       from unnest($1::uuid[], $2::uuid[], $3::text[]) as c (group_id, id, account)`,
      some.map((each) => each.group.id),
      some.map((each) => each.id),
      some.map((each) => each.account),
      credentials,
      gapMinutes,
      before,
    ),
  )

  const publications = []
  const numbers = Array.from({ length: count }, (_, number) => number)
  await inBatches(numbers, async (some) => {
    const rows = some.map((number) => {
      const channel = allChannels[number % channels]
      const text = `Post ${number} of many, with the words that somebody else has read and agreed to.`
      const slot = slotMs(number)
      return {
        number,
        channel,
        group: channel.group,
        post: id(),
        revision: id(),
        publication: id(),
        slot,
        text,
        sealed: seal({
          version: 1,
          channels: [
            { channelId: channel.id, network: 'bluesky', remoteAccountId: channel.account, text, link: null, language: 'en-GB', pictures: [] },
          ],
          timing: { kind: 'exact', zone, wall: new Date(slot).toISOString().slice(0, 16), toleranceMinutes: 30 },
        }),
      }
    }) // prettier-ignore
    const of = (key) => rows.map((each) => each[key])
    const group = rows.map((each) => each.group.id)
    await run(
      `insert into posts (group_id, id, author_id, content, wish, created_at, updated_at)
       select group_id, id, author, jsonb_build_object('text', text, 'link', null, 'language', 'en-GB', 'pictures', '[]'::jsonb,
         'channels', jsonb_build_array(jsonb_build_object('channelId', channel_id, 'text', null))), '{"kind": "queue"}', $6, $6
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[]) as p (group_id, id, author, text, channel_id)`,
      group,
      of('post'),
      rows.map((each) => each.group.ana[1]),
      of('text'),
      rows.map((each) => each.channel.id),
      before,
    )
    await run(
      `insert into contributors (group_id, post_id, revision_number, member_id, person_id, at)
       select group_id, id, 1, member, person, $5 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) as c (group_id, id, member, person)`,
      group,
      of('post'),
      rows.map((each) => each.group.ana[1]),
      rows.map((each) => each.group.ana[0]),
      before,
    )
    await run(
      `insert into revisions (group_id, post_id, id, number, envelope, hash, source, sealed_by, sealed_at)
       select group_id, post_id, id, 1, envelope, hash, '{}', member, $7
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[]) as r (group_id, post_id, id, envelope, hash, member)`,
      group,
      of('post'),
      of('revision'),
      rows.map((each) => each.sealed.text),
      rows.map((each) => each.sealed.hash),
      rows.map((each) => each.group.ana[1]),
      before,
    )
    await run(
      `update posts p set state = 'in_review', editing = false, current_revision_id = r.revision
       from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as r (group_id, post_id, revision) where p.group_id = r.group_id and p.id = r.post_id`,
      group,
      of('post'),
      of('revision'),
    )
    await run(
      `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, via, at)
       select group_id, gen_random_uuid(), post_id, revision, hash, member, person, 'approve', 'session', $7
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[]) as v (group_id, post_id, revision, hash, member, person)`,
      group,
      of('post'),
      of('revision'),
      rows.map((each) => each.sealed.hash),
      rows.map((each) => each.group.ben[1]),
      rows.map((each) => each.group.ben[0]),
      before,
    )
    await run(
      `update posts p set state = 'approved', approved_at = $3
       from unnest($1::uuid[], $2::uuid[]) as r (group_id, post_id) where p.group_id = r.group_id and p.id = r.post_id`,
      group,
      of('post'),
      before,
    )
    await run(
      `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, window_name, window_ends, spaced, next_try_at, created_at, updated_at)
       select group_id, id, post_id, channel_id, slot, to_char(slot at time zone $8, 'YYYY-MM-DD"T"HH24:MI'), $8, 'day', slot + $9 * interval '1 ms',
         tstzrange(slot, slot + $6 * interval '1 minute', '[)'), slot, $7, $7
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[]) as p (group_id, id, post_id, channel_id, slot)`,
      group,
      of('publication'),
      of('post'),
      rows.map((each) => each.channel.id),
      rows.map((each) => new Date(each.slot)),
      gapMinutes,
      before,
      zone,
      freshMs,
    )
    for (const { number, publication, post, slot } of rows) publications.push({ number, publication, post, slot })
  })
  await run('set session_replication_role = origin')
  await run('vacuum analyze')
  await run('checkpoint')
  return { groups: allGroups, channels: allChannels, publications }
}

/**
 * Publications that only stand around: `count` in the future and as many that are out, each on a post of its own, spread
 * over the channels. Their slots do not crowd the due ones.
 */
export async function fillAround(client, { future, past, fromMs }) {
  const run = (sql, ...values) => client.query(sql, values)
  await run('set session_replication_role = replica')
  for (const [count, sign, state] of [
    [future, 1, 'planned'],
    [past, -1, 'published'],
  ]) {
    if (!count) continue
    await run(
      `create temporary table around on commit preserve rows as
       with c as (select group_id, id, row_number() over (order by id) - 1 as at from channels),
         n as (select count(*) as n from channels),
         model as (select distinct on (p.group_id) p.group_id, p.author_id, p.content, r.envelope, r.hash, r.source from posts p
           join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id)
       select c.group_id, c.id as channel_id, gen_random_uuid() as post_id, gen_random_uuid() as revision_id, gen_random_uuid() as id,
         to_timestamp($1::double precision / 1000) + $2 * (interval '2 days' + (k / n.n) * interval '7 minutes') as slot, m.author_id, m.content, m.envelope, m.hash
       from generate_series(0, $3::integer - 1) as k, n join c on true join model m on m.group_id = c.group_id
       where c.at = k % n.n`,
      fromMs,
      sign,
      count,
    )
    await run('alter table posts disable trigger posts_moves, disable trigger posts_move_on')
    await run(
      `insert into posts (group_id, id, author_id, state, content, wish, editing, current_revision_id, approved_at, created_at, updated_at)
       select group_id, post_id, author_id, 'approved', content, '{"kind": "queue"}', false, revision_id, slot - interval '9 days', slot - interval '9 days', slot - interval '9 days' from around`,
    )
    await run('alter table posts enable always trigger posts_moves, enable always trigger posts_move_on')
    // Many revisions with the same words: what they say is never looked at here.
    await run('alter table revisions disable trigger revisions_under_policy')
    await run(
      `insert into revisions (group_id, post_id, id, number, envelope, hash, source, sealed_by, sealed_at, policy_number, labels)
       select group_id, post_id, revision_id, 1, envelope, hash, '{}', author_id, slot - interval '9 days', 1, '{}' from around`,
    )
    await run('alter table revisions enable always trigger revisions_under_policy')
    await run('alter table publications disable trigger publications_moves')
    await run(
      `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, window_name, window_ends, spaced, next_try_at, state,
         revision_id, hash, publish_key, remote_id, url, published_at, spacing_waived, created_at, updated_at)
       select group_id, id, post_id, channel_id, slot, to_char(slot at time zone $1, 'YYYY-MM-DD"T"HH24:MI'), $1, 'day', slot + interval '1 hour',
         tstzrange(slot, slot, '[)'), slot, $2,
         case when $2 = 'published' then revision_id end, case when $2 = 'published' then hash end,
         case when $2 = 'published' then id::text end, case when $2 = 'published' then 'at://' || id end,
         case when $2 = 'published' then 'https://example.org/' || id end, case when $2 = 'published' then slot end, true, slot - interval '9 days', slot
       from around`,
      zone,
      state,
    )
    await run('alter table publications enable always trigger publications_moves')
    await run('drop table around')
  }
  await run('set session_replication_role = origin')
  await run('vacuum analyze')
  await run('checkpoint')
}

async function inBatches(all, work) {
  for (let from = 0; from < all.length; from += batch) await work(all.slice(from, from + batch))
}
