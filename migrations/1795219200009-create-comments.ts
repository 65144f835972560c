import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What people say to each other about a post: comments, suggested words, and who wants no mails of it. */
export class CreateComments1795219200009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table suggestions (
        group_id uuid not null,
        id uuid not null,
        post_id uuid not null,
        -- The version it was made on; none for a draft that nobody has sent yet.
        revision_id uuid,
        member_id uuid not null,
        person_id uuid not null,
        place text not null,
        channel_id uuid,
        media_id uuid,
        before text not null,
        words text not null,
        note text not null default '',
        at timestamptz not null,
        state text not null default 'open',
        settled_at timestamptz,
        settled_by uuid,
        told_at timestamptz,
        constraint suggestions_pkey primary key (group_id, id),
        constraint suggestions_of_post unique (group_id, post_id, id),
        constraint suggestions_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint suggestions_revision_fkey foreign key (group_id, revision_id) references revisions (group_id, id),
        constraint suggestions_member_fkey foreign key (group_id, member_id, person_id)
          references members (group_id, id, person_id),
        constraint suggestions_settler_fkey foreign key (group_id, settled_by) references members (group_id, id),
        constraint suggestions_place_known check (place in ('text', 'channel', 'alt')),
        constraint suggestions_place_named check ((place = 'channel') = (channel_id is not null) and (place = 'alt') = (media_id is not null)),
        constraint suggestions_change_something check (words <> before),
        constraint suggestions_state_known check (state in ('open', 'applied', 'dismissed')),
        constraint suggestions_settled_once check ((state = 'open') = (settled_at is null) and (state = 'open') = (settled_by is null))
      );
      create index suggestions_by_post on suggestions (group_id, post_id, at);

      create table comments (
        group_id uuid not null,
        id uuid not null,
        post_id uuid not null,
        revision_id uuid,
        -- The suggestion that it answers, such as the reason why that was not taken up.
        suggestion_id uuid,
        member_id uuid not null,
        person_id uuid not null,
        text text not null,
        at timestamptz not null,
        removed_at timestamptz,
        told_at timestamptz,
        constraint comments_pkey primary key (group_id, id),
        constraint comments_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint comments_revision_fkey foreign key (group_id, revision_id) references revisions (group_id, id),
        constraint comments_suggestion_fkey foreign key (group_id, post_id, suggestion_id)
          references suggestions (group_id, post_id, id),
        constraint comments_member_fkey foreign key (group_id, member_id, person_id)
          references members (group_id, id, person_id),
        constraint comments_say_something check ((removed_at is null) = (length(btrim(text)) > 0))
      );
      create index comments_by_post on comments (group_id, post_id, at);
      create index comments_untold on comments (group_id, post_id) where told_at is null;
      create index suggestions_untold on suggestions (group_id, post_id) where told_at is null;

      -- What was said stays as it was said; its author may take the words back, of which the row tells.
      create function keep_comment() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare unchanged comments := new;
      begin
        if tg_op = 'DELETE' then
          raise exception 'a comment is not deleted: its words can be removed' using errcode = 'restrict_violation';
        end if;
        unchanged.told_at := old.told_at;
        if old.removed_at is null and new.removed_at is not null and new.text = '' then
          unchanged.removed_at := null;
          unchanged.text := old.text;
        end if;
        if unchanged is distinct from old or old.told_at is not null and new.told_at is distinct from old.told_at then
          raise exception 'a comment is not changed after it was made' using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger comments_kept before update or delete on comments for each row execute function keep_comment();
      create trigger comments_no_truncate before truncate on comments for each statement execute function forbid_change();
      alter table comments enable always trigger comments_kept;
      alter table comments enable always trigger comments_no_truncate;

      -- The words of a suggestion stay, and it is settled once.
      create function keep_suggestion() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare unchanged suggestions := new;
      begin
        if tg_op = 'DELETE' then
          raise exception 'a suggestion is not deleted: it can be dismissed' using errcode = 'restrict_violation';
        end if;
        unchanged.told_at := old.told_at;
        if old.state = 'open' then
          unchanged.state := old.state;
          unchanged.settled_at := old.settled_at;
          unchanged.settled_by := old.settled_by;
        end if;
        -- The words of somebody whose data was erased go.
        if exists (select 1 from people where id = old.person_id and erased_at is not null) then
          if new.words = '(erased)' then unchanged.words := old.words; end if;
          if new.note = '' then unchanged.note := old.note; end if;
        end if;
        if unchanged is distinct from old or old.told_at is not null and new.told_at is distinct from old.told_at then
          raise exception 'a suggestion is not changed after it was made' using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger suggestions_kept before update or delete on suggestions
        for each row execute function keep_suggestion();
      create trigger suggestions_no_truncate before truncate on suggestions
        for each statement execute function forbid_change();
      alter table suggestions enable always trigger suggestions_kept;
      alter table suggestions enable always trigger suggestions_no_truncate;

      create table conversation_mutes (
        group_id uuid not null,
        post_id uuid not null,
        member_id uuid not null,
        muted boolean not null,
        at timestamptz not null,
        constraint conversation_mutes_pkey primary key (group_id, post_id, member_id),
        constraint conversation_mutes_post_fkey foreign key (group_id, post_id) references posts (group_id, id),
        constraint conversation_mutes_member_fkey foreign key (group_id, member_id) references members (group_id, id)
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table conversation_mutes;
      drop table comments;
      drop table suggestions;
      drop function keep_comment();
      drop function keep_suggestion();
    `)
  }
}
