-- Bots, their developers and keyboards. The card of a bot is in server.contact under the same cid.
create schema if not exists bots;

create table bots.developer (
    id            bigint generated always as identity primary key,
    login         text not null unique,            -- folded: "who signs in"
    password_hash text not null,
    name          text not null default ''
);

create table bots.bot (
    cid        bigint primary key,
    developer  bigint references bots.developer,   -- null: made by the administrator
    name       text not null,                      -- Latin, as start-bot tells it
    title      text not null,
    description text not null default '',
    greeting   text not null default '',
    commands   text[] not null default '{}',
    icon       text not null default '',
    token_hash bytea not null,                     -- SHA-256; 256 random bits need no slow hash
    deleted    boolean not null default false
);
create unique index bot_name on bots.bot (lower(name)) where not deleted;   -- start-bot finds the bot
create index bot_developer on bots.bot (developer);                         -- the developer's list

-- The keyboard under a conversation; user_id 0 = for everybody in it. `peer` is the person's cid, or the group's.
create table bots.keyboard (
    bot      bigint not null references bots.bot on delete cascade,
    cid_type text not null,
    peer     bigint not null,
    user_id  bigint not null default 0,
    buttons  jsonb not null,
    action   text not null,
    changed  bigint generated always as identity,  -- grows: in a group with several bots the last set one is shown
    primary key (bot, cid_type, peer, user_id)
);
create index keyboard_group on bots.keyboard (peer) where cid_type = 'group';   -- the keyboards of a group

-- Signed-in browsers of developers, by the SHA-256 of their cookie.
create table bots.developer_session (
    token_hash bytea primary key,
    developer  bigint not null references bots.developer on delete cascade,
    expires    bigint not null
);
create index developer_session_developer on bots.developer_session (developer);  -- ended when the password changes
