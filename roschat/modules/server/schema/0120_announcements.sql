-- Announcements of the system contact to many people.
create table server.announcement (
    id       bigint generated always as identity primary key,
    text     text not null,
    audience text not null check (audience in ('all', 'chosen', 'filter')),
    cids     bigint[] not null default '{}',       -- the chosen ones
    filter   jsonb not null default '{}',          -- a ContactFilter; asked when the sending begins
    state    text not null default 'waiting' check (state in ('waiting', 'sending', 'done', 'cancelled')),
    who      text not null,                        -- the login of the administrator
    created  bigint not null,                      -- Unix seconds, as all times here
    due      bigint not null,
    started  bigint not null default 0,
    ended    bigint not null default 0,
    total    integer not null default 0,
    job      bigint not null default 0
);
create index announcement_open on server.announcement (due) where state in ('waiting', 'sending');   -- what is to be done

-- Who gets it, fixed when the sending begins, so that a server that was stopped goes on where it was.
create table server.announcement_person (
    announcement bigint not null references server.announcement on delete cascade,
    cid          bigint not null,
    message      bigint not null default 0,        -- the stored message; 0: not sent (yet)
    error        text not null default '',
    primary key (announcement, cid)
);
create index announcement_person_open on server.announcement_person (announcement) where message = 0 and error = '';
