"""Places, beacons and where people are."""

from uuid import UUID

import msgspec

from roschat.kernel.db import Transaction
from roschat.modules.server.geozones.api import BeaconView, GeozoneView
from roschat.types import ContactId


class Position(msgspec.Struct, frozen=True):
    """Where somebody was: coordinates, or the place of a beacon."""

    latitude: float | None
    longitude: float | None
    place: str
    time: int


async def zones(tx: Transaction) -> list[GeozoneView]:
    """All places by name with their beacons."""
    beacons: dict[int, list[BeaconView]] = {}
    for zone, beacon in await tx.rows(
        "SELECT zone, id, uuid::text, minor, major FROM server.beacon ORDER BY id",
        kind=lambda zone, *rest: (zone, BeaconView(*rest)),
    ):
        beacons.setdefault(zone, []).append(beacon)
    found = await tx.rows(
        "SELECT id, name, latitude, longitude, radius FROM server.geozone ORDER BY name", kind=GeozoneView
    )
    return [msgspec.structs.replace(zone, beacons=beacons.get(zone.id, [])) for zone in found]


async def zone(tx: Transaction, number: int) -> GeozoneView | None:
    """One place without its beacons, locked."""
    return await tx.row(
        "SELECT id, name, latitude, longitude, radius FROM server.geozone WHERE id = %s FOR UPDATE",
        number,
        kind=GeozoneView,
    )


async def named(tx: Transaction, name: str, but: int) -> bool:
    """Whether another place has the name."""
    found = await tx.value("SELECT 1 FROM server.geozone WHERE lower(name) = lower(%s) AND id <> %s", name, but)
    return found is not None


async def add(tx: Transaction, zone: GeozoneView) -> int:
    """A new place."""
    return int(
        await tx.value(
            "INSERT INTO server.geozone (name, latitude, longitude, radius) VALUES (%s, %s, %s, %s) RETURNING id",
            zone.name,
            zone.latitude,
            zone.longitude,
            zone.radius,
        )
    )


async def change(tx: Transaction, zone: GeozoneView) -> None:
    """Other values."""
    await tx.run(
        "UPDATE server.geozone SET name = %s, latitude = %s, longitude = %s, radius = %s WHERE id = %s",
        zone.name,
        zone.latitude,
        zone.longitude,
        zone.radius,
        zone.id,
    )


async def remove(tx: Transaction, number: int) -> None:
    """Away with its beacons."""
    await tx.run("DELETE FROM server.geozone WHERE id = %s", number)


async def beacon_known(tx: Transaction, uuid: UUID, major: int, minor: int) -> bool:
    """Whether a beacon stands somewhere already."""
    found = await tx.value(
        "SELECT 1 FROM server.beacon WHERE uuid = %s AND major = %s AND minor = %s", uuid, major, minor
    )
    return found is not None


async def add_beacon(tx: Transaction, zone: int, uuid: UUID, minor: int, major: int) -> int:
    """A new beacon."""
    return int(
        await tx.value(
            "INSERT INTO server.beacon (zone, uuid, minor, major) VALUES (%s, %s, %s, %s) RETURNING id",
            zone,
            uuid,
            minor,
            major,
        )
    )


async def remove_beacon(tx: Transaction, zone: int, number: int) -> bool:
    """Whether there was one."""
    return await tx.run("DELETE FROM server.beacon WHERE zone = %s AND id = %s", zone, number) > 0


async def heard(tx: Transaction, uuids: list[UUID], majors: list[int], minors: list[int]) -> int | None:
    """The first known one of the beacons that a phone hears, nearest first."""
    found: int | None = await tx.value(
        "SELECT b.id FROM unnest(%s::uuid[], %s::int[], %s::int[]) WITH ORDINALITY AS h(uuid, major, minor, place) "
        "JOIN server.beacon b USING (uuid, major, minor) ORDER BY h.place LIMIT 1",
        uuids,
        majors,
        minors,
    )
    return found


async def put_location(
    tx: Transaction, cid: ContactId, latitude: float | None, longitude: float | None, beacon: int | None, now: float
) -> None:
    """Where somebody is now."""
    await tx.run(
        "INSERT INTO server.location (cid, latitude, longitude, beacon, time) "
        "VALUES (%s, %s, %s, %s, to_timestamp(%s)) ON CONFLICT (cid) DO UPDATE SET latitude = excluded.latitude, "
        "longitude = excluded.longitude, beacon = excluded.beacon, time = excluded.time",
        cid,
        latitude,
        longitude,
        beacon,
        now,
    )


async def forget_location(tx: Transaction, cid: ContactId) -> None:
    """Somebody does not share it any more."""
    await tx.run("DELETE FROM server.location WHERE cid = %s", cid)


async def location(tx: Transaction, cid: ContactId) -> Position | None:
    """Where somebody was last; None when he does not share it."""
    return await tx.row(
        "SELECT l.latitude, l.longitude, coalesce(z.name, ''), extract(epoch FROM l.time)::bigint "
        "FROM server.location l LEFT JOIN server.beacon b ON b.id = l.beacon "
        "LEFT JOIN server.geozone z ON z.id = b.zone WHERE l.cid = %s",
        cid,
        kind=Position,
    )
