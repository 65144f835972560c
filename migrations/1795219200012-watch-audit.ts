import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What stands beside the audit log: erasable texts, what the last check found, and the hold after a broken chain. */
export class WatchAudit1795219200012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The salt and the text behind a commitment in an entry. Erasing a row breaks no chain.
      create table audit_details (
        group_id uuid not null,
        seq bigint not null,
        name text not null,
        salt text not null,
        text text not null,
        person_id uuid,
        constraint audit_details_pkey primary key (group_id, seq, name)
      );
      create index audit_details_by_person on audit_details (person_id);
      create trigger audit_details_unchanged before update on audit_details for each row execute function forbid_change();
      alter table audit_details enable always trigger audit_details_unchanged;

      create table audit_states (
        group_id uuid not null,
        -- The night, as the group's local date, whose check is done, and since when a process is at the next one.
        night date,
        checking_since timestamptz,
        checked_at timestamptz,
        checked_whole_at timestamptz,
        -- The last entry up to which everything fitted.
        checked_seq bigint not null default 0,
        checked_hash text not null default repeat('0', 64),
        -- What lies before this entry was broken, and accepted by people.
        accepted_seq bigint not null default 0,
        accepted_hash text not null default repeat('0', 64),
        -- While this is set, nothing of the group is published.
        broken_at timestamptz,
        broken_seq bigint,
        broken_reason text,
        -- The first of the two admins who let it go on.
        resume_asked_by uuid,
        resume_asked_at timestamptz,
        constraint audit_states_pkey primary key (group_id),
        constraint audit_states_group_fkey foreign key (group_id) references groups (id),
        constraint audit_states_member_fkey foreign key (group_id, resume_asked_by) references members (group_id, id),
        constraint audit_states_broken_where check ((broken_at is null) = (broken_seq is null) and (broken_at is null) = (broken_reason is null))
      );

      -- Beside the gate: a log that does not fit says that somebody was in the database who should not have been.
      create function chain_gate() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if exists (select 1 from audit_states where broken_at is not null and group_id in (
            select group_id from new_rows where state = 'publishing'
              and (group_id, id) not in (select group_id, id from old_rows where state = 'publishing'))) then
          raise exception 'gate: the audit log is broken' using errcode = 'check_violation', constraint = 'publications_chain';
        end if;
        return null;
      end $$;
      create trigger publications_chain after update on publications
        referencing old table as old_rows new table as new_rows for each statement execute function chain_gate();
      alter table publications enable always trigger publications_chain;

      -- A verdict stays as it was given; only the words of somebody whose data was erased go.
      create function verdict_stays() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if tg_op = 'UPDATE' and old.note is not null and new.note = '(erased)'
            and exists (select 1 from people where id = old.person_id and erased_at is not null)
            and to_jsonb(new) - 'note' = to_jsonb(old) - 'note' then
          return new;
        end if;
        raise exception '% on % is not possible: these rows are append-only', tg_op, tg_table_name
          using errcode = 'restrict_violation';
      end $$;
      drop trigger verdicts_append_only on verdicts;
      create trigger verdicts_append_only before update or delete on verdicts
        for each row execute function verdict_stays();
      alter table verdicts enable always trigger verdicts_append_only;

      -- With the rights of the owner: the application itself changes no verdict.
      create function erase_notes(of_person uuid) returns void
      language sql security definer set search_path = public, pg_temp as $$
        update verdicts set note = '(erased)' where person_id = of_person and note is not null and note <> '(erased)'
      $$;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger verdicts_append_only on verdicts;
      create trigger verdicts_append_only before update or delete on verdicts
        for each row execute function forbid_change();
      alter table verdicts enable always trigger verdicts_append_only;
      drop function erase_notes(uuid);
      drop function verdict_stays();
      drop trigger publications_chain on publications;
      drop function chain_gate();
      drop table audit_states;
      drop table audit_details;
    `)
  }
}
