/** What a statement by hand can name. All of one group, in which `post` waits in review, due, with nobody's approval. */
export interface Known {
  readonly group: string
  readonly post: string
  readonly revision: string
  readonly hash: string
  readonly publication: string
  readonly channel: string
  /** An approved post of the same group, with its revision. */
  readonly otherPost: string
  readonly otherRevision: string
  readonly otherHash: string
  /** Members and people: Ana wrote the post, Ben and Cleo review, Dee and Eli are admins. */
  readonly member: (name: string) => string
  readonly person: (name: string) => string
}

/** One way round, as somebody tries it who has the application's own access to the database. */
export interface Way {
  readonly title: string
  readonly sql: (known: Known) => string
  /** What PostgreSQL answers; null where it lets the statement pass, because it opens nothing. */
  readonly refused: RegExp | null
}

const denied = /permission denied/
const notOwner = /must be (able to SET ROLE|owner of)/
const gate = /gate: 0 of 1 approvals/
const moves = /a publication (does not go|starts planned)/

const claim = ({ group, publication, revision, hash }: Known) =>
  `update publications set state = 'publishing', revision_id = '${revision}', hash = '${hash}', publish_key = 'by hand'
   where group_id = '${group}' and id = '${publication}'`
const callPublished = `state = 'published', remote_id = 'x', url = 'https://example.org', published_at = clock()`
const approve = (known: Known, by: string, more: Partial<Record<'person' | 'revision' | 'hash' | 'at', string>> = {}) =>
  `insert into verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, via, at)
   values ('${known.group}', gen_random_uuid(), '${known.post}', '${more.revision ?? known.revision}', '${more.hash ?? known.hash}',
     '${known.member(by)}', '${more.person ?? known.person(by)}', 'approve', 'session', ${more.at ?? 'clock()'})`

/** Straight at the queue. */
const queue: readonly Way[] = [
  { title: 'claiming the publication', sql: claim, refused: gate },
  {
    title: 'calling the publication published',
    sql: ({ publication }) => `update publications set ${callPublished} where id = '${publication}'`,
    refused: moves,
  },
  ...['in_doubt', 'unconfirmed', 'retracting', 'retracted'].map((state) => ({
    title: `calling the publication ${state}`,
    sql: ({ publication }: Known) => `update publications set state = '${state}' where id = '${publication}'`,
    refused: moves,
  })),
  ...['publishing', 'published'].map((state) => ({
    title: `starting another publication as ${state}`,
    sql: ({ group, post, revision, hash }: Known) =>
      `insert into publications (group_id, id, post_id, channel_id, state, slot, wall, zone, spaced, next_try_at, publish_key,
         revision_id, hash, remote_id, created_at, updated_at)
       select group_id, gen_random_uuid(), '${post}', channel_id, '${state}', slot, wall, zone, 'empty', clock(), 'by hand',
         '${revision}', '${hash}', 'x', clock(), clock() from publications where group_id = '${group}' limit 1`,
    refused: moves,
  })),
  {
    title: 'an upsert',
    sql: (known) =>
      `insert into publications select * from publications where id = '${known.publication}'
       on conflict (group_id, id) do update set state = 'publishing', revision_id = '${known.revision}', hash = '${known.hash}', publish_key = 'by hand'`,
    refused: gate,
  },
  {
    title: 'a merge',
    sql: (known) =>
      `merge into publications p using (select 1) one on p.id = '${known.publication}'
       when matched then update set state = 'publishing', revision_id = '${known.revision}', hash = '${known.hash}', publish_key = 'by hand'`,
    refused: gate,
  },
  {
    title: 'a statement inside another',
    sql: (known) => `with taken as (${claim(known)} returning id) select * from taken`,
    refused: gate,
  },
  {
    title: 'a prepared statement',
    sql: (known) => `prepare taking as ${claim(known)}; execute taking`,
    refused: gate,
  },
  {
    title: 'a block that swallows the refusal',
    sql: (known) => `do $do$ begin ${claim(known)}; exception when others then null; end $do$`,
    refused: null,
  },
  {
    title: 'a block that keeps what was done before the refusal',
    sql: (known) =>
      `do $do$ begin
         update posts set state = 'approved', approved_at = clock() - interval '1 day' where id = '${known.post}';
         begin ${claim(known)}; exception when others then null; end;
       end $do$`,
    refused: null,
  },
  {
    title: 'holding every lock that the application waits for',
    sql: (known) => `select pg_advisory_xact_lock(n) from generate_series(736400, 736420) as n; ${claim(known)}`,
    refused: gate,
  },
  {
    title: 'putting off what is checked',
    sql: (known) => `set constraints all deferred; ${claim(known)}`,
    refused: gate,
  },
  {
    title: 'moving the clock',
    sql: () => 'update clock_settings set shift_ms = shift_ms + 86400000',
    refused: null,
  },
  {
    title: 'an attempt without a claim',
    sql: ({ group, publication, revision }) =>
      `insert into attempts (group_id, publication_id, number, publish_key, revision_id, worker, state, started_at, lease_until)
       values ('${group}', '${publication}', 1, 'by hand', '${revision}', 'x', 'published', clock(), clock())`,
    refused: null,
  },
]

/** At the post and what it says. */
const post: readonly Way[] = [
  {
    title: 'calling the post approved',
    sql: ({ post: id }) =>
      `update posts set state = 'approved', approved_at = clock() - interval '1 day' where id = '${id}'`,
    refused: null,
  },
  {
    title: 'pointing the post to a version of another post',
    sql: ({ post: id, otherRevision }) =>
      `update posts set current_revision_id = '${otherRevision}' where id = '${id}'`,
    refused: /goes on to a later version of its own/,
  },
  {
    title: 'claiming it with the version of an approved post',
    sql: (known) => claim({ ...known, revision: known.otherRevision, hash: known.otherHash }),
    refused: /not the current sealed revision|publications_revision_fkey/,
  },
  {
    title: 'giving the publication of this post to an approved one',
    sql: (known) =>
      `update publications set post_id = '${known.otherPost}' where id = '${known.publication}';
       ${claim({ ...known, revision: known.otherRevision, hash: known.otherHash })}`,
    refused: /publications_once_per_channel|another content or account/,
  },
  {
    title: 'writing other words into the sealed version of an approved post',
    sql: ({ otherRevision }) =>
      `update revisions set envelope = replace(envelope, 'river', 'bank'),
         hash = encode(sha256(convert_to(replace(envelope, 'river', 'bank'), 'UTF8')), 'hex') where id = '${otherRevision}'`,
    refused: denied,
  },
  {
    title: 'changing the bytes of a picture',
    sql: ({ group }) => `update media set bytes = 'x', sha256 = encode(sha256('x'), 'hex') where group_id = '${group}'`,
    refused: denied,
  },
  {
    title: 'taking the post for a group that needs nobody',
    sql: ({ post: id }) => `update posts set group_id = gen_random_uuid() where id = '${id}'`,
    refused: /foreign key/,
  },
]

/** At the verdicts and those who give them. */
const verdicts: readonly Way[] = [
  {
    title: 'approving as the author',
    sql: (known) => approve(known, 'Ana'),
    refused: /a contributor does not approve/,
  },
  { title: 'approving as an admin', sql: (known) => approve(known, 'Dee'), refused: /only reviewers approve/ },
  {
    title: 'approving as the author in a reviewer’s name',
    sql: (known) => approve(known, 'Ben', { person: known.person('Ana') }),
    refused: /a contributor does not approve|verdicts_member_fkey/,
  },
  {
    title: 'approving other content',
    sql: (known) => approve(known, 'Ben', { hash: known.otherHash }),
    refused: /verdicts_revision_fkey/,
  },
  {
    title: 'approving the version of another post for this one',
    sql: (known) => approve(known, 'Ben', { revision: known.otherRevision, hash: known.otherHash }),
    refused: /another revision replaced this one/,
  },
  {
    title: 'making the author somebody else',
    sql: (known) =>
      `update posts set author_id = '${known.member('Eli')}' where id = '${known.post}'; ${approve(known, 'Ana')}`,
    refused: /a contributor does not approve/,
  },
  {
    title: 'making a reviewer of an admin who wrote along',
    sql: (known) =>
      `insert into contributors values ('${known.group}', '${known.post}', 1, '${known.member('Eli')}', '${known.person('Eli')}', clock());
       update members set roles = '{admin,reviewer}' where id = '${known.member('Eli')}'; ${approve(known, 'Eli')}`,
    refused: /a contributor does not approve/,
  },
  {
    title: 'giving the author’s membership to another person',
    sql: (known) =>
      `with other as (insert into people (id, name, email, created_at)
         values (gen_random_uuid(), 'Ana 2', 'ana2@example.org', clock()) returning id)
       update members set person_id = other.id from other where members.id = '${known.member('Ana')}'`,
    refused: /foreign key/,
  },
  {
    title: 'a second membership of the author under the same person',
    sql: (known) =>
      `insert into members (group_id, id, person_id, roles, created_at)
       values ('${known.group}', gen_random_uuid(), '${known.person('Ana')}', '{reviewer}', clock())`,
    refused: /members_person_unique/,
  },
  ...(['verdicts', 'contributors', 'revisions', 'audit_entries', 'publications', 'policies', 'media'] as const).map(
    (table) => ({ title: `deleting from ${table}`, sql: () => `delete from ${table}`, refused: denied }),
  ),
  {
    title: 'turning another’s word into an approval',
    sql: () => `update verdicts set kind = 'approve'`,
    refused: denied,
  },
  {
    title: 'writing the audit log by hand',
    sql: ({ group }) => `insert into audit_entries values ('${group}', 999, '', '', '', '{"kind":"verdict"}')`,
    refused: denied,
  },
  {
    title: 'moving the head of the audit log',
    sql: ({ group }) => `update audit_heads set seq = 0 where group_id = '${group}'`,
    refused: denied,
  },
]

/** At the rules of the group. */
const policies: readonly Way[] = [
  {
    title: 'asking for no approval',
    sql: ({ group }) =>
      `insert into policies (group_id, number, content, state, weaker, made_at)
       select group_id, number + 1, jsonb_set(content, '{approvals}', '0'), 'in_force', false, clock()
       from policies where group_id = '${group}' order by number desc limit 1`,
    refused: /only an admin changes the policy|policies_in_form/,
  },
  {
    title: 'changing the policy in force',
    sql: ({ group }) =>
      `update policies set content = jsonb_set(content, '{contributorRule}', '"last_editor"') where group_id = '${group}'`,
    refused: /a policy is settled once and never changed/,
  },
  {
    title: 'calling a weaker policy in force by one admin alone',
    sql: (known) =>
      `insert into policies (group_id, number, content, state, weaker, made_at, made_by)
         select group_id, number + 1, jsonb_set(content, '{coolingMinutes}', '0'), 'in_force', false, clock(), '${known.member('Dee')}'
         from policies where group_id = '${known.group}' order by number desc limit 1;
       update policies set state = 'in_force', settled_by = '${known.member('Dee')}' where group_id = '${known.group}' and state = 'proposed'`,
    refused: /a weaker policy needs two admins/,
  },
  {
    title: 'weakening the policy in the name of two admins after the post was sent',
    sql: (known) =>
      `insert into policies (group_id, number, content, state, weaker, made_at, made_by)
         select group_id, number + 1, jsonb_set(content, '{contributorRule}', '"last_editor"'), 'in_force', false, clock(), '${known.member('Dee')}'
         from policies where group_id = '${known.group}' order by number desc limit 1;
       update policies set state = 'in_force', settled_by = '${known.member('Eli')}' where group_id = '${known.group}' and state = 'proposed';
       ${claim(known)}`,
    refused: gate,
  },
  {
    title: 'sending the version under another policy',
    sql: ({ revision }) => `update revisions set policy_number = 1, labels = '{}' where id = '${revision}'`,
    refused: denied,
  },
]

/** At the machinery that keeps the rules. */
const machinery: readonly Way[] = [
  {
    title: 'switching ordinary triggers off for the session',
    sql: () => 'set session_replication_role = replica',
    refused: denied,
  },
  {
    title: 'switching them off for every later session',
    sql: () => 'alter role current_user set session_replication_role = replica',
    refused: denied,
  },
  {
    title: 'disabling a trigger',
    sql: () => 'alter table publications disable trigger publications_gate',
    refused: notOwner,
  },
  { title: 'dropping a trigger', sql: () => 'drop trigger publications_gate on publications', refused: notOwner },
  {
    title: 'adding a trigger that goes first',
    sql: () =>
      'create trigger a_first before update on publications for each row execute function suppress_redundant_updates_trigger()',
    refused: denied,
  },
  { title: 'a rule instead', sql: () => 'create rule r as on update to posts do instead nothing', refused: notOwner },
  {
    title: 'replacing the function that counts',
    sql: () =>
      'create or replace function valid_approvals(for_group uuid, for_post uuid) returns integer language sql as $$ select 9 $$',
    refused: denied,
  },
  {
    title: 'another search path for the gate',
    sql: () => 'alter function publication_gate() set search_path = pg_temp',
    refused: notOwner,
  },
  {
    title: 'dropping a constraint',
    sql: () => 'alter table verdicts drop constraint verdicts_revision_fkey',
    refused: notOwner,
  },
  ...['publications', 'verdicts', 'contributors', 'revisions', 'audit_entries', 'policies', 'groups'].map((table) => ({
    title: `emptying ${table}`,
    sql: () => `truncate ${table} cascade`,
    refused: denied,
  })),
  { title: 'acting as the owner', sql: () => 'set role seconder', refused: denied },
  { title: 'taking a table over', sql: () => 'alter table publications owner to current_user', refused: notOwner },
  {
    title: 'granting oneself more',
    sql: () => 'grant delete on verdicts to current_user; delete from verdicts',
    refused: denied,
  },
  { title: 'a table of one’s own in front', sql: () => 'create table public.verdicts2 (id uuid)', refused: denied },
  { title: 'a schema of one’s own', sql: () => 'create schema mine', refused: denied },
  { title: 'an extension', sql: () => 'create extension dblink', refused: /permission denied|not available/ },
  { title: 'a program on the server', sql: () => `copy people to program 'cat'`, refused: denied },
  { title: 'a file on the server', sql: () => `copy publications from '/etc/passwd'`, refused: denied },
  {
    title: 'tables of the session in front of the real ones',
    sql: (known) =>
      `create temp table verdicts as select * from public.verdicts;
       create temp table policies as select * from public.policies;
       create temp table contributors as select * from public.contributors where false;
       update pg_temp.policies set content = jsonb_set(content, '{approvals}', '0');
       insert into pg_temp.verdicts (group_id, id, post_id, revision_id, hash, member_id, person_id, kind, via, at, seq)
         values ('${known.group}', gen_random_uuid(), '${known.post}', '${known.revision}', '${known.hash}',
           '${known.member('Ana')}', '${known.person('Ana')}', 'approve', 'session', clock(), 1);
       set local search_path = pg_temp, public;
       ${claim(known)}`,
    refused: gate,
  },
  {
    title: 'functions of the session in front of the real ones',
    sql: (known) =>
      `create function pg_temp.valid_approvals(uuid, uuid) returns integer language sql as $$ select 9 $$;
       create function pg_temp.may_go_from(uuid, uuid) returns timestamptz language sql as $$ select '-infinity'::timestamptz $$;
       create function pg_temp.enough_since(uuid, uuid) returns timestamptz language sql as $$ select '-infinity'::timestamptz $$;
       set local search_path = pg_temp, public, pg_catalog;
       ${claim(known)}`,
    refused: gate,
  },
  {
    title: 'no search path at all',
    sql: (known) => `set local search_path = ''; ${claim(known).replace('update ', 'update public.')}`,
    refused: gate,
  },
  {
    title: 'another time zone, date style and row-level setting',
    sql: (known) =>
      `set local timezone = 'Pacific/Kiritimati'; set local datestyle = 'SQL, DMY'; set local row_security = off; ${claim(known)}`,
    refused: gate,
  },
]

export const sqlWays: readonly (readonly [string, readonly Way[]])[] = [
  ['the queue', queue],
  ['the post', post],
  ['verdicts and people', verdicts],
  ['the policy', policies],
  ['the machinery', machinery],
]
