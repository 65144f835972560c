import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The database's clock, the append-only guard, and the hash chain of each group's audit log. */
export class CreateClockAndAudit1795219200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create extension if not exists btree_gist;

      -- One row: how far the product's clock runs ahead of the machine's. Zero outside demonstrations and tests.
      create table clock_settings (
        only_row boolean not null default true,
        shift_ms bigint not null default 0,
        constraint clock_settings_pkey primary key (only_row),
        constraint clock_settings_one_row check (only_row)
      );
      insert into clock_settings default values;

      -- The one "now" of every rule that the database keeps. Stable, so that an index can be used with it.
      create function clock() returns timestamptz language sql stable set search_path = public, pg_temp as $$
        select clock_timestamp() + shift_ms * interval '1 millisecond' from clock_settings
      $$;

      create function forbid_change() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        raise exception '% on % is not possible: these rows are append-only', tg_op, tg_table_name
          using errcode = 'restrict_violation';
      end $$;

      create table audit_heads (
        group_id uuid not null,
        seq bigint not null default 0,
        hash text not null default repeat('0', 64),
        constraint audit_heads_pkey primary key (group_id)
      );

      create table audit_entries (
        group_id uuid not null,
        seq bigint not null,
        previous_hash text not null,
        hash text not null,
        at text not null,
        payload text not null,
        constraint audit_entries_pkey primary key (group_id, seq),
        constraint audit_entries_chain unique (group_id, previous_hash)
      );

      create function audit_frame(part text) returns bytea language sql immutable set search_path = public, pg_temp as $$
        select int8send(octet_length(convert_to(part, 'UTF8'))) || convert_to(part, 'UTF8')
      $$;

      -- Version byte, then every part framed by its length: no two different entries share their bytes.
      create function audit_hash(for_group uuid, for_seq bigint, previous text, at_text text, payload_text text)
      returns text language sql immutable set search_path = public, pg_temp as $$
        select encode(sha256('\\x01'::bytea || audit_frame(for_group::text) || int8send(for_seq) || audit_frame(previous)
          || audit_frame(at_text) || audit_frame(payload_text)), 'hex')
      $$;

      -- The head row is locked, not the last entry: locking the tail lets two writers fork the chain.
      -- With the rights of the owner: the application itself writes neither table.
      create function audit_append(for_group uuid, payload_text text) returns bigint
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare head audit_heads; next_seq bigint; at_text text; next_hash text;
      begin
        insert into audit_heads (group_id) values (for_group) on conflict do nothing;
        select * into head from audit_heads where group_id = for_group for update;
        next_seq := head.seq + 1;
        at_text := to_char(clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        next_hash := audit_hash(for_group, next_seq, head.hash, at_text, payload_text);
        insert into audit_entries values (for_group, next_seq, head.hash, next_hash, at_text, payload_text);
        update audit_heads set seq = next_seq, hash = next_hash where group_id = for_group;
        return next_seq;
      end $$;

      create trigger audit_entries_append_only before update or delete on audit_entries
        for each row execute function forbid_change();
      create trigger audit_entries_no_truncate before truncate on audit_entries
        for each statement execute function forbid_change();
      alter table audit_entries enable always trigger audit_entries_append_only;
      alter table audit_entries enable always trigger audit_entries_no_truncate;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_entries;
      drop table audit_heads;
      drop function audit_append(uuid, text);
      drop function audit_hash(uuid, bigint, text, text, text);
      drop function audit_frame(text);
      drop function forbid_change();
      drop function clock();
      drop table clock_settings;
    `)
  }
}
