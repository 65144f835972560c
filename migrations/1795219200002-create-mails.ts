import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The outbox: one row a mail. The sealed content goes when the mail has gone. */
export class CreateMails1795219200002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table mails (
        id uuid not null,
        group_id uuid,
        person_id uuid,
        recipient text not null,
        kind text not null,
        subject text not null,
        -- AES-256-GCM of the whole message: it may hold a review link, and links are never stored in the clear.
        sealed_content text,
        thread text,
        once_key text,
        state text not null default 'waiting',
        tries integer not null default 0,
        last_error text,
        created_at timestamptz not null,
        -- It waits until then for more to tell the same person.
        not_before timestamptz,
        sent_at timestamptz,
        constraint mails_pkey primary key (id),
        constraint mails_once unique (once_key),
        constraint mails_group_fkey foreign key (group_id) references groups (id),
        constraint mails_person_fkey foreign key (person_id) references people (id),
        constraint mails_state_known check (state in ('waiting', 'sent', 'failed'))
      );
      create index mails_by_group on mails (group_id, created_at desc);
      -- Nearly all have gone; each look for what waits reads only these.
      create index mails_waiting on mails (created_at) where state = 'waiting';
      create index mails_held on mails (group_id, person_id) where state = 'waiting' and not_before is not null;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mails')
  }
}
