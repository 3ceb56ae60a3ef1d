"""All SQL of the licence: one row."""

from msgspec import Struct

from roschat.kernel.db import Transaction


class Kept(Struct, frozen=True):
    """The row; times are Unix seconds, 0 for never."""

    text: str = ""
    installed: float = 0.0
    who: str = ""
    contacted: float = 0.0
    tried: float = 0.0
    trouble: str = ""
    seen: float = 0.0


async def kept(tx: Transaction, *, lock: bool = False) -> Kept:
    """What is known. With `lock` nobody else changes it until the commit."""
    if lock:
        await tx.value("SELECT 1 FROM ms.licence FOR UPDATE")
    found = await tx.row(
        "SELECT text, coalesce(extract(epoch FROM installed), 0)::float8, who, "
        "coalesce(extract(epoch FROM contacted), 0)::float8, coalesce(extract(epoch FROM tried), 0)::float8, trouble, "
        "extract(epoch FROM seen)::float8 FROM ms.licence",
        kind=Kept,
    )
    return found or Kept()


async def install(tx: Transaction, text: str, who: str, now: float, seen: float) -> None:
    """Another licence (empty: none) counts from now on; `seen` is where the watch over the clock begins anew."""
    await tx.run(
        "UPDATE ms.licence SET text = %s, installed = to_timestamp(%s), who = %s, contacted = to_timestamp(%s), "
        "trouble = '', seen = to_timestamp(%s)",
        text, now, who, now, seen,
    )  # fmt: skip


async def contacted(tx: Transaction, now: float) -> None:
    """The licence server has given a good answer."""
    await tx.run("UPDATE ms.licence SET contacted = to_timestamp(%s), tried = to_timestamp(%s), trouble = ''", now, now)


async def failed(tx: Transaction, now: float, trouble: str) -> None:
    """The licence server has not."""
    await tx.run("UPDATE ms.licence SET tried = to_timestamp(%s), trouble = %s", now, trouble)


async def saw(tx: Transaction, now: float) -> None:
    """The clock shows a time; only later ones count."""
    await tx.run("UPDATE ms.licence SET seen = greatest(seen, to_timestamp(%s))", now)
