import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Each group's rules of reviewing, by version, and what they demand of a post: asked by the gate and by every list. */
export class CreatePolicies1795219200007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function list_in_form(list jsonb) returns boolean
      language sql immutable set search_path = public, pg_temp as $$
        select coalesce(jsonb_typeof(list) = 'array' and not list @? '$[*] ? (@.type() != "string")', false)
      $$;

      -- Labels are the same whatever the case of their letters.
      create function about_same(list jsonb, about text) returns boolean
      language sql immutable set search_path = public, pg_temp as $$
        select exists (select 1 from jsonb_array_elements_text(list) as each where lower(each) = lower(about))
      $$;

      -- Every field is there, in its range, and nothing else is.
      create function policy_in_form(content jsonb) returns boolean
      language sql immutable set search_path = public, pg_temp as $$
        select coalesce(content - array['approvals', 'contributorRule', 'approvalLifetimeDays', 'coolingMinutes',
            'atOnceCoolingMinutes', 'proof', 'adminsNeedPasskey', 'mayBeAsked', 'extra'] = '{}'
          and content @@ '$.approvals >= 1 && $.approvals <= 5 && $.approvals.floor() == $.approvals'
          and content @@ '$.contributorRule == "strict" || $.contributorRule == "last_editor"'
          and content @@ '$.approvalLifetimeDays == null || ($.approvalLifetimeDays >= 1 && $.approvalLifetimeDays <= 365
            && $.approvalLifetimeDays.floor() == $.approvalLifetimeDays)'
          and content @@ '$.coolingMinutes >= 0 && $.coolingMinutes <= 1440 && $.coolingMinutes.floor() == $.coolingMinutes'
          and content @@ '$.atOnceCoolingMinutes >= 0 && $.atOnceCoolingMinutes <= 1440
            && $.atOnceCoolingMinutes.floor() == $.atOnceCoolingMinutes'
          and content @@ '$.proof == "usual" || $.proof == "strict"'
          and jsonb_typeof(content -> 'adminsNeedPasskey') = 'boolean'
          and (content -> 'mayBeAsked' = 'null' or list_in_form(content -> 'mayBeAsked'))
          and jsonb_typeof(content -> 'extra') = 'array'
          and not exists (
            select 1 from jsonb_path_query(content, 'strict $.extra[*]', silent => true) as rule
            where (jsonb_typeof(rule) = 'object' and rule - array['labels', 'channelIds', 'reviewers', 'approvals'] = '{}'
              and list_in_form(rule -> 'labels') and list_in_form(rule -> 'channelIds') and list_in_form(rule -> 'reviewers')
              and rule @@ '$.approvals == null || ($.approvals >= 1 && $.approvals <= 5 && $.approvals.floor() == $.approvals)'
            ) is not true
          ), false)
      $$;

      create table policies (
        group_id uuid not null,
        number integer not null,
        content jsonb not null,
        reason text not null default '',
        state text not null,
        -- The policy in force when this one was made, and whether this one asks less than that.
        replaces integer,
        weaker boolean not null,
        made_at timestamptz not null,
        -- Nobody made the first: it came with the group.
        made_by uuid,
        settled_at timestamptz,
        settled_by uuid,
        constraint policies_pkey primary key (group_id, number),
        constraint policies_group_fkey foreign key (group_id) references groups (id),
        constraint policies_made_by_fkey foreign key (group_id, made_by) references members (group_id, id),
        constraint policies_settled_by_fkey foreign key (group_id, settled_by) references members (group_id, id),
        constraint policies_in_form check (policy_in_form(content)),
        constraint policies_state_known check (state in ('proposed', 'in_force', 'refused', 'withdrawn', 'replaced')),
        constraint policies_somebody_made check (number = 1 or made_by is not null)
      );
      create unique index policies_one_proposal on policies (group_id) where state = 'proposed';

      -- The number of the policy in force: the latest that was put in force.
      create function current_policy(for_group uuid) returns integer
      language sql stable set search_path = public, pg_temp as $$
        select max(number) from policies where group_id = for_group and state = 'in_force'
      $$;

      -- Whether anything that the one policy stops could pass under the other. 'isWeaker' of policy.ts says the same.
      create function policy_is_weaker(before jsonb, after jsonb) returns boolean
      language sql immutable set search_path = public, pg_temp as $$
        select (after ->> 'approvals')::integer < (before ->> 'approvals')::integer
          or (before ->> 'contributorRule' = 'strict' and after ->> 'contributorRule' <> 'strict')
          or coalesce((before ->> 'approvalLifetimeDays')::integer
            < coalesce((after ->> 'approvalLifetimeDays')::integer, 2147483647), false)
          or (after ->> 'coolingMinutes')::integer < (before ->> 'coolingMinutes')::integer
          or (after ->> 'atOnceCoolingMinutes')::integer < (before ->> 'atOnceCoolingMinutes')::integer
          or (before ->> 'proof' = 'strict' and after ->> 'proof' <> 'strict')
          or ((before -> 'adminsNeedPasskey')::boolean and not (after -> 'adminsNeedPasskey')::boolean)
          or (before -> 'mayBeAsked' <> 'null'
            and (after -> 'mayBeAsked' = 'null' or not (after -> 'mayBeAsked') <@ (before -> 'mayBeAsked')))
          or exists (
            select 1 from jsonb_array_elements(before -> 'extra') as rule,
              lateral (select 'labels' as field, jsonb_array_elements_text(rule -> 'labels') as about
                union all select 'channelIds', jsonb_array_elements_text(rule -> 'channelIds')) as each
            where ((rule ->> 'approvals')::integer > (after ->> 'approvals')::integer and not exists (
                select 1 from jsonb_array_elements(after -> 'extra') as kept
                where (kept ->> 'approvals')::integer >= (rule ->> 'approvals')::integer
                  and about_same(kept -> each.field, each.about)))
              or (rule -> 'reviewers' <> '[]' and not exists (
                select 1 from jsonb_array_elements(after -> 'extra') as kept
                where kept -> 'reviewers' <> '[]' and (kept -> 'reviewers') <@ (rule -> 'reviewers')
                  and about_same(kept -> each.field, each.about)))
          )
      $$;

      -- A policy that asks less than the one in force waits for a second admin. Whoever writes the row does not choose.
      create function check_policy() returns trigger language plpgsql set search_path = public, pg_temp as $$
      declare present policies;
      begin
        if tg_op = 'DELETE' then
          raise exception 'policies stay' using errcode = 'restrict_violation', constraint = 'policies_append_only';
        end if;
        perform 1 from groups where id = new.group_id for no key update;
        -- The gate takes the same in share: no claim is between counting and committing while a policy changes.
        perform pg_advisory_xact_lock(hashtextextended('policies ' || new.group_id, 0));
        select * into present from policies where group_id = new.group_id and number = current_policy(new.group_id);
        if tg_op = 'INSERT' then
          if new.number <> coalesce((select max(number) from policies where group_id = new.group_id), 0) + 1 then
            raise exception 'policies are numbered in order' using errcode = 'check_violation', constraint = 'policies_in_order';
          end if;
          new.made_at := clock();
          new.settled_at := null;
          new.settled_by := null;
          new.replaces := present.number;
          new.weaker := present.number is not null and policy_is_weaker(present.content, new.content);
          new.state := case when new.weaker then 'proposed' else 'in_force' end;
          if present.number is not null and not is_active_admin(new.group_id, new.made_by) then
            raise exception 'only an admin changes the policy' using errcode = 'check_violation', constraint = 'policies_by_admins';
          end if;
          -- What was proposed against another policy than the one now in force is no longer what it was.
          if not new.weaker then
            update policies set state = 'replaced', settled_at = clock() where group_id = new.group_id and state = 'proposed';
          end if;
          return new;
        end if;
        if old.state <> 'proposed' or new.state = 'proposed' or (to_jsonb(new) - array['state', 'settled_at', 'settled_by'])
            <> (to_jsonb(old) - array['state', 'settled_at', 'settled_by']) then
          raise exception 'a policy is settled once and never changed' using errcode = 'restrict_violation', constraint = 'policies_append_only';
        end if;
        new.settled_at := clock();
        if new.state = 'in_force' then
          if old.replaces is distinct from present.number then
            raise exception 'another policy came in between' using errcode = 'check_violation', constraint = 'policies_still_meant';
          end if;
          if not is_active_admin(new.group_id, old.made_by) or not is_active_admin(new.group_id, new.settled_by)
              or (select count(distinct root_person(person_id)) from members
                where group_id = new.group_id and id in (old.made_by, new.settled_by)) < 2 then
            raise exception 'a weaker policy needs two admins' using errcode = 'check_violation', constraint = 'policies_two_admins';
          end if;
        end if;
        return new;
      end $$;

      create function is_active_admin(for_group uuid, for_member uuid) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (select 1 from members
          where group_id = for_group and id = for_member and status = 'active' and 'admin' = any (roles))
      $$;

      create trigger policies_checked before insert or update or delete on policies for each row execute function check_policy();
      create trigger policies_no_truncate before truncate on policies for each statement execute function forbid_change();
      alter table policies enable always trigger policies_checked;
      alter table policies enable always trigger policies_no_truncate;

      -- A group is never without a policy.
      create function make_first_policy() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        insert into policies (group_id, number, content) values (new.id, 1, '{"approvals": 1, "contributorRule": "strict",
          "approvalLifetimeDays": null, "coolingMinutes": 10, "atOnceCoolingMinutes": 0, "proof": "usual",
          "adminsNeedPasskey": false, "mayBeAsked": null, "extra": []}');
        return null;
      end $$;
      create trigger groups_first_policy after insert on groups for each row execute function make_first_policy();
      alter table groups enable always trigger groups_first_policy;

      -- Under which policy a revision was sent, and with which labels: a label taken off later frees it of nothing.
      alter table revisions add column policy_number integer not null, add column labels text[] not null,
        add constraint revisions_policy_fkey foreign key (group_id, policy_number) references policies (group_id, number);
      create function note_policy() returns trigger language plpgsql set search_path = public, pg_temp as $$
      begin
        new.policy_number := current_policy(new.group_id);
        select labels into new.labels from posts where group_id = new.group_id and id = new.post_id;
        return new;
      end $$;
      create trigger revisions_under_policy before insert on revisions for each row execute function note_policy();
      alter table revisions enable always trigger revisions_under_policy;

      -- What a post has to meet: the policy that it was sent under and every one in force since. So a weaker policy
      -- frees nothing that is in review already, and a stricter one binds it at once.
      create function policies_over(for_group uuid, for_post uuid) returns setof policies
      language sql stable set search_path = public, pg_temp as $$
        select p.* from policies p
        where p.group_id = for_group and p.state = 'in_force' and p.number >= coalesce((
          select r.policy_number from posts po
          join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
          where po.group_id = for_group and po.id = for_post), current_policy(for_group))
      $$;

      -- Under 'strict' everybody who touched any revision; under 'last_editor' only who worked on the current one.
      create function is_contributor(for_group uuid, for_post uuid, of_person uuid) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (
          select 1 from contributors c
          join posts p on p.group_id = c.group_id and p.id = c.post_id
          left join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id
          where c.group_id = for_group and c.post_id = for_post
            and root_person(c.person_id) = root_person(of_person)
            and (c.revision_number >= coalesce(r.number, 0) or exists (
              select 1 from policies_over(for_group, for_post) o where o.content ->> 'contributorRule' = 'strict'))
        )
      $$;

      -- By person: somebody who is named under one membership is the same under another.
      create function is_among(for_group uuid, member_ids jsonb, of_person uuid) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (select 1 from members m where m.group_id = for_group and member_ids ? m.id::text
          and root_person(m.person_id) = root_person(of_person))
      $$;

      create function may_be_asked(for_group uuid, for_post uuid, of_person uuid) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select not exists (select 1 from policies_over(for_group, for_post) o
          where o.content -> 'mayBeAsked' <> 'null' and not is_among(for_group, o.content -> 'mayBeAsked', of_person))
      $$;

      create function has_lapsed(for_group uuid, for_post uuid, given_at timestamptz) returns boolean
      language sql stable set search_path = public, pg_temp as $$
        select exists (select 1 from policies_over(for_group, for_post) o
          where given_at + (o.content ->> 'approvalLifetimeDays')::integer * interval '1 day' <= clock())
      $$;

      -- The approvals that count now, one a person.
      create function counting_approvals(for_group uuid, for_post uuid)
      returns table (member_id uuid, person_id uuid, at timestamptz)
      language sql stable set search_path = public, pg_temp as $$
        select v.member_id, v.person_id, v.at from last_verdicts(for_group, for_post) v
        where v.kind = 'approve' and v.reviewer and not is_contributor(for_group, for_post, v.person_id)
          and may_be_asked(for_group, for_post, v.person_id) and not has_lapsed(for_group, for_post, v.at)
      $$;

      create function valid_approvals(for_group uuid, for_post uuid) returns integer
      language sql stable set search_path = public, pg_temp as $$
        select count(*)::integer from counting_approvals(for_group, for_post)
      $$;

      -- Rules for the labels and channels of this post, with what made each apply.
      create function extra_rules(for_group uuid, for_post uuid)
      returns table (reviewers jsonb, approvals integer, labels text[], channel_ids text[])
      language plpgsql stable set search_path = public, pg_temp as $$
      begin
        -- Few groups have any, and this is asked at every counting of approvals.
        if not exists (select 1 from policies p where p.group_id = for_group and p.state = 'in_force' and p.content -> 'extra' <> '[]') then
          return;
        end if;
        return query
        select rule -> 'reviewers', (rule ->> 'approvals')::integer, hit.labels, hit.channel_ids
        from policies_over(for_group, for_post) o
        cross join lateral jsonb_array_elements(o.content -> 'extra') as rule
        join posts p on p.group_id = for_group and p.id = for_post
        join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id
        cross join lateral (
          select array(select label from jsonb_array_elements_text(rule -> 'labels') as label
              where lower(label) in (select lower(own) from unnest(p.labels || r.labels) as own)) as labels,
            array(select channel from jsonb_array_elements_text(rule -> 'channelIds') as channel
              where channel in (select part ->> 'channelId' from jsonb_array_elements(r.envelope::jsonb -> 'channels') as part))
              as channel_ids
        ) hit
        where hit.labels <> '{}' or hit.channel_ids <> '{}';
      end $$;

      create function approvals_needed(for_group uuid, for_post uuid) returns integer
      language sql stable set search_path = public, pg_temp as $$
        select greatest(
          (select max((content ->> 'approvals')::integer) from policies_over(for_group, for_post)),
          (select max(approvals) from extra_rules(for_group, for_post)))
      $$;

      -- Since when the approvals that count now have been enough; null while they are not. One more on top of enough
      -- does not start the time again.
      create function enough_since(for_group uuid, for_post uuid) returns timestamptz
      language sql stable set search_path = public, pg_temp as $$
        with given as materialized (select * from counting_approvals(for_group, for_post)),
          named as materialized (select reviewers from extra_rules(for_group, for_post) where reviewers <> '[]')
        select min(last.at) from given last
        where (select count(*) from given g where g.at <= last.at) >= approvals_needed(for_group, for_post)
          and not exists (select 1 from named n where not exists (
            select 1 from given g where g.at <= last.at and is_among(for_group, n.reviewers, g.person_id)))
      $$;

      -- The rules that name somebody, of whom nobody has approved yet.
      create function lacking_reviewers(for_group uuid, for_post uuid)
      returns table (reviewers jsonb, labels text[], channel_ids text[])
      language sql stable set search_path = public, pg_temp as $$
        select x.reviewers, x.labels, x.channel_ids from extra_rules(for_group, for_post) x
        where x.reviewers <> '[]' and not exists (
          select 1 from counting_approvals(for_group, for_post) g where is_among(for_group, x.reviewers, g.person_id))
      $$;

      -- How long a post waits after it was approved.
      create function cooling_minutes(for_group uuid, for_post uuid) returns integer
      language sql stable set search_path = public, pg_temp as $$
        select max((o.content ->> case when r.envelope::jsonb -> 'timing' ->> 'kind' = 'as_soon_as_approved'
          then 'atOnceCoolingMinutes' else 'coolingMinutes' end)::integer)
        from policies_over(for_group, for_post) o
        join posts p on p.group_id = for_group and p.id = for_post
        join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id
      $$;

      -- From when a post may go out; null while it is not approved. 'approved_at' can only make it later: it is set
      -- again when somebody releases a hold.
      create function may_go_from(for_group uuid, for_post uuid) returns timestamptz
      language sql stable set search_path = public, pg_temp as $$
        select case when since is not null then greatest(since, p.approved_at)
          + cooling_minutes(for_group, for_post) * interval '1 minute' end
        from enough_since(for_group, for_post) as since, posts p where p.group_id = for_group and p.id = for_post
      $$;

      -- The same for many posts in one statement, with the objections to each and the time that is now: for the gate,
      -- which counts at every claim. What few groups use is asked of the functions above, post by post; a test holds the
      -- two ways of counting against each other. By indexes only: a plan that was made while the tables were small stays.
      create function count_approvals(for_groups uuid[], for_posts uuid[])
      returns table (group_id uuid, post_id uuid, from_when timestamptz, objections integer, now timestamptz)
      language plpgsql stable rows 100 set search_path = public, pg_temp
      set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
      #variable_conflict use_column
      begin
        return query with moment as materialized (select clock() as now),
        asked as materialized (
          select p.group_id, p.id as post_id, p.approved_at, r.id as revision_id, r.hash, r.number, r.policy_number,
            r.envelope::jsonb -> 'timing' ->> 'kind' = 'as_soon_as_approved' as at_once
          from (select distinct * from unnest(for_groups, for_posts) as e (group_id, post_id)) e
          join posts p on p.group_id = e.group_id and p.id = e.post_id
          left join revisions r on r.group_id = p.group_id and r.id = p.current_revision_id
        ),
        -- as policies_over says, for all posts of a group that were sent under the same policy
        ruled as materialized (
          select o.group_id, o.policy_number, max((content ->> 'approvals')::integer) as approvals,
            bool_or(content ->> 'contributorRule' = 'strict') as strict, min((content ->> 'approvalLifetimeDays')::integer) as days,
            max((content ->> 'coolingMinutes')::integer) as cooling, max((content ->> 'atOnceCoolingMinutes')::integer) as at_once_cooling,
            bool_or(content -> 'mayBeAsked' <> 'null') as names_some, bool_or(content -> 'extra' <> '[]') as has_extra
          from (select distinct group_id, policy_number from asked) o
          join policies p on p.group_id = o.group_id and p.state = 'in_force'
            and p.number >= coalesce(o.policy_number, current_policy(o.group_id))
          group by o.group_id, o.policy_number
        ),
        demanded as materialized (
          select a.*, ruled.approvals, ruled.strict, ruled.days, ruled.names_some, ruled.has_extra,
            (case when a.at_once then ruled.at_once_cooling else ruled.cooling end) * interval '1 minute' as wait
          from asked a join ruled on ruled.group_id = a.group_id and ruled.policy_number is not distinct from a.policy_number
        )
        select a.group_id, a.post_id, case when enough.since is not null then greatest(enough.since, a.approved_at) + a.wait end,
          said.objections, (select moment.now from moment)
        from demanded a
        cross join lateral (
          select count(*) filter (where last.kind = 'changes')::integer as objections,
            array_agg(last.at order by last.at) filter (where last.kind = 'approve' and 'reviewer' = any (m.roles)
              and (a.days is null or last.at + a.days * interval '1 day' > (select moment.now from moment))
              and not exists (
                select 1 from contributors c join people w on w.id = c.person_id
                where c.group_id = a.group_id and c.post_id = a.post_id and (a.strict or c.revision_number >= coalesce(a.number, 0))
                  and case when w.same_as is null then w.id else root_person(w.id) end = last.human)
              and (not a.names_some or may_be_asked(a.group_id, a.post_id, last.person_id))) as given
          from (
            select distinct on (who.human) v.member_id, v.person_id, v.kind, v.at, who.human
            from verdicts v
            join people w on w.id = v.person_id
            cross join lateral (select case when w.same_as is null then w.id else root_person(w.id) end as human) who
            where v.group_id = a.group_id and v.post_id = a.post_id and v.revision_id = a.revision_id and v.hash = a.hash
            order by who.human, v.seq desc
          ) last
          join members m on m.group_id = a.group_id and m.id = last.member_id and m.status = 'active'
        ) said
        cross join lateral (
          select case when a.has_extra then enough_since(a.group_id, a.post_id) else said.given[a.approvals] end as since
        ) enough;
      end $$;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function count_approvals(uuid[], uuid[]);
      drop function may_go_from(uuid, uuid);
      drop function lacking_reviewers(uuid, uuid);
      drop function cooling_minutes(uuid, uuid);
      drop function enough_since(uuid, uuid);
      drop function approvals_needed(uuid, uuid);
      drop function extra_rules(uuid, uuid);
      drop function valid_approvals(uuid, uuid);
      drop function counting_approvals(uuid, uuid);
      drop function has_lapsed(uuid, uuid, timestamptz);
      drop function may_be_asked(uuid, uuid, uuid);
      drop function is_among(uuid, jsonb, uuid);
      drop function is_contributor(uuid, uuid, uuid);
      drop function policies_over(uuid, uuid);
      drop trigger revisions_under_policy on revisions;
      drop function note_policy();
      alter table revisions drop column policy_number, drop column labels;
      drop trigger groups_first_policy on groups;
      drop function make_first_policy();
      drop function current_policy(uuid);
      drop table policies;
      drop function check_policy();
      drop function is_active_admin(uuid, uuid);
      drop function policy_is_weaker(jsonb, jsonb);
      drop function about_same(jsonb, text);
      drop function policy_in_form(jsonb);
      drop function list_in_form(jsonb);
    `)
  }
}
