"""Places as the administrator keeps them, and the status «Местоположение» of people who share it.

A beacon outranks coordinates: indoors a satellite knows little. Others learn the name of the place and never the
coordinates.
"""

from uuid import UUID

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound
from roschat.kernel.formats import refuse
from roschat.modules.server.directory.api import GetContact
from roschat.modules.server.geozones import store
from roschat.modules.server.geozones.api import (
    AddBeacon,
    AddGeozone,
    ChangeGeozone,
    GeozoneView,
    GetLocation,
    LocationView,
    RemoveBeacon,
    RemoveGeozone,
    ShareLocation,
)
from roschat.modules.server.geozones.rules import LARGEST, NAME, number, whole, zone_at
from roschat.types import Seconds
from roschat.wire.message import Caller

BEACONS = 50
"""Heard beacons that are looked at."""


class Geozones:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock

    async def listed(self) -> list[GeozoneView]:
        """All places."""
        async with self._db.reading() as tx:
            return await store.zones(tx)

    async def add(self, command: AddGeozone, caller: Caller) -> int:
        """Add a place. Raises Invalid with `fields`."""
        wanted = _read(0, command)
        async with self._db.transaction() as tx:
            await _free(tx, wanted)
            place = await store.add(tx, wanted)
            await audit.record(tx, caller, "geozone-add", wanted.name, None, command)
        return place

    async def change(self, command: ChangeGeozone, caller: Caller) -> None:
        """Change a place. Raises NotFound, Invalid with `fields`."""
        wanted = _read(command.id, command)
        async with self._db.transaction() as tx:
            before = await _known(tx, command.id)
            await _free(tx, wanted)
            await store.change(tx, wanted)
            await audit.record(tx, caller, "geozone-change", wanted.name, before, wanted)

    async def remove(self, command: RemoveGeozone, caller: Caller) -> None:
        """Remove a place. Raises NotFound."""
        async with self._db.transaction() as tx:
            before = await _known(tx, command.id)
            await store.remove(tx, command.id)
            await audit.record(tx, caller, "geozone-remove", before.name, before, None)

    async def add_beacon(self, command: AddBeacon, caller: Caller) -> int:
        """Add a beacon. Raises NotFound, Invalid with `fields`."""
        minor, bad_minor = whole(command.minor, 0, 65535)
        major, bad_major = whole(command.major, 0, 65535)
        uuid = _uuid(command.uuid)
        bad_uuid = "" if uuid else "bad-value" if command.uuid.strip() else "empty"
        refuse({"uuid": bad_uuid, "minor": bad_minor, "major": bad_major})
        assert uuid is not None
        async with self._db.transaction() as tx:
            zone = await _known(tx, command.zone)
            refuse({"uuid": "taken" if await store.beacon_known(tx, uuid, major, minor) else ""})
            beacon = await store.add_beacon(tx, command.zone, uuid, minor, major)
            await audit.record(tx, caller, "beacon-add", zone.name, None, command)
        return beacon

    async def remove_beacon(self, command: RemoveBeacon, caller: Caller) -> None:
        """Remove a beacon. Raises NotFound."""
        async with self._db.transaction() as tx:
            if not await store.remove_beacon(tx, command.zone, command.id):
                raise NotFound(f"There is no beacon {command.id} in the geozone {command.zone}.")
            await audit.record(tx, caller, "beacon-remove", str(command.zone), command, None)

    async def share(self, command: ShareLocation, caller: Caller) -> None:
        """See the command. Raises Invalid for half a position or one that is not on Earth."""
        latitude, longitude = command.latitude, command.longitude
        if (latitude is None) != (longitude is None):
            raise Invalid("Latitude and longitude belong together: send both, or none.")
        # What is not a number compares as false with everything.
        if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise Invalid(f"The position {latitude}, {longitude} is not on Earth; send degrees of WGS 84.")
        heard = [(uuid, one) for one in command.beacons[:BEACONS] if (uuid := _uuid(one.uuid))]
        async with self._db.transaction() as tx:
            if latitude is None and not command.beacons:
                await store.forget_location(tx, caller.cid)
                return
            beacon = await store.heard(
                tx, [uuid for uuid, _ in heard], [one.major for _, one in heard], [one.minor for _, one in heard]
            )
            await store.put_location(tx, caller.cid, latitude, longitude, beacon, self._clock.now())

    async def location(self, command: GetLocation, caller: Caller) -> LocationView:
        """See the command. Raises NotFound for a contact that the caller may not see."""
        await self._bus.call(GetContact(command.cid), caller)
        async with self._db.reading() as tx:
            found = await store.location(tx, command.cid)
            if found is None:
                return LocationView()
            if found.place or found.latitude is None or found.longitude is None:
                return LocationView(found.place, Seconds(found.time))
            zones = await store.zones(tx)
        return LocationView(zone_at(zones, found.latitude, found.longitude), Seconds(found.time))


def _read(place: int, command: AddGeozone | ChangeGeozone) -> GeozoneView:
    name = command.name.strip()
    latitude, bad_latitude = number(command.latitude, -90, 90)
    longitude, bad_longitude = number(command.longitude, -180, 180)
    radius, bad_radius = whole(command.radius, 0, LARGEST)
    refuse(
        {
            "name": "too-long" if len(name) > NAME else "" if name else "empty",
            "latitude": bad_latitude,
            "longitude": bad_longitude,
            "radius": bad_radius,
        }
    )
    return GeozoneView(place, name, latitude, longitude, radius)


async def _free(tx: Transaction, wanted: GeozoneView) -> None:
    refuse({"name": "taken" if await store.named(tx, wanted.name, wanted.id) else ""})


async def _known(tx: Transaction, place: int) -> GeozoneView:
    found = await store.zone(tx, place)
    if found is None:
        raise NotFound(f"There is no geozone {place}.")
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
