"""SQL of conversations: finding, members, options of a member, groups.

Whatever changes a conversation takes `next_revision` first; from then to the commit the transaction is alone in the
journal, so what it reads afterwards does not change under it.
"""

from dataclasses import dataclass

from roschat.kernel.db import Transaction
from roschat.types import ChatId, ContactId, FileName, MessageId, Revision, Seconds


@dataclass(frozen=True, slots=True)
class Contact:
    """What a conversation must know of a contact."""

    cid: ContactId
    kind: str
    active: bool
    surname: str
    name: str


async def contacts(tx: Transaction, cids: list[ContactId]) -> list[Contact]:
    """Those of the contacts that exist."""
    return await tx.rows(
        "select cid, kind, active, surname, name from server.contact where cid = any(%s)", cids, kind=Contact
    )


async def partners(tx: Transaction, viewer: ContactId, among: list[ContactId] | None) -> list[ContactId]:
    """Those who are or were in a conversation that the viewer is or was in; `among` None: whoever it is."""
    return await tx.rows(
        "select distinct o.cid from server.member m join server.member o on o.chat = m.chat"
        " where m.cid = %s and o.cid <> m.cid and (%s::bigint[] is null or o.cid = any(%s))",
        viewer, among, among,
        kind=ContactId,
    )  # fmt: skip


async def next_revision(tx: Transaction) -> Revision:
    """The next revision; the transaction is alone in the journal from here on."""
    return Revision(await tx.value("select server.next_revision()"))


async def direct(tx: Transaction, low: ContactId, high: ContactId) -> ChatId | None:
    """The conversation of two, `low` <= `high`."""
    return await tx.value("select chat from server.direct where low = %s and high = %s", low, high)  # type: ignore[no-any-return]


async def create_direct(tx: Transaction, low: ContactId, high: ContactId, now: Seconds) -> ChatId:
    """Make the conversation of two, or find the one that somebody else has made meanwhile."""
    rev = await next_revision(tx)
    known = await direct(tx, low, high)
    if known is not None:
        return known
    chat = await tx.value(
        "insert into server.chat (kind, created_by, created_time, members, rev)"
        " values ('user', %s, %s, %s, %s) returning id",
        low, now, 1 if low == high else 2, rev,
    )  # fmt: skip
    await tx.run("insert into server.direct (low, high, chat) values (%s, %s, %s)", low, high, chat)
    await tx.run(
        "insert into server.member (chat, cid, peer, joined_rev, rev)"
        " select distinct %s::bigint, p.cid, p.peer, %s::bigint, %s::bigint"
        " from (values (%s::bigint, %s::bigint), (%s, %s)) as p (cid, peer)",
        chat, rev, rev, low, high, high, low,
    )  # fmt: skip
    return ChatId(chat)


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A member as the cache of memberships needs it."""

    kind: str
    cid: ContactId
    role: str
    left_id: int
    hidden_to_id: int


async def seats(tx: Transaction, chat: ChatId) -> list[SeatRow]:
    """Everybody who is or was in a conversation: owner, admins, members, each in the order of joining."""
    return await tx.rows(
        "select c.kind, m.cid, m.role, m.left_id, m.hidden_to_id"
        " from server.member m join server.chat c on c.id = m.chat where m.chat = %s"
        " order by array_position(array['owner', 'admin', 'member', 'left'], m.role), m.joined_rev, m.cid",
        chat,
        kind=SeatRow,
    )


async def set_options(
    tx: Transaction,
    chat: ChatId,
    cid: ContactId,
    *,
    pinned: bool | None,
    archived: bool | None,
    muted_until: Seconds | None,
) -> None:
    """Change the member's own options; None stays."""
    rev = await next_revision(tx)
    await tx.run(
        "update server.member set pinned = coalesce(%s, pinned), archived = coalesce(%s, archived),"
        " muted_until = coalesce(%s, muted_until), rev = %s where chat = %s and cid = %s",
        pinned, archived, muted_until, rev, chat, cid,
    )  # fmt: skip


async def set_draft(
    tx: Transaction, chat: ChatId, cid: ContactId, text: str, reply_id: MessageId, now: Seconds
) -> bool:
    """Keep the member's draft; answers whether anything changed."""
    rev = await next_revision(tx)
    changed = await tx.run(
        "update server.member set draft = %s, draft_reply_id = %s, draft_time = %s, rev = %s"
        " where chat = %s and cid = %s and (draft, draft_reply_id) <> (%s, %s)",
        text, reply_id if text else 0, now if text else 0, rev, chat, cid, text, reply_id if text else 0,
    )  # fmt: skip
    return changed > 0


async def hide(tx: Transaction, chat: ChatId, cid: ContactId, now: Seconds, *, quiet: bool) -> None:
    """Take the conversation off the member's list: everything up to now is hidden from him, and counts as read.

    With `quiet` the others are not told that it does.
    """
    rev = await next_revision(tx)
    await tx.run(
        "insert into server.mark (chat, cid, rev, received_id, watched_id, time)"
        " select c.id, m.cid, %s, c.last_id, c.last_id, %s from server.member m join server.chat c on c.id = m.chat"
        " where m.chat = %s and m.cid = %s and m.watched_id < c.last_id and not %s",
        rev, now, chat, cid, quiet,
    )  # fmt: skip
    await tx.run(
        "update server.member m set hidden_to_id = least(c.last_id, m.left_id), received_id = c.last_id,"
        " watched_id = c.last_id, watched_seq = c.last_seq, pinned = false, archived = false,"
        " draft = '', draft_reply_id = 0, draft_time = 0, rev = %s,"
        " told_received_id = case when %s then coalesce(m.told_received_id, m.received_id) end,"
        " told_watched_id = case when %s then coalesce(m.told_watched_id, m.watched_id) end"
        " from server.chat c where c.id = m.chat and m.chat = %s and m.cid = %s",
        rev, quiet, quiet, chat, cid,
    )  # fmt: skip
    await tx.run("update server.chat set rev = %s where id = %s", rev, chat)


async def unwatched(tx: Transaction, cid: ContactId) -> list[MessageId]:
    """The newest message of each conversation in which the contact has not read everything."""
    return await tx.rows(
        "select c.last_id from server.member m join server.chat c on c.id = m.chat"
        " where m.cid = %s and m.role <> 'left' and m.watched_id < c.last_id",
        cid,
        kind=MessageId,
    )


async def pin(tx: Transaction, chat: ChatId, message: MessageId) -> bool:
    """Pin a message of the conversation, or none; answers whether there is such a message."""
    rev = await next_revision(tx)
    return (
        await tx.run(
            "update server.chat c set pinned_id = %s, rev = %s where c.id = %s and (%s = 0 or exists ("
            "select from server.message m where m.id = %s and m.chat = c.id and m.deleted_time = 0))",
            message, rev, chat, message, message,
        )
        > 0
    )  # fmt: skip


async def created_group(tx: Transaction, creator: ContactId, key: str) -> ChatId | None:
    """The group that its creator made under this key."""
    return await tx.value(  # type: ignore[no-any-return]
        "select id from server.chat where created_by = %s and created_key = %s and created_key <> ''", creator, key
    )


async def create_group(
    tx: Transaction,
    *,
    rev: Revision,
    creator: ContactId,
    key: str,
    name: str,
    description: str,
    avatar: FileName,
    members: list[ContactId],
    now: Seconds,
) -> ChatId:
    """Make a group; `members` are those beside the creator."""
    chat = ChatId(
        await tx.value(
            "insert into server.chat"
            " (kind, name, description, avatar, created_by, created_key, created_time, members, rev)"
            " values ('group', %s, %s, %s, %s, %s, %s, 0, %s) returning id",
            name, description, avatar, creator, key, now, rev,
        )
    )  # fmt: skip
    await join(tx, chat, [creator], rev)
    await join(tx, chat, members, rev)
    await set_role(tx, chat, creator, "owner", rev)
    return chat


async def change_group(
    tx: Transaction, chat: ChatId, rev: Revision, name: str | None, description: str | None, avatar: FileName | None
) -> None:
    """Change what is not None."""
    await tx.run(
        "update server.chat set name = coalesce(%s, name), description = coalesce(%s, description),"
        " avatar = coalesce(%s, avatar), rev = %s where id = %s",
        name, description, avatar, rev, chat,
    )  # fmt: skip


async def join(tx: Transaction, chat: ChatId, cids: list[ContactId], rev: Revision) -> None:
    """Put people in, also those who left once. They see the whole past, but nothing of it counts as unread."""
    await tx.run(
        "insert into server.member (chat, cid, peer, joined_rev, received_id, watched_id, watched_seq, rev)"
        " select c.id, p.cid, c.id, %s, c.last_id, c.last_id, c.last_seq, %s"
        " from server.chat c, unnest(%s::bigint[]) as p (cid) where c.id = %s"
        " on conflict (chat, cid) do update set role = 'member', left_id = default, hidden_to_id = 0,"
        " joined_rev = excluded.joined_rev, received_id = excluded.received_id, watched_id = excluded.watched_id,"
        " watched_seq = excluded.watched_seq, told_received_id = null, told_watched_id = null, rev = excluded.rev",
        rev, rev, cids, chat,
    )  # fmt: skip
    await _recount(tx, chat, rev)


async def leave(tx: Transaction, chat: ChatId, cid: ContactId, rev: Revision) -> None:
    """A member is out; he may read up to now, and has no unread messages."""
    await tx.run(
        "update server.member m set role = 'left', left_id = c.last_id, received_id = c.last_id,"
        " watched_id = c.last_id, watched_seq = c.last_seq, rev = %s"
        " from server.chat c where c.id = m.chat and m.chat = %s and m.cid = %s",
        rev, chat, cid,
    )  # fmt: skip
    await _recount(tx, chat, rev)


async def set_role(tx: Transaction, chat: ChatId, cid: ContactId, role: str, rev: Revision) -> None:
    """Give a member a role."""
    await tx.run("update server.member set role = %s, rev = %s where chat = %s and cid = %s", role, rev, chat, cid)
    await tx.run("update server.chat set rev = %s where id = %s", rev, chat)


async def _recount(tx: Transaction, chat: ChatId, rev: Revision) -> None:
    await tx.run(
        "update server.chat set rev = %s,"
        " members = (select count(*) from server.member where chat = %s and role <> 'left') where id = %s",
        rev, chat, chat,
    )  # fmt: skip


@dataclass(slots=True)
class ViewRow:
    """A conversation as one member sees it; the message columns are None when there is none he may see."""

    journal: Revision
    listed: bool
    chat: ChatId
    viewer: ContactId
    peer: int
    kind: str
    rev: Revision
    name: str
    description: str
    avatar: FileName
    role: str
    members: int
    unread: int
    mentions: int
    watched_id: MessageId
    peer_received_id: MessageId
    peer_watched_id: MessageId
    pinned: bool
    archived: bool
    muted_until: Seconds
    draft: str
    draft_reply_id: MessageId
    draft_time: Seconds
    pinned_id: MessageId
    hidden_to_id: MessageId
    last_id: int | None
    last_rev: int
    last_sender: int
    last_key: str | None
    last_mentions: list[ContactId] | None
    last_payload: str


# Constants only: nothing of a request gets into the text of a statement.
_VIEW = (
    "(c.last_id > m.hidden_to_id and m.left_id > m.hidden_to_id) or m.draft <> '' as listed,"
    " c.id, m.cid as viewer, m.peer, c.kind, greatest(c.rev, m.rev) as rev, c.name, c.description, c.avatar,"
    " m.role, c.members,"
    " case when m.role = 'left' then 0 else c.last_seq - m.watched_seq - (select count(*) from server.message d"
    " where d.chat = c.id and d.id > m.watched_id and d.deleted_time > 0) end as unread,"
    " (select count(*) from server.message d where d.chat = c.id and d.id > m.watched_id and d.id <= m.left_id"
    " and d.deleted_time = 0 and d.mentions @> array[m.cid]) as mentions,"
    " m.watched_id, coalesce(p.received_id, 0) as peer_received_id, coalesce(p.watched_id, 0) as peer_watched_id,"
    " m.pinned, m.archived, m.muted_until, m.draft, m.draft_reply_id, m.draft_time, c.pinned_id,"
    " m.hidden_to_id,"
    " l.id as last_id, l.rev as last_rev, l.sender, l.key, l.mentions as last_mentions, l.payload"
    " from server.member m join server.chat c on c.id = m.chat left join lateral ("
    "select x.id, x.rev, x.sender, x.key, x.mentions, x.payload from server.message x"
    " where x.chat = c.id and x.id > m.hidden_to_id and x.id <= m.left_id and x.deleted_time = 0"
    " order by x.id desc limit 1) l on true"
)


async def views_of_person(
    tx: Transaction, cid: ContactId, min_rev: Revision, chat: ChatId | None
) -> tuple[Revision, list[ViewRow]]:
    """The conversations of a person that changed after `min_rev` (one alone when given), newest first, and the journal.

    Conversations that are not listed any more are among them.
    """
    rows = await tx.rows(
        "select j.rev, v.* from server.journal j left join lateral (select " + _VIEW + " left join lateral ("  # noqa: S608
        "select max(coalesce(o.told_received_id, o.received_id)) as received_id,"
        " max(coalesce(o.told_watched_id, o.watched_id)) as watched_id from server.member o"
        " where o.chat = c.id and o.cid <> m.cid) p on true"
        " where m.cid = %s and greatest(c.rev, m.rev) > %s and (%s::bigint is null or c.id = %s)"
        ") v on true order by coalesce(v.last_id, 0) desc",
        cid, min_rev, chat, chat,
        kind=ViewRow,
    )  # fmt: skip
    return rows[0].journal, [row for row in rows if row.chat is not None]


async def views_of_chat(tx: Transaction, chat: ChatId, cids: list[ContactId]) -> list[ViewRow]:
    """One conversation as each of these members sees it."""
    # The furthest mark of the others is the furthest of all, or the second when the viewer's own is the furthest.
    return await tx.rows(
        "with furthest as materialized (select"  # noqa: S608
        " (array_agg(r order by r desc))[1:2] as received, (array_agg(w order by w desc))[1:2] as watched from ("
        "select coalesce(told_received_id, received_id) as r, coalesce(told_watched_id, watched_id) as w"
        " from server.member where chat = %s) o)"
        " select 0::bigint, v.* from (select " + _VIEW + " cross join lateral ("
        "select case when coalesce(m.told_received_id, m.received_id) < f.received[1]"
        " then f.received[1] else f.received[2] end as received_id,"
        " case when coalesce(m.told_watched_id, m.watched_id) < f.watched[1]"
        " then f.watched[1] else f.watched[2] end as watched_id"
        " from furthest f) p where m.chat = %s and m.cid = any(%s)) v",
        chat, chat, cids,
        kind=ViewRow,
    )  # fmt: skip
