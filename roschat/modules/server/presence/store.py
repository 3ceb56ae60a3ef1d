"""SQL of presence."""

from collections.abc import Sequence
from dataclasses import dataclass

from roschat.kernel.db import Transaction
from roschat.types import ContactId, Seconds


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a contact that is not online. `seen` 0: never."""

    cid: ContactId
    seen: Seconds
    text: str


async def kept(tx: Transaction, cids: Sequence[ContactId]) -> list[Kept]:
    """When these contacts were last online, and what they say of themselves."""
    return await tx.rows(
        "SELECT cid, coalesce(extract(epoch FROM seen)::bigint, 0), text FROM server.presence WHERE cid = ANY(%s)",
        list(cids),
        kind=Kept,
    )


async def put_seen(tx: Transaction, cids: Sequence[ContactId], seen: Sequence[float]) -> None:
    """Note when contacts were online; an older time than the kept one changes nothing."""
    await tx.run(
        "INSERT INTO server.presence AS p (cid, seen) SELECT c.cid, to_timestamp(n.seen)"
        " FROM unnest(%s::bigint[], %s::float8[]) AS n (cid, seen) JOIN server.contact c ON c.cid = n.cid"
        " ORDER BY c.cid"
        " ON CONFLICT (cid) DO UPDATE SET seen = greatest(p.seen, excluded.seen)",
        list(cids),
        list(seen),
    )


async def put_text(tx: Transaction, cid: ContactId, text: str) -> None:
    """Keep what a contact says of itself."""
    await tx.run(
        "INSERT INTO server.presence (cid, text) VALUES (%s, %s) ON CONFLICT (cid) DO UPDATE SET text = excluded.text",
        cid,
        text,
    )
