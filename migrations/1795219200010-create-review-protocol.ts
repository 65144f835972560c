import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What the protocol of review links remembers: the group's wishes, links that a reminder replaced, who was asked next. */
export class CreateReviewProtocol1795219200010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- No row means the defaults.
      create table review_settings (
        group_id uuid not null,
        mail_content text not null default 'full',
        -- Wall time of the group, HH:MM.
        waking_from text not null default '08:00',
        waking_until text not null default '21:00',
        constraint review_settings_pkey primary key (group_id),
        constraint review_settings_group_fkey foreign key (group_id) references groups (id),
        constraint review_settings_mail_content_known check (mail_content in ('full', 'teaser', 'none')),
        constraint review_settings_waking_form check (
          waking_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and waking_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
          and waking_from < waking_until)
      );

      -- A reminder brings a new link; the one before it opens nothing, but can still say so.
      create table replaced_links (
        group_id uuid not null,
        token_hash text not null,
        request_id uuid not null,
        replaced_at timestamptz not null,
        constraint replaced_links_pkey primary key (group_id, token_hash),
        constraint replaced_links_token_unique unique (token_hash),
        constraint replaced_links_request_fkey foreign key (group_id, request_id) references review_requests (group_id, id)
      );

      -- Once for each version and slot, whichever process is first. Where there is no slot, once since it was asked.
      create table review_escalations (
        group_id uuid not null,
        revision_id uuid not null,
        due_at timestamptz not null,
        at timestamptz not null,
        constraint review_escalations_pkey primary key (group_id, revision_id, due_at),
        constraint review_escalations_revision_fkey foreign key (group_id, revision_id) references revisions (group_id, id)
      );

      create index review_requests_open on review_requests (expires_at) where used_at is null and revoked_at is null;

      -- Whoever is suspended, leaves or is no reviewer any more has no link and no confirmed device from that moment.
      -- Every verdict looks at the member again all the same.
      create function end_review_links() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        update review_requests set revoked_at = clock(), revoked_because = 'member'
        where group_id = new.group_id and member_id = new.id and used_at is null and revoked_at is null;
        update review_devices set revoked_at = clock()
        where group_id = new.group_id and member_id = new.id and revoked_at is null;
        return null;
      end $$;
      create trigger members_end_review_links after update on members for each row
        when (old.status = 'active' and 'reviewer' = any (old.roles)
          and not (new.status = 'active' and 'reviewer' = any (new.roles)))
        execute function end_review_links();
      alter table members enable always trigger members_end_review_links;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger members_end_review_links on members;
      drop function end_review_links();
      drop index review_requests_open;
      drop table review_escalations;
      drop table replaced_links;
      drop table review_settings;
    `)
  }
}
