import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Passkeys, what a device is asked to sign for them, codes that stand in for them, and the devices somebody signed in on. */
export class CreatePasskeys1795219200011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table passkeys (
        id uuid not null,
        person_id uuid not null,
        credential_id text not null,
        public_key text not null,
        counter bigint not null,
        transports text[] not null default '{}',
        backed_up boolean not null,
        name text not null,
        created_at timestamptz not null,
        last_used_at timestamptz,
        constraint passkeys_pkey primary key (id),
        constraint passkeys_credential_unique unique (credential_id),
        constraint passkeys_person_fkey foreign key (person_id) references people (id),
        constraint passkeys_name_length check (length(name) between 1 and 60),
        constraint passkeys_counter_range check (counter between 0 and 4294967295)
      );
      create index passkeys_by_person on passkeys (person_id);

      -- What a device was asked to sign: once, for one purpose, soon. By the machine's clock, like all of signing in.
      create table passkey_challenges (
        hash text not null,
        purpose text not null,
        person_id uuid,
        expires_at timestamptz not null,
        constraint passkey_challenges_pkey primary key (hash),
        constraint passkey_challenges_person_fkey foreign key (person_id) references people (id)
      );

      -- The code by which somebody without a passkey shows once more that they are there. One for each session.
      create table step_up_codes (
        session_id uuid not null,
        code_hash text not null,
        tries integer not null default 0,
        sent_at timestamptz not null,
        expires_at timestamptz not null,
        constraint step_up_codes_pkey primary key (session_id),
        constraint step_up_codes_session_fkey foreign key (session_id) references sign_in_sessions ("id") on delete cascade
      );

      -- A browser on which a person has signed in. It opens nothing: it only tells whether a mail about a new one is due.
      create table known_devices (
        id uuid not null,
        person_id uuid not null,
        token_hash text not null,
        created_at timestamptz not null,
        forgotten_at timestamptz,
        constraint known_devices_pkey primary key (id),
        constraint known_devices_person_fkey foreign key (person_id) references people (id),
        constraint known_devices_once unique (token_hash, person_id)
      );
      create index known_devices_by_person on known_devices (person_id);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table known_devices;
      drop table step_up_codes;
      drop table passkey_challenges;
      drop table passkeys;
    `)
  }
}
