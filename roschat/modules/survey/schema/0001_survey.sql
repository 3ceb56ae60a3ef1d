-- Polls, their options and votes.
create schema if not exists survey;

create table survey.poll (
    id         bigint generated always as identity primary key,
    author     bigint not null,
    cid        bigint not null,                    -- the conversation from the author's side
    cid_type   text not null check (cid_type in ('user', 'group')),
    question   text not null,
    options    text[] not null,
    several    boolean not null,
    anonymous  boolean not null,
    closes     bigint not null default 0,          -- Unix seconds, 0 = never by itself; as all times here
    closed     bigint not null default 0,
    message_id bigint not null default 0,          -- the message that carries it, 0 = not written yet
    key        text not null default '',           -- the author's own: makes a repeated creation harmless
    created    bigint not null,
    rev        bigint not null default 1           -- grows with each change
);
create unique index poll_key on survey.poll (author, key) where key <> '';             -- "was it asked already"
create index poll_closes on survey.poll (closes) where closed = 0 and closes > 0;      -- whose time has come

create table survey.vote (
    poll   bigint not null references survey.poll on delete cascade,
    cid    bigint not null,
    option integer not null,                       -- index in poll.options
    primary key (poll, cid, option)                -- the answers of a poll, those of one person
);
