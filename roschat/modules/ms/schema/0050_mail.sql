-- Letters of the server on their way to the mail server.
create schema if not exists ms;

create table ms.letter (
    id       bigint generated always as identity primary key,
    kind     text not null default '',             -- the template it was written from
    address  text not null,
    subject  text not null,
    body     text not null,                        -- emptied when the letter has ended: it may hold a password or a code
    state    text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'cancelled')),
    created  timestamptz not null,
    next_try timestamptz not null,
    expires  timestamptz not null,                 -- given up when it was not sent until then
    tries    integer not null default 0,
    ended    timestamptz,
    error    text not null default ''
);
create index letter_waiting on ms.letter (next_try) where state = 'waiting';    -- what is due
create index letter_ended on ms.letter (ended) where state <> 'waiting';        -- counts of a week, clearing away
