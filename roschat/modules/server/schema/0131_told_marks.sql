-- Marks that are the reader's own: he has read, and the others are not told.

-- How far the others are told the member has come; null = as far as he has. Marks of `server.mark` are those told.
alter table server.member add column told_received_id bigint;
alter table server.member add column told_watched_id bigint;

drop function server.store_messages(bigint[], bigint[], bigint[], text[], text[], text[]);
drop function server.store_marks(bigint[], bigint[], boolean[], bigint);

-- As in 0060; `quiet` (null: nobody) says of each message that its author does not tell what he has read by then.
create function server.store_messages(
    chats bigint[], senders bigint[], times bigint[], keys text[], mentions text[], payloads text[],
    quiet boolean[] default null
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
               coalesce(u.quiet, false) as quiet, base + u.ord as id, c.last_seq, k.id as known, k.time as known_time
        from unnest(chats, senders, times, keys, mentions, payloads, quiet)
             with ordinality as u (chat, sender, time, key, mentions, payload, quiet, ord)
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
        select f.chat, f.sender, max(f.id) as id, max(f.seq) as seq, count(*) as own, max(f.time) as time,
               bool_or(f.quiet) as quiet
        from fresh f group by f.chat, f.sender
    ), marked as (
        -- Who writes has read what was before; only news are worth a row.
        insert into server.mark (chat, cid, rev, received_id, watched_id, time)
        select m.chat, m.cid, s.id, s.id, s.id, s.time
        from senders_moved s join server.member m on m.chat = s.chat and m.cid = s.sender
        where s.seq - s.own > m.watched_seq and not s.quiet
    ), watched as (
        update server.member m
        set received_id = s.id, watched_id = s.id, watched_seq = s.seq,
            told_received_id = case when s.quiet then coalesce(m.told_received_id, m.received_id) end,
            told_watched_id = case when s.quiet then coalesce(m.told_watched_id, m.watched_id) end
        from senders_moved s where m.chat = s.chat and m.cid = s.sender
    )
    select case when i.known is null and i.last_seq is not null then i.id else i.known end,
           coalesce(i.known_time, i.time), i.known is not null
    from input i
    order by i.id;
end $$;

-- As in 0060; `hide_received` and `hide_watched` (null: nobody) say of each mark what of it stays the reader's own.
-- Rows with `moved` also hold how far the others are told he is, and whether that is news to them; `authors` are those of
-- what they are told anew.
create function server.store_marks(
    cids bigint[], ids bigint[], watched boolean[], hide_received boolean[], hide_watched boolean[], at bigint
)
returns table (
    mark_chat bigint, mark_cid bigint, moved boolean, mark_received_id bigint, mark_watched_id bigint, unread bigint,
    authors bigint[], told_received_id bigint, told_watched_id bigint, told boolean
)
language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    now_rev bigint := server.next_revision();
begin
    return query
    with input as materialized (
        select i.ord, p.chat, i.cid, m.id, m.seq, i.watched, coalesce(i.hide_r, false) as hide_r,
               coalesce(i.hide_w, false) as hide_w
        from unnest(cids, ids, watched, hide_received, hide_watched)
             with ordinality as i (cid, id, watched, hide_r, hide_w, ord)
        left join server.message m on m.id = i.id
        -- `offset 0`: else the planner looks a member up by his chat alone and reads the whole group for each mark.
        left join lateral (
            select p.chat from server.member p where p.chat = m.chat and p.cid = i.cid and m.id <= p.left_id offset 0
        ) p on true
    ), reached as materialized (
        select i.chat, i.cid, max(i.id) as received_id, coalesce(max(i.id) filter (where i.watched), 0) as watched_id,
               coalesce(max(i.seq) filter (where i.watched), 0) as watched_seq,
               -- Who is told that it was read is told that it has arrived.
               coalesce(max(i.id) filter (where not i.hide_r or (i.watched and not i.hide_w)), 0) as open_received_id,
               coalesce(max(i.id) filter (where i.watched and not i.hide_w), 0) as open_watched_id
        from input i where i.chat is not null group by i.chat, i.cid
    ), places as materialized (
        select r.chat, r.cid, p.received_id as was_received_id, p.watched_id as was_watched_id,
               greatest(r.received_id, p.received_id) as received_id, greatest(r.watched_id, p.watched_id) as watched_id,
               greatest(r.watched_seq, p.watched_seq) as watched_seq,
               coalesce(p.told_received_id, p.received_id) as old_received_id,
               coalesce(p.told_watched_id, p.watched_id) as old_watched_id,
               greatest(r.open_received_id, p.told_received_id,
                        case when p.told_received_id is null then p.received_id end) as new_received_id,
               greatest(r.open_watched_id, p.told_watched_id,
                        case when p.told_watched_id is null then p.watched_id end) as new_watched_id
        from reached r join server.member p on p.chat = r.chat and p.cid = r.cid
    ), news as materialized (
        select p.*, p.new_received_id > p.old_received_id or p.new_watched_id > p.old_watched_id as told
        from places p
        where p.received_id > p.was_received_id or p.watched_id > p.was_watched_id
           or p.new_received_id > p.old_received_id or p.new_watched_id > p.old_watched_id
    ), members_moved as (
        update server.member p
        set received_id = n.received_id, watched_id = n.watched_id, watched_seq = n.watched_seq,
            told_received_id = nullif(n.new_received_id, n.received_id),
            told_watched_id = nullif(n.new_watched_id, n.watched_id)
        from news n where p.chat = n.chat and p.cid = n.cid
    ), chats_moved as (
        update server.chat c set rev = now_rev from (select distinct n.chat from news n) n where c.id = n.chat
    ), logged as (
        insert into server.mark (chat, cid, rev, received_id, watched_id, time)
        select n.chat, n.cid, now_rev, n.new_received_id, n.new_watched_id, at from news n where n.told
    ), told_of as materialized (
        select n.*, c.last_seq - n.watched_seq - (
                   select count(*) from server.message d
                   where d.chat = n.chat and d.id > n.watched_id and d.deleted_time > 0
               ) as unread,
               case when c.kind = 'group' and n.told then (
                   select array_agg(distinct a.sender) from (
                       select a.sender from server.message a
                       where a.chat = n.chat and a.id > least(
                           case when n.new_received_id > n.old_received_id then n.old_received_id
                                else n.new_received_id end,
                           case when n.new_watched_id > n.old_watched_id then n.old_watched_id else n.new_watched_id end
                       ) and a.id <= n.new_received_id
                       order by a.id desc limit 500
                   ) a
               ) end as authors
        from news n join server.chat c on c.id = n.chat
    )
    (select i.chat, i.cid, false, null::bigint, null::bigint, null::bigint, null::bigint[], null::bigint, null::bigint,
            null::boolean
     from input i order by i.ord)
    union all
    select t.chat, t.cid, true, t.received_id, t.watched_id, t.unread, t.authors, t.new_received_id, t.new_watched_id,
           t.told
    from told_of t;
end $$;
