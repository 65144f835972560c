import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Posts, their sealed revisions, who contributed, and the pictures. */
export class CreatePosts1795219200004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table media (
        group_id uuid not null,
        id uuid not null,
        sha256 text not null,
        mime text not null,
        width integer not null,
        height integer not null,
        seconds double precision,
        made_from uuid,
        bytes bytea not null,
        uploaded_by uuid not null,
        created_at timestamptz not null,
        constraint media_pkey primary key (group_id, id),
        constraint media_bytes_are_hashed check (sha256 = encode(sha256(bytes), 'hex')),
        constraint media_member_fkey foreign key (group_id, uploaded_by) references members (group_id, id),
        constraint media_made_from_fkey foreign key (group_id, made_from) references media (group_id, id),
        constraint media_films_last check ((mime = 'video/mp4') = (seconds is not null))
      );
      create index media_by_hash on media (group_id, sha256);
      create index media_made_from on media (group_id, made_from) where made_from is not null;
      create trigger media_append_only before update on media for each row execute function forbid_change();

      create table posts (
        group_id uuid not null,
        id uuid not null,
        author_id uuid not null,
        state text not null default 'draft',
        held_at timestamptz,
        held_by uuid,
        -- The last verdict before the hold: only a later one releases it. Written by a trigger alone.
        held_after bigint,
        content jsonb not null,
        wish jsonb not null,
        useful_until timestamptz,
        labels text[] not null default '{}',
        notes text not null default '',
        version integer not null default 1,
        -- Unsent changes stand over the sealed revision.
        editing boolean not null default true,
        current_revision_id uuid,
        -- A cache for lists and for finding what is due; the gate recounts the verdicts.
        approved_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint posts_pkey primary key (group_id, id),
        constraint posts_group_fkey foreign key (group_id) references groups (id),
        constraint posts_author_fkey foreign key (group_id, author_id) references members (group_id, id),
        constraint posts_state_known check (state in ('draft', 'in_review', 'changes_requested', 'approved',
          'cancelled', 'expired'))
      );
      create index posts_by_state on posts (group_id, state, updated_at desc);
      -- Approved, and kept from going out: the queue page, among years of what went out.
      create index posts_stopped on posts (group_id, updated_at desc, id desc)
        where state = 'approved' and (held_at is not null or editing);
      create index posts_by_end on posts (useful_until) where useful_until is not null;

      create table revisions (
        group_id uuid not null,
        post_id uuid not null,
        id uuid not null,
        number integer not null,
        envelope text not null,
        hash text not null,
        -- What the editor had in hand, to go on from when an edit is discarded or the post is copied.
        source jsonb not null,
        sealed_by uuid not null,
        sealed_at timestamptz not null,
        constraint revisions_pkey primary key (group_id, id),
        constraint revisions_number_unique unique (group_id, post_id, number),
        constraint revisions_exact unique (group_id, post_id, id, hash),
        constraint revisions_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint revisions_member_fkey foreign key (group_id, sealed_by) references members (group_id, id),
        constraint revisions_hash_matches check (hash = encode(sha256(convert_to(envelope, 'UTF8')), 'hex')),
        constraint revisions_number_positive check (number > 0)
      );
      create trigger revisions_sealed before update or delete on revisions
        for each row execute function forbid_change();
      create trigger revisions_no_truncate before truncate on revisions
        for each statement execute function forbid_change();
      alter table revisions enable always trigger revisions_sealed;
      alter table revisions enable always trigger revisions_no_truncate;
      alter table posts add constraint posts_current_revision_fkey
        foreign key (group_id, current_revision_id) references revisions (group_id, id);

      -- An earlier version that came back would bring its approvals along.
      create function move_on() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare before uuid;
      begin
        if tg_op = 'UPDATE' then before := old.current_revision_id; end if;
        if new.current_revision_id is distinct from before and not exists (
          select 1 from revisions r where r.group_id = new.group_id and r.post_id = new.id and r.id = new.current_revision_id
            and r.number > coalesce((select b.number from revisions b where b.group_id = new.group_id and b.id = before), 0)
        ) then
          raise exception 'a post goes on to a later version of its own' using errcode = 'check_violation', constraint = 'posts_move_on';
        end if;
        return new;
      end $$;
      create trigger posts_move_on after insert or update of current_revision_id on posts for each row execute function move_on();
      alter table posts enable always trigger posts_move_on;

      -- Everybody who wrote, edited, uploaded or submitted, by the number of the revision that they worked on.
      create table contributors (
        group_id uuid not null,
        post_id uuid not null,
        revision_number integer not null,
        member_id uuid not null,
        person_id uuid not null,
        at timestamptz not null,
        constraint contributors_pkey primary key (group_id, post_id, revision_number, member_id),
        constraint contributors_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint contributors_member_fkey foreign key (group_id, member_id, person_id)
          references members (group_id, id, person_id)
      );
      create trigger contributors_append_only before update or delete on contributors
        for each row execute function forbid_change();
      create trigger contributors_no_truncate before truncate on contributors
        for each statement execute function forbid_change();
      alter table contributors enable always trigger contributors_append_only;
      alter table contributors enable always trigger contributors_no_truncate;

      create table post_events (
        group_id uuid not null,
        post_id uuid not null,
        id uuid not null,
        at timestamptz not null,
        text text not null,
        constraint post_events_pkey primary key (group_id, id),
        constraint post_events_post_fkey foreign key (group_id, post_id) references posts (group_id, id)
      );
      create index post_events_by_post on post_events (group_id, post_id, at);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table posts drop constraint posts_current_revision_fkey;
      drop table post_events;
      drop table contributors;
      drop table revisions;
      drop table posts;
      drop function move_on();
      drop table media;
    `)
  }
}
