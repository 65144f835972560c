import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Whether nothing of the channel `c` is on its way, and the gap before `p` is kept; `now` is the moment. */
const channelIsFree = `(
            not exists (select 1 from publications f where f.channel_id = p.channel_id and f.state = 'publishing')
            and not exists (select 1 from publications f where f.channel_id = p.channel_id and f.state = 'in_doubt')
            -- one that went out later than its slot takes its gap with it, and so does a thread that is out in part; that
            -- one waits for nobody when it goes on; where nobody knows, the last that was known of it counts
            and (p.spacing_waived or p.remote_id is not null or not exists (select 1 from publications o
              where o.group_id = p.group_id and o.channel_id = p.channel_id and o.id <> p.id
                and o.slot > now - interval '2 days' and o.slot <= now
                and o.state in ('published', 'unconfirmed', 'retracting', 'retracted', 'planned', 'failed')
                and (o.state not in ('planned', 'failed') or o.remote_id is not null)
                and coalesce(o.published_at, case when o.state <> 'unconfirmed' then (select max(t.published_at)
                  from publication_parts t where t.group_id = o.group_id and t.publication_id = o.id) end, o.updated_at)
                  > now - c.gap_minutes * interval '1 minute')))`

/** What is due and may be tried `now`, but for those to `skip`. */
const whatMayGo = `from publications p
        join posts po on po.group_id = p.group_id and po.id = p.post_id
        join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
        join channels c on c.group_id = p.group_id and c.id = p.channel_id
        where p.state = 'planned' and p.next_try_at <= now and p.slot <= now
          and po.state = 'approved' and po.held_at is null and not po.editing
          -- The count is dear, and the gate makes it in any case: here only for what may still be cooling.
          and (po.approved_at + (select max(greatest((y.content ->> 'coolingMinutes')::integer, (y.content ->> 'atOnceCoolingMinutes')::integer))
              from policies y where y.group_id = p.group_id and y.state = 'in_force') * interval '1 minute' <= now
            or coalesce(may_go_from(p.group_id, p.post_id), now) <= now)
          and c.state = 'connected' and c.removed_at is null
          and (c.limited_until is null or c.limited_until <= now)
          and not exists (select 1 from network_limits n where n.network = c.network and n.until > now)
          and now <= greatest(coalesce(p.window_ends, p.slot), p.slot + interval '30 minutes')
          and p.id <> all (skip)
          and not exists (select 1 from audit_states s where s.group_id = p.group_id and s.broken_at is not null)
          and not exists (select 1 from pauses s where s.group_id = p.group_id and s.released_at is null)
          and not exists (select 1 from silences s where s.group_id = p.group_id and s.removed_at is null
            and s.starts_at <= now and now < s.ends_at and (s.channel_ids is null or p.channel_id = any (s.channel_ids)))
          and ${channelIsFree}`

/** Publications (which are the queue), attempts, the gate between them, engagement samples and summaries. */
export class CreatePublications1795219200006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table publications (
        group_id uuid not null,
        id uuid not null,
        post_id uuid not null,
        channel_id uuid not null,
        state text not null default 'planned',
        slot timestamptz not null,
        -- What the group was told: local wall time and zone. The instant is recomputed if the zone's rules change.
        wall text not null,
        zone text not null,
        window_name text,
        window_ends timestamptz,
        reasons text[] not null default '{}',
        -- From the slot for as long as the channel's gap: two of these never overlap.
        spaced tstzrange not null,
        spacing_waived boolean not null default false,
        next_try_at timestamptz not null,
        tries integer not null default 0,
        doubt boolean not null default false,
        publish_key text,
        public_created_at timestamptz,
        revision_id uuid,
        hash text,
        lease_until timestamptz,
        worker text,
        remote_id text,
        url text,
        published_at timestamptz,
        cause text,
        next_step text,
        moved_times integer not null default 0,
        retract_reason text,
        retracted_by uuid,
        retract_acknowledged_by uuid,
        retract_asked_at timestamptz,
        retract_reminded_at timestamptz,
        failure_accepted_by uuid,
        failure_accepted_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint publications_pkey primary key (group_id, id),
        constraint publications_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint publications_channel_fkey foreign key (group_id, channel_id) references channels (group_id, id),
        constraint publications_revision_fkey foreign key (group_id, post_id, revision_id, hash)
          references revisions (group_id, post_id, id, hash),
        constraint publications_state_known check (state in ('planned', 'publishing', 'published', 'failed', 'in_doubt',
          'unconfirmed', 'missed', 'cancelled', 'retracting', 'retracted')),
        -- That somebody left it at that ends with the failure.
        constraint publications_accepted_failed check ((failure_accepted_by is null) = (failure_accepted_at is null)
          and (failure_accepted_by is null or state in ('failed', 'missed'))),
        constraint publications_public_has_address check (state <> 'published' or remote_id is not null),
        constraint publications_sent_has_content check (state not in ('publishing', 'published', 'in_doubt', 'unconfirmed')
          or (revision_id is not null and hash is not null and publish_key is not null)),
        -- The last net under the scheduler's own placing: one slot a channel and gap.
        constraint publications_spaced exclude using gist (channel_id with =, spaced with &&)
          where (state in ('planned', 'publishing', 'published', 'in_doubt', 'unconfirmed') and not spacing_waived)
      );
      create unique index publications_once_per_channel on publications (group_id, post_id, channel_id)
        where state <> 'cancelled';
      -- With the key, so that thousands of one instant are still taken in order, and group by group, without sorting them.
      create index publications_due on publications (next_try_at, group_id, id) where state = 'planned';
      create index publications_leased on publications (lease_until) where state in ('publishing', 'in_doubt');
      create unique index publications_one_in_flight on publications (channel_id) where state = 'publishing';
      create index publications_in_doubt on publications (channel_id) where state = 'in_doubt';
      create index publications_by_channel on publications (group_id, channel_id, slot);
      create index publications_unacknowledged on publications (retract_asked_at)
        where state in ('retracting', 'retracted') and retract_acknowledged_by is null;
      create index publications_by_slot on publications (group_id, slot);
      -- What is still on its way, among years of what went out: the queue page.
      create index publications_upcoming on publications (group_id, slot, post_id) where state in ('planned', 'publishing');
      create index publications_troubled on publications (group_id, slot, post_id)
        where state in ('in_doubt', 'unconfirmed', 'retracting')
          or state in ('failed', 'missed') and failure_accepted_by is null
          or state = 'retracted' and retract_acknowledged_by is null;
      -- Of all groups: what is late, among all that is still to come.
      create index publications_planned on publications (slot) where state = 'planned';
      -- Of all groups: counters are read for eleven days.
      create index publications_by_publishing on publications (published_at) where state = 'published';

      -- Nothing goes out without the valid approvals of exactly that envelope, whoever asks and however.
      -- Everything is counted again here, at the one transition that leads to the public; posts.state is not asked.
      -- All rows of a statement are looked at together when it has changed them, since workers take many at once: one
      -- that may not go keeps back all. What is locked stays locked, and what is counted is counted after that.
      create function publication_gate() returns trigger language plpgsql set search_path = public, pg_temp
      set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
      declare for_groups uuid[]; ids uuid[]; for_posts uuid[]; for_channels uuid[]; for_revisions uuid[]; hashes text[]; slots timestamptz[];
        wrong record;
      begin
        select array_agg(group_id), array_agg(id), array_agg(post_id), array_agg(channel_id), array_agg(revision_id), array_agg(hash), array_agg(slot)
          into for_groups, ids, for_posts, for_channels, for_revisions, hashes, slots
          from new_rows where state = 'publishing' and (group_id, id) not in (select group_id, id from old_rows where state = 'publishing');
        if for_groups is null then return null; end if;
        perform 1 from posts where (group_id, id) in (select * from unnest(for_groups, for_posts)) order by group_id, id for update;
        -- A change of the policy, and the discovery that two people are one, come before or after as well. Rows of others
        -- than these posts' are not locked for it: those who change them may be waiting for a post.
        perform pg_advisory_xact_lock_shared(hashtextextended('policies ' || g, 0)) from (select distinct g from unnest(for_groups) as g order by g) as groups;
        perform pg_advisory_xact_lock_shared(hashtextextended('people.same_as', 0));
        -- Lock the reviewers, so that a suspension comes before or after, never in between.
        perform 1 from members where (group_id, id) in (
          select v.group_id, v.member_id from unnest(for_groups, for_posts) as e (group_id, post_id)
          join verdicts v on v.group_id = e.group_id and v.post_id = e.post_id) order by group_id, id for share;
        -- Locked too: another account behind a channel comes before or after.
        perform 1 from channels where (group_id, id) in (select * from unnest(for_groups, for_channels)) order by group_id, id for share;
        select e.id, e.group_id, e.post_id, found.why into wrong
          from unnest(for_groups, ids, for_posts, for_channels, for_revisions, hashes, slots)
            as e (group_id, id, post_id, channel_id, revision_id, hash, slot)
          left join count_approvals(for_groups, for_posts) c on c.group_id = e.group_id and c.post_id = e.post_id
          left join posts p on p.group_id = e.group_id and p.id = e.post_id
          left join revisions r on r.group_id = e.group_id and r.id = e.revision_id
          left join channels ch on ch.group_id = e.group_id and ch.id = e.channel_id
          cross join lateral (select case
            when p.held_at is not null then 'the post is held'
            when p.state in ('cancelled', 'expired') or p.editing or p.current_revision_id is null
              or e.revision_id is distinct from p.current_revision_id then 'not the current sealed revision'
            when c.from_when is null then 'too few approvals'
            when c.from_when > c.now then 'too soon after the last approval'
            when c.objections > 0 then 'somebody objects'
            when e.hash is distinct from r.hash or not exists (
              select 1 from jsonb_array_elements(r.envelope::jsonb -> 'channels') as part
              where part ->> 'channelId' = ch.id::text and part ->> 'remoteAccountId' = ch.remote_account_id
            ) then 'another content or account was approved'
            when ch.removed_at is not null then 'the channel was removed'
            when e.slot > c.now then 'the slot has not come'
          end as why) found
          where found.why is not null
          order by e.group_id, e.id limit 1;
        if not found then return null; end if;
        if wrong.why = 'too few approvals' then
          raise exception 'gate: % of % approvals, or not from everybody who is named', valid_approvals(wrong.group_id, wrong.post_id),
            approvals_needed(wrong.group_id, wrong.post_id) using errcode = 'check_violation', constraint = 'publications_gate', detail = wrong.id::text;
        end if;
        raise exception 'gate: %', wrong.why using errcode = 'check_violation', constraint = 'publications_gate', detail = wrong.id::text;
      end $$;
      -- Also before a send is repeated: a hold, an objection or a suspension may have come while it was in doubt.
      create trigger publications_gate after update on publications
        referencing old table as old_rows new table as new_rows for each statement execute function publication_gate();

      -- The states that count as public, or as on the way there, are entered through the gate only.
      create function publication_moves() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if tg_op = 'INSERT' then
          if new.state not in ('planned', 'cancelled') then
            raise exception 'a publication starts planned' using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
        elsif tg_op = 'DELETE' then
          raise exception 'publications are cancelled, not deleted' using errcode = 'check_violation', constraint = 'publications_moves';
        else
          -- The gate tells by the key which rows were on their way already.
          if new.group_id <> old.group_id or new.id <> old.id then
            raise exception 'a publication keeps its key' using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
          if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
            'planned>publishing', 'planned>cancelled', 'planned>missed', 'planned>failed',
            'publishing>published', 'publishing>failed', 'publishing>in_doubt', 'publishing>planned',
            'in_doubt>published', 'in_doubt>publishing', 'in_doubt>unconfirmed',
            'unconfirmed>published', 'unconfirmed>failed',
            'missed>planned', 'missed>cancelled', 'failed>planned', 'failed>cancelled', 'failed>retracting',
            'published>retracting', 'retracting>retracted', 'retracting>published', 'retracting>failed']) then
            raise exception 'a publication does not go from % to %', old.state, new.state
              using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
          if old.doubt and new.state = 'planned' then
            raise exception 'a publication in doubt is never planned again' using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
          -- Of a thread some parts may be out: that is neither planned afresh nor forgotten, and can be taken down.
          if new.state <> old.state and (case
              when old.state = 'failed' then (new.state = 'retracting') <> (old.remote_id is not null)
              when old.state = 'publishing' and new.state = 'planned' then parts_out(new.group_id, new.id) > 0
              else false end) then
            raise exception 'what is out in part does not go from % to %', old.state, new.state
              using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
          -- Whatever becomes of a failure that somebody left at that: should it fail anew, people are asked anew.
          if new.state <> old.state then
            new.failure_accepted_by := null;
            new.failure_accepted_at := null;
          end if;
          if new.state = 'in_doubt' and not new.doubt then
            raise exception 'doubt is written down' using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
          if old.doubt and (not new.doubt or (new.state = 'failed' and old.state <> 'failed'))
              and new.state <> 'published' and not (new.state = 'failed' and old.state = 'unconfirmed')
              -- a part that is certainly not out, after parts that certainly are
              and not (new.state = 'failed' and old.state = 'publishing' and new.remote_id is not null
                and not part_in_doubt(new.group_id, new.id)) then
            raise exception 'doubt ends when the post is found, or somebody has looked'
              using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
          if old.publish_key is not null and (new.publish_key is distinct from old.publish_key
              or new.public_created_at is distinct from old.public_created_at) and old.doubt then
            raise exception 'the key of a publication in doubt is fixed' using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
          if old.state not in ('planned', 'missed', 'failed', 'cancelled') and
              (new.revision_id is distinct from old.revision_id or new.hash is distinct from old.hash
               or new.post_id <> old.post_id or new.channel_id <> old.channel_id)
              and new.state <> 'planned' then
            raise exception 'what was sent is fixed' using errcode = 'check_violation', constraint = 'publications_moves';
          end if;
        end if;
        return case when tg_op = 'DELETE' then old else new end;
      end $$;
      create trigger publications_moves before insert or update or delete on publications
        for each row execute function publication_moves();
      create trigger publications_no_truncate before truncate on publications
        for each statement execute function forbid_change();
      alter table publications enable always trigger publications_gate;
      alter table publications enable always trigger publications_moves;
      alter table publications enable always trigger publications_no_truncate;

      -- What is due and may be tried: posts, publications and channels are locked, and what others have in hand is left to
      -- them. At most this many, the longest due first. A function, so that it is planned once for all claims, and walks
      -- along publications_due until it has enough: without sorting, however many are due.
      create function lock_due(most integer, skip uuid[])
      returns table (group_id uuid, id uuid, post_id uuid, channel_id uuid, revision_id uuid, hash text)
      language plpgsql rows 50 set search_path = public, pg_temp set enable_sort = off set enable_bitmapscan = off
      set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
      #variable_conflict use_column
      declare now timestamptz := clock(); groups uuid[]; ids uuid[];
      begin
        select array_agg(l.group_id), array_agg(l.id) into groups, ids from (
        select p.group_id, p.id
        ${whatMayGo}
        -- What is due at one moment goes group by group: two workers have different groups in hand, each with its own log.
        order by p.next_try_at, p.group_id, p.id
        limit most
        -- Posts as the gate locks them: a lock that has to grow later may wait for somebody who waits for this one.
        for update of po skip locked for no key update of p, c skip locked) l;
        if ids is null then return; end if;
        -- While this one looked, another may have sent something on the same channel, and be done with it: seen only
        -- by a look that begins when the channel is locked.
        return query select p.group_id, p.id, p.post_id, p.channel_id, r.id, r.hash
        from unnest(groups, ids) with ordinality as l (group_id, id, place)
        join publications p on p.group_id = l.group_id and p.id = l.id
        join posts po on po.group_id = p.group_id and po.id = p.post_id
        join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
        join channels c on c.group_id = p.group_id and c.id = p.channel_id
        where ${channelIsFree}
        order by l.place;
      end $$;
      -- Whether anything could be claimed, were it not locked by somebody else. Planned as lock_due is.
      create function may_any_go() returns boolean
      language plpgsql set search_path = public, pg_temp set enable_sort = off set enable_bitmapscan = off
      set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
      #variable_conflict use_column
      declare now timestamptz := clock(); skip uuid[] := '{}';
      begin
        -- In this order, so that it walks along publications_due, too.
        perform 1 ${whatMayGo}
        order by p.next_try_at, p.group_id, p.id limit 1;
        return found;
      end $$;

      create table attempts (
        group_id uuid not null,
        publication_id uuid not null,
        number integer not null,
        publish_key text not null,
        revision_id uuid not null,
        worker text not null,
        state text not null default 'sending',
        cause text,
        started_at timestamptz not null,
        lease_until timestamptz not null,
        ended_at timestamptz,
        constraint attempts_pkey primary key (group_id, publication_id, number),
        constraint attempts_publication_fkey foreign key (group_id, publication_id) references publications (group_id, id),
        constraint attempts_state_known check (state in ('sending', 'published', 'retry', 'limited', 'rejected',
          'unauthorized', 'blocked', 'unknown'))
      );
      -- An attempt is written once and settled once.
      create function settle_once() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if old.state <> 'sending' or new.state = 'sending' or new.group_id <> old.group_id
            or new.publication_id <> old.publication_id or new.number <> old.number
            or new.publish_key <> old.publish_key or new.revision_id <> old.revision_id
            or new.started_at <> old.started_at then
          raise exception 'an attempt is settled once and never changed' using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger attempts_settle_once before update on attempts
        for each row execute function settle_once();
      create trigger attempts_no_truncate before truncate on attempts
        for each statement execute function forbid_change();
      alter table attempts enable always trigger attempts_settle_once;
      alter table attempts enable always trigger attempts_no_truncate;

      create table engagement_samples (
        group_id uuid not null,
        publication_id uuid not null,
        age text not null,
        taken_at timestamptz not null,
        reactions bigint,
        replies bigint,
        reposts bigint,
        clicks bigint,
        impressions bigint,
        constraint engagement_samples_pkey primary key (group_id, publication_id, age),
        constraint engagement_samples_publication_fkey foreign key (group_id, publication_id)
          references publications (group_id, id),
        constraint engagement_samples_age_known check (age in ('1h', '24h', '48h', '7d'))
      );

      create table summaries (
        group_id uuid not null,
        week text not null,
        computed_at timestamptz not null,
        content jsonb not null,
        mailed_at timestamptz,
        constraint summaries_pkey primary key (group_id, week),
        constraint summaries_group_fkey foreign key (group_id) references groups (id),
        constraint summaries_week_form check (week ~ '^[0-9]{4}-W[0-5][0-9]$')
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table summaries;
      drop table engagement_samples;
      drop table attempts;
      drop function may_any_go();
      drop function lock_due(integer, uuid[]);
      drop function settle_once();
      drop table publications;
      drop function publication_moves();
      drop function publication_gate();
    `)
  }
}
