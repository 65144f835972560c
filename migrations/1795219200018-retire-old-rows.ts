import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What is of no more use goes, a few rows at a time, by one function with the rights of the owner: the application
 * itself removes none of it. What goes when is written here and not given by the caller; docs/operations.md says why.
 */
export class RetireOldRows1795219200018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- New rows come at the end of these, which is the cheapest place of an index; nothing that they hold changes.
      create index attempts_by_age on attempts (started_at);
      create index engagement_samples_by_age on engagement_samples (taken_at) where age in ('1h', '24h');
      create index review_devices_by_end on review_devices (expires_at);

      -- An attempt stays for as long as anybody may ask what became of its publication, and 400 days at the least. What
      -- came of it is in the audit log for good.
      create function attempt_may_go(attempt attempts) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select coalesce(attempt.state <> 'sending'
          and greatest(attempt.started_at, attempt.ended_at) < clock() - interval '400 days' and attempt.ended_at is not null
          and exists (select 1 from publications p where p.group_id = attempt.group_id and p.id = attempt.publication_id
            and p.state in ('published', 'failed', 'cancelled', 'retracted') and not p.doubt
            and p.updated_at < clock() - interval '400 days'), false)
      $$;
      create function keep_attempt() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if attempt_may_go(old) then return old; end if;
        raise exception 'an attempt is settled once, and stays until its publication is long over'
          using errcode = 'restrict_violation', constraint = 'attempts_kept';
      end $$;
      create trigger attempts_kept before delete on attempts for each row execute function keep_attempt();
      alter table attempts enable always trigger attempts_kept;

      -- The smallest id of version 7 of an instant: ids are in the order of time, so that no index by age is needed.
      create function first_id_of(instant timestamptz) returns uuid
      language sql immutable set search_path = public, pg_temp as $$
        select (lpad(to_hex(floor(extract(epoch from instant) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
      $$;

      -- How many rows went; null while another does the same. The lock ends with the transaction, so that it holds
      -- behind a pooler too. Rows that somebody else has in hand are left for the next time.
      create function retire_rows(of_kind text, most integer) returns integer
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare batch integer := least(greatest(most, 0), 1000); gone integer;
      begin
        if not pg_try_advisory_xact_lock(hashtextextended('retire_rows', 0)) then return null; end if;
        case of_kind
          when 'attempts' then
            delete from attempts a using (
              select o.group_id, o.publication_id, o.number from attempts o
              where o.started_at < clock() - interval '400 days' and attempt_may_go(o)
              order by o.started_at limit batch for update skip locked) old
            where a.group_id = old.group_id and a.publication_id = old.publication_id and a.number = old.number;
          when 'parts' then
            delete from publication_parts p using (
              select o.group_id, o.publication_id, o.number from publication_parts o
              where o.created_at < clock() - interval '400 days' and part_may_go(o)
              order by o.created_at limit batch for update skip locked) old
            where p.group_id = old.group_id and p.publication_id = old.publication_id and p.number = old.number;
          when 'samples' then
            -- the reading of the second day says the same and more, and stays
            delete from engagement_samples s using (
              select o.group_id, o.publication_id, o.age from engagement_samples o
              where o.age in ('1h', '24h') and o.taken_at < clock() - interval '400 days'
                and exists (select 1 from engagement_samples l
                  where l.group_id = o.group_id and l.publication_id = o.publication_id and l.age = '48h')
              order by o.taken_at limit batch for update skip locked) old
            where s.group_id = old.group_id and s.publication_id = old.publication_id and s.age = old.age;
          when 'mail-contents' then
            update mails m set sealed_content = null from (
              select o.id from mails o where o.id < first_id_of(clock() - interval '90 days')
                and o.state = 'failed' and o.sealed_content is not null and o.created_at < clock() - interval '90 days'
              order by o.id limit batch for update skip locked) old
            where m.id = old.id;
          when 'mails' then
            -- a key that keeps a mail from being sent twice is remembered for longer
            delete from mails m using (
              select o.id from mails o where o.id < first_id_of(clock() - interval '90 days') and o.state <> 'waiting'
                and o.created_at < clock() - case when o.once_key is null then interval '90 days' else interval '400 days' end
              order by o.id limit batch for update skip locked) old
            where m.id = old.id;
          when 'review-devices' then
            delete from review_devices d using (
              select o.group_id, o.id from review_devices o where o.expires_at < clock() - interval '90 days'
              order by o.expires_at limit batch for update skip locked) old
            where d.group_id = old.group_id and d.id = old.id;
          when 'step-up-codes' then
            -- signing in goes by the machine's clock
            delete from step_up_codes c using (
              select o.session_id from step_up_codes o where o.expires_at < clock_timestamp() - interval '1 day'
              limit batch for update skip locked) old
            where c.session_id = old.session_id;
          when 'consents' then
            -- with what was typed and with accounts that nobody chose
            delete from consents c using (
              select o.group_id, o.id from consents o where o.expires_at < clock() - interval '1 hour'
              limit batch for update skip locked) old
            where c.group_id = old.group_id and c.id = old.id;
          when 'network-limits' then
            delete from network_limits n using (
              select o.network from network_limits o where o.until < clock() - interval '1 day'
              limit batch for update skip locked) old
            where n.network = old.network;
          else
            raise exception 'nothing of the kind % is ever retired', of_kind using errcode = 'invalid_parameter_value';
        end case;
        get diagnostics gone = row_count;
        return gone;
      end $$;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function retire_rows(text, integer);
      drop function first_id_of(timestamptz);
      drop trigger attempts_kept on attempts;
      drop function keep_attempt();
      drop function attempt_may_go(attempts);
      drop index review_devices_by_end;
      drop index engagement_samples_by_age;
      drop index attempts_by_age;
    `)
  }
}
