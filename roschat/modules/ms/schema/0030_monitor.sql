-- What the monitor has measured, and since when something is wrong.
create schema if not exists ms;

create table ms.sample (
    step    integer not null,            -- seconds that a row stands for: 10, 300 or 3600
    time    bigint not null,             -- Unix time of its beginning, a multiple of the step
    figures jsonb not null,              -- means of the figures by name
    primary key (step, time)
);

create table ms.problem (
    code    text not null,
    part    text not null,
    since   timestamptz not null,
    primary key (code, part)
);
