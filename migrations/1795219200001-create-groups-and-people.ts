import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Groups, people, members and the sign-in library's own tables (its column names, so that it needs no mapping). */
export class CreateGroupsAndPeople1795219200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table groups (
        id uuid not null,
        slug text not null,
        name text not null,
        time_zone text not null,
        -- Whose public holidays count as weekend: a country, and its part where they differ, such as GB-SCT.
        holidays text,
        demo boolean not null default false,
        created_at timestamptz not null,
        constraint groups_pkey primary key (id),
        constraint groups_slug_unique unique (slug),
        constraint groups_holidays_form check (holidays ~ '^[A-Z]{2}(-[A-Z0-9]{1,5})?$'),
        constraint groups_slug_form check (slug ~ '^[a-z0-9][a-z0-9-]{0,58}$')
      );

      create table people (
        id uuid not null,
        name text not null,
        email text not null,
        same_as uuid,
        -- Since when name and address stand for nobody; the row stays, because the log and the verdicts name it.
        erased_at timestamptz,
        created_at timestamptz not null,
        constraint people_pkey primary key (id),
        constraint people_same_as_fkey foreign key (same_as) references people (id),
        constraint people_not_own_twin check (same_as <> id)
      );
      create unique index people_email_unique on people (lower(email));
      create index people_by_same_as on people (same_as) where same_as is not null;

      -- A human being with two sign-ins is one person: the last in the chain of same_as. A trigger keeps chains from
      -- closing; should one be closed all the same, this still ends, and answers the same for everybody in it.
      create function root_person(of_person uuid) returns uuid language plpgsql stable set search_path = public, pg_temp as $$
      begin
        -- Nearly everybody, and asked at every counting of approvals.
        if exists (select 1 from people where id = of_person and same_as is null) then return of_person; end if;
        return (
          with recursive chain (id, same_as) as (
            select id, same_as from people where id = of_person
            union
            select p.id, p.same_as from people p join chain c on p.id = c.same_as
          )
          select id from chain order by same_as is null desc, id limit 1
        );
      end $$;

      -- All sign-ins of this human being: what belongs to them is found by an index, however many people there are.
      create function people_of(of_person uuid) returns setof uuid language sql stable rows 2
      set search_path = public, pg_temp as $$
        with recursive tree (id) as (
          select root_person(of_person)
          union
          select p.id from people p join tree t on p.same_as = t.id
        )
        select id from tree
      $$;

      create table members (
        group_id uuid not null,
        id uuid not null,
        person_id uuid not null,
        roles text[] not null,
        status text not null default 'active',
        gets_summary boolean not null default false,
        joined_at timestamptz,
        created_at timestamptz not null,
        constraint members_pkey primary key (group_id, id),
        constraint members_person_unique unique (group_id, person_id),
        constraint members_with_person_unique unique (group_id, id, person_id),
        constraint members_group_fkey foreign key (group_id) references groups (id),
        constraint members_person_fkey foreign key (person_id) references people (id),
        constraint members_roles_known check (roles <@ array['admin', 'editor', 'reviewer']::text[]),
        constraint members_status_known check (status in ('active', 'suspended', 'left'))
      );
      create index members_by_person on members (person_id);

      -- A group keeps two admins once it has them, counted as human beings. The group row is locked first: a plain count
      -- lets two admins remove each other at the same moment.
      create function keep_two_admins() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare left_over integer;
      begin
        if old.status = 'active' and 'admin' = any (old.roles) and (tg_op = 'DELETE' or not (
          new.status = 'active' and 'admin' = any (new.roles)
          and new.group_id = old.group_id and new.person_id = old.person_id
        )) then
          perform 1 from groups where id = old.group_id for update;
          select count(distinct root) into left_over from (
            select root_person(person_id) as root from members
            where group_id = old.group_id and id <> old.id and status = 'active' and 'admin' = any (roles)
            union all
            select root_person(new.person_id)
            where tg_op = 'UPDATE' and new.group_id = old.group_id and new.status = 'active' and 'admin' = any (new.roles)
          ) admins;
          if left_over < 2 then
            raise exception 'a group keeps at least two active admins' using errcode = 'restrict_violation',
              constraint = 'members_two_admins';
          end if;
        end if;
        return case when tg_op = 'DELETE' then old else new end;
      end $$;
      create trigger members_two_admins before update or delete on members
        for each row execute function keep_two_admins();
      alter table members enable always trigger members_two_admins;

      create table sign_in_users (
        "id" uuid not null default gen_random_uuid(),
        "name" text not null,
        "email" text not null,
        "emailVerified" boolean not null default false,
        "image" text,
        "personId" uuid not null,
        "createdAt" timestamptz not null default now(),
        "updatedAt" timestamptz not null default now(),
        constraint sign_in_users_pkey primary key ("id"),
        constraint sign_in_users_email_unique unique ("email"),
        constraint sign_in_users_person_fkey foreign key ("personId") references people (id)
      );
      create index sign_in_users_by_person on sign_in_users ("personId");
      -- "token" is the SHA-256 of what the cookie holds; "provedAt" is when the person last showed to be there, and how.
      create table sign_in_sessions (
        "id" uuid not null default gen_random_uuid(),
        "token" text not null,
        "userId" uuid not null,
        "expiresAt" timestamptz not null,
        "ipAddress" text,
        "userAgent" text,
        "createdAt" timestamptz not null default now(),
        "updatedAt" timestamptz not null default now(),
        "provedAt" timestamptz not null default clock_timestamp(),
        "provedBy" text not null default 'link',
        "passkeyAt" timestamptz,
        "lastUsedOn" date not null default current_date,
        constraint sign_in_sessions_pkey primary key ("id"),
        constraint sign_in_sessions_token_unique unique ("token"),
        constraint sign_in_sessions_token_hashed check ("token" ~ '^[0-9a-f]{64}$'),
        constraint sign_in_sessions_proof_known check ("provedBy" in ('link', 'code', 'passkey', 'demo')),
        constraint sign_in_sessions_user_fkey foreign key ("userId") references sign_in_users ("id") on delete cascade
      );
      create index sign_in_sessions_by_user on sign_in_sessions ("userId");
      create table sign_in_accounts (
        "id" uuid not null default gen_random_uuid(),
        "accountId" text not null,
        "providerId" text not null,
        "userId" uuid not null,
        "accessToken" text,
        "refreshToken" text,
        "idToken" text,
        "accessTokenExpiresAt" timestamptz,
        "refreshTokenExpiresAt" timestamptz,
        "scope" text,
        "password" text,
        "createdAt" timestamptz not null default now(),
        "updatedAt" timestamptz not null default now(),
        constraint sign_in_accounts_pkey primary key ("id"),
        constraint sign_in_accounts_user_fkey foreign key ("userId") references sign_in_users ("id") on delete cascade
      );
      create table sign_in_verifications (
        "id" uuid not null default gen_random_uuid(),
        "identifier" text not null,
        "value" text not null,
        "expiresAt" timestamptz not null,
        "createdAt" timestamptz not null default now(),
        "updatedAt" timestamptz not null default now(),
        constraint sign_in_verifications_pkey primary key ("id")
      );
      create index sign_in_verifications_by_identifier on sign_in_verifications ("identifier");
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table sign_in_verifications;
      drop table sign_in_accounts;
      drop table sign_in_sessions;
      drop table sign_in_users;
      drop table members;
      drop function keep_two_admins();
      drop function people_of(uuid);
      drop function root_person(uuid);
      drop table people;
      drop table groups;
    `)
  }
}
