import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The parts of a publication that are posts of their own at the network: the post itself, its thread, its first comment.
 * What is out of it is known by these rows, written one by one as each becomes public.
 */
export class CreateParts1795219200020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table attempts
        -- With which part it ended, where it did not get through; and the network's raw answer where nobody knew what it means.
        add column part integer not null default 1,
        add column detail text,
        add constraint attempts_part_known check (part >= 1),
        add constraint attempts_detail_short check (length(detail) <= 4000);

      create table publication_parts (
        group_id uuid not null,
        publication_id uuid not null,
        number integer not null,
        kind text not null,
        -- What it is a part of. A memo is about that content: a post that is changed before anything is out begins anew.
        revision_id uuid not null,
        memo text,
        remote_id text,
        url text,
        published_at timestamptz,
        retracted_at timestamptz,
        created_at timestamptz not null,
        constraint publication_parts_pkey primary key (group_id, publication_id, number),
        constraint publication_parts_publication_fkey foreign key (group_id, publication_id)
          references publications (group_id, id),
        constraint publication_parts_kind_known check (kind in ('post', 'thread', 'comment')),
        constraint publication_parts_first_is_post check ((number = 1) = (kind = 'post') and number >= 1),
        constraint publication_parts_whole check ((remote_id is null) = (published_at is null)
          and (remote_id is not null or (url is null and retracted_at is null)))
      );
      create index publication_parts_by_age on publication_parts (created_at);

      -- Each part below the one before it, written while it is being sent or looked up, and then never changed but for
      -- being taken down. The publication is locked: its state comes before or after.
      create function keep_parts() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare at_work text;
      begin
        if tg_op = 'DELETE' then
          if part_may_go(old) then return old; end if;
          raise exception 'a part stays until its publication is long over'
            using errcode = 'restrict_violation', constraint = 'publication_parts_kept';
        end if;
        select state into at_work from publications
          where group_id = new.group_id and id = new.publication_id for no key update;
        if tg_op = 'UPDATE' and (new.group_id, new.publication_id, new.number, new.kind, new.created_at)
            is distinct from (old.group_id, old.publication_id, old.number, old.kind, old.created_at) then
          raise exception 'a part stays the part that it is' using errcode = 'restrict_violation', constraint = 'publication_parts_kept';
        end if;
        if tg_op = 'UPDATE' and old.remote_id is not null then
          if (new.remote_id, new.url, new.memo, new.published_at, new.revision_id)
              is distinct from (old.remote_id, old.url, old.memo, old.published_at, old.revision_id)
              or old.retracted_at is not null or at_work <> 'retracting' then
            raise exception 'a part that is out is only taken down' using errcode = 'restrict_violation', constraint = 'publication_parts_kept';
          end if;
          return new;
        end if;
        if at_work is null or at_work not in ('publishing', 'in_doubt') or new.retracted_at is not null then
          raise exception 'a part is written while it is being sent or looked up'
            using errcode = 'check_violation', constraint = 'publication_parts_sending';
        end if;
        if new.number > 1 and not exists (select 1 from publication_parts p where p.group_id = new.group_id
            and p.publication_id = new.publication_id and p.number = new.number - 1 and p.remote_id is not null) then
          raise exception 'a part hangs on one that is out' using errcode = 'check_violation', constraint = 'publication_parts_order';
        end if;
        return new;
      end $$;
      create trigger publication_parts_kept before insert or update or delete on publication_parts
        for each row execute function keep_parts();
      create trigger publication_parts_no_truncate before truncate on publication_parts
        for each statement execute function forbid_change();
      alter table publication_parts enable always trigger publication_parts_kept;
      alter table publication_parts enable always trigger publication_parts_no_truncate;

      -- What can no longer be taken down needs no addresses: those of posts that are out stay.
      create function part_may_go(part publication_parts) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select coalesce(part.created_at < clock() - interval '400 days'
          and exists (select 1 from publications p where p.group_id = part.group_id and p.id = part.publication_id
            and (p.state in ('retracted', 'cancelled') or (p.state = 'failed' and p.remote_id is null))
            and not p.doubt and p.updated_at < clock() - interval '400 days'), false)
      $$;

      create function parts_out(of_group uuid, of_publication uuid) returns integer
      language sql stable set search_path = public, pg_temp as $$
        select count(*)::integer from publication_parts p
        where p.group_id = of_group and p.publication_id = of_publication and p.remote_id is not null
      $$;
      -- Whether the next part may be public although nobody knows it. Those before it are found, and in doubt no more.
      create function part_in_doubt(of_group uuid, of_publication uuid) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (select 1 from attempts a where a.group_id = of_group and a.publication_id = of_publication
          and (a.state = 'sending' or (a.state = 'unknown' and a.part > parts_out(of_group, of_publication))))
      $$;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function part_in_doubt(uuid, uuid);
      drop function parts_out(uuid, uuid);
      drop trigger publication_parts_kept on publication_parts;
      drop function keep_parts();
      drop function part_may_go(publication_parts);
      drop table publication_parts;
      alter table attempts drop column part, drop column detail;
    `)
  }
}
