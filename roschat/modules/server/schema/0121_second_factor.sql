-- Devices that a person has signed in on before, and the codes that are mailed for new ones.
create table server.trusted_device (
    cid    bigint not null references server.contact on delete cascade,
    device text not null,
    seen   timestamptz not null,                    -- the last sign-in by password
    primary key (cid, device)
);
create index trusted_device_seen on server.trusted_device (seen);   -- clearing away

-- Who is signed in when this begins to count has proved it.
insert into server.trusted_device (cid, device, seen)
select cid, id, seen from server.device where ended is null and family is not null;

create table server.sign_in_code (
    cid     bigint primary key references server.contact on delete cascade,
    hash    bytea not null,                         -- HMAC of the code; empty: used up
    sent    timestamptz not null,
    tries   integer not null default 0,
    letters integer not null default 1,             -- sent since `since`
    since   timestamptz not null
);
