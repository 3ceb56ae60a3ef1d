"""SQL of announcements, and of the people they go to."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from psycopg.types.json import Jsonb

from roschat.kernel.db import Transaction
from roschat.modules.server.support.api import Addressee, AnnouncementView, Undelivered
from roschat.types import ContactId, MessageId


class Plan(Struct, frozen=True):
    """An announcement that is to be sent."""

    id: int
    text: str
    audience: str
    cids: list[ContactId]
    filter: dict[str, Any]
    state: str
    who: str


_REACHED = (
    " FROM server.contact c JOIN server.account a USING (cid) WHERE c.kind = 'person' AND c.active"
    " AND (%s::bigint[] IS NULL OR c.cid = ANY(%s::bigint[]))"
)


async def reached(tx: Transaction, cids: Sequence[ContactId] | None) -> list[ContactId]:
    """Active people with an account, among `cids` when given."""
    among = None if cids is None else list(cids)
    return await tx.rows("SELECT c.cid" + _REACHED + " ORDER BY c.cid", among, among, kind=ContactId)


async def names(tx: Transaction, cids: Sequence[ContactId]) -> list[Addressee]:
    """The people of these numbers, by name."""
    return await tx.rows(
        "SELECT cid, concat_ws(' ', surname, nullif(name, ''), nullif(patronymic, '')) FROM server.contact"
        " WHERE cid = ANY(%s) ORDER BY 2, 1",
        list(cids),
        kind=Addressee,
    )


async def is_active(tx: Transaction, cid: ContactId) -> bool:
    """Whether people can write to a contact."""
    return bool(
        await tx.value("SELECT 1 FROM server.contact WHERE cid = %s AND active AND kind IN ('person', 'bot')", cid)
    )


async def person(tx: Transaction, cid: ContactId) -> tuple[str, str]:
    """Name and login of a person, empty when there is none."""
    found = await tx.row(
        "SELECT concat_ws(' ', c.surname, nullif(c.name, '')), coalesce(a.login, '') FROM server.contact c"
        " LEFT JOIN server.account a USING (cid) WHERE c.cid = %s",
        cid,
        kind=lambda name, login: (str(name), str(login)),
    )
    return found or ("", "")


async def add(
    tx: Transaction,
    text: str,
    audience: str,
    cids: Sequence[ContactId],
    filter: dict[str, Any],  # noqa: A002 - the protocol's name
    who: str,
    now: int,
    due: int,
) -> int:
    """Keep an announcement; its number."""
    number: int = await tx.value(
        "INSERT INTO server.announcement (text, audience, cids, filter, who, created, due)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        text, audience, list(cids), Jsonb(filter), who, now, due,
    )  # fmt: skip
    return number


async def open_plans(tx: Transaction, now: int) -> list[Plan]:
    """What is to be sent now, and what was being sent when a process ended."""
    return await tx.rows(
        "SELECT id, text, audience, cids, filter, state, who FROM server.announcement"
        " WHERE state = 'sending' OR state = 'waiting' AND due <= %s ORDER BY due, id",
        now,
        kind=Plan,
    )


async def next_due(tx: Transaction) -> int | None:
    """When the next one is due."""
    found: int | None = await tx.value("SELECT min(due) FROM server.announcement WHERE state = 'waiting'")
    return found


async def begin(tx: Transaction, number: int, cids: Sequence[ContactId], now: int) -> bool:
    """Fix who gets it. False when it does not wait any more."""
    if not await tx.run(
        "UPDATE server.announcement SET state = 'sending', started = %s, total = %s WHERE id = %s"
        " AND state = 'waiting'",
        now,
        len(cids),
        number,
    ):
        return False
    await tx.run(
        "INSERT INTO server.announcement_person (announcement, cid) SELECT %s, unnest(%s::bigint[])",
        number,
        list(cids),
    )
    return True


async def set_job(tx: Transaction, number: int, job: int) -> None:
    """Which job sends it."""
    await tx.run("UPDATE server.announcement SET job = %s WHERE id = %s", job, number)


async def portion(tx: Transaction, number: int, count: int) -> list[ContactId]:
    """Some who have not got it yet; none when it was cancelled."""
    return await tx.rows(
        "SELECT p.cid FROM server.announcement_person p JOIN server.announcement a ON a.id = p.announcement"
        " WHERE a.id = %s AND a.state = 'sending' AND p.message = 0 AND p.error = '' ORDER BY p.cid LIMIT %s",
        number,
        count,
        kind=ContactId,
    )


async def put_sent(tx: Transaction, number: int, sent: Sequence[tuple[ContactId, MessageId, str]]) -> None:
    """Note what was stored for whom, or why not."""
    await tx.run(
        "UPDATE server.announcement_person p SET message = n.message, error = n.error"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS n (cid, message, error)"
        " WHERE p.announcement = %s AND p.cid = n.cid",
        [cid for cid, _, _ in sent],
        [message for _, message, _ in sent],
        [error for _, _, error in sent],
        number,
    )


async def done_so_far(tx: Transaction, number: int) -> int:
    """For how many people it is settled."""
    found: int = await tx.value(
        "SELECT count(*) FROM server.announcement_person WHERE announcement = %s AND (message > 0 OR error <> '')",
        number,
    )
    return found


async def end(tx: Transaction, number: int, state: str, now: int) -> bool:
    """It is done, or cancelled; False when it had ended before."""
    return bool(
        await tx.run(
            "UPDATE server.announcement SET state = %s, ended = %s WHERE id = %s AND state IN ('waiting', 'sending')",
            state,
            now,
            number,
        )
    )


# A member's marks say how far he is in the conversation with the system contact, which calls it by his number.
_VIEW = (
    "SELECT a.id, a.text, a.audience, a.state, a.who, a.created, a.due, a.started, a.ended, a.total, p.sent,"
    " p.delivered, p.read, p.failed, a.job FROM server.announcement a CROSS JOIN LATERAL ("
    " SELECT count(*) FILTER (WHERE p.message > 0) AS sent,"
    " count(*) FILTER (WHERE p.message > 0 AND m.received_id >= p.message) AS delivered,"
    " count(*) FILTER (WHERE p.message > 0 AND m.watched_id >= p.message) AS read,"
    " count(*) FILTER (WHERE p.error <> '') AS failed FROM server.announcement_person p"
    " LEFT JOIN server.direct d ON d.low = 1 AND d.high = p.cid"
    " LEFT JOIN server.member m ON m.chat = d.chat AND m.cid = p.cid WHERE p.announcement = a.id) p "
)


async def views(tx: Transaction, offset: int, count: int) -> list[AnnouncementView]:
    """A page of announcements, newest first."""
    return await tx.rows(_VIEW + "ORDER BY a.id DESC OFFSET %s LIMIT %s", offset, count, kind=AnnouncementView)


async def view(tx: Transaction, number: int) -> AnnouncementView | None:
    """One of them."""
    return await tx.row(_VIEW + "WHERE a.id = %s", number, kind=AnnouncementView)


async def total(tx: Transaction) -> int:
    """How many there are."""
    found: int = await tx.value("SELECT count(*) FROM server.announcement")
    return found


async def undelivered(tx: Transaction, number: int, count: int) -> list[Undelivered]:
    """Who did not get it, by name."""
    return await tx.rows(
        "SELECT p.cid, concat_ws(' ', c.surname, nullif(c.name, '')), p.error FROM server.announcement_person p"
        " LEFT JOIN server.contact c USING (cid) WHERE p.announcement = %s AND p.error <> '' ORDER BY 2, 1 LIMIT %s",
        number,
        count,
        kind=Undelivered,
    )
