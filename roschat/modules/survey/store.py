"""All SQL of polls."""

from collections.abc import Sequence

from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.types import ContactId, MessageId, PeerKind, Seconds


class Poll(Struct, frozen=True):
    """A poll without its votes."""

    id: int
    author: ContactId
    cid: int
    cid_type: PeerKind
    question: str
    options: list[str]
    several: bool
    anonymous: bool
    closes: Seconds
    closed: Seconds
    message_id: MessageId
    rev: int


class Vote(Struct, frozen=True):
    """One chosen option."""

    cid: ContactId
    option: int


_COLUMNS = "id, author, cid, cid_type, question, options, several, anonymous, closes, closed, message_id, rev"


def _poll(id: int, author: int, cid: int, cid_type: str, *rest: object) -> Poll:  # noqa: A002 - the column's name
    return Poll(id, ContactId(author), cid, PeerKind(cid_type), *rest)  # type: ignore[arg-type]


async def add(
    tx: Transaction, author: ContactId, cid: int, cid_type: PeerKind, question: str, options: list[str], several: bool,
    anonymous: bool, closes: Seconds, key: str, time: Seconds,
) -> Poll | None:  # fmt: skip
    """Write a poll; None when its author used the key before."""
    return await tx.row(
        """
        INSERT INTO survey.poll (author, cid, cid_type, question, options, several, anonymous, closes, key, created)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (author, key) WHERE key <> '' DO NOTHING
        RETURNING id, author, cid, cid_type, question, options, several, anonymous, closes, closed, message_id, rev
        """,
        author, cid, cid_type.value, question, options, several, anonymous, closes, key, time, kind=_poll,
    )  # fmt: skip


async def by_key(tx: Transaction, author: ContactId, key: str) -> Poll | None:
    """The poll that its author made with this key."""
    return await tx.row(
        f"SELECT {_COLUMNS} FROM survey.poll WHERE author = %s AND key = %s AND key <> ''",  # noqa: S608 - a constant
        author, key, kind=_poll,
    )  # fmt: skip


async def poll(tx: Transaction, number: int, *, lock: bool = False) -> Poll | None:
    """A poll; with `lock` nobody else changes it until the commit."""
    if lock:
        await tx.value("SELECT 1 FROM survey.poll WHERE id = %s FOR UPDATE", number)
    return await tx.row(f"SELECT {_COLUMNS} FROM survey.poll WHERE id = %s", number, kind=_poll)  # noqa: S608 - a constant


async def votes(tx: Transaction, number: int) -> list[Vote]:
    """All answers of a poll, by person."""
    return await tx.rows("SELECT cid, option FROM survey.vote WHERE poll = %s ORDER BY cid, option", number, kind=Vote)


async def written(tx: Transaction, number: int, message: MessageId) -> None:
    """The message that carries a poll is stored."""
    await tx.run("UPDATE survey.poll SET message_id = %s WHERE id = %s", message, number)


async def forget(tx: Transaction, number: int) -> None:
    """Remove a poll whose message was refused."""
    await tx.run("DELETE FROM survey.poll WHERE id = %s AND message_id = 0", number)


async def answer(tx: Transaction, number: int, cid: ContactId, options: Sequence[int]) -> None:
    """Replace a person's answer."""
    await tx.run("DELETE FROM survey.vote WHERE poll = %s AND cid = %s", number, cid)
    await tx.run(
        "INSERT INTO survey.vote (poll, cid, option) SELECT %s, %s, unnest(%s::integer[])", number, cid, list(options)
    )
    await tx.run("UPDATE survey.poll SET rev = rev + 1 WHERE id = %s", number)


async def close(tx: Transaction, number: int, time: Seconds) -> bool:
    """Close a poll; False when it was closed already."""
    return bool(
        await tx.run("UPDATE survey.poll SET closed = %s, rev = rev + 1 WHERE id = %s AND closed = 0", time, number)
    )


async def due(tx: Transaction, now: Seconds, count: int) -> list[int]:
    """Polls whose closing time has come."""
    return await tx.rows(
        "SELECT id FROM survey.poll WHERE closed = 0 AND closes > 0 AND closes <= %s ORDER BY closes LIMIT %s",
        now, count, kind=int,
    )  # fmt: skip


async def next_closing(tx: Transaction) -> Seconds | None:
    """The soonest closing time of an open poll."""
    found = await tx.value("SELECT min(closes) FROM survey.poll WHERE closed = 0 AND closes > 0")
    return None if found is None else Seconds(int(found))
