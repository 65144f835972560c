import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Review requests, verdicts, and the rule that an approval is somebody else's. */
export class CreateReviewing1795219200005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table review_requests (
        group_id uuid not null,
        id uuid not null,
        post_id uuid not null,
        revision_id uuid not null,
        member_id uuid not null,
        token_hash text not null,
        expires_at timestamptz not null,
        created_at timestamptz not null,
        used_at timestamptz,
        revoked_at timestamptz,
        revoked_because text,
        handed_over_at timestamptz,
        code_hash text,
        code_expires_at timestamptz,
        code_tries integer not null default 0,
        half_reminded_at timestamptz,
        last_reminded_at timestamptz,
        constraint review_requests_pkey primary key (group_id, id),
        constraint review_requests_token_unique unique (token_hash),
        constraint review_requests_once unique (group_id, revision_id, member_id),
        constraint review_requests_revision_fkey foreign key (group_id, revision_id) references revisions (group_id, id),
        constraint review_requests_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint review_requests_member_fkey foreign key (group_id, member_id) references members (group_id, id)
      );
      create index review_requests_by_post on review_requests (group_id, post_id);
      create index review_requests_by_member on review_requests (group_id, member_id);
      create index review_requests_waiting on review_requests (group_id, member_id)
        where used_at is null and revoked_at is null;

      -- A device that a reviewer once confirmed. Good for reviewing, for nothing else.
      create table review_devices (
        group_id uuid not null,
        id uuid not null,
        member_id uuid not null,
        token_hash text not null,
        words text not null,
        last_used_on date not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        constraint review_devices_pkey primary key (group_id, id),
        constraint review_devices_token_unique unique (token_hash),
        constraint review_devices_member_fkey foreign key (group_id, member_id) references members (group_id, id)
      );

      create table verdicts (
        group_id uuid not null,
        id uuid not null,
        post_id uuid not null,
        revision_id uuid not null,
        hash text not null,
        member_id uuid not null,
        person_id uuid not null,
        kind text not null,
        note text,
        ticks text[] not null default '{}',
        via text not null,
        at timestamptz not null,
        seq bigint generated always as identity,
        constraint verdicts_pkey primary key (group_id, id),
        constraint verdicts_revision_fkey foreign key (group_id, post_id, revision_id, hash)
          references revisions (group_id, post_id, id, hash),
        constraint verdicts_member_fkey foreign key (group_id, member_id, person_id)
          references members (group_id, id, person_id),
        constraint verdicts_kind_known check (kind in ('approve', 'changes', 'stop', 'withdrawn')),
        constraint verdicts_via_known check (via in ('session', 'device', 'code', 'passkey')),
        constraint verdicts_changes_have_reasons check (kind <> 'changes' or length(btrim(note)) > 0)
      );
      create index verdicts_by_post on verdicts (group_id, post_id, seq);

      create function check_verdict() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare post posts; member members;
      begin
        select * into post from posts where group_id = new.group_id and id = new.post_id for update;
        select * into member from members where group_id = new.group_id and id = new.member_id for share;
        if member.status <> 'active' or not (array['reviewer', 'admin', 'editor'] && member.roles) then
          raise exception 'this member may not review here' using errcode = 'check_violation', constraint = 'verdicts_active_member';
        end if;
        -- An answer is taken back at any time, also while the author changes something.
        if post.current_revision_id is distinct from new.revision_id or (post.editing and new.kind <> 'withdrawn') then
          raise exception 'another revision replaced this one' using errcode = 'check_violation', constraint = 'verdicts_current_revision';
        end if;
        if post.state not in ('in_review', 'approved', 'changes_requested') then
          raise exception 'the post is %', post.state using errcode = 'check_violation', constraint = 'verdicts_open_post';
        end if;
        -- How long an approval counts hangs on this.
        new.at := least(new.at, clock());
        if new.kind = 'approve' then
          if not 'reviewer' = any (member.roles) then
            raise exception 'only reviewers approve' using errcode = 'check_violation', constraint = 'verdicts_reviewer_role';
          end if;
          if is_contributor(new.group_id, new.post_id, new.person_id) then
            raise exception 'a contributor does not approve' using errcode = 'check_violation', constraint = 'verdicts_not_contributor';
          end if;
          if not may_be_asked(new.group_id, new.post_id, new.person_id) then
            raise exception 'the policy lets others approve' using errcode = 'check_violation', constraint = 'verdicts_may_be_asked';
          end if;
        end if;
        return new;
      end $$;
      create trigger verdicts_checked before insert on verdicts for each row execute function check_verdict();
      create trigger verdicts_append_only before update or delete on verdicts
        for each row execute function forbid_change();
      create trigger verdicts_no_truncate before truncate on verdicts
        for each statement execute function forbid_change();
      alter table verdicts enable always trigger verdicts_checked;
      alter table verdicts enable always trigger verdicts_append_only;
      alter table verdicts enable always trigger verdicts_no_truncate;

      -- The last word of each person on the current revision, where whoever gave it is still an active member. Somebody
      -- whose last word came by a second, now suspended membership has no earlier word instead.
      create function last_verdicts(for_group uuid, for_post uuid)
      returns table (member_id uuid, person_id uuid, kind text, at timestamptz, reviewer boolean)
      language sql stable set search_path = public, pg_temp as $$
        select last.member_id, last.person_id, last.kind, last.at, 'reviewer' = any (m.roles)
        from (
          select distinct on (root_person(v.person_id)) v.*
          from verdicts v
          join posts p on p.group_id = v.group_id and p.id = v.post_id and p.current_revision_id = v.revision_id
          join revisions r on r.group_id = v.group_id and r.id = v.revision_id and r.hash = v.hash
          where v.group_id = for_group and v.post_id = for_post
          order by root_person(v.person_id), v.seq desc
        ) last
        join members m on m.group_id = last.group_id and m.id = last.member_id and m.status = 'active'
      $$;

      -- A stop is no objection of its own: it holds the post, and only a fresh approval ends the hold.
      create function objections(for_group uuid, for_post uuid) returns integer
      language sql stable set search_path = public, pg_temp as $$
        select count(*)::integer from last_verdicts(for_group, for_post) v where v.kind = 'changes'
      $$;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function objections(uuid, uuid);
      drop function last_verdicts(uuid, uuid);
      drop table verdicts;
      drop function check_verdict();
      drop table review_devices;
      drop table review_requests;
    `)
  }
}
