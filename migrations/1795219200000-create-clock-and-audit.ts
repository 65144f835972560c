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

      -- Version byte, then every part framed by its length in bytes: no two different entries share their bytes. One
      -- function and no helpers, since each call of another costs more than the hash. See docs/audit.md.
      create function audit_hash(for_group uuid, for_seq bigint, previous text, at_text text, payload_text text)
      returns text language plpgsql immutable set search_path = public, pg_temp as $$
      declare group_part bytea := convert_to(for_group::text, 'UTF8'); previous_part bytea := convert_to(previous, 'UTF8');
        at_part bytea := convert_to(at_text, 'UTF8'); payload_part bytea := convert_to(payload_text, 'UTF8');
      begin
        return encode(sha256('\\x01'::bytea || int8send(octet_length(group_part)) || group_part || int8send(for_seq)
          || int8send(octet_length(previous_part)) || previous_part || int8send(octet_length(at_part)) || at_part
          || int8send(octet_length(payload_part)) || payload_part), 'hex');
      end $$;

      -- A plan made while the log was empty reads all of it, and is kept: hence no sequential scans here and below.
      -- The head row is locked, not the last entry: locking the tail lets two writers fork the chain. A head that
      -- somebody moved back or removed is no reason not to write on: stopping and taking down have to work.
      -- With the rights of the owner: the application itself writes neither table.
      create function audit_append(for_group uuid, payload_text text) returns bigint
      language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
      declare head audit_heads; last audit_entries; at_text text;
      begin
        select * into head from audit_heads where group_id = for_group for update;
        if not found then
          insert into audit_heads (group_id) values (for_group) on conflict do nothing;
          select * into head from audit_heads where group_id = for_group for update;
        end if;
        select * into last from audit_entries where group_id = for_group and seq > head.seq order by seq desc limit 1;
        if found then
          head.seq := last.seq;
          head.hash := last.hash;
        end if;
        at_text := to_char(clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        insert into audit_entries values (for_group, head.seq + 1, head.hash,
          audit_hash(for_group, head.seq + 1, head.hash, at_text, payload_text), at_text, payload_text);
        return head.seq + 1;
      end $$;

      -- An entry is only ever added as the next link, at the time that it is, and takes the head along.
      create function audit_link() returns trigger language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
      declare head audit_heads; last audit_entries;
      begin
        select * into head from audit_heads where group_id = new.group_id for update;
        if not found then
          raise exception 'the log of this group was not begun: use audit_append' using errcode = 'restrict_violation', constraint = 'audit_entries_next_link';
        end if;
        select * into last from audit_entries where group_id = new.group_id and seq > head.seq order by seq desc limit 1;
        if new.seq <> coalesce(last.seq, head.seq) + 1 or new.previous_hash <> coalesce(last.hash, head.hash)
            or new.hash <> audit_hash(new.group_id, new.seq, new.previous_hash, new.at, new.payload)
            or new.at !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$'
            or abs(extract(epoch from clock() - new.at::timestamptz)) > 60 then
          raise exception 'entry % is not the next link of the log', new.seq using errcode = 'restrict_violation', constraint = 'audit_entries_next_link';
        end if;
        return new;
      end $$;
      create function audit_head_follows() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        update audit_heads set seq = new.seq, hash = new.hash where group_id = new.group_id;
        return null;
      end $$;
      create trigger audit_entries_next_link before insert on audit_entries for each row execute function audit_link();
      create trigger audit_entries_move_head after insert on audit_entries for each row execute function audit_head_follows();

      -- The head stands at the last entry. By hand it goes nowhere: not back, and not on without an entry.
      create function audit_head_moves() returns trigger language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
      begin
        if tg_op = 'INSERT' and new.seq = 0 and new.hash = repeat('0', 64) then return new; end if;
        if tg_op = 'UPDATE' and new.group_id = old.group_id and new.seq > old.seq
            and exists (select 1 from audit_entries where group_id = new.group_id and seq = new.seq and hash = new.hash)
            and not exists (select 1 from audit_entries where group_id = new.group_id and seq > new.seq) then
          return new;
        end if;
        raise exception 'the head of the log stands at its last entry' using errcode = 'restrict_violation', constraint = 'audit_heads_move_on';
      end $$;
      create trigger audit_heads_move_on before insert or update or delete on audit_heads
        for each row execute function audit_head_moves();
      create trigger audit_heads_no_truncate before truncate on audit_heads
        for each statement execute function forbid_change();

      create trigger audit_entries_append_only before update or delete on audit_entries
        for each row execute function forbid_change();
      create trigger audit_entries_no_truncate before truncate on audit_entries
        for each statement execute function forbid_change();
      alter table audit_entries enable always trigger audit_entries_append_only;
      alter table audit_entries enable always trigger audit_entries_no_truncate;
      alter table audit_entries enable always trigger audit_entries_next_link;
      alter table audit_entries enable always trigger audit_entries_move_head;
      alter table audit_heads enable always trigger audit_heads_move_on;
      alter table audit_heads enable always trigger audit_heads_no_truncate;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_entries;
      drop table audit_heads;
      drop function audit_append(uuid, text);
      drop function audit_hash(uuid, bigint, text, text, text);
      drop function audit_link();
      drop function audit_head_follows();
      drop function audit_head_moves();
      drop function forbid_change();
      drop function clock();
      drop table clock_settings;
    `)
  }
}
