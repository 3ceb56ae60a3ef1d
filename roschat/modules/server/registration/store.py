"""SQL of registrations. Times are Unix seconds outside and timestamptz inside."""

from dataclasses import dataclass

from roschat.kernel.db import Transaction
from roschat.modules.server.registration.api import RegistrationView
from roschat.types import ContactId, DeviceId


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for, and how his code stands."""

    id: int
    email: str
    surname: str
    name: str
    password: str
    state: str
    hash: bytes
    sent: float
    tries: int
    letters: int
    since: float


_WISH = (
    "SELECT id, email, surname, name, password, state, hash, extract(epoch FROM sent)::float8, tries, letters,"
    " extract(epoch FROM since)::float8 FROM server.registration "
)


async def by_email(tx: Transaction, email: str) -> Wish | None:
    """The wish of an address, locked until the end of the transaction."""
    return await tx.row(_WISH + "WHERE email = %s FOR UPDATE", email, kind=Wish)


async def by_id(tx: Transaction, number: int) -> Wish | None:
    """One that waits."""
    return await tx.row(_WISH + "WHERE id = %s AND state = 'waiting'", number, kind=Wish)


async def put(
    tx: Transaction,
    email: str,
    surname: str,
    name: str,
    password: str,
    address: str,
    state: str,
    now: float,
    hash: bytes,  # noqa: A002 - the column's name
    letters: int,
    since: float,
) -> None:
    """Keep a wish in the place of an earlier one of the same address."""
    await tx.run(
        "INSERT INTO server.registration (email, surname, name, password, address, state, created, hash, sent, letters,"
        " since) VALUES (%s, %s, %s, %s, %s, %s, to_timestamp(%s), %s, to_timestamp(%s), %s, to_timestamp(%s))"
        " ON CONFLICT (email) DO UPDATE SET surname = excluded.surname, name = excluded.name,"
        " password = excluded.password, address = excluded.address, state = excluded.state, hash = excluded.hash,"
        " sent = excluded.sent, tries = 0, letters = excluded.letters, since = excluded.since",
        email, surname, name, password, address, state, now, hash, now, letters, since,
    )  # fmt: skip


async def count_try(tx: Transaction, number: int) -> None:
    """A wrong code was given."""
    await tx.run("UPDATE server.registration SET tries = tries + 1 WHERE id = %s", number)


async def set_state(tx: Transaction, number: int, state: str) -> None:
    """The code is used up; the wish goes on."""
    await tx.run("UPDATE server.registration SET state = %s, hash = '' WHERE id = %s", state, number)


async def delete(tx: Transaction, number: int) -> None:
    """The wish has become an account."""
    await tx.run("DELETE FROM server.registration WHERE id = %s", number)


async def waiting(tx: Transaction, count: int) -> list[RegistrationView]:
    """Those who wait, the first one first."""
    return await tx.rows(
        "SELECT id, email, surname, name, address, extract(epoch FROM created)::bigint FROM server.registration"
        " WHERE state = 'waiting' ORDER BY id LIMIT %s",
        count,
        kind=RegistrationView,
    )


async def open_wishes(tx: Transaction) -> int:
    """How many there are that are not settled."""
    found: int = await tx.value("SELECT count(*) FROM server.registration WHERE state <> 'refused'")
    return found


async def has_account(tx: Transaction, login_key: str) -> bool:
    """Whether a login is somebody's."""
    return bool(await tx.value("SELECT 1 FROM server.account WHERE login_key = %s", login_key))


async def set_password(tx: Transaction, cid: ContactId, password: str) -> None:
    """Give the new account the password that the person chose when he asked."""
    await tx.run("UPDATE server.account SET password = %s WHERE cid = %s", password, cid)


async def trust(tx: Transaction, cid: ContactId, device: DeviceId, now: float) -> None:
    """The device that proved the address needs no second code."""
    await tx.run(
        "INSERT INTO server.trusted_device (cid, device, seen) VALUES (%s, %s, to_timestamp(%s))", cid, device, now
    )


async def clear(tx: Transaction, codes_before: float, refused_before: float) -> None:
    """Forget addresses that were never proved, and refusals of long ago."""
    await tx.run(
        "DELETE FROM server.registration WHERE state = 'code' AND sent < to_timestamp(%s)"
        " OR state = 'refused' AND created < to_timestamp(%s)",
        codes_before,
        refused_before,
    )
