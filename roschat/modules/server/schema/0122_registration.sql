-- People who want an account: first their address is proved by a code, then an administrator may have to agree.
create table server.registration (
    id       bigint generated always as identity primary key,
    email    text not null unique,                 -- folded; the login to be
    surname  text not null,
    name     text not null default '',
    password text not null,                        -- Argon2id in its standard string form
    address  text not null default '',             -- where the request came from
    state    text not null check (state in ('code', 'waiting', 'refused')),
    created  timestamptz not null,
    hash     bytea not null default '',            -- HMAC of the code; empty: none, or used up
    sent     timestamptz not null,
    tries    integer not null default 0,
    letters  integer not null default 0,           -- sent since `since`
    since    timestamptz not null
);
create index registration_waiting on server.registration (id) where state = 'waiting';      -- the list of the console
