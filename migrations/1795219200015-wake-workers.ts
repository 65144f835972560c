import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Workers are told when something may be due sooner than they think. A notice is a hint, never the truth: nobody relies
 * on it. Claiming and settling announce nothing, because every commit that does takes one lock of the whole server.
 */
export class WakeWorkers1795219200015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A network asked the whole application to keep still, not one channel only.
      create table network_limits (
        network text not null,
        until timestamptz not null,
        constraint network_limits_pkey primary key (network)
      );

      create function network_limited(of_network text) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (select 1 from network_limits where network = of_network and until > clock())
      $$;

      create function wake_workers() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        perform pg_notify('seconder_due', '');
        return null;
      end $$;
      create trigger publications_wake after insert or update of next_try_at on publications for each row
        when (new.state = 'planned' and new.next_try_at < clock() + interval '1 minute')
        execute function wake_workers();
      create trigger posts_wake after update of state, held_at, editing on posts for each row
        when (new.state = 'approved' and new.held_at is null and not new.editing
          and (old.state <> 'approved' or old.held_at is not null or old.editing))
        execute function wake_workers();
      create trigger channels_wake after update of state, limited_until on channels for each row
        when (new.state = 'connected' and (old.state <> 'connected'
          or (old.limited_until is not null and new.limited_until is distinct from old.limited_until)))
        execute function wake_workers();
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger channels_wake on channels;
      drop trigger posts_wake on posts;
      drop trigger publications_wake on publications;
      drop function wake_workers();
      drop function network_limited(text);
      drop table network_limits;
    `)
  }
}
