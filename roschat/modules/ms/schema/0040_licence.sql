-- The licence of this installation: one row. Without a text the built-in community licence holds.
create schema if not exists ms;

create table ms.licence (
    id        smallint primary key default 1 check (id = 1),
    text      text not null default '',             -- the signed file as it came
    installed timestamptz,                          -- when that was
    who       text not null default '',
    contacted timestamptz,                          -- last good answer of the licence server
    tried     timestamptz,                          -- last try to get one
    trouble   text not null default '',             -- why that try failed; empty: it did not
    seen      timestamptz not null default now()    -- the latest time ever seen: a clock that was set back is noticed
);
insert into ms.licence default values;
