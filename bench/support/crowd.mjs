import { fill } from './filling.mjs'

const zone = 'Europe/London'

/**
 * A history as groups have it after years: most of it is out, some is planned, some waits for reviewers. One large group
 * with a tenth of all publications on fifty channels and ten members more, the rest on three channels each of many groups.
 * @returns the large group and one of the others, with the ids of a channel of each
 */
export async function fillCrowd(client, { count, nowMs, say }) {
  const groups = Math.max(2, Math.round(count / 1000))
  const filled = await fill(client, {
    groups,
    channels: groups * 3,
    count: groups * 3,
    slotMs: (number) => nowMs + 300 * 86_400_000 + number * 1000,
    gapMinutes: 10,
  })
  const run = (sql, ...values) => client.query(sql, values)
  const [large, small] = filled.groups
  // Enough windows that what is asked for later on finds a slot within the 28 days.
  await run('delete from windows')
  await run(
    `insert into windows (group_id, id, days, starts, ends, name)
     select g.id, gen_random_uuid(), '{1,2,3,4,5,6,7}', to_char(hour, 'FM00') || ':00', to_char(hour + 1, 'FM00') || ':00', 'hour ' || hour
     from groups g, generate_series(7, 20) as hour`,
  )
  await run('set session_replication_role = replica')
  await run(
    `insert into channels (group_id, id, network, remote_account_id, name, handle, sealed_credentials, gap_minutes, daily_cap, created_at)
     select group_id, gen_random_uuid(), network, remote_account_id || '-' || k, name || '-' || k, handle || '-' || k, sealed_credentials, gap_minutes, daily_cap, created_at
     from (select * from channels where group_id = $1 order by id limit 1) as c, generate_series(1, 47) as k`,
    large.id,
  )
  await run(
    `with made as (insert into people (id, name, email, created_at)
       select gen_random_uuid(), 'reviewer ' || k, 'reviewer-' || k || '@example.org', clock() from generate_series(1, 10) as k returning id)
     insert into members (group_id, id, person_id, roles, joined_at, created_at)
     select $1, gen_random_uuid(), id, '{reviewer}', clock(), clock() from made`,
    large.id,
  )
  // Two posts a day and channel, of which one in ten is still to come.
  await run(
    `create temporary table crowd on commit preserve rows as
     with c as (select group_id, id, row_number() over (partition by group_id order by id) - 1 as at, count(*) over (partition by group_id) as n from channels),
       model as (select distinct on (p.group_id) p.group_id, p.author_id, p.content, r.envelope, r.hash from posts p
         join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id order by p.group_id, p.id)
     select c.group_id, c.id as channel_id, uuidv7() as post_id, uuidv7() as revision_id, uuidv7() as id, k,
       to_timestamp($1::double precision / 1000) + (per.each * 0.1 - k) * interval '12 hours' + c.at * interval '1 minute' as slot,
       case when k >= per.each * 0.1 then 'published' when k % 5 < 3 then 'approved' else 'in_review' end as stands,
       m.author_id, jsonb_set(m.content, '{channels}', jsonb_build_array(jsonb_build_object('channelId', c.id, 'text', null))) as content, m.envelope, m.hash
     from c join model m on m.group_id = c.group_id
       cross join lateral (select (case when c.group_id = $2 then $3 / 10 else $3 * 9 / 10 / ($4 - 1) end / c.n)::integer as each) as per
       cross join lateral generate_series(1, per.each) as k`,
    nowMs,
    large.id,
    count,
    groups,
  )
  say('what there is to write is laid out')
  // What is written here is in the middle of its way already, which the rules of the tables let nobody do.
  const { rows: rules } = await run(
    `select tgrelid::regclass as of, tgname as name from pg_trigger where tgenabled = 'A' and not tgisinternal`,
  )
  for (const { of, name } of rules) await run(`alter table ${of} disable trigger ${name}`)
  // Indexes are made once everything is there: several times as fast as keeping them meanwhile.
  const { rows: indexes } = await run(
    `select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
     where indrelid in (select oid from pg_class where relname = any ($1)) and not exists (select 1 from pg_constraint where conindid = i.indexrelid)`,
    [
      'posts',
      'revisions',
      'contributors',
      'review_requests',
      'verdicts',
      'publications',
      'post_events',
      'engagement_samples',
      'mails',
    ],
  )
  for (const { name } of indexes) await run(`drop index ${name}`)
  await run(
    `insert into posts (group_id, id, author_id, state, content, wish, editing, approved_at, current_revision_id, created_at, updated_at)
     select group_id, post_id, author_id, case when stands = 'in_review' then 'in_review' else 'approved' end, content, '{"kind": "queue"}', false,
       case when stands <> 'in_review' then slot - interval '1 day' end, revision_id,
       least(slot, clock()) - interval '2 days', least(slot, clock()) - interval '1 day' from crowd`,
  )
  await run(
    `insert into revisions (group_id, post_id, id, number, envelope, hash, source, sealed_by, sealed_at, policy_number, labels)
     select group_id, post_id, revision_id, 1, envelope, hash, '{}', author_id, least(slot, clock()) - interval '2 days', 1, '{}' from crowd`,
  )
  await run(
    `insert into contributors (group_id, post_id, revision_number, member_id, person_id, at)
     select c.group_id, c.post_id, 1, c.author_id, m.person_id, least(slot, clock()) - interval '2 days' from crowd c
     join members m on m.group_id = c.group_id and m.id = c.author_id`,
  )
  say('posts and revisions are there')
  // Whose reviewer is asked is the one that every group has.
  await run(
    `insert into review_requests (group_id, id, post_id, revision_id, member_id, token_hash, expires_at, created_at, used_at)
     select c.group_id, uuidv7(), c.post_id, c.revision_id, m.id, md5(c.revision_id::text) || md5(m.id::text), slot, least(slot, clock()) - interval '2 days',
       case when stands <> 'in_review' then least(slot, clock()) - interval '1 day' end
     from crowd c join lateral (select id from members m where m.group_id = c.group_id and roles = '{reviewer}' order by id limit 1) as m on true`,
  )
  await run(
    `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, via, at)
     select c.group_id, uuidv7(), c.post_id, c.revision_id, c.hash, m.id, m.person_id, 'approve', 'session', least(slot, clock()) - interval '1 day'
     from crowd c join lateral (select id, person_id from members m where m.group_id = c.group_id and roles = '{reviewer}' order by id limit 1) as m on true
     where stands <> 'in_review'`,
  )
  say('requests and verdicts are there')
  await run(
    `insert into publications (group_id, id, post_id, channel_id, slot, wall, zone, window_name, window_ends, spaced, next_try_at, state,
       revision_id, hash, publish_key, remote_id, url, published_at, spacing_waived, created_at, updated_at)
     select group_id, id, post_id, channel_id, slot, to_char(slot at time zone $1, 'YYYY-MM-DD"T"HH24:MI'), $1, 'day', slot + interval '1 hour',
       tstzrange(slot, slot + interval '1 minute', '[)'), slot, case when stands = 'published' then stands else 'planned' end,
       case when stands = 'published' then revision_id end, case when stands = 'published' then hash end,
       case when stands = 'published' then id::text end, case when stands = 'published' then 'at://' || id end,
       case when stands = 'published' then 'https://example.org/' || id end, case when stands = 'published' then slot end,
       stands = 'published', least(slot, clock()) - interval '2 days', slot
     from crowd`,
    zone,
  )
  await run(
    `insert into post_events (group_id, id, post_id, at, text)
     select group_id, uuidv7(), post_id, least(slot, clock()) - interval '2 days', 'It was sent for review.' from crowd`,
  )
  await run(
    `insert into engagement_samples (group_id, publication_id, age, taken_at, reactions, replies, reposts)
     select group_id, id, '48h', slot + interval '48 hours', k % 50, k % 7, k % 11 from crowd where stands = 'published'`,
  )
  await run(
    `insert into mails (id, group_id, recipient, kind, subject, state, created_at, sent_at)
     select uuidv7(), group_id, 'reviewer@example.org', 'review-request', 'Please check a post', 'sent', slot, slot from crowd where stands = 'published'`,
  )
  for (const { of, name } of rules) await run(`alter table ${of} enable always trigger ${name}`)
  say('publications and what comes with them are there')
  await run(`set maintenance_work_mem = '512MB'`)
  for (const { made } of indexes) await run(made)
  say('indexes are made')
  await run('drop table crowd')
  await run(
    `insert into codes_of_ethics (group_id, number, text, made_at) select id, 1, 'We are honest, and kind to people.', created_at from groups`,
  )
  // Who asks later on, and signs in for it.
  await run(
    `insert into sign_in_users ("personId", "name", "email") select id, name, email from people where id = any ($1)`,
    [large.ana[0], small.ana[0]],
  )
  await run('set session_replication_role = origin')
  await run('vacuum analyze')
  await run('checkpoint')
  const channelsOf = async (group) =>
    (await run('select id from channels where group_id = $1 order by id', group.id)).rows.map(({ id }) => id)
  return {
    large: { ...large, slug: 'group-0', channels: await channelsOf(large) },
    small: { ...small, slug: 'group-1', channels: await channelsOf(small) },
  }
}
