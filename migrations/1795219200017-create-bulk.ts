import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Many posts in one request, and days that were spread again, so that this can be taken back for a while. */
export class CreateBulk1795219200017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table spreads (
        group_id uuid not null,
        id uuid not null,
        member_id uuid not null,
        -- What moved, from where to where, as the service wrote it.
        moves jsonb not null,
        -- Of all that was planned on that day afterwards: undoing is for a day that nobody has touched since.
        fingerprint text not null,
        made_at timestamptz not null,
        undone_at timestamptz,
        constraint spreads_pkey primary key (group_id, id),
        constraint spreads_member_fkey foreign key (group_id, member_id) references members (group_id, id)
      );

      create table bulks (
        group_id uuid not null,
        id uuid not null,
        member_id uuid not null,
        -- The same key by the same member is the same request, however often it arrives.
        client_key text not null,
        send boolean not null,
        total integer not null,
        stopped_because text,
        created_at timestamptz not null,
        finished_at timestamptz,
        constraint bulks_pkey primary key (group_id, id),
        constraint bulks_member_fkey foreign key (group_id, member_id) references members (group_id, id),
        constraint bulks_once unique (group_id, member_id, client_key)
      );
      create index bulks_unfinished on bulks (group_id, id) where finished_at is null;

      -- Each is made in a transaction of its own that marks it, so that a process that dies leaves nothing half done.
      create table bulk_items (
        group_id uuid not null,
        bulk_id uuid not null,
        number integer not null,
        -- What to write; forgotten once it is a post.
        input jsonb,
        post_id uuid,
        sent boolean not null default false,
        problem text,
        done boolean not null default false,
        constraint bulk_items_pkey primary key (group_id, bulk_id, number),
        constraint bulk_items_bulk_fkey foreign key (group_id, bulk_id) references bulks (group_id, id),
        constraint bulk_items_post_fkey foreign key (group_id, post_id) references posts (group_id, id)
      );
      create index bulk_items_open on bulk_items (group_id, bulk_id, number) where not done;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table bulk_items;
      drop table bulks;
      drop table spreads;
    `)
  }
}
