"""SQL of the letters. Times are Unix seconds outside and timestamptz inside."""

from dataclasses import dataclass

from roschat.kernel.db import Transaction
from roschat.modules.ms.mail.api import Letter


@dataclass(frozen=True, slots=True)
class Due:
    """A letter to send now."""

    id: int
    address: str
    subject: str
    body: str
    created: float
    tries: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Letters that wait, and those that ended since a time."""

    waiting: int
    failed: int
    sent: int
    oldest: int


async def add(tx: Transaction, kind: str, address: str, subject: str, body: str, now: float, expires: float) -> int:
    """Put a letter into the queue; its number."""
    number: int = await tx.value(
        "INSERT INTO ms.letter (kind, address, subject, body, created, next_try, expires) VALUES"
        " (%s, %s, %s, %s, to_timestamp(%s), to_timestamp(%s), to_timestamp(%s)) RETURNING id",
        kind, address, subject, body, now, now, expires,
    )  # fmt: skip
    return number


async def expire(tx: Transaction, now: float) -> int:
    """Give up what nobody needs any more; the last error stays, or says that time has passed."""
    return await tx.run(
        "UPDATE ms.letter SET state = 'failed', body = '', ended = to_timestamp(%s),"
        " error = CASE WHEN error = '' THEN 'It could not be sent in time.' ELSE error END"
        " WHERE state = 'waiting' AND expires <= to_timestamp(%s)",
        now,
        now,
    )


async def due(tx: Transaction, now: float, count: int) -> list[Due]:
    """Letters whose time has come, the oldest first."""
    return await tx.rows(
        "SELECT id, address, subject, body, extract(epoch FROM created)::float8, tries FROM ms.letter"
        " WHERE state = 'waiting' AND next_try <= to_timestamp(%s) ORDER BY next_try, id LIMIT %s",
        now,
        count,
        kind=Due,
    )


async def next_time(tx: Transaction) -> float | None:
    """When the next letter has to be tried."""
    found: float | None = await tx.value(
        "SELECT extract(epoch FROM min(next_try))::float8 FROM ms.letter WHERE state = 'waiting'"
    )
    return found


async def end(tx: Transaction, number: int, state: str, error: str, now: float) -> bool:
    """A waiting letter was sent, given up or taken back; its text is forgotten."""
    return bool(
        await tx.run(
            "UPDATE ms.letter SET state = %s, error = %s, body = '', ended = to_timestamp(%s), tries = tries +"
            " CASE WHEN %s = 'cancelled' THEN 0 ELSE 1 END WHERE id = %s AND state = 'waiting'",
            state,
            error,
            now,
            state,
            number,
        )
    )


async def put_off(tx: Transaction, numbers: list[int], until: float, error: str) -> None:
    """Try these again later."""
    await tx.run(
        "UPDATE ms.letter SET next_try = to_timestamp(%s), tries = tries + 1, error = %s"
        " WHERE id = ANY(%s) AND state = 'waiting'",
        until,
        error,
        numbers,
    )


async def hurry(tx: Transaction, now: float) -> None:
    """Try all letters that wait now."""
    await tx.run("UPDATE ms.letter SET next_try = to_timestamp(%s) WHERE state = 'waiting'", now)


async def retry(tx: Transaction, number: int, now: float) -> bool:
    """Try one that waits now."""
    return bool(
        await tx.run(
            "UPDATE ms.letter SET next_try = to_timestamp(%s) WHERE id = %s AND state = 'waiting'", now, number
        )
    )


async def counts(tx: Transaction, since: float) -> Counts:
    """How the queue is."""
    found = await tx.row(
        "SELECT count(*) FILTER (WHERE state = 'waiting'),"
        " count(*) FILTER (WHERE state = 'failed' AND ended > to_timestamp(%s)),"
        " count(*) FILTER (WHERE state = 'sent' AND ended > to_timestamp(%s)),"
        " coalesce(extract(epoch FROM min(created) FILTER (WHERE state = 'waiting')), 0)::bigint FROM ms.letter",
        since,
        since,
        kind=Counts,
    )
    assert found is not None
    return found


async def letters(tx: Transaction, state: str, offset: int, count: int) -> list[Letter]:
    """A page of letters, newest first, of one state or all."""
    return await tx.rows(
        "SELECT id, address, subject, state, extract(epoch FROM created)::bigint, tries,"
        " CASE WHEN state = 'waiting' THEN extract(epoch FROM next_try)::bigint ELSE 0 END,"
        " coalesce(extract(epoch FROM ended), 0)::bigint, error FROM ms.letter"
        " WHERE %s = '' OR state = %s ORDER BY id DESC OFFSET %s LIMIT %s",
        state, state, offset, count, kind=Letter,
    )  # fmt: skip


async def total(tx: Transaction, state: str) -> int:
    """How many letters there are, of one state or all."""
    found: int = await tx.value("SELECT count(*) FROM ms.letter WHERE %s = '' OR state = %s", state, state)
    return found


async def forget(tx: Transaction, before: float) -> int:
    """Delete letters that ended long ago."""
    return await tx.run("DELETE FROM ms.letter WHERE state <> 'waiting' AND ended < to_timestamp(%s)", before)
