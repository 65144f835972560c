import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Times in which nothing goes out: silences that are planned, and pausing everything at once. */
export class CreateSilences1795219200016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table silences (
        group_id uuid not null,
        id uuid not null,
        name text not null,
        -- What the group was told: local wall time and zone. ends_at is exclusive.
        from_wall text not null,
        until_wall text not null,
        zone text not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        -- Null: every channel of the group.
        channel_ids uuid[],
        made_by uuid not null,
        made_at timestamptz not null,
        removed_by uuid,
        removed_at timestamptz,
        constraint silences_pkey primary key (group_id, id),
        constraint silences_group_fkey foreign key (group_id) references groups (id),
        constraint silences_made_by_fkey foreign key (group_id, made_by) references members (group_id, id),
        constraint silences_removed_by_fkey foreign key (group_id, removed_by) references members (group_id, id),
        constraint silences_last check (starts_at < ends_at),
        constraint silences_of_something check (channel_ids is null or cardinality(channel_ids) > 0)
      );
      create index silences_in_force on silences (group_id, ends_at) where removed_at is null;

      create table pauses (
        group_id uuid not null,
        id uuid not null,
        paused_by uuid not null,
        paused_at timestamptz not null,
        reason text,
        release_asked_by uuid,
        release_asked_at timestamptz,
        released_by uuid,
        released_at timestamptz,
        constraint pauses_pkey primary key (group_id, id),
        constraint pauses_group_fkey foreign key (group_id) references groups (id),
        constraint pauses_paused_by_fkey foreign key (group_id, paused_by) references members (group_id, id),
        constraint pauses_release_asked_by_fkey foreign key (group_id, release_asked_by) references members (group_id, id),
        constraint pauses_released_by_fkey foreign key (group_id, released_by) references members (group_id, id),
        constraint pauses_asked_whole check ((release_asked_by is null) = (release_asked_at is null)),
        constraint pauses_released_whole check ((released_by is null) = (released_at is null))
      );
      create unique index pauses_one_at_a_time on pauses (group_id) where released_at is null;

      -- One person stops everything, two let it go on: two human beings, whatever sign-ins they use, both active then.
      create function pause_moves() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        -- A claim comes before or after, never in between: the gate has the same lock, shared.
        perform pg_advisory_xact_lock(hashtextextended('policies ' || new.group_id, 0));
        if tg_op = 'INSERT' then
          if new.released_by is not null or new.release_asked_by is not null then
            raise exception 'a pause starts unreleased' using errcode = 'check_violation', constraint = 'pauses_moves';
          end if;
        else
          if old.released_at is not null or new.group_id <> old.group_id or new.id <> old.id or new.paused_by <> old.paused_by
              or new.paused_at <> old.paused_at or new.reason is distinct from old.reason then
            raise exception 'what a pause was stays as it was' using errcode = 'check_violation', constraint = 'pauses_moves';
          end if;
          if new.released_by is not null and (old.release_asked_by is null
              or new.release_asked_by is distinct from old.release_asked_by or exists (
                select 1 from members a join members b on root_person(b.person_id) = root_person(a.person_id)
                where a.group_id = new.group_id and a.id = old.release_asked_by
                  and b.group_id = new.group_id and b.id = new.released_by)) then
            raise exception 'a pause is released by two different people' using errcode = 'check_violation', constraint = 'pauses_two';
          end if;
        end if;
        if exists (
          select 1 from members where group_id = new.group_id and status <> 'active' and id = any (
            case when tg_op = 'INSERT' then array[new.paused_by] else array[new.release_asked_by, new.released_by] end)) then
          raise exception 'only active members pause and release' using errcode = 'check_violation', constraint = 'pauses_active';
        end if;
        return new;
      end $$;
      create trigger pauses_moves before insert or update on pauses for each row execute function pause_moves();
      create trigger pauses_no_delete before delete on pauses for each row execute function forbid_change();
      create trigger pauses_no_truncate before truncate on pauses for each statement execute function forbid_change();
      alter table pauses enable always trigger pauses_moves;
      alter table pauses enable always trigger pauses_no_delete;
      alter table pauses enable always trigger pauses_no_truncate;
      create trigger pauses_wake after update of released_at on pauses for each row
        when (new.released_at is not null) execute function wake_workers();

      create function keep_silence() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended('policies ' || new.group_id, 0));
        if tg_op = 'UPDATE' and (old.removed_at is not null or new.group_id <> old.group_id or new.id <> old.id
            or new.starts_at <> old.starts_at or new.ends_at <> old.ends_at
            or new.channel_ids is distinct from old.channel_ids) then
          raise exception 'a silence is removed, not changed' using errcode = 'check_violation', constraint = 'silences_kept';
        end if;
        return new;
      end $$;
      create trigger silences_kept before insert or update on silences for each row execute function keep_silence();
      create trigger silences_no_delete before delete on silences for each row execute function forbid_change();
      create trigger silences_no_truncate before truncate on silences for each statement execute function forbid_change();
      alter table silences enable always trigger silences_kept;
      alter table silences enable always trigger silences_no_delete;
      alter table silences enable always trigger silences_no_truncate;

      -- Why nothing may go out now, whatever was agreed: null when nothing is in the way.
      create function kept_still(for_group uuid, for_channel uuid) returns text
      language sql stable set search_path = public, pg_temp as $$
        select 'everything is paused' from pauses where group_id = for_group and released_at is null
        union all
        (select 'a silence' from silences where group_id = for_group and removed_at is null
           and starts_at <= clock() and clock() < ends_at and (channel_ids is null or for_channel = any (channel_ids)) limit 1)
        limit 1
      $$;
      -- The instant of a wall time. Of an hour that comes twice the first is meant, as in the rules (wall-time.ts), while
      -- PostgreSQL by itself means the second; an hour that is skipped comes later by the jump, for both.
      create function instant_of(wall timestamp, in_zone text) returns timestamptz
      language sql stable strict set search_path = public, pg_temp as $$
        select case when earlier at time zone in_zone = wall then earlier else wall at time zone in_zone end
        from (select ((wall - interval '1 day') at time zone in_zone) + interval '24 hours' as earlier) as before_the_change
      $$;
      create function publication_stillness() returns trigger language plpgsql set search_path = public, pg_temp
      set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
      declare for_groups uuid[]; for_channels uuid[]; for_revisions uuid[]; found_why text;
      begin
        select array_agg(group_id), array_agg(channel_id), array_agg(revision_id) into for_groups, for_channels, for_revisions
          from new_rows where state = 'publishing' and (group_id, id) not in (select group_id, id from old_rows where state = 'publishing');
        if for_groups is null then return null; end if;
        select coalesce(still.why, case when instant_of((timing ->> 'notBefore')::timestamp, timing ->> 'zone') > clock()
            then 'under embargo' end) as reason
          into found_why
          from unnest(for_groups, for_channels, for_revisions) as e (group_id, channel_id, revision_id)
          left join revisions r on r.group_id = e.group_id and r.id = e.revision_id
          cross join lateral (select r.envelope::jsonb -> 'timing' as timing offset 0) envelope
          cross join lateral (select case
            when exists (select 1 from pauses s where s.group_id = e.group_id and s.released_at is null)
              or exists (select 1 from silences s where s.group_id = e.group_id and s.removed_at is null)
            then kept_still(e.group_id, e.channel_id) end as why) still
          where still.why is not null or instant_of((timing ->> 'notBefore')::timestamp, timing ->> 'zone') > clock()
          limit 1;
        if found then
          raise exception 'gate: %', found_why using errcode = 'check_violation', constraint = 'publications_stillness';
        end if;
        return null;
      end $$;
      -- By its name after publications_gate, which takes the lock that a pause and a silence wait for.
      create trigger publications_stillness after update on publications
        referencing old table as old_rows new table as new_rows for each statement execute function publication_stillness();
      alter table publications enable always trigger publications_stillness;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger publications_stillness on publications;
      drop function publication_stillness();
      drop function instant_of(timestamp, text);
      drop function kept_still(uuid, uuid);
      drop table silences;
      drop function keep_silence();
      drop table pauses;
      drop function pause_moves();
    `)
  }
}
