"""SQL of trusted devices and sign-in codes. Times are Unix seconds outside and timestamptz inside."""

from dataclasses import dataclass

from roschat.kernel.db import Transaction
from roschat.types import ContactId, DeviceId


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a person gets letters; empty: nowhere. `known` says whether he has ever signed in on a device."""

    name: str
    email: str
    known: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A code that was sent."""

    hash: bytes
    sent: float
    tries: int
    letters: int
    since: float


async def is_trusted(tx: Transaction, cid: ContactId, device: DeviceId) -> bool:
    """Whether the person has signed in on this device before."""
    return bool(await tx.value("SELECT 1 FROM server.trusted_device WHERE cid = %s AND device = %s", cid, device))


async def trust(tx: Transaction, cid: ContactId, device: DeviceId, before: DeviceId, now: float) -> None:
    """From now on this device is known; `before` was its id until now."""
    await tx.run(
        "INSERT INTO server.trusted_device (cid, device, seen) VALUES (%s, %s, to_timestamp(%s))"
        " ON CONFLICT (cid, device) DO UPDATE SET seen = excluded.seen",
        cid,
        device,
        now,
    )
    if before and before != device:
        await tx.run("DELETE FROM server.trusted_device WHERE cid = %s AND device = %s", cid, before)


async def forget(tx: Transaction, cid: ContactId, devices: list[DeviceId]) -> None:
    """These devices are strangers again."""
    await tx.run("DELETE FROM server.trusted_device WHERE cid = %s AND device = ANY(%s)", cid, devices)


async def clear(tx: Transaction, before: float) -> None:
    """Forget devices that were not signed in on for long."""
    await tx.run(
        "DELETE FROM server.trusted_device t WHERE seen < to_timestamp(%s)"
        " AND NOT EXISTS (SELECT 1 FROM server.device d WHERE d.id = t.device AND d.ended IS NULL)",
        before,
    )


async def addressee(tx: Transaction, cid: ContactId) -> Addressee:
    """Who this is, with the first e-mail of the card."""
    found = await tx.row(
        "SELECT concat_ws(' ', nullif(name, ''), surname),"
        " coalesce(jsonb_path_query_first(fields, '$[*] ? (@.type == \"email\").value') #>> '{}', ''),"
        " EXISTS (SELECT 1 FROM server.trusted_device t WHERE t.cid = c.cid) FROM server.contact c WHERE cid = %s",
        cid,
        kind=Addressee,
    )
    return found or Addressee("", "", known=False)


async def without_address(tx: Transaction) -> int:
    """How many people with an account can get no code."""
    found: int = await tx.value(
        "SELECT count(*) FROM server.account a JOIN server.contact c USING (cid) WHERE c.active AND c.kind = 'person'"
        " AND strpos(a.login, '@') = 0 AND NOT c.fields @> '[{\"type\": \"email\"}]'"
    )
    return found


async def lock_code(tx: Transaction, cid: ContactId) -> Kept | None:
    """The code of a person, locked until the end of the transaction."""
    return await tx.row(
        "SELECT hash, extract(epoch FROM sent)::float8, tries, letters, extract(epoch FROM since)::float8"
        " FROM server.sign_in_code WHERE cid = %s FOR UPDATE",
        cid,
        kind=Kept,
    )


async def put_code(tx: Transaction, cid: ContactId, code: Kept) -> None:
    """Keep a new code in the place of the old one."""
    await tx.run(
        "INSERT INTO server.sign_in_code (cid, hash, sent, tries, letters, since)"
        " VALUES (%s, %s, to_timestamp(%s), %s, %s, to_timestamp(%s)) ON CONFLICT (cid) DO UPDATE SET"
        " hash = excluded.hash, sent = excluded.sent, tries = excluded.tries, letters = excluded.letters,"
        " since = excluded.since",
        cid, code.hash, code.sent, code.tries, code.letters, code.since,
    )  # fmt: skip


async def count_try(tx: Transaction, cid: ContactId) -> None:
    """A wrong code was given."""
    await tx.run("UPDATE server.sign_in_code SET tries = tries + 1 WHERE cid = %s", cid)


async def use_up(tx: Transaction, cid: ContactId) -> None:
    """A code is good once; the count of letters stays."""
    await tx.run("UPDATE server.sign_in_code SET hash = '' WHERE cid = %s", cid)
