-- Stored files, who may see them, and uploads that are not finished yet. The bytes are in the file store.
create schema if not exists server;

create table server.file (
    name         text primary key,                 -- the unguessable name, also the name in the file store
    title        text not null,                    -- as the owner called it, made safe
    size         bigint not null default 0,
    content_type text not null default 'application/octet-stream',   -- sniffed
    owner        bigint not null,
    width        integer not null default 0,
    height       integer not null default 0,
    preview_of   text references server.file on delete cascade,      -- set: a preview, seen by those who see that file
    state        text not null default 'arriving', -- arriving, stored, doomed (is being removed from the store)
    published    boolean not null default false,   -- everybody who is signed in may see it
    created      bigint not null                   -- Unix seconds
);
create index file_kept on server.file (owner);                                           -- how much somebody keeps
create index file_preview_of on server.file (preview_of) where preview_of is not null;   -- the preview of a file
create index file_loose on server.file (created) where not published;                    -- the sweep of what nobody shares
create index file_doomed on server.file (name) where state = 'doomed';                   -- what the store must still forget

-- Bots behind one address that upload without a name own what they upload together; else there is one row.
create table server.file_owner (
    file text not null references server.file on delete cascade,
    cid  bigint not null,
    primary key (file, cid)
);

-- Members of these conversations may see the file.
create table server.file_share (
    file   text not null references server.file on delete cascade,
    chat   bigint not null,
    shared bigint not null,                        -- Unix seconds
    primary key (file, chat)
);

-- Who may see one of these channels may see the file.
create table server.file_channel (
    file    text not null references server.file on delete cascade,
    channel bigint not null,
    primary key (file, channel)
);

-- A resumable upload; its pieces are files of the store under names of their own.
create table server.upload (
    id      text primary key,
    title   text not null,
    size    bigint not null,
    arrived bigint not null default 0,             -- bytes of all pieces so far
    created bigint not null
);
create index upload_created on server.upload (created);      -- the sweep of those never finished

create table server.upload_owner (
    upload text not null references server.upload on delete cascade,
    cid    bigint not null,
    primary key (upload, cid)
);

create table server.upload_piece (
    name   text primary key,                       -- in the file store
    upload text not null,                          -- no reference: a piece outlives its upload until the store forgot it
    start  bigint not null,
    size   bigint not null,
    unique (upload, start)                         -- the pieces of an upload in their order
);
