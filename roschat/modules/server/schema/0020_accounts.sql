-- Who may sign in, and the devices that are signed in.
create table server.account (
    cid       bigint primary key references server.contact on delete cascade,
    login     text not null,                        -- as the administrator wrote it
    login_key text not null unique,                 -- NFKC, case-folded: "whose login is this"
    password  text not null,                        -- Argon2id in its standard string form
    changed   timestamptz not null default now()
);

create table server.device (
    id        text primary key,
    cid       bigint not null references server.contact on delete cascade,
    client    text not null default '',
    name      text not null default '',
    address   text not null default '',
    created   timestamptz not null default now(),
    seen      timestamptz not null default now(),
    family    bytea unique,                         -- SHA-256 of the part that all refresh tokens of the device share
    refresh   bytea,                                -- SHA-256 of the whole token that is good now; null: has no tokens
    previous  bytea,                                -- the one before it: its answer may have been lost on the way
    refreshed timestamptz not null default now(),   -- when the good one was given for the previous one
    ended     timestamptz                           -- set: signed out; kept while its access tokens could live
);
create index device_cid on server.device (cid, seen desc);          -- the list of sessions of a contact
create index device_ended on server.device (ended) where ended is not null;   -- what is revoked; clearing away
create index device_refreshed on server.device (refreshed);         -- clearing away devices that stay away too long
