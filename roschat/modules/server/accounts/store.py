"""SQL of accounts and devices. Times are Unix seconds outside and timestamptz inside."""

from collections.abc import Sequence
from dataclasses import dataclass

from roschat.kernel.db import Transaction
from roschat.types import ContactId, DeviceId, Seconds

NEVER = Seconds(0)


@dataclass(frozen=True, slots=True)
class Account:
    """A login with its hash, and whether its contact may sign in."""

    cid: ContactId
    login: str
    password: str
    active: bool


@dataclass(frozen=True, slots=True)
class Device:
    """One signed-in device as kept."""

    id: DeviceId
    cid: ContactId
    client: str
    name: str
    address: str
    created: Seconds
    seen: Seconds
    authorised: Seconds = NEVER
    """When it got its good tokens; known of devices that are listed."""


async def account_by_login(tx: Transaction, login_key: str) -> Account | None:
    """Whose login this is."""
    return await tx.row(
        "SELECT a.cid, a.login, a.password, c.active AND c.kind = 'person' AND NOT a.blocked FROM server.account a"
        " JOIN server.contact c USING (cid) WHERE a.login_key = %s",
        login_key,
        kind=Account,
    )


async def account_of(tx: Transaction, cid: ContactId) -> Account | None:
    """The account of a contact."""
    return await tx.row(
        "SELECT a.cid, a.login, a.password, c.active AND c.kind = 'person' AND NOT a.blocked FROM server.account a"
        " JOIN server.contact c USING (cid) WHERE a.cid = %s",
        cid,
        kind=Account,
    )


async def contact_kind(tx: Transaction, cid: ContactId) -> str | None:
    """person, bot or system; None when there is no such contact (any more)."""
    kind: str | None = await tx.value("SELECT kind FROM server.contact WHERE cid = %s AND NOT deleted", cid)
    return kind


async def put_account(tx: Transaction, cid: ContactId, login: str, login_key: str, password: str, now: float) -> None:
    """Add or replace an account. UniqueViolation when the login is another contact's."""
    await tx.run(
        "INSERT INTO server.account (cid, login, login_key, password, changed)"
        " VALUES (%s, %s, %s, %s, to_timestamp(%s)) ON CONFLICT (cid) DO UPDATE SET login = excluded.login,"
        " login_key = excluded.login_key, password = excluded.password, changed = excluded.changed",
        cid,
        login,
        login_key,
        password,
        now,
    )


async def replace_password(tx: Transaction, cid: ContactId, old: str, new: str, now: float) -> bool:
    """Put a new hash where the old one still stands."""
    return bool(
        await tx.run(
            "UPDATE server.account SET password = %s, changed = to_timestamp(%s) WHERE cid = %s AND password = %s",
            new,
            now,
            cid,
            old,
        )
    )


async def lock_active(tx: Transaction, cid: ContactId) -> bool:
    """Whether the contact may sign in; it stays so until the end of the transaction."""
    return bool(
        await tx.value(
            "SELECT c.active AND NOT coalesce(a.blocked, false) FROM server.contact c"
            " LEFT JOIN server.account a USING (cid) WHERE c.cid = %s FOR SHARE OF c",
            cid,
        )
    )


async def lock_contact(tx: Transaction, cid: ContactId) -> None:
    """Until the end of the transaction nobody signs in as this contact."""
    await tx.value("SELECT 1 FROM server.contact WHERE cid = %s FOR UPDATE", cid)


async def set_blocked(tx: Transaction, cid: ContactId, blocked: bool) -> bool:
    """Whether it was the other way before."""
    return bool(
        await tx.run(
            "UPDATE server.account SET blocked = %s WHERE cid = %s AND blocked IS DISTINCT FROM %s",
            blocked,
            cid,
            blocked,
        )
    )


async def remove_account(tx: Transaction, cid: ContactId) -> bool:
    """Whether there was one."""
    return bool(await tx.run("DELETE FROM server.account WHERE cid = %s", cid))


async def grant_services(tx: Transaction, cid: ContactId, services: Sequence[str]) -> list[str]:
    """Give a contact services without parameters; answers those it did not have (of `contacts.api.ServiceType`)."""
    return await tx.rows(
        "INSERT INTO server.contact_service (cid, type) SELECT %s, type FROM unnest(%s::text[]) t (type)"
        " ON CONFLICT DO NOTHING RETURNING type",
        cid,
        list(services),
        kind=str,
    )


async def services_of(tx: Transaction, cid: ContactId) -> list[str]:
    """All services of a contact."""
    return await tx.rows("SELECT type FROM server.contact_service WHERE cid = %s ORDER BY type", cid, kind=str)


async def put_device(tx: Transaction, device: Device, family: bytes | None, refresh: bytes | None) -> None:
    """Add a device, or sign a known one of the same contact in again."""
    await tx.run(
        "INSERT INTO server.device (id, cid, client, name, address, created, seen, refreshed, family, refresh)"
        " VALUES (%s, %s, %s, %s, %s, to_timestamp(%s), to_timestamp(%s), to_timestamp(%s), %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET client = excluded.client, name = excluded.name, address = excluded.address,"
        " seen = excluded.seen, refreshed = excluded.refreshed, family = excluded.family, refresh = excluded.refresh",
        device.id,
        device.cid,
        device.client,
        device.name,
        device.address,
        device.created,
        device.seen,
        device.seen,
        family,
        refresh,
    )


async def known_device(tx: Transaction, cid: ContactId, device: DeviceId) -> bool:
    """Whether the device is a live one of this contact, with tokens."""
    found = await tx.value(
        "SELECT 1 FROM server.device WHERE id = %s AND cid = %s AND ended IS NULL AND family IS NOT NULL",
        device,
        cid,
    )
    return found is not None


async def surplus_devices(tx: Transaction, cid: ContactId, keep: int) -> list[DeviceId]:
    """Live devices beyond the `keep` that were seen last."""
    return await tx.rows(
        "SELECT id FROM server.device WHERE cid = %s AND ended IS NULL ORDER BY seen DESC, created DESC, id OFFSET %s",
        cid,
        keep,
        kind=DeviceId,
    )


async def rotate_refresh(
    tx: Transaction, old: bytes, family: bytes, new: bytes, now: float, life: int, grace: float
) -> Device | None:
    """Put a new refresh token in the place of the good one; None when `old` is not good (any more).

    The one before the good one is good too for `grace` seconds after it was used: its answer may have been lost.
    """
    return await tx.row(
        "UPDATE server.device d SET refresh = %s, seen = to_timestamp(%s),"
        " refreshed = CASE WHEN d.refresh = %s THEN to_timestamp(%s) ELSE d.refreshed END,"
        " previous = CASE WHEN d.refresh = %s THEN d.refresh ELSE d.previous END"
        " FROM server.contact c WHERE c.cid = d.cid AND c.active AND d.family = %s AND d.ended IS NULL"
        " AND (d.refresh = %s AND d.refreshed > to_timestamp(%s)"
        " OR d.previous = %s AND d.refreshed > to_timestamp(%s))"
        " RETURNING d.id, d.cid, d.client, d.name, d.address, extract(epoch FROM d.created)::bigint,"
        " extract(epoch FROM d.seen)::bigint",
        new,
        now,
        old,
        now,
        old,
        family,
        old,
        now - life,
        old,
        now - grace,
        kind=Device,
    )


async def device_of_family(tx: Transaction, family: bytes) -> tuple[ContactId, DeviceId] | None:
    """The live device that had a refresh token of this family."""
    return await tx.row(
        "SELECT cid, id FROM server.device WHERE family = %s AND ended IS NULL",
        family,
        kind=lambda cid, device: (ContactId(cid), DeviceId(device)),
    )


async def end_devices(tx: Transaction, cid: ContactId, devices: Sequence[DeviceId], now: float) -> list[DeviceId]:
    """End these devices of a contact; answers those that were alive."""
    return await tx.rows(
        "UPDATE server.device SET ended = to_timestamp(%s) WHERE cid = %s AND id = ANY(%s) AND ended IS NULL"
        " RETURNING id",
        now,
        cid,
        list(devices),
        kind=DeviceId,
    )


async def end_other_devices(tx: Transaction, cid: ContactId, but: DeviceId, now: float) -> list[DeviceId]:
    """End all devices of a contact except `but`; answers those that were alive."""
    return await tx.rows(
        "UPDATE server.device SET ended = to_timestamp(%s) WHERE cid = %s AND id <> %s AND ended IS NULL RETURNING id",
        now,
        cid,
        but,
        kind=DeviceId,
    )


async def devices_of(tx: Transaction, cid: ContactId) -> list[Device]:
    """Live devices of a contact, the last seen first."""
    return await tx.rows(
        "SELECT id, cid, client, name, address, extract(epoch FROM created)::bigint, extract(epoch FROM seen)::bigint,"
        " extract(epoch FROM refreshed)::bigint FROM server.device WHERE cid = %s AND ended IS NULL"
        " ORDER BY seen DESC, created DESC, id",
        cid,
        kind=Device,
    )


async def ended_since(tx: Transaction, since: float) -> list[tuple[DeviceId, float]]:
    """Devices that ended after a time, with that time."""
    return await tx.rows(
        "SELECT id, extract(epoch FROM ended)::float8 FROM server.device WHERE ended > to_timestamp(%s)",
        since,
        kind=lambda device, ended: (DeviceId(device), float(ended)),
    )


async def put_seen(tx: Transaction, seen: Sequence[tuple[DeviceId, float, str]]) -> None:
    """Note when and from where devices were seen."""
    await tx.run(
        "UPDATE server.device d SET seen = to_timestamp(n.seen), address = n.address"
        " FROM unnest(%s::text[], %s::float8[], %s::text[]) AS n (id, seen, address)"
        " WHERE d.id = n.id AND d.ended IS NULL",
        [device for device, _, _ in seen],
        [at for _, at, _ in seen],
        [address for _, _, address in seen],
    )


async def touch(tx: Transaction, devices: Sequence[DeviceId], now: float) -> None:
    """Note that devices are here now."""
    await tx.run("UPDATE server.device SET seen = to_timestamp(%s) WHERE id = ANY(%s)", now, list(devices))


async def clear_devices(tx: Transaction, ended_before: float, refreshed_before: float, socket_before: float) -> int:
    """Delete devices that ended long ago, did not refresh for long, or whose socket without tokens was lost."""
    return await tx.run(
        "DELETE FROM server.device WHERE ended < to_timestamp(%s) OR refreshed < to_timestamp(%s)"
        " OR (family IS NULL AND seen < to_timestamp(%s))",
        ended_before,
        refreshed_before,
        socket_before,
    )
