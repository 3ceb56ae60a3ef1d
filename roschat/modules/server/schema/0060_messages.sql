-- Messages, marks, and earlier texts.

-- One row per message whoever reads it. `id` is the revision of its storing, so ids and revisions are one line: "what is
-- new or changed after N" = (id > N) and (rev > N where rev <> id), and most messages need no index on rev.
-- No foreign keys: a chat is never removed, and the check would cost a lock per row.
create table server.message (
    id           bigint primary key,
    chat         bigint not null,
    seq          bigint not null,                  -- 1, 2, 3 … inside the chat
    rev          bigint not null,                  -- of its last change
    sender       bigint not null,                  -- of a system message: who caused it
    time         bigint not null,
    deleted_time bigint not null default 0,
    key          text,                             -- the author's own; null = none
    mentions     bigint[],                         -- members it calls by name; null = none
    payload      text not null                     -- the rest of MessageView as JSON without braces, ready to be sent
);
create index message_chat on server.message (chat, id);                                  -- pages of history
create unique index message_key on server.message (sender, key) where key is not null;   -- "was this stored already"
create index message_changed on server.message (chat, rev) where rev <> id;              -- changes of one conversation
create index message_changed_rev on server.message (rev) where rev <> id;                -- changes of all: who follows the journal
create index message_deleted on server.message (chat, id) where deleted_time > 0;        -- not counted as unread
create index message_mentions on server.message (chat, id) where mentions is not null;   -- unread mentions

-- How far a member had come, and when: "who read it" is the first row that reaches the message.
create table server.mark (
    chat        bigint not null,
    cid         bigint not null,
    rev         bigint not null,
    received_id bigint not null,
    watched_id  bigint not null,
    time        bigint not null,
    primary key (chat, cid, rev)
);

-- What an edit or a deletion replaced, for the audit.
create table server.message_version (
    id    bigint not null,
    rev   bigint not null,                         -- of the change that replaced it
    data  text not null,
    until bigint not null,
    by    bigint not null,
    primary key (id, rev)                          -- the versions of a message in their order
);

create table server.scheduled_message (
    id        bigint generated always as identity primary key,
    sender    bigint not null,
    cid       bigint not null,
    cid_type  text not null,
    data      text not null,
    data_type text not null,
    reply_id  bigint not null default 0,
    send_time bigint not null,
    error     text not null default ''             -- why it was not sent; then it waits for its author
);
create index scheduled_due on server.scheduled_message (send_time) where error = '';     -- whose time has come
create index scheduled_sender on server.scheduled_message (sender);                      -- an author's list

-- Store a batch of messages, one element of each array per message; '' in keys and mentions is none.
-- Answers one row per message in their order: its id and time, and whether it was stored before under the same key; a
-- null id when the conversation does not exist. One statement does all, with plans made once, by indexes whatever the
-- size the tables had then.
create function server.store_messages(
    chats bigint[], senders bigint[], times bigint[], keys text[], mentions text[], payloads text[]
) returns table (message_id bigint, message_time bigint, repeated boolean)
language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    base bigint;
begin
    -- The journal first: statements after it see everything that was committed before this batch.
    update server.journal set rev = rev + cardinality(chats) returning rev - cardinality(chats) into base;
    return query
    with input as materialized (
        select u.chat, u.sender, u.time, nullif(u.key, '') as key, nullif(u.mentions, '')::bigint[] as mentions, u.payload,
               base + u.ord as id, c.last_seq, k.id as known, k.time as known_time
        from unnest(chats, senders, times, keys, mentions, payloads)
             with ordinality as u (chat, sender, time, key, mentions, payload, ord)
        left join server.chat c on c.id = u.chat
        left join server.message k on k.sender = u.sender and k.key = nullif(u.key, '')
    ), fresh as materialized (
        select i.*, i.last_seq + row_number() over (partition by i.chat order by i.id) as seq
        from input i
        where i.known is null and i.last_seq is not null
    ), stored as (
        insert into server.message (id, chat, seq, rev, sender, time, key, mentions, payload)
        select f.id, f.chat, f.seq, f.id, f.sender, f.time, f.key, f.mentions, f.payload from fresh f order by f.id
    ), chats_moved as (
        update server.chat c set last_id = f.id, last_seq = f.seq, last_time = f.time, rev = f.id
        from (select f.chat, max(f.id) as id, max(f.seq) as seq, max(f.time) as time from fresh f group by f.chat) f
        where c.id = f.chat
    ), senders_moved as materialized (
        select f.chat, f.sender, max(f.id) as id, max(f.seq) as seq, count(*) as own, max(f.time) as time
        from fresh f group by f.chat, f.sender
    ), marked as (
        -- Who writes has read what was before; only news are worth a row.
        insert into server.mark (chat, cid, rev, received_id, watched_id, time)
        select m.chat, m.cid, s.id, s.id, s.id, s.time
        from senders_moved s join server.member m on m.chat = s.chat and m.cid = s.sender
        where s.seq - s.own > m.watched_seq
    ), watched as (
        update server.member m set received_id = s.id, watched_id = s.id, watched_seq = s.seq
        from senders_moved s where m.chat = s.chat and m.cid = s.sender
    )
    select case when i.known is null and i.last_seq is not null then i.id else i.known end,
           coalesce(i.known_time, i.time), i.known is not null
    from input i
    order by i.id;
end $$;

-- Store a batch of marks: each contact has received, or watched, a message and all before it in its conversation.
-- Answers first one row per mark in their order, where `mark_chat` is null when the contact may not read such a message;
-- then, with `moved`, one row for each member who came further: how far he is now, and `authors`, who wrote what was newly
-- covered in a group (of the last 500 messages of it).
create function server.store_marks(cids bigint[], ids bigint[], watched boolean[], at bigint)
returns table (
    mark_chat bigint, mark_cid bigint, moved boolean, mark_received_id bigint, mark_watched_id bigint, unread bigint,
    authors bigint[]
)
language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    now_rev bigint := server.next_revision();
begin
    return query
    with input as materialized (
        select i.ord, p.chat, i.cid, m.id, m.seq, i.watched
        from unnest(cids, ids, watched) with ordinality as i (cid, id, watched, ord)
        left join server.message m on m.id = i.id
        -- `offset 0`: else the planner looks a member up by his chat alone and reads the whole group for each mark.
        left join lateral (
            select p.chat from server.member p where p.chat = m.chat and p.cid = i.cid and m.id <= p.left_id offset 0
        ) p on true
    ), reached as materialized (
        select i.chat, i.cid, max(i.id) as received_id, coalesce(max(i.id) filter (where i.watched), 0) as watched_id,
               coalesce(max(i.seq) filter (where i.watched), 0) as watched_seq
        from input i where i.chat is not null group by i.chat, i.cid
    ), news as materialized (
        select r.chat, r.cid, p.received_id as old_received_id, p.watched_id as old_watched_id,
               greatest(r.received_id, p.received_id) as received_id, greatest(r.watched_id, p.watched_id) as watched_id,
               greatest(r.watched_seq, p.watched_seq) as watched_seq
        from reached r join server.member p on p.chat = r.chat and p.cid = r.cid
        where r.received_id > p.received_id or r.watched_id > p.watched_id
    ), members_moved as (
        update server.member p
        set received_id = n.received_id, watched_id = n.watched_id, watched_seq = n.watched_seq
        from news n where p.chat = n.chat and p.cid = n.cid
    ), chats_moved as (
        update server.chat c set rev = now_rev from (select distinct n.chat from news n) n where c.id = n.chat
    ), logged as (
        insert into server.mark (chat, cid, rev, received_id, watched_id, time)
        select n.chat, n.cid, now_rev, n.received_id, n.watched_id, at from news n
    ), told as materialized (
        select n.*, c.last_seq - n.watched_seq - (
                   select count(*) from server.message d
                   where d.chat = n.chat and d.id > n.watched_id and d.deleted_time > 0
               ) as unread,
               case when c.kind = 'group' then (
                   select array_agg(distinct a.sender) from (
                       select a.sender from server.message a
                       where a.chat = n.chat and a.id > least(
                           case when n.received_id > n.old_received_id then n.old_received_id else n.received_id end,
                           case when n.watched_id > n.old_watched_id then n.old_watched_id else n.watched_id end
                       ) and a.id <= n.received_id
                       order by a.id desc limit 500
                   ) a
               ) end as authors
        from news n join server.chat c on c.id = n.chat
    )
    (select i.chat, i.cid, false, null::bigint, null::bigint, null::bigint, null::bigint[] from input i order by i.ord)
    union all
    select t.chat, t.cid, true, t.received_id, t.watched_id, t.unread, t.authors from told t;
end $$;
