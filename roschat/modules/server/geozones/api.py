"""Named places (R-GEO-001…004, console-facts §7), and where people are who share it."""

from roschat.types import ContactId, Seconds
from roschat.wire.declare import ADMIN, PERSON, command
from roschat.wire.message import Command, Empty, Message
from roschat.wire.rest import rest


class BeaconView(Message, frozen=True):
    """An iBeacon: a UUID with two numbers from 0 to 65535."""

    id: int
    uuid: str
    minor: int
    major: int


class GeozoneView(Message, frozen=True):
    """A circle on the map, and the beacons that mean the same place. Degrees of WGS 84, metres."""

    id: int
    name: str
    latitude: float
    longitude: float
    radius: int
    beacons: list[BeaconView] = []


@rest("GET", "/geozones", tag="geozones")
@command("list-geozones", access=ADMIN)
class ListGeozones(Command[list[GeozoneView]], frozen=True):
    """All places by name."""


class GeozoneAdded(Message, frozen=True):
    """The number of a new place or beacon."""

    id: int


@rest("POST", "/geozones", tag="geozones")
@command("add-geozone", access=ADMIN)
class AddGeozone(Command[GeozoneAdded], frozen=True):
    """Add a place. Numbers come as they were typed, a comma counts as a point.

    `bad-request` with `fields`: name (empty, too-long, taken), latitude (-90 to 90), longitude (-180 to 180), radius
    (0 to 1000 metres): empty, bad-value, too-small, too-large.
    """

    name: str
    latitude: str
    longitude: str
    radius: str


@rest("PUT", "/geozones/{id}", tag="geozones")
@command("change-geozone", access=ADMIN)
class ChangeGeozone(Command[Empty], frozen=True):
    """Change a place; refused like add-geozone."""

    id: int
    name: str
    latitude: str
    longitude: str
    radius: str


@rest("DELETE", "/geozones/{id}", tag="geozones")
@command("remove-geozone", access=ADMIN)
class RemoveGeozone(Command[Empty], frozen=True):
    """Remove a place with its beacons."""

    id: int


@rest("POST", "/geozones/{zone}/beacons", tag="geozones")
@command("add-beacon", access=ADMIN)
class AddBeacon(Command[GeozoneAdded], frozen=True):
    """Add a beacon to a place.

    `bad-request` with `fields`: uuid (empty, bad-value, taken), minor and major (0 to 65535): empty, bad-value.
    """

    zone: int
    uuid: str
    minor: str
    major: str


@rest("DELETE", "/geozones/{zone}/beacons/{id}", tag="geozones")
@command("remove-beacon", access=ADMIN)
class RemoveBeacon(Command[Empty], frozen=True):
    """Remove a beacon."""

    zone: int
    id: int


class HeardBeacon(Message, frozen=True):
    """A beacon that a phone hears; the nearest comes first."""

    uuid: str
    minor: int
    major: int


@command("share-location", access=PERSON)
class ShareLocation(Command[Empty], frozen=True):
    """Tell where the caller is; what was told before is forgotten. Without coordinates and beacons: stop sharing."""

    latitude: float | None = None
    longitude: float | None = None
    beacons: list[HeardBeacon] = []


class LocationView(Message, frozen=True):
    """Where somebody is: the name of the place, empty when it is none of ours; no `time`: he does not share it.

    Coordinates are never shown to others: only the names that the administrator gave.
    """

    zone: str = ""
    time: Seconds = Seconds(0)


@command("get-location", access=PERSON)
class GetLocation(Command[LocationView], frozen=True):
    """The status «Местоположение» of a contact that the caller may see."""

    cid: ContactId
