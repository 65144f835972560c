import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Connected accounts, windows, and the built-in Noticeboard's own posts. */
export class CreateChannels1795219200003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table channels (
        group_id uuid not null,
        id uuid not null,
        network text not null,
        remote_account_id text not null,
        name text not null,
        handle text not null,
        url text,
        sealed_credentials text not null,
        state text not null default 'connected',
        cause text,
        gap_minutes integer not null,
        daily_cap integer not null,
        quiet_start text,
        quiet_end text,
        limited_until timestamptz,
        -- What the network told of the account; null where the rules' own hold.
        limits jsonb,
        limits_next_at timestamptz,
        renew_at timestamptz,
        renew_next_at timestamptz,
        renew_failed integer not null default 0,
        consent_until timestamptz,
        consent_reminded integer,
        created_at timestamptz not null,
        removed_at timestamptz,
        constraint channels_pkey primary key (group_id, id),
        constraint channels_id_unique unique (id),
        constraint channels_group_fkey foreign key (group_id) references groups (id),
        constraint channels_state_known check (state in ('connected', 'to_reconnect', 'paused')),
        constraint channels_gap_range check (gap_minutes between 0 and 10080),
        constraint channels_cap_range check (daily_cap between 1 and 100)
      );
      create index channels_to_renew on channels (renew_next_at) where removed_at is null and renew_next_at is not null;
      create index channels_to_ask on channels (limits_next_at) where removed_at is null and limits_next_at is not null;
      create index channels_to_remind on channels (consent_until) where removed_at is null and consent_until is not null;
      create unique index channels_remote_unique on channels (group_id, network, remote_account_id)
        where removed_at is null;

      create table windows (
        group_id uuid not null,
        id uuid not null,
        channel_id uuid,
        days integer[] not null,
        starts text not null,
        ends text not null,
        name text not null,
        constraint windows_pkey primary key (group_id, id),
        constraint windows_group_fkey foreign key (group_id) references groups (id),
        constraint windows_channel_fkey foreign key (group_id, channel_id) references channels (group_id, id),
        constraint windows_days_known check (days <@ array[1, 2, 3, 4, 5, 6, 7] and cardinality(days) > 0),
        constraint windows_times check (starts ~ '^[0-2][0-9]:[0-5][0-9]$' and ends ~ '^[0-2][0-9]:[0-5][0-9]$' and starts < ends)
      );
      create index windows_by_channel on windows (group_id, channel_id);

      create table noticeboard_posts (
        group_id uuid not null,
        id uuid not null,
        channel_id uuid not null,
        publish_key text not null,
        text text not null,
        link text,
        language text not null,
        published_at timestamptz not null,
        deleted_at timestamptz,
        views bigint not null default 0,
        useful bigint not null default 0,
        constraint noticeboard_posts_pkey primary key (group_id, id),
        constraint noticeboard_posts_key_unique unique (group_id, channel_id, publish_key),
        constraint noticeboard_posts_channel_fkey foreign key (group_id, channel_id) references channels (group_id, id)
      );
      create index noticeboard_posts_newest on noticeboard_posts (group_id, channel_id, published_at desc);

      create table noticeboard_pictures (
        group_id uuid not null,
        post_id uuid not null,
        position integer not null,
        sha256 text not null,
        mime text not null,
        width integer not null,
        height integer not null,
        alt text not null,
        bytes bytea not null,
        constraint noticeboard_pictures_pkey primary key (group_id, post_id, position),
        constraint noticeboard_pictures_post_fkey foreign key (group_id, post_id)
          references noticeboard_posts (group_id, id) on delete cascade
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table noticeboard_pictures;
      drop table noticeboard_posts;
      drop table windows;
      drop table channels;
    `)
  }
}
