-- What is searched: texts as they are compared (lower case, е for ё, spaces for all but letters and digits), and their
-- word forms. All of it can be made again from the tables it follows: truncate and set the cursor to 0.
create schema if not exists server;

-- How far the index has followed the journal and the revisions of contacts.
create table server.search_cursor (
    one         boolean primary key default true check (one),
    message_rev bigint not null default 0,
    contact_rev bigint not null default 0
);
insert into server.search_cursor default values;

create table server.search_message (
    id     bigint not null,                        -- of the message
    kind   text not null check (kind in ('text', 'file')),
    chat   bigint not null,
    folded text not null,                          -- the text of the message, or the name of its file
    words  tsvector not null,                      -- by stem: Russian, Latin words English
    grams  integer[] not null,                     -- parts of its words as numbers: finds them without extensions
    primary key (id, kind)                         -- what a changed message had
);
create index search_message_words on server.search_message using gin (words);                   -- by word forms
create index search_message_grams on server.search_message using gin (grams);    -- by parts of words
create index search_message_chat on server.search_message (chat, id);                           -- in one conversation

create table server.search_contact (
    cid    bigint primary key,
    pieces text[] not null,                        -- what is shown of the card: the name first
    folded text not null,
    latin  text not null,                          -- transliterated and simplified
    words  tsvector not null
);
