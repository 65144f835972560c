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
      -- Many at once, since each publication adds two: every head is locked, in the order of the groups, once, and every
      -- chain goes on in the order in which its entries are given.
      -- With the rights of the owner: the application itself writes neither table.
      create function audit_append_all(for_groups uuid[], payloads text[]) returns bigint[]
      language plpgsql security definer set search_path = public, pg_temp set enable_seqscan = off as $$
      declare head audit_heads; each record; at_text text; seqs bigint[]; before text[]; hashes text[]; in_order uuid[]; texts text[];
      begin
        insert into audit_heads (group_id) select distinct g from unnest(for_groups) as g
          where not exists (select 1 from audit_heads h where h.group_id = g) order by g on conflict do nothing;
        perform 1 from audit_heads where group_id = any (for_groups) order by group_id for update;
        at_text := to_char(clock() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        for each in
          select e.group_id, e.payload from unnest(for_groups, payloads) with ordinality as e (group_id, payload, number)
          order by e.group_id, e.number
        loop
          if each.group_id is distinct from head.group_id then
            select * into head from audit_heads where group_id = each.group_id;
            select seq, hash into head.seq, head.hash from (
              (select seq, hash from audit_entries where group_id = each.group_id and seq > head.seq order by seq desc limit 1)
              union all select head.seq, head.hash) as last limit 1;
          end if;
          before := before || head.hash;
          head.seq := head.seq + 1;
          head.hash := audit_hash(each.group_id, head.seq, head.hash, at_text, each.payload);
          in_order := in_order || each.group_id;
          seqs := seqs || head.seq;
          hashes := hashes || head.hash;
          texts := texts || each.payload;
        end loop;
        insert into audit_entries (group_id, seq, previous_hash, hash, at, payload)
          select e.group_id, e.seq, e.before, e.hash, at_text, e.payload
          from unnest(in_order, seqs, before, hashes, texts) as e (group_id, seq, before, hash, payload);
        return seqs;
      end $$;
      create function audit_append(for_group uuid, payload_text text) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        select (audit_append_all(array[for_group], array[payload_text]))[1]
      $$;

      -- An entry is only ever added as the next link, at the time that it is, and takes the head along. Looked at when
      -- the statement has added all that it adds: then nothing can come in between.
      create function audit_link() returns trigger language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
      declare wrong bigint; ends record;
      begin
        perform 1 from audit_heads where group_id in (select group_id from added) order by group_id for update;
        select a.seq into wrong from (
          select *, lag(seq) over chain as seq_before, lag(hash) over chain as hash_before
          from added window chain as (partition by group_id order by seq)
        ) a
        left join audit_heads h on a.seq_before is null and h.group_id = a.group_id
        left join lateral (
          select seq, hash from audit_entries where group_id = h.group_id and seq > h.seq and seq < a.seq order by seq desc limit 1
        ) l on true
        where (a.seq = coalesce(a.seq_before, l.seq, h.seq) + 1 and a.previous_hash = coalesce(a.hash_before, l.hash, h.hash)
          and a.hash = audit_hash(a.group_id, a.seq, a.previous_hash, a.at, a.payload)
          and case when a.at ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$'
            then abs(extract(epoch from (select clock()) - a.at::timestamptz)) <= 60 end) is not true
        order by a.group_id, a.seq limit 1;
        if found then
          raise exception 'entry % is not the next link of the log', wrong using errcode = 'restrict_violation', constraint = 'audit_entries_next_link';
        end if;
        for ends in select distinct on (group_id) group_id, seq, hash from added order by group_id, seq desc loop
          -- refused when anything is behind it
          update audit_heads set seq = ends.seq, hash = ends.hash where group_id = ends.group_id;
        end loop;
        return null;
      end $$;
      create trigger audit_entries_next_link after insert on audit_entries
        referencing new table as added for each statement execute function audit_link();

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
      alter table audit_heads enable always trigger audit_heads_move_on;
      alter table audit_heads enable always trigger audit_heads_no_truncate;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_entries;
      drop table audit_heads;
      drop function audit_append(uuid, text);
      drop function audit_append_all(uuid[], text[]);
      drop function audit_hash(uuid, bigint, text, text, text);
      drop function audit_link();
      drop function audit_head_moves();
      drop function forbid_change();
      drop function clock();
      drop table clock_settings;
    `)
  }
}
