"""SQL of the console's view of developers and bots."""

from collections.abc import Sequence

from roschat.kernel.db import Transaction
from roschat.modules.bots.administration.api import DeveloperView
from roschat.types import ContactId

_VIEW = (
    "SELECT d.id, d.login, d.name, d.blocked,"
    " (SELECT count(*) FROM bots.bot b WHERE b.developer = d.id AND NOT b.deleted),"
    " extract(epoch FROM d.created)::bigint, coalesce(extract(epoch FROM d.signed_in), 0)::bigint"
    " FROM bots.developer d "
)


async def developers(tx: Transaction, text: str) -> list[DeveloperView]:
    """Accounts with a folded text in login or name."""
    return await tx.rows(
        _VIEW + "WHERE strpos(lower(d.login), %s) > 0 OR strpos(lower(d.name), %s) > 0 OR %s = '' ORDER BY d.login",
        text,
        text,
        text,
        kind=DeveloperView,
    )


async def developer(tx: Transaction, number: int) -> DeveloperView | None:
    """One account."""
    return await tx.row(_VIEW + "WHERE d.id = %s", number, kind=DeveloperView)


async def add(tx: Transaction, login: str, password_hash: str, name: str) -> int:
    """Make an account. UniqueViolation when the login is taken."""
    number: int = await tx.value(
        "INSERT INTO bots.developer (login, password_hash, name) VALUES (%s, %s, %s) RETURNING id",
        login,
        password_hash,
        name,
    )
    return number


async def change(tx: Transaction, number: int, login: str, name: str) -> None:
    """Change login and name. UniqueViolation when the login is taken."""
    await tx.run("UPDATE bots.developer SET login = %s, name = %s WHERE id = %s", login, name, number)


async def set_password(tx: Transaction, number: int, password_hash: str) -> None:
    """Replace the password."""
    await tx.run("UPDATE bots.developer SET password_hash = %s WHERE id = %s", password_hash, number)


async def set_blocked(tx: Transaction, number: int, blocked: bool) -> None:
    """Shut an account, or open it again."""
    await tx.run("UPDATE bots.developer SET blocked = %s WHERE id = %s", blocked, number)


async def delete(tx: Transaction, number: int) -> None:
    """Delete an account; what is left of its bots is the administrator's."""
    await tx.run("UPDATE bots.bot SET developer = NULL WHERE developer = %s", number)
    await tx.run("DELETE FROM bots.developer WHERE id = %s", number)


async def logins(tx: Transaction) -> dict[int, str]:
    """The login of every developer."""
    return dict(await tx.rows("SELECT id, login FROM bots.developer", kind=lambda number, login: (number, login)))


async def set_disabled(tx: Transaction, cid: ContactId, disabled: bool) -> None:
    """Shut a bot out, or let it in again."""
    await tx.run("UPDATE bots.bot SET disabled = %s WHERE cid = %s", disabled, cid)


async def give(tx: Transaction, cid: ContactId, developer: int) -> None:
    """Change the owner; 0 is the administrator."""
    await tx.run("UPDATE bots.bot SET developer = nullif(%s, 0) WHERE cid = %s", developer, cid)


async def seen(tx: Transaction) -> dict[ContactId, int]:
    """When bots were last here."""
    return dict(
        await tx.rows(
            "SELECT cid, seen FROM bots.bot WHERE NOT deleted", kind=lambda cid, at: (ContactId(cid), int(at))
        )
    )


async def put_seen(tx: Transaction, sightings: Sequence[tuple[ContactId, int]]) -> None:
    """Note when bots were here."""
    await tx.run(
        "UPDATE bots.bot b SET seen = greatest(b.seen, n.seen) FROM unnest(%s::bigint[], %s::bigint[]) AS n (cid, seen)"
        " WHERE b.cid = n.cid",
        [cid for cid, _ in sightings],
        [at for _, at in sightings],
    )
