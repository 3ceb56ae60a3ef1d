-- Conversations of two and groups, and what each member has of them.

-- Written with every batch of messages: no column that changes then is indexed, and pages keep room, so that updates
-- stay on their page (HOT).
create table server.chat (
    id           bigint generated always as identity primary key,   -- of a group: its `cid`
    kind         text not null check (kind in ('user', 'group')),
    name         text not null default '',
    description  text not null default '',
    avatar       text not null default '',
    created_by   bigint not null,
    created_key  text not null default '',         -- the creator's own key: makes a repeated creation harmless
    created_time bigint not null,
    members      integer not null default 2,       -- those present
    pinned_id    bigint not null default 0,        -- the message pinned for everybody
    last_id      bigint not null default 0,        -- the newest message, deleted or not
    last_seq     bigint not null default 0,        -- how many messages there ever were
    last_time    bigint not null default 0,
    rev          bigint not null                   -- the last change of any kind, marks of members included
) with (fillfactor = 50);
create unique index chat_created_key on server.chat (created_by, created_key) where created_key <> '';  -- create-group again

-- The conversation of two people (low = high: somebody's saved messages).
create table server.direct (
    low  bigint not null,
    high bigint not null,
    chat bigint not null,
    primary key (low, high),                       -- "where do these two talk"
    check (low <= high)
);

-- A person in a conversation: rights, how far he is, his own options.
-- unread = chat.last_seq - watched_seq - messages deleted since. A message of one's own moves one's marks along.
create table server.member (
    chat           bigint not null,
    cid            bigint not null,
    peer           bigint not null,                -- what the member calls the conversation: the other's cid, or the group's
    role           text not null default 'member' check (role in ('owner', 'admin', 'member', 'left')),
    joined_rev     bigint not null,                -- who is the oldest member
    left_id        bigint not null default 9223372036854775807,     -- the last message he may read
    hidden_to_id   bigint not null default 0,      -- he deleted the conversation up to here, for himself
    received_id    bigint not null default 0,
    watched_id     bigint not null default 0,
    watched_seq    bigint not null default 0,
    pinned         boolean not null default false,
    archived       boolean not null default false,
    muted_until    bigint not null default 0,
    draft          text not null default '',
    draft_reply_id bigint not null default 0,
    draft_time     bigint not null default 0,
    rev            bigint not null,                -- the last change of this row alone (options, role, draft)
    primary key (chat, cid)                        -- the members of a conversation; one member's place in it
) with (fillfactor = 50);
create index member_cid on server.member (cid);    -- the conversations of a person
