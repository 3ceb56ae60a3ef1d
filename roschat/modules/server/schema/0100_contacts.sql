-- The directory as the console searches, filters and sorts it, and the services of people.

alter table server.contact add column deleted boolean not null default false;   -- of the card only the name is left
alter table server.account add column blocked boolean not null default false;   -- nobody signs in with it

-- What a person may use. `params` are the parameters by name; `number` is the one that nobody else may have in `plan`
-- (the numbers of RosChat's SIP, of a TETRA server, of a PBX), empty when the service has none.
create table server.contact_service (
    cid    bigint not null references server.contact on delete cascade,
    type   text not null,
    params jsonb not null default '{}',
    plan   text not null default '',
    number text not null default '',
    primary key (cid, type)
);
create unique index contact_service_number on server.contact_service (plan, number) where number <> '';

-- Those who could sign in before there were services go on as before.
insert into server.contact_service (cid, type)
select a.cid, t.type from server.account a cross join (values ('computer'), ('mobile')) t (type);

-- A text as it is compared: in lower case, е for ё. The letters are named, so that it does not depend on the locale.
create function server.folded(given text) returns text language sql immutable strict parallel safe as $$
    select translate(lower(given), 'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёІЇЄҐЎ', 'абвгдеежзийклмнопрстуфхцчшщъыьэюяеіїєґў')
$$;

-- All runs of three characters inside the words of a folded text: a text that holds a part of a word has those of the
-- part. Plain arrays with a GIN index need no extension.
create function server.runs(folded text) returns text[] language sql immutable strict parallel safe cost 1000 as $$
    select coalesce(array_agg(distinct run collate "C"), '{}')
    from (select substr(folded, n, 3) as run from generate_series(1, length(folded) - 2) n) cut
    where strpos(run, ' ') = 0
$$;

-- One line of the list per person who is not deleted: all of it follows from contact, account and contact_service and
-- is kept by the triggers below. Keys are what is compared and sorted, with the cheapest collation; null: no value.
create table server.contact_row (
    cid           bigint primary key references server.contact on delete cascade,
    rev           bigint not null,
    active        boolean not null,
    account       boolean not null,
    blocked       boolean not null,
    surname       text not null,
    name          text not null,
    patronymic    text not null,
    number        text not null,                    -- the main one
    email         text not null,                    -- the main one
    numbers       text not null,                    -- all, with ', ' between
    emails        text not null,
    login         text not null,
    organisation  text not null,
    department    text not null,
    position      text not null,
    room          text not null,
    birthday      text not null,                    -- ISO
    workday_start text not null,
    workday_end   text not null,
    manager       bigint,
    assistant     bigint,
    custom        text not null,                    -- folded lines: name = value
    services      text[] not null,
    avatar        text not null,
    changed       timestamptz not null,
    name_key         text collate "C" not null,
    number_key       text collate "C",              -- shorter numbers first
    email_key        text collate "C",
    login_key        text collate "C",
    organisation_key text collate "C",
    department_key   text collate "C",
    position_key     text collate "C",
    room_key         text collate "C",
    birthday_key     text collate "C",
    sought           text collate "C" not null      -- everything that a search looks at, folded
) with (fillfactor = 80);                           -- a change of services touches no index
create index contact_row_name on server.contact_row (name_key, cid);                         -- the list as it opens
create index contact_row_number on server.contact_row (number_key, cid);                     -- and sorted by a column
create index contact_row_email on server.contact_row (email_key, cid);
create index contact_row_login on server.contact_row (login_key, cid);
create index contact_row_organisation on server.contact_row (organisation_key, name_key, cid);
create index contact_row_department on server.contact_row (department_key, name_key, cid);
create index contact_row_position on server.contact_row (position_key, name_key, cid);
create index contact_row_number_down on server.contact_row (number_key desc nulls last, cid desc);      -- downwards,
create index contact_row_email_down on server.contact_row (email_key desc nulls last, cid desc);         -- those without
create index contact_row_login_down on server.contact_row (login_key desc nulls last, cid desc);         -- it last
create index contact_row_organisation_down on server.contact_row (organisation_key desc nulls last, name_key, cid);
create index contact_row_department_down on server.contact_row (department_key desc nulls last, name_key, cid);
create index contact_row_position_down on server.contact_row (position_key desc nulls last, name_key, cid);
create index contact_row_runs on server.contact_row using gin (server.runs(sought));         -- parts of words
create index contact_row_changed on server.contact_row (changed, cid);

-- Make the lines of these contacts anew.
create function server.refresh_contact_rows(which bigint[]) returns void language plpgsql as $$
begin
    delete from server.contact_row r using server.contact c
    where r.cid = any(which) and c.cid = r.cid and c.deleted;
    insert into server.contact_row as r
    select v.cid, v.rev, v.active, v.account, v.blocked, v.surname, v.name, v.patronymic,
           v.number, v.email, v.numbers, v.emails, v.login, v.organisation, v.department, v.position, v.room,
           v.birthday, v.workday_start, v.workday_end, v.manager, v.assistant, v.custom, v.services, v.avatar, v.changed,
           server.folded(concat_ws(' ', nullif(v.surname, ''), nullif(v.name, ''), nullif(v.patronymic, ''))),
           case when v.number <> '' then to_char(length(v.number), 'FM000') || v.number end,
           nullif(server.folded(v.email), ''), nullif(server.folded(v.login), ''),
           nullif(server.folded(v.organisation), ''), nullif(server.folded(v.department), ''),
           nullif(server.folded(v.position), ''), nullif(server.folded(v.room), ''), nullif(v.birthday, ''),
           server.folded(concat_ws(' ', v.surname, v.name, v.patronymic, v.numbers, v.login, v.emails, v.position,
                                   v.department, v.organisation))
    from (
        select c.cid, c.rev, c.active, a.cid is not null as account, coalesce(a.blocked, false) as blocked,
               c.surname, c.name, c.patronymic, f.number, f.email, f.numbers, f.emails, coalesce(a.login, '') as login,
               f.organisation, f.department, f.position, f.room, f.birthday, f.workday_start, f.workday_end,
               f.manager, f.assistant, f.custom, coalesce(s.services, '{}') as services, c.avatar, c.changed
        from server.contact c
        left join server.account a on a.cid = c.cid
        left join lateral (
            select array_agg(type order by type) as services from server.contact_service where cid = c.cid
        ) s on true
        cross join lateral (
            select coalesce((array_agg(value order by n) filter (where type = 'number'))[1], '') as number,
                   coalesce((array_agg(value order by n) filter (where type = 'email'))[1], '') as email,
                   coalesce(string_agg(value, ', ' order by n) filter (where type = 'number'), '') as numbers,
                   coalesce(string_agg(value, ', ' order by n) filter (where type = 'email'), '') as emails,
                   coalesce(max(value) filter (where type = 'organisation'), '') as organisation,
                   coalesce(max(value) filter (where type = 'department'), '') as department,
                   coalesce(max(value) filter (where type = 'position'), '') as position,
                   coalesce(max(value) filter (where type = 'room'), '') as room,
                   coalesce(max(value) filter (where type = 'birthday'), '') as birthday,
                   coalesce(max(value) filter (where type = 'workdayStart'), '') as workday_start,
                   coalesce(max(value) filter (where type = 'workdayEnd'), '') as workday_end,
                   max(value) filter (where type = 'manager')::bigint as manager,
                   max(value) filter (where type = 'assistant')::bigint as assistant,
                   coalesce(string_agg(server.folded(translate(name, E'=\n', '  ') || '=' || translate(value, E'\n', ' ')),
                                       E'\n' order by n) filter (where type = 'custom'), '') as custom
            from rows from (jsonb_to_recordset(c.fields) as (type text, value text, name text)) with ordinality
                 as field (type, value, name, n)
        ) f
        where c.cid = any(which) and c.kind = 'person' and not c.deleted
    ) v
    on conflict (cid) do update set
        (rev, active, account, blocked, surname, name, patronymic, number, email, numbers, emails, login, organisation,
         department, position, room, birthday, workday_start, workday_end, manager, assistant, custom, services, avatar,
         changed, name_key, number_key, email_key, login_key, organisation_key, department_key, position_key, room_key,
         birthday_key, sought)
        = (excluded.rev, excluded.active, excluded.account, excluded.blocked, excluded.surname, excluded.name,
           excluded.patronymic, excluded.number, excluded.email, excluded.numbers, excluded.emails, excluded.login,
           excluded.organisation, excluded.department, excluded.position, excluded.room, excluded.birthday,
           excluded.workday_start, excluded.workday_end, excluded.manager, excluded.assistant, excluded.custom,
           excluded.services, excluded.avatar, excluded.changed, excluded.name_key, excluded.number_key,
           excluded.email_key, excluded.login_key, excluded.organisation_key, excluded.department_key,
           excluded.position_key, excluded.room_key, excluded.birthday_key, excluded.sought);
end $$;

create function server.contact_rows_follow() returns trigger language plpgsql as $$
begin
    perform server.refresh_contact_rows(array(select distinct cid from touched));
    return null;
end $$;

create trigger contact_row_added after insert on server.contact
    referencing new table as touched for each statement execute function server.contact_rows_follow();
create trigger contact_row_changed after update on server.contact
    referencing new table as touched for each statement execute function server.contact_rows_follow();
create trigger contact_row_account_added after insert on server.account
    referencing new table as touched for each statement execute function server.contact_rows_follow();
create trigger contact_row_account_changed after update on server.account
    referencing new table as touched for each statement execute function server.contact_rows_follow();
create trigger contact_row_account_removed after delete on server.account
    referencing old table as touched for each statement execute function server.contact_rows_follow();
create trigger contact_row_service_added after insert on server.contact_service
    referencing new table as touched for each statement execute function server.contact_rows_follow();
create trigger contact_row_service_changed after update on server.contact_service
    referencing new table as touched for each statement execute function server.contact_rows_follow();
create trigger contact_row_service_removed after delete on server.contact_service
    referencing old table as touched for each statement execute function server.contact_rows_follow();

select server.refresh_contact_rows(array(select cid from server.contact));
