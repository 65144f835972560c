/** The states that are public, were, or are on the way there. */
export const outStates = ['publishing', 'published', 'in_doubt', 'unconfirmed', 'retracting', 'retracted'] as const

/** What a policy's row says, written down once more. */
export interface Policy {
  readonly approvals: number
  readonly contributorRule: 'strict' | 'last_editor'
  readonly approvalLifetimeDays: number | null
  readonly coolingMinutes: number
  readonly atOnceCoolingMinutes: number
  readonly mayBeAsked: readonly string[] | null
  readonly extra: readonly {
    readonly labels: readonly string[]
    readonly channelIds: readonly string[]
    readonly reviewers: readonly string[]
    readonly approvals: number | null
  }[]
}

/** Rows as PostgreSQL turns them into JSON, with the names of their columns. */
export interface Facts {
  readonly post: {
    readonly state: string
    readonly held_at: string | null
    readonly editing: boolean
    readonly current_revision_id: string | null
    readonly labels: readonly string[]
  }
  readonly policies: readonly { readonly number: number; readonly state: string; readonly content: Policy }[]
  readonly revision: {
    readonly number: number
    readonly hash: string
    readonly envelope: string
    readonly policy_number: number
    readonly labels: readonly string[]
  } | null
  readonly channel: { readonly remote_account_id: string; readonly removed_at: string | null }
  readonly verdicts: readonly {
    readonly seq: number
    readonly revision_id: string
    readonly hash: string
    readonly member_id: string
    readonly person_id: string
    readonly kind: string
    readonly at: string
  }[]
  readonly contributors: readonly { readonly person_id: string; readonly revision_number: number }[]
  readonly members: readonly {
    readonly id: string
    readonly person_id: string
    readonly status: string
    readonly roles: readonly string[]
  }[]
  readonly people: readonly { readonly id: string; readonly same_as: string | null }[]
}

/** One step of a publication into one of these states, as everything was when it was committed. */
export interface Testimony {
  readonly seq: string
  readonly publicationId: string
  readonly postId: string
  readonly channelId: string
  readonly state: string
  readonly revisionId: string | null
  readonly hash: string | null
  readonly slot: Date
  readonly now: Date
  /** Of a step to `publishing` only. */
  readonly facts: Facts | null
}

export const readTestimonies = `select seq, publication_id as "publicationId", post_id as "postId", channel_id as "channelId", state,
  revision_id as "revisionId", hash, slot, now, facts from witness where group_id = $1 and seq > $2 order by seq`

/**
 * A witness beside the product's own tables, in the throwaway database only. It copies plain rows and judges nothing,
 * at the last moment before the commit: what somebody else has committed by then counts, so a claim that locks too
 * little is seen. `witness_settings` makes that moment longer for two things at once, and stops the clock.
 */
export const installWitness = `
  create table witness_settings (now timestamptz not null, pause_ms integer not null default 0);
  insert into witness_settings values ('2026-11-23T09:30:00Z');
  create or replace function clock() returns timestamptz language sql stable set search_path = public, pg_temp as
    'select now from witness_settings';
  grant select on witness_settings to public;

  create table witness (
    seq bigint generated always as identity primary key, group_id uuid not null, publication_id uuid not null,
    post_id uuid not null, channel_id uuid not null, state text not null, revision_id uuid, hash text,
    slot timestamptz not null, now timestamptz not null, facts jsonb);
  create index on witness (group_id, seq);

  -- with the rights of its owner: the application's role has no business here
  create function witness_step() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare pause integer; facts jsonb;
  begin
    if tg_op = 'UPDATE' then
      if (new.state, new.revision_id, new.hash, new.post_id, new.channel_id)
        is not distinct from (old.state, old.revision_id, old.hash, old.post_id, old.channel_id) then return null; end if;
    end if;
    if new.state = 'publishing' then
      select pause_ms into pause from witness_settings;
      if pause > 0 then perform pg_sleep(pause / 1000.0); end if;
      select jsonb_build_object(
        'post', (select to_jsonb(p) - 'content' from posts p where p.group_id = new.group_id and p.id = new.post_id),
        'policies', (select jsonb_agg(to_jsonb(p)) from policies p where p.group_id = new.group_id),
        'revision', (select to_jsonb(r) - 'source' from revisions r where r.group_id = new.group_id and r.id = new.revision_id),
        'channel', (select to_jsonb(c) from channels c where c.group_id = new.group_id and c.id = new.channel_id),
        'verdicts', (select coalesce(jsonb_agg(to_jsonb(v)), '[]') from verdicts v where v.group_id = new.group_id and v.post_id = new.post_id),
        'contributors', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from contributors c where c.group_id = new.group_id and c.post_id = new.post_id),
        'members', (select jsonb_agg(to_jsonb(m)) from members m where m.group_id = new.group_id),
        'people', (select jsonb_agg(to_jsonb(p)) from people p join members m on m.person_id = p.id where m.group_id = new.group_id)
      ) into facts;
    end if;
    insert into witness (group_id, publication_id, post_id, channel_id, state, revision_id, hash, slot, now, facts)
      values (new.group_id, new.id, new.post_id, new.channel_id, new.state, new.revision_id, new.hash, new.slot, clock(), facts);
    return null;
  end $$;
  create constraint trigger witness_steps after insert or update on publications deferrable initially deferred
    for each row when (new.state in (${outStates.map((state) => `'${state}'`).join(', ')})) execute function witness_step();
  alter table publications enable always trigger witness_steps;
`
