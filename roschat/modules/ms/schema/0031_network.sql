-- What the network monitor found last.
create schema if not exists ms;

create table ms.network_check (
    kind     text not null,              -- listener, certificate, dns, time, host
    name     text not null,
    target   text not null,
    state    text not null,              -- ok, degraded, failed
    text     text not null,
    text_ru  text not null,
    fix      text not null,
    checked  timestamptz not null,
    duration double precision not null,  -- seconds
    primary key (kind, name)
);
