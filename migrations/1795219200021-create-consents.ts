import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Ways to a network and back, on which a person agrees there that an account may be used from here. */
export class CreateConsents1795219200021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table consents (
        group_id uuid not null,
        id uuid not null,
        -- SHA-256 of the state that goes to the network and comes back.
        state_hash text not null,
        member_id uuid not null,
        session_id text not null,
        network text not null,
        -- Which channel is connected again; null: a new one.
        channel_id uuid,
        sealed_way text not null,
        -- What the code was traded for, until one is chosen.
        sealed_accounts text,
        begun_at timestamptz not null,
        expires_at timestamptz not null,
        -- A code is traded once, whatever came of it.
        came_back_at timestamptz,
        constraint consents_pkey primary key (group_id, id),
        constraint consents_state_unique unique (state_hash),
        constraint consents_group_fkey foreign key (group_id) references groups (id),
        constraint consents_member_fkey foreign key (group_id, member_id) references members (group_id, id),
        constraint consents_channel_fkey foreign key (group_id, channel_id) references channels (group_id, id),
        constraint consents_accounts_came check (sealed_accounts is null or came_back_at is not null)
      );
      create index consents_by_end on consents (expires_at);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table consents')
  }
}
