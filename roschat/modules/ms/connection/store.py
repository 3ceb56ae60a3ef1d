"""The list of servers."""

from roschat.kernel.db import Transaction
from roschat.modules.ms.connection.api import ServerView


async def servers(tx: Transaction) -> list[ServerView]:
    """All, the main one first."""
    return await tx.rows("SELECT id, name, address, main FROM ms.server ORDER BY main DESC, name", kind=ServerView)


async def server(tx: Transaction, number: int) -> ServerView | None:
    """One server, locked."""
    return await tx.row(
        "SELECT id, name, address, main FROM ms.server WHERE id = %s FOR UPDATE", number, kind=ServerView
    )


async def others_with(tx: Transaction, name: str, address: str, number: int) -> list[ServerView]:
    """Other servers that have the name or the address."""
    return await tx.rows(
        "SELECT id, name, address, main FROM ms.server WHERE (lower(name) = lower(%s) OR lower(address) = lower(%s)) "
        "AND id <> %s",
        name,
        address,
        number,
        kind=ServerView,
    )


async def add(tx: Transaction, name: str, address: str) -> int:
    """A new server."""
    return int(await tx.value("INSERT INTO ms.server (name, address) VALUES (%s, %s) RETURNING id", name, address))


async def change(tx: Transaction, number: int, name: str, address: str) -> None:
    """Another name or address."""
    await tx.run("UPDATE ms.server SET name = %s, address = %s WHERE id = %s", name, address, number)


async def remove(tx: Transaction, number: int) -> None:
    """Off the list."""
    await tx.run("DELETE FROM ms.server WHERE id = %s", number)
