import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The transitions of posts, the end of a hold, and that people who are one stay one, whoever writes to the tables. */
export class KeepTransitions1795219200008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whether somebody who did not work on the post has approved its current version since a verdict's number.
      create function approved_since(for_group uuid, for_post uuid, of_revision uuid, verdict_seq bigint) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (
          select 1 from (
            select distinct on (root_person(v.person_id)) v.* from verdicts v
            where v.group_id = for_group and v.post_id = for_post and v.revision_id = of_revision
            order by root_person(v.person_id), v.seq desc
          ) last
          join members m on m.group_id = last.group_id and m.id = last.member_id
            and m.status = 'active' and 'reviewer' = any (m.roles)
          where last.kind = 'approve' and last.seq > verdict_seq
            and not is_contributor(for_group, for_post, last.person_id)
        )
      $$;

      -- The state 'approved' is a cache, and the gate counts again; where a post may go from each state is kept here.
      create function post_moves() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if tg_op = 'INSERT' then
          if new.state <> 'draft' or new.held_at is not null then
            raise exception 'a post starts as a draft' using errcode = 'check_violation', constraint = 'posts_moves';
          end if;
          return new;
        end if;
        if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
          'draft>in_review', 'draft>cancelled',
          'in_review>approved', 'in_review>changes_requested', 'in_review>cancelled', 'in_review>expired',
          'changes_requested>in_review', 'changes_requested>approved', 'changes_requested>cancelled',
          'changes_requested>expired',
          'approved>in_review', 'approved>changes_requested', 'approved>cancelled', 'approved>expired']) then
          raise exception 'a post does not go from % to %', old.state, new.state
            using errcode = 'check_violation', constraint = 'posts_moves';
        end if;
        if new.state = 'in_review' and old.state = 'draft' and new.current_revision_id is null then
          raise exception 'only a sealed version is reviewed' using errcode = 'check_violation', constraint = 'posts_moves';
        end if;
        if new.state <> old.state and new.state in ('cancelled', 'expired') and exists (
          select 1 from publications p where p.group_id = new.group_id and p.post_id = new.id
            and (p.state in ('publishing', 'in_doubt', 'unconfirmed', 'published', 'retracting', 'retracted')
              or (p.state = 'failed' and p.remote_id is not null))) then
          raise exception 'a post that is out, or may be, does not end' using errcode = 'check_violation', constraint = 'posts_moves';
        end if;
        -- A hold remembers the last verdict before it. By number and not by time: clocks of two processes differ.
        if new.held_at is not null and new.held_at is distinct from old.held_at then
          select coalesce(max(v.seq), 0) into new.held_after from verdicts v
            where v.group_id = new.group_id and v.post_id = new.id;
        elsif old.held_at is not null and new.held_at is null then
          if not approved_since(new.group_id, new.id, new.current_revision_id, old.held_after) then
            raise exception 'only a fresh approval by somebody else ends a hold'
              using errcode = 'check_violation', constraint = 'posts_held';
          end if;
          new.held_after := null;
        else
          new.held_after := old.held_after;
        end if;
        return new;
      end $$;
      create trigger posts_moves before insert or update on posts for each row execute function post_moves();
      alter table posts enable always trigger posts_moves;

      -- Chains of same_as never close, and two who were found to be one are never made two again: with that, somebody
      -- could approve what they wrote. One merge at a time: two at once could close a chain between them.
      create function keep_people_one() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if tg_op = 'UPDATE' and old.same_as is not null and new.same_as is distinct from old.same_as then
          raise exception 'one human being is not made two again' using errcode = 'check_violation', constraint = 'people_stay_one';
        end if;
        if new.same_as is null then return new; end if;
        perform pg_advisory_xact_lock(hashtextextended('people.same_as', 0));
        if root_person(new.same_as) = new.id then
          raise exception 'these two are one person already' using errcode = 'check_violation', constraint = 'people_no_cycle';
        end if;
        return new;
      end $$;
      create trigger people_stay_one before insert or update of same_as on people
        for each row execute function keep_people_one();
      alter table people enable always trigger people_stay_one;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger people_stay_one on people;
      drop function keep_people_one();
      drop trigger posts_moves on posts;
      drop function post_moves();
      drop function approved_since(uuid, uuid, uuid, bigint);
    `)
  }
}
