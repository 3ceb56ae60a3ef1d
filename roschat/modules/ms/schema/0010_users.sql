-- Users of the console, their sessions and codes, and keys of programs.
create schema if not exists ms;

create table ms.console_user (
    id          bigint generated always as identity primary key,
    login       text not null,
    login_key   text not null unique,           -- folded: who signs in
    surname     text not null,
    name        text not null default '',
    patronymic  text not null default '',
    email       text not null default '',
    password    text not null,                  -- Argon2id
    role        text not null check (role in ('security', 'admin', 'operator')),
    active      boolean not null default true,
    must_change boolean not null default false,
    initial     boolean not null default false, -- the password is the one that everybody knows
    factor      text not null default 'none' check (factor in ('none', 'totp', 'mail')),
    totp_secret text not null default '',       -- base32; offered and not confirmed while factor is another
    totp_step   bigint not null default 0,      -- of the last code that was taken: none is taken twice
    recovery    text[] not null default '{}',   -- SHA-256 of the codes that are left, hexadecimal
    created     timestamptz not null
);

create table ms.console_session (
    id       bigint generated always as identity primary key,
    hash     bytea not null unique,             -- SHA-256 of the cookie; 256 random bits need no slow hash
    user_id  bigint not null references ms.console_user on delete cascade,
    address  text not null,
    client   text not null,
    created  timestamptz not null,
    seen     timestamptz not null,
    expires  timestamptz not null,
    remember boolean not null
);
create index console_session_user on ms.console_session (user_id);      -- a user's sessions

-- The code that was mailed to a user last.
create table ms.console_code (
    user_id bigint primary key references ms.console_user on delete cascade,
    hash    bytea not null,
    email   text not null,                      -- where it went
    sent    timestamptz not null,
    tries   integer not null default 0
);

create table ms.api_key (
    id         bigint generated always as identity primary key,     -- serves the list, newest first
    hash       bytea not null unique,           -- SHA-256 of the key
    start      text not null,                   -- what is shown of it
    name       text not null,
    role       text not null check (role in ('security', 'admin', 'operator')),
    scopes     text[] not null,                 -- tags of ways; empty: all
    read_only  boolean not null,
    created    timestamptz not null,
    created_by text not null,
    expires    timestamptz,                     -- null: never
    seen       timestamptz
);
