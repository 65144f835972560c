import type { MigrationInterface, QueryRunner } from 'typeorm'

/** How a group is run: accountable managers, roles that end, absences, the code of ethics, hand-overs. */
export class CreateGovernance1795219200013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table accountable_managers (
        group_id uuid not null,
        place smallint not null,
        sealed_details text not null,
        confirmed_at timestamptz not null,
        changed_by uuid not null,
        constraint accountable_managers_pkey primary key (group_id, place),
        constraint accountable_managers_group_fkey foreign key (group_id) references groups (id),
        constraint accountable_managers_changed_by_fkey foreign key (group_id, changed_by) references members (group_id, id),
        constraint accountable_managers_two check (place in (1, 2))
      );

      -- A role ends at the start of the day after ends_on, on the clocks of the group. kept_at: it was due, but the role
      -- was that of one of the last two admins.
      create table role_ends (
        group_id uuid not null,
        member_id uuid not null,
        role text not null,
        ends_on date not null,
        set_by uuid not null,
        set_at timestamptz not null,
        reminded_days smallint,
        kept_at timestamptz,
        constraint role_ends_pkey primary key (group_id, member_id, role),
        constraint role_ends_member_fkey foreign key (group_id, member_id) references members (group_id, id),
        constraint role_ends_set_by_fkey foreign key (group_id, set_by) references members (group_id, id),
        constraint role_ends_role_known check (role in ('admin', 'editor', 'reviewer'))
      );
      create index role_ends_by_day on role_ends (ends_on);

      -- Two admins, counted as human beings, whose role has no end stay behind every end that is set.
      create function keep_two_admins_without_end() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        if new.role = 'admin' then
          perform 1 from groups where id = new.group_id for update;
          if (
            select count(distinct root_person(m.person_id)) from members m
            where m.group_id = new.group_id and m.id <> new.member_id and m.status = 'active' and 'admin' = any (m.roles)
              and not exists (
                select 1 from role_ends e
                where e.group_id = m.group_id and e.member_id = m.id and e.role = 'admin'
              )
          ) < 2 then
            raise exception 'a group keeps at least two admins whose role does not end' using errcode = 'restrict_violation',
              constraint = 'role_ends_two_admins';
          end if;
        end if;
        return new;
      end $$;
      create trigger role_ends_two_admins before insert or update of group_id, member_id, role, ends_on on role_ends
        for each row execute function keep_two_admins_without_end();
      alter table role_ends enable always trigger role_ends_two_admins;

      -- Two admins who turn out to be one human being count once: a merge must not leave a group with one.
      create function keep_two_admins_apart() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare affected uuid;
      begin
        for affected in
          select distinct group_id from members
          where status = 'active' and 'admin' = any (roles) and root_person(person_id) = root_person(new.id)
          order by group_id
        loop
          perform 1 from groups where id = affected for update;
          if (
            select count(*) > 1 and count(distinct root_person(person_id)) < 2 from members
            where group_id = affected and status = 'active' and 'admin' = any (roles)
          ) then
            raise exception 'the only two admins of a group cannot be one person' using errcode = 'restrict_violation',
              constraint = 'people_two_admins';
          end if;
        end loop;
        return null;
      end $$;
      create trigger people_two_admins after update of same_as on people for each row
        when (new.same_as is not null and new.same_as is distinct from old.same_as)
        execute function keep_two_admins_apart();
      alter table people enable always trigger people_two_admins;

      -- Not asked to review before this day of the group.
      create table absences (
        group_id uuid not null,
        member_id uuid not null,
        until date not null,
        set_by uuid not null,
        set_at timestamptz not null,
        constraint absences_pkey primary key (group_id, member_id),
        constraint absences_member_fkey foreign key (group_id, member_id) references members (group_id, id),
        constraint absences_set_by_fkey foreign key (group_id, set_by) references members (group_id, id)
      );
      create function is_away(for_group uuid, for_member uuid) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (
          select 1 from absences a join groups g on g.id = a.group_id
          where a.group_id = for_group and a.member_id = for_member
            and (clock() at time zone g.time_zone)::date < a.until
        )
      $$;

      create table codes_of_ethics (
        group_id uuid not null,
        number integer not null,
        text text not null,
        made_by uuid,
        made_at timestamptz not null,
        constraint codes_of_ethics_pkey primary key (group_id, number),
        constraint codes_of_ethics_group_fkey foreign key (group_id) references groups (id),
        constraint codes_of_ethics_made_by_fkey foreign key (group_id, made_by) references members (group_id, id),
        constraint codes_of_ethics_says_something check (number >= 1 and btrim(text) <> '' and octet_length(text) <= 2500)
      );
      create trigger codes_of_ethics_append_only before update or delete on codes_of_ethics
        for each row execute function forbid_change();
      create trigger codes_of_ethics_no_truncate before truncate on codes_of_ethics
        for each statement execute function forbid_change();
      alter table codes_of_ethics enable always trigger codes_of_ethics_append_only;
      alter table codes_of_ethics enable always trigger codes_of_ethics_no_truncate;

      -- Which code was in force when a verdict was given: its reviewer had it on the page.
      alter table verdicts add column ethics_number integer;
      alter table verdicts add constraint verdicts_ethics_fkey foreign key (group_id, ethics_number)
        references codes_of_ethics (group_id, number);
      create function note_code_of_ethics() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        new.ethics_number := (select max(number) from codes_of_ethics where group_id = new.group_id);
        return new;
      end $$;
      create trigger verdicts_note_ethics before insert on verdicts for each row execute function note_code_of_ethics();
      alter table verdicts enable always trigger verdicts_note_ethics;

      create table hand_overs (
        group_id uuid not null,
        member_id uuid not null,
        left_at timestamptz not null,
        notes text not null default '',
        constraint hand_overs_pkey primary key (group_id, member_id),
        constraint hand_overs_member_fkey foreign key (group_id, member_id) references members (group_id, id)
      );
      create table hand_over_ticks (
        group_id uuid not null,
        member_id uuid not null,
        item text not null,
        ticked_by uuid not null,
        ticked_at timestamptz not null,
        constraint hand_over_ticks_pkey primary key (group_id, member_id, item),
        constraint hand_over_ticks_hand_over_fkey foreign key (group_id, member_id) references hand_overs (group_id, member_id),
        constraint hand_over_ticks_ticked_by_fkey foreign key (group_id, ticked_by) references members (group_id, id)
      );
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table hand_over_ticks;
      drop table hand_overs;
      drop trigger verdicts_note_ethics on verdicts;
      drop function note_code_of_ethics();
      alter table verdicts drop column ethics_number;
      drop table codes_of_ethics;
      drop function is_away(uuid, uuid);
      drop table absences;
      drop trigger people_two_admins on people;
      drop function keep_two_admins_apart();
      drop table role_ends;
      drop function keep_two_admins_without_end();
      drop table accountable_managers;
    `)
  }
}
