-- When people were last online and what they say of themselves. Who is online now lives in memory.
create table server.presence (
    cid  bigint primary key references server.contact on delete cascade,
    seen timestamptz,
    text text not null default ''
);
