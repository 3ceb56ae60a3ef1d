"""All SQL of search.

Each word that is sought must be there, as a word form or as a part of a word. Who may see what stands in the same
statement: nothing that is forbidden is even counted.
"""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString, NamedTuple

from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.server.search.folding import GRAM, part_grams
from roschat.types import ChannelId, ContactId, MessageId


class Cursor(Struct, frozen=True):
    """How far the index has followed."""

    message_rev: int
    contact_rev: int


class Row(Struct, frozen=True):
    """A message in the journal; `payload` is its fragment."""

    id: MessageId
    chat: int
    rev: int
    deleted: int
    payload: str


class Found(Struct, frozen=True):
    """A message that matches, from the reader's side."""

    id: MessageId
    peer: int
    kind: str
    rev: int
    payload: str
    key: str
    mentioned: bool


class Card(Struct, frozen=True):
    """A contact that changed."""

    cid: ContactId
    rev: int
    active: bool
    kind: str
    title: str
    fields: list[dict[str, Any]]


class Person(Struct, frozen=True):
    """A contact that matches."""

    cid: ContactId
    pieces: list[str]


class Channel(Struct, frozen=True):
    """A channel that matches."""

    id: ChannelId
    name: str
    description: str


async def cursor(tx: Transaction) -> Cursor | None:
    """Where the index stands, locked until the commit; None when somebody else moves it now."""
    return await tx.row("SELECT message_rev, contact_rev FROM server.search_cursor FOR UPDATE SKIP LOCKED", kind=Cursor)


async def move(tx: Transaction, message_rev: int, contact_rev: int) -> None:
    """The index stands here now."""
    await tx.run("UPDATE server.search_cursor SET message_rev = %s, contact_rev = %s", message_rev, contact_rev)


async def hasten(tx: Transaction) -> None:
    """Do not wait for the disk at the commit: what a crash takes back is followed again, the cursor with it."""
    await tx.run("SET LOCAL synchronous_commit = off")


async def journal(tx: Transaction, after: int, count: int) -> list[Row]:
    """Messages new or changed after a revision, in the order of their revisions."""
    return await tx.rows(
        """
        SELECT id, chat, rev, deleted_time, payload FROM (
            (SELECT * FROM server.message WHERE id > %s AND rev = id ORDER BY id LIMIT %s)
            UNION ALL
            (SELECT * FROM server.message WHERE rev > %s AND rev <> id ORDER BY rev LIMIT %s)
        ) changed ORDER BY rev LIMIT %s
        """,
        after, count, after, count, count, kind=Row,
    )  # fmt: skip


class Entry(NamedTuple):
    """What a message has that is searched: `kind` is text or file."""

    id: int
    kind: str
    chat: int
    folded: str
    grams: str
    """An array of numbers as text."""


async def put_messages(tx: Transaction, changed: Sequence[int], entries: Sequence[Entry]) -> None:
    """Forget what changed messages had, and note what new and changed ones have.

    Columns travel as one text each: folded texts hold letters, digits and spaces alone, so nothing must be quoted, and
    1,000 rows cost 1.3 ms to hand over where lists of psycopg cost 7.6.
    """
    if changed:
        await tx.run("DELETE FROM server.search_message WHERE id = ANY(%s)", list(changed))
    if not entries:
        return
    ids, kinds, chats, texts, grams = zip(*entries, strict=True)
    await tx.run(
        """
        INSERT INTO server.search_message (id, kind, chat, folded, words, grams)
        SELECT n.id, n.kind, n.chat, n.folded, to_tsvector('russian', n.folded), n.grams::integer[]
        FROM unnest(%s::bigint[], %s::text[], %s::bigint[], string_to_array(%s, ','), string_to_array(%s, ';'))
             n (id, kind, chat, folded, grams)
        """,
        _array(ids), _array(kinds), _array(chats), ",".join(texts), ";".join(grams),
    )  # fmt: skip


async def cards(tx: Transaction, after: int, count: int) -> list[Card]:
    """Contacts changed after a revision, in the order of their revisions."""
    return await tx.rows(
        "SELECT cid, rev, active, kind, title, fields FROM server.contact WHERE rev > %s ORDER BY rev LIMIT %s",
        after, count, kind=Card,
    )  # fmt: skip


async def put_contact(tx: Transaction, cid: ContactId, pieces: list[str], folded: str, latin: str) -> None:
    """Note a contact; one without pieces is forgotten."""
    await tx.run("DELETE FROM server.search_contact WHERE cid = %s", cid)
    if pieces:
        await tx.run(
            """
            INSERT INTO server.search_contact (cid, pieces, folded, latin, words)
            VALUES (%s, %s, %s, %s, to_tsvector('russian', %s))
            """,
            cid, pieces, folded, latin, folded,
        )  # fmt: skip


_LONG: LiteralString = """
    AND (s.words @@ plainto_tsquery('russian', %s) OR (s.grams @> %s::integer[] AND s.folded LIKE %s))
"""
_SHORT: LiteralString = " AND s.grams @> %s::integer[] "


async def messages(
    tx: Transaction, reader: ContactId, kind: str, words: Sequence[str], before: int, count: int,
    peer: int = 0, peer_kind: str = "",
) -> list[Found]:  # fmt: skip
    """Messages that the reader may read and that have all the words, newest first; in one conversation with `peer`."""
    sql: LiteralString = """
        SELECT s.id, m.peer, c.kind, t.rev, t.payload, CASE WHEN t.sender = m.cid THEN coalesce(t.key, '') ELSE '' END,
               coalesce(m.cid = ANY(t.mentions), false)
        FROM server.search_message s
        JOIN server.member m ON m.chat = s.chat AND m.cid = %s
        JOIN server.chat c ON c.id = s.chat
        JOIN server.message t ON t.id = s.id
        WHERE s.kind = %s AND s.id > m.hidden_to_id AND s.id <= m.left_id AND s.id < %s AND t.deleted_time = 0
    """
    args: list[Any] = [reader, kind, before]
    if peer_kind:
        sql += " AND m.peer = %s AND c.kind = %s "
        args += [peer, peer_kind]
    for word in words:
        if len(word) < GRAM:
            sql += _SHORT
            args.append(part_grams(word))
        else:
            sql += _LONG
            args += [word, part_grams(word), f"%{word}%"]
    return await tx.rows(sql + " ORDER BY s.id DESC LIMIT %s", *args, count, kind=Found)


async def contacts(
    tx: Transaction,
    words: Sequence[str],
    latin: Sequence[str],
    others: Sequence[str],
    count: int,
    among: Sequence[ContactId] | None = None,
) -> list[Person]:
    """Contacts with all the words: as they are, as word forms, in Latin spelling, or all of them in the other layout.

    With `among` only of these. Those whose name begins with the first word come first.
    """
    sql: LiteralString = "SELECT s.cid, s.pieces FROM server.search_contact s WHERE ((true "
    args: list[Any] = []
    for word, spelt in zip(words, latin, strict=True):
        sql += " AND (s.folded LIKE %s OR s.words @@ plainto_tsquery('russian', %s) OR (%s <> '' AND s.latin LIKE %s)) "
        args += [f"%{word}%", word, spelt, f"%{spelt}%"]
    sql += ") "
    if others:
        sql += " OR s.folded LIKE ALL (%s::text[]) "
        args.append([f"%{word}%" for word in others])
    sql += ") "
    if among is not None:
        sql += " AND s.cid = ANY(%s::bigint[]) "
        args.append(list(among))
    sql += " ORDER BY s.folded LIKE %s DESC, s.folded, s.cid LIMIT %s"
    return await tx.rows(sql, *args, f"{words[0]}%", count, kind=Person)


async def channels(tx: Transaction, reader: ContactId, words: Sequence[str], count: int) -> list[Channel]:
    """Channels the reader may see, public ones and his own, with all the words in name or description."""
    sql: LiteralString = """
        SELECT c.id, c.name, c.description FROM server.channel c
        WHERE c.deleted = 0
          AND (NOT c.closed
               OR EXISTS (SELECT 1 FROM server.channel_member m WHERE m.channel = c.id AND m.cid = %s))
    """
    args: list[Any] = [reader]
    for word in words:
        sql += " AND (c.sought LIKE %s OR to_tsvector('russian', c.sought) @@ plainto_tsquery('russian', %s)) "
        args += [f"%{word}%", word]
    return await tx.rows(
        sql + " ORDER BY c.sought LIKE %s DESC, c.id DESC LIMIT %s", *args, f"{words[0]}%", count, kind=Channel
    )


async def forms(tx: Transaction, words: Sequence[str], sought: Sequence[str]) -> set[str]:
    """Those of the words that are forms of a word that is sought."""
    return set(
        await tx.rows(
            """
            SELECT w FROM unnest(%s::text[]) w
            WHERE EXISTS (SELECT 1 FROM unnest(%s::text[]) q
                          WHERE to_tsvector('russian', w) @@ plainto_tsquery('russian', q))
            """,
            list(words), list(sought), kind=str,
        )
    )  # fmt: skip


def _array(values: Iterable[object]) -> str:
    """An array of numbers or plain words as text."""
    return "{" + ",".join(map(str, values)) + "}"
