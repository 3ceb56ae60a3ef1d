"""All SQL of channels. Whoever changes a channel takes a revision of the journal first, so changes stand in a line."""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

import msgspec
from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.server.channels.api import (
    ChannelMember,
    ChannelRow,
    ChannelView,
    CommentView,
    PublicationFile,
    PublicationView,
)
from roschat.types import ChannelId, ContactId, FileName, PublicationId, Revision, Seconds

_files = msgspec.json.Decoder(list[PublicationFile])
_encode = msgspec.json.Encoder().encode


class Place(Struct, frozen=True):
    """A channel and what somebody is in it; `role` is empty for a stranger."""

    id: ChannelId
    closed: bool
    comments: bool
    last_pub: int
    role: str
    subscribed: bool


async def place(tx: Transaction, channel: ChannelId, cid: ContactId) -> Place | None:
    """A channel that is not deleted, seen from a contact."""
    return await tx.row(
        """
        SELECT c.id, c.closed, c.comments, c.last_pub, coalesce(m.role, ''), coalesce(m.subscribed, false)
        FROM server.channel c LEFT JOIN server.channel_member m ON m.channel = c.id AND m.cid = %s
        WHERE c.id = %s AND c.deleted = 0
        """,
        cid, channel, kind=Place,
    )  # fmt: skip


async def next_revision(tx: Transaction) -> Revision:
    """The next revision; from here on the caller is alone in the journal until the commit."""
    return Revision(int(await tx.value("SELECT server.next_revision()")))


async def new_channel(tx: Transaction) -> ChannelId:
    """A number for a channel."""
    return ChannelId(int(await tx.value("SELECT nextval(pg_get_serial_sequence('server.channel', 'id'))")))


async def add_channel(
    tx: Transaction, channel: ChannelId, name: str, description: str, sought: str, closed: bool, avatar: FileName,
    comments: bool, time: int, rev: Revision,
) -> None:  # fmt: skip
    """Write a new channel."""
    await tx.run(
        """
        INSERT INTO server.channel (id, name, description, sought, closed, avatar, comments, created, rev)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        channel, name, description, sought, closed, avatar, comments, time, rev,
    )  # fmt: skip


class Texts(Struct, frozen=True):
    """What a channel says of itself."""

    name: str
    description: str


async def texts(tx: Transaction, channel: ChannelId) -> Texts | None:
    """Name and description."""
    return await tx.row("SELECT name, description FROM server.channel WHERE id = %s", channel, kind=Texts)


async def change_channel(
    tx: Transaction, channel: ChannelId, rev: Revision, name: str | None, description: str | None, sought: str,
    closed: bool | None, avatar: FileName | None, comments: bool | None,
) -> None:  # fmt: skip
    """Change what is given."""
    await tx.run(
        """
        UPDATE server.channel SET name = coalesce(%s, name), description = coalesce(%s, description), sought = %s,
            closed = coalesce(%s, closed), avatar = coalesce(%s, avatar), comments = coalesce(%s, comments), rev = %s
        WHERE id = %s
        """,
        name, description, sought, closed, avatar, comments, rev, channel,
    )  # fmt: skip


async def delete_channel(tx: Transaction, channel: ChannelId, time: int, rev: Revision) -> None:
    """Hide a channel from everybody."""
    await tx.run("UPDATE server.channel SET deleted = %s, rev = %s WHERE id = %s", time, rev, channel)


async def verify(tx: Transaction, channel: ChannelId, verified: bool, rev: Revision) -> str | None:
    """Set the mark of a public channel; its name, or None when there is no such channel."""
    name: str | None = await tx.value(
        "UPDATE server.channel SET verified = %s, rev = %s WHERE id = %s AND deleted = 0 AND NOT closed RETURNING name",
        verified, rev, channel,
    )  # fmt: skip
    return name


_VIEW: LiteralString = """
    SELECT m.cid, c.id, c.name, c.description, c.closed, c.verified, c.avatar, c.comments, c.rev,
        coalesce(m.role, ''), coalesce(m.subscribed, false), coalesce(m.watched_id, 0), coalesce(m.muted_until, 0),
        coalesce(m.pinned, false),
        (SELECT count(*) FROM server.channel_member a WHERE a.channel = c.id AND a.role = 'admin'),
        (SELECT count(*) FROM server.channel_member s WHERE s.channel = c.id AND s.role = 'subscriber'),
        CASE WHEN m.cid IS NULL THEN 0 ELSE
            (SELECT count(*) FROM server.publication u
             WHERE u.channel = c.id AND u.deleted = 0 AND u.id > m.watched_id) END,
        p.id, p.cid, p.title, p.text, p.files, p.time, p.edited, p.comments, p.rev
"""
_LAST: LiteralString = """
    LEFT JOIN LATERAL (
        SELECT * FROM server.publication p WHERE p.channel = c.id AND p.deleted = 0 ORDER BY p.id DESC LIMIT 1
    ) p ON true
"""


class Shown(Struct, frozen=True):
    """A channel as one reader sees it."""

    reader: ContactId
    view: ChannelView


def _shown(
    reader: int | None, channel: int, name: str, description: str, closed: bool, verified: bool, avatar: str,
    comments: bool, rev: int, role: str, subscribed: bool, watched: int, muted: int, pinned: bool, admins: int,
    subscribers: int, unread: int, *last: Any,
) -> Shown:  # fmt: skip
    view = ChannelView(
        ch_id=ChannelId(channel),
        name=name,
        rev=Revision(rev),
        description=description,
        closed=closed,
        verified=verified,
        avatar=FileName(avatar),
        role="invited" if role == "subscriber" and not subscribed else role,
        subscribed=subscribed,
        admins=admins,
        subscribers=subscribers,
        unread=unread,
        watched_id=PublicationId(watched),
        last=None if last[0] is None else _last(channel, *last),
        comments=comments,
        muted_until=Seconds(muted),
        pinned=pinned,
    )
    return Shown(ContactId(reader or 0), view)


async def channels_of(tx: Transaction, cid: ContactId) -> list[Shown]:
    """The channels somebody is in, the newest publication first."""
    return await tx.rows(
        _VIEW
        + "FROM server.channel_member m JOIN server.channel c ON c.id = m.channel"
        + _LAST
        + "WHERE m.cid = %s AND c.deleted = 0 ORDER BY coalesce(p.time, c.created) DESC, c.id DESC",
        cid, kind=_shown,
    )  # fmt: skip


async def shown_to(tx: Transaction, channel: ChannelId, readers: Iterable[ContactId] | None = None) -> list[Shown]:
    """A channel as its people see it: all of them, or those among `readers`."""
    wanted = None if readers is None else list(readers)
    return await tx.rows(
        _VIEW
        + "FROM server.channel c JOIN server.channel_member m ON m.channel = c.id"
        + _LAST
        + "WHERE c.id = %s AND c.deleted = 0 AND (%s::bigint[] IS NULL OR m.cid = ANY(%s))",
        channel, wanted, wanted, kind=_shown,
    )  # fmt: skip


async def seen_by(tx: Transaction, channel: ChannelId, reader: ContactId) -> Shown | None:
    """A channel as anybody sees it who may."""
    return await tx.row(
        _VIEW
        + "FROM server.channel c LEFT JOIN server.channel_member m ON m.channel = c.id AND m.cid = %s"
        + _LAST
        + "WHERE c.id = %s AND c.deleted = 0",
        reader, channel, kind=_shown,
    )  # fmt: skip


async def find_public(tx: Transaction, words: Sequence[str], reader: ContactId, count: int) -> list[Shown]:
    """Public channels that hold all the words, those with more people first."""
    return await tx.rows(
        _VIEW  # noqa: S608 - constants
        + "FROM server.channel c LEFT JOIN server.channel_member m ON m.channel = c.id AND m.cid = %s"
        + _LAST
        + """
        WHERE c.deleted = 0 AND NOT c.closed AND c.sought LIKE ALL (%s::text[])
        ORDER BY (SELECT count(*) FROM server.channel_member a WHERE a.channel = c.id) DESC, c.id LIMIT %s
        """,
        reader, [f"%{word}%" for word in words], count, kind=_shown,
    )  # fmt: skip


_ROW: LiteralString = """
    SELECT c.id, c.name, c.description, c.verified, c.avatar,
        (SELECT count(*) FROM server.channel_member a WHERE a.channel = c.id AND a.role = 'admin'),
        (SELECT count(*) FROM server.channel_member s WHERE s.channel = c.id AND s.role = 'subscriber'),
        (SELECT count(*) FROM server.publication u WHERE u.channel = c.id AND u.deleted = 0),
        c.created,
        coalesce((SELECT u.time FROM server.publication u WHERE u.channel = c.id AND u.deleted = 0
            ORDER BY u.id DESC LIMIT 1), 0)
    FROM server.channel c
"""


async def public(
    tx: Transaction, words: Sequence[str], verified: bool | None, order: str, descending: bool, offset: int, count: int
) -> list[ChannelRow]:
    """A page of public channels; `order` is one of ORDERS."""
    return await tx.rows(
        _ROW
        + "WHERE c.deleted = 0 AND NOT c.closed AND c.sought LIKE ALL (%s::text[])"
        + " AND (%s::bool IS NULL OR verified = %s) "
        + ORDERS[order, descending]
        + " OFFSET %s LIMIT %s",
        [f"%{word}%" for word in words], verified, verified, offset, count, kind=ChannelRow,
    )  # fmt: skip


ORDERS: dict[tuple[str, bool], LiteralString] = {
    ("name", False): "ORDER BY lower(c.name), c.id",
    ("name", True): "ORDER BY lower(c.name) DESC, c.id",
    ("subscribers", False): "ORDER BY 7, c.id",
    ("subscribers", True): "ORDER BY 7 DESC, c.id",
    ("created", False): "ORDER BY c.created, c.id",
    ("created", True): "ORDER BY c.created DESC, c.id",
    ("last", False): "ORDER BY 10, c.id",
    ("last", True): "ORDER BY 10 DESC, c.id",
}


async def count_public(tx: Transaction, words: Sequence[str], verified: bool | None) -> int:
    """How many public channels match."""
    found: int = await tx.value(
        "SELECT count(*) FROM server.channel WHERE deleted = 0 AND NOT closed AND sought LIKE ALL (%s::text[])"
        " AND (%s::bool IS NULL OR verified = %s)",
        [f"%{word}%" for word in words], verified, verified,
    )  # fmt: skip
    return found


async def members(tx: Transaction, channel: ChannelId, role: str = "") -> list[ChannelMember]:
    """The people of a channel, the first ones first."""
    return await tx.rows(
        "SELECT cid, role FROM server.channel_member WHERE channel = %s AND (role = %s OR %s = '') ORDER BY since, cid",
        channel, role, role, kind=ChannelMember,
    )  # fmt: skip


async def audience(tx: Transaction, channel: ChannelId) -> list[ContactId]:
    """Everybody in a channel."""
    return await tx.rows("SELECT cid FROM server.channel_member WHERE channel = %s", channel, kind=ContactId)


async def people(tx: Transaction, cids: Sequence[ContactId]) -> set[ContactId]:
    """Those of the contacts who are active people."""
    return set(
        await tx.rows(
            "SELECT cid FROM server.contact WHERE cid = ANY(%s) AND active AND kind = 'person'",
            list(cids), kind=ContactId,
        )
    )  # fmt: skip


async def join(
    tx: Transaction, channel: ChannelId, cids: Sequence[ContactId], role: str, subscribed: bool, time: int
) -> None:
    """Bring people in; nobody loses a role or a subscription by it. What was published before is not unread to them."""
    await tx.run(
        """
        INSERT INTO server.channel_member AS m (channel, cid, role, subscribed, watched_id, since)
        SELECT c.id, n.cid, %s, %s, c.last_pub, %s FROM server.channel c, unnest(%s::bigint[]) n (cid) WHERE c.id = %s
        ON CONFLICT (channel, cid) DO UPDATE SET subscribed = m.subscribed OR excluded.subscribed,
            role = CASE WHEN excluded.role = 'admin' THEN 'admin' ELSE m.role END
        """,
        role, subscribed, time, list(cids), channel,
    )  # fmt: skip


async def leave(tx: Transaction, channel: ChannelId, cid: ContactId) -> bool:
    """Take somebody out; False when he is the last admin."""
    return bool(
        await tx.run(
            """
            DELETE FROM server.channel_member m WHERE m.channel = %s AND m.cid = %s
            AND (m.role <> 'admin' OR EXISTS (
                SELECT 1 FROM server.channel_member o
                WHERE o.channel = m.channel AND o.role = 'admin' AND o.cid <> m.cid))
            """,
            channel, cid,
        )
    )  # fmt: skip


async def set_options(
    tx: Transaction, channel: ChannelId, cid: ContactId, muted_until: int | None, pinned: bool | None
) -> None:
    """Change the reader's own options that are given."""
    await tx.run(
        """
        UPDATE server.channel_member SET muted_until = coalesce(%s, muted_until), pinned = coalesce(%s, pinned)
        WHERE channel = %s AND cid = %s
        """,
        muted_until, pinned, channel, cid,
    )  # fmt: skip


async def watch(tx: Transaction, channel: ChannelId, cid: ContactId, publication: PublicationId) -> bool:
    """Move the reader's mark on; False when it stands there already or further."""
    return bool(
        await tx.run(
            """
            UPDATE server.channel_member m SET watched_id = least(%s, c.last_pub) FROM server.channel c
            WHERE c.id = m.channel AND m.channel = %s AND m.cid = %s AND m.watched_id < least(%s, c.last_pub)
            """,
            publication, channel, cid, publication,
        )
    )  # fmt: skip


# Publications.


def _last(
    channel: int, publication: int, cid: int, title: str, text: str, files: str, time: int, edited: int, comments: int,
    rev: int,
) -> PublicationView:  # fmt: skip
    return _publication(channel, publication, cid, title, text, files, time, edited, 0, comments, rev)


def _publication(
    channel: int, publication: int, cid: int, title: str, text: str, files: str, time: int, edited: int, deleted: int,
    comments: int, rev: int,
) -> PublicationView:  # fmt: skip
    gone = deleted > 0
    return PublicationView(
        ch_id=ChannelId(channel),
        pub_id=PublicationId(publication),
        cid=ContactId(cid),
        title="" if gone else title,
        time=Seconds(time),
        rev=Revision(rev),
        text="" if gone else text,
        files=[] if gone else _files.decode(files),
        comments=0 if gone else comments,
        edited_time=Seconds(edited),
        deleted_time=Seconds(deleted),
    )


_PUBLICATION: LiteralString = """
    SELECT p.channel, p.id, p.cid, p.title, p.text, p.files, p.time, p.edited, p.deleted, p.comments, p.rev
    FROM server.publication p
"""


async def published_as(tx: Transaction, channel: ChannelId, cid: ContactId, key: str) -> PublicationId | None:
    """The publication that its author sent with this key."""
    return await tx.row(
        "SELECT id FROM server.publication WHERE channel = %s AND cid = %s AND key = %s AND key <> ''",
        channel, cid, key, kind=PublicationId,
    )  # fmt: skip


async def add_publication(
    tx: Transaction, channel: ChannelId, cid: ContactId, title: str, text: str, files: list[PublicationFile], key: str,
    time: int, rev: Revision,
) -> PublicationId:  # fmt: skip
    """Write a publication under the next number of its channel. To its author it is not unread."""
    number = PublicationId(
        int(
            await tx.value(
                "UPDATE server.channel SET last_pub = last_pub + 1, rev = %s WHERE id = %s RETURNING last_pub",
                rev, channel,
            )
        )
    )  # fmt: skip
    await tx.run(
        """
        INSERT INTO server.publication (channel, id, cid, title, text, files, time, key, rev)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        channel, number, cid, title, text, _encode(files).decode(), time, key, rev,
    )  # fmt: skip
    await tx.run(
        "UPDATE server.channel_member SET watched_id = %s WHERE channel = %s AND cid = %s", number, channel, cid
    )
    return number


async def edit_publication(
    tx: Transaction, channel: ChannelId, publication: PublicationId, title: str, text: str,
    files: list[PublicationFile], time: int, rev: Revision,
) -> None:  # fmt: skip
    """Replace what a publication says."""
    await tx.run(
        """
        UPDATE server.publication SET title = %s, text = %s, files = %s, edited = %s, rev = %s
        WHERE channel = %s AND id = %s
        """,
        title, text, _encode(files).decode(), time, rev, channel, publication,
    )  # fmt: skip


async def delete_publication(
    tx: Transaction, channel: ChannelId, publication: PublicationId, time: int, rev: Revision
) -> None:
    """Hide a publication from everybody."""
    await tx.run(
        "UPDATE server.publication SET deleted = %s, rev = %s WHERE channel = %s AND id = %s",
        time, rev, channel, publication,
    )  # fmt: skip


async def publication(tx: Transaction, channel: ChannelId, publication: PublicationId) -> PublicationView | None:
    """One publication, a deleted one too."""
    return await tx.row(_PUBLICATION + "WHERE p.channel = %s AND p.id = %s", channel, publication, kind=_publication)


async def newest(tx: Transaction, channel: ChannelId, before: int, after: int, count: int) -> list[PublicationView]:
    """Publications between two numbers, both excluded, the newest `count`, newest first."""
    return await tx.rows(
        _PUBLICATION
        + "WHERE p.channel = %s AND p.deleted = 0 AND p.id < %s AND p.id > %s ORDER BY p.id DESC LIMIT %s",
        channel, before, after, count, kind=_publication,
    )  # fmt: skip


async def next_after(tx: Transaction, channel: ChannelId, after: int, count: int) -> list[PublicationView]:
    """The `count` publications next to a number, newest first."""
    found = await tx.rows(
        _PUBLICATION + "WHERE p.channel = %s AND p.deleted = 0 AND p.id > %s ORDER BY p.id LIMIT %s",
        channel, after, count, kind=_publication,
    )  # fmt: skip
    return found[::-1]


async def neighbours(tx: Transaction, channel: ChannelId, oldest: int, latest: int) -> tuple[bool, bool]:
    """Whether there are publications before the one and after the other."""
    found = await tx.row(
        """
        SELECT EXISTS (SELECT 1 FROM server.publication WHERE channel = %s AND deleted = 0 AND id < %s),
               EXISTS (SELECT 1 FROM server.publication WHERE channel = %s AND deleted = 0 AND id > %s)
        """,
        channel, oldest, channel, latest, kind=lambda older, newer: (older, newer),
    )  # fmt: skip
    return found or (False, False)


# Comments.

_COMMENT: LiteralString = (
    "SELECT id, channel, publication, cid, CASE WHEN deleted > 0 THEN '' ELSE text END, time, deleted "
    "FROM server.comment "
)


async def commented_as(
    tx: Transaction, channel: ChannelId, publication: PublicationId, cid: ContactId, key: str
) -> CommentView | None:
    """The comment that its author sent with this key."""
    return await tx.row(
        _COMMENT + "WHERE channel = %s AND publication = %s AND cid = %s AND key = %s AND key <> ''",
        channel, publication, cid, key, kind=CommentView,
    )  # fmt: skip


async def add_comment(
    tx: Transaction, channel: ChannelId, publication: PublicationId, cid: ContactId, text: str, key: str, time: int,
    rev: Revision,
) -> CommentView:  # fmt: skip
    """Write a comment and count it."""
    number = await tx.value(
        """
        INSERT INTO server.comment (channel, publication, cid, text, time, key) VALUES (%s, %s, %s, %s, %s, %s)
        RETURNING id
        """,
        channel, publication, cid, text, time, key,
    )  # fmt: skip
    await _count_comments(tx, channel, publication, 1, rev)
    return CommentView(int(number), channel, publication, cid, text, Seconds(time))


async def comment(tx: Transaction, id: int) -> CommentView | None:  # noqa: A002 - the protocol's name
    """One comment."""
    return await tx.row(_COMMENT + "WHERE id = %s", id, kind=CommentView)


async def comments(
    tx: Transaction, channel: ChannelId, publication: PublicationId, after: int, count: int
) -> list[CommentView]:
    """Comments after one, oldest first."""
    return await tx.rows(
        _COMMENT + "WHERE channel = %s AND publication = %s AND id > %s AND deleted = 0 ORDER BY id LIMIT %s",
        channel, publication, after, count, kind=CommentView,
    )  # fmt: skip


async def delete_comment(tx: Transaction, found: CommentView, time: int, rev: Revision) -> bool:
    """Hide a comment; False when it was hidden already."""
    if not await tx.run("UPDATE server.comment SET deleted = %s WHERE id = %s AND deleted = 0", time, found.id):
        return False
    await _count_comments(tx, found.ch_id, found.pub_id, -1, rev)
    return True


async def _count_comments(
    tx: Transaction, channel: ChannelId, publication: PublicationId, by: int, rev: Revision
) -> None:
    await tx.run(
        "UPDATE server.publication SET comments = comments + %s, rev = %s WHERE channel = %s AND id = %s",
        by, rev, channel, publication,
    )  # fmt: skip
