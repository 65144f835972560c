import type { MigrationInterface, QueryRunner } from 'typeorm'

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
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint publications_pkey primary key (group_id, id),
        constraint publications_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint publications_channel_fkey foreign key (group_id, channel_id) references channels (group_id, id),
        constraint publications_revision_fkey foreign key (group_id, post_id, revision_id, hash)
          references revisions (group_id, post_id, id, hash),
        constraint publications_state_known check (state in ('planned', 'publishing', 'published', 'failed', 'in_doubt',
          'unconfirmed', 'missed', 'cancelled', 'retracting', 'retracted')),
        constraint publications_public_has_address check (state <> 'published' or remote_id is not null),
        constraint publications_sent_has_content check (state not in ('publishing', 'published', 'in_doubt', 'unconfirmed')
          or (revision_id is not null and hash is not null and publish_key is not null)),
        -- The last net under the scheduler's own placing: one slot a channel and gap.
        constraint publications_spaced exclude using gist (channel_id with =, spaced with &&)
          where (state in ('planned', 'publishing', 'published', 'in_doubt', 'unconfirmed') and not spacing_waived)
      );
      create unique index publications_once_per_channel on publications (group_id, post_id, channel_id)
        where state <> 'cancelled';
      -- With the id, so that thousands of one instant are still taken in order without sorting them first.
      create index publications_due on publications (next_try_at, id) where state = 'planned';
      create index publications_leased on publications (lease_until) where state in ('publishing', 'in_doubt');
      create unique index publications_one_in_flight on publications (channel_id) where state = 'publishing';
      create index publications_by_channel on publications (group_id, channel_id, slot);
      create index publications_unacknowledged on publications (retract_asked_at)
        where state in ('retracting', 'retracted') and retract_acknowledged_by is null;
      create index publications_by_slot on publications (group_id, slot);

      -- Nothing goes out without the valid approvals of exactly that envelope, whoever asks and however.
      -- Everything is counted again here, at the one transition that leads to the public; posts.state is not asked.
      create function publication_gate() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare post posts; revision revisions; channel channels; from_when timestamptz;
      begin
        select * into post from posts where group_id = new.group_id and id = new.post_id for update;
        if post.held_at is not null then
          raise exception 'gate: the post is held' using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        if post.state in ('cancelled', 'expired') or post.editing or post.current_revision_id is null
            or new.revision_id is distinct from post.current_revision_id then
          raise exception 'gate: not the current sealed revision' using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        -- A change of the policy, and the discovery that two people are one, come before or after as well. Rows of others
        -- than this post's are not locked for it: those who change them may be waiting for the post.
        perform pg_advisory_xact_lock_shared(hashtextextended('policies ' || new.group_id, 0)),
          pg_advisory_xact_lock_shared(hashtextextended('people.same_as', 0));
        -- Lock the reviewers, so that a suspension comes before or after, never in between.
        perform 1 from members where group_id = new.group_id
          and id in (select member_id from verdicts where group_id = new.group_id and post_id = new.post_id)
          order by id for share;
        from_when := may_go_from(new.group_id, new.post_id);
        if from_when is null then
          raise exception 'gate: % of % approvals, or not from everybody who is named', valid_approvals(new.group_id, new.post_id),
            approvals_needed(new.group_id, new.post_id) using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        if from_when > clock() then
          raise exception 'gate: too soon after the last approval' using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        if objections(new.group_id, new.post_id) > 0 then
          raise exception 'gate: somebody objects' using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        select * into revision from revisions where group_id = new.group_id and id = new.revision_id;
        -- Locked too: another account behind the channel comes before or after.
        select * into channel from channels where group_id = new.group_id and id = new.channel_id for share;
        if new.hash is distinct from revision.hash or not exists (
          select 1 from jsonb_array_elements(revision.envelope::jsonb -> 'channels') as part
          where part ->> 'channelId' = channel.id::text and part ->> 'remoteAccountId' = channel.remote_account_id
        ) then
          raise exception 'gate: another content or account was approved' using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        if channel.removed_at is not null then
          raise exception 'gate: the channel was removed' using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        if new.slot > clock() then
          raise exception 'gate: the slot has not come' using errcode = 'check_violation', constraint = 'publications_gate';
        end if;
        return new;
      end $$;
      -- Also before a send is repeated: a hold, an objection or a suspension may have come while it was in doubt.
      create trigger publications_gate before update on publications for each row
        when (new.state = 'publishing' and old.state <> 'publishing') execute function publication_gate();

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
          'unauthorized', 'blocked', 'unknown', 'held_back'))
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
      drop function settle_once();
      drop table publications;
      drop function publication_moves();
      drop function publication_gate();
    `)
  }
}
