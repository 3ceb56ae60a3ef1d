"""Places: what an administrator may type, and what others learn of somebody's position."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.errors import Invalid, NotFound
from roschat.modules.server.geozones.api import (
    AddBeacon,
    AddGeozone,
    ChangeGeozone,
    GeozoneView,
    GetLocation,
    HeardBeacon,
    ListGeozones,
    RemoveBeacon,
    RemoveGeozone,
    ShareLocation,
)
from roschat.modules.server.geozones.rules import distance, number, whole, zone_at
from roschat.types import ContactId, Role
from roschat.wire.message import Caller
from tests.harness.server import Server

ADMIN = Caller(Role.ADMIN, ContactId(1), name="anna", request="r")
UUID = "f7826da6-4fa2-4e98-8024-bc5b71e0893e"

degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(degrees, degrees)
def test_distances_are_those_of_a_sphere(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert 0 <= distance(a, b) <= 20_015_200
    assert distance(a, a) == 0


def test_a_known_distance() -> None:
    assert distance((55.7558, 37.6173), (59.9343, 30.3351)) == pytest.approx(633_000, rel=0.01)


def test_the_nearest_place_wins_and_its_edge_belongs_to_it() -> None:
    office = GeozoneView(1, "Офис", 55.785118, 37.659326, 1000)
    lobby = GeozoneView(2, "Вход", 55.785118, 37.659400, 50)
    assert zone_at([office, lobby], 55.785118, 37.659390) == "Вход"
    assert zone_at([office, lobby], 55.790, 37.659326) == "Офис"
    assert zone_at([office, lobby], 55.9, 37.6) == ""


@pytest.mark.parametrize("text", ["x", "1_0", "1e", "nan", "inf", "٣", "--1"])
def test_what_is_no_number(text: str) -> None:
    assert number(text, -90, 90)[1] == "bad-value"


def test_numbers_as_they_are_typed() -> None:
    assert number(" 55,785118 ", -90, 90) == (55.785118, "")
    assert number("", -90, 90)[1] == "empty"
    assert number("90.1", -90, 90)[1] == "too-large"
    assert number("-90.1", -90, 90)[1] == "too-small"
    assert whole("5.5", 0, 10)[1] == "bad-value"
    assert whole("5.0", 0, 10) == (5, "")


async def refused(server: Server, command: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        await server.program.bus.call(command, ADMIN)
    return dict(refusal.value.fields)


async def test_places_and_beacons_are_kept(server: Server) -> None:
    call = server.program.bus.call
    assert await refused(server, AddGeozone("", "95", "x", "1001")) == {
        "name": "empty", "latitude": "too-large", "longitude": "bad-value", "radius": "too-large",
    }  # fmt: skip
    office = (await call(AddGeozone("Офис", "55,785118", "37.659326", "5"), ADMIN)).id
    assert await refused(server, AddGeozone("офис", "1", "1", "1")) == {"name": "taken"}
    await call(ChangeGeozone(office, "Офис", "55.785118", "37.659326", "1000"), ADMIN)
    assert await refused(server, AddBeacon(office, "no uuid", "65536", "")) == {
        "uuid": "bad-value", "minor": "too-large", "major": "empty",
    }  # fmt: skip
    beacon = (await call(AddBeacon(office, UUID, "1", "2"), ADMIN)).id
    assert await refused(server, AddBeacon(office, UUID.upper(), "1", "2")) == {"uuid": "taken"}
    [zone] = await call(ListGeozones(), ADMIN)
    assert (zone.name, zone.radius, zone.beacons[0].uuid, zone.beacons[0].major) == ("Офис", 1000, UUID, 2)
    await call(RemoveBeacon(office, beacon), ADMIN)
    with pytest.raises(NotFound):
        await call(RemoveBeacon(office, beacon), ADMIN)
    await call(RemoveGeozone(office), ADMIN)
    with pytest.raises(NotFound):
        await call(RemoveGeozone(office), ADMIN)
    assert await call(ListGeozones(), ADMIN) == []


async def test_others_learn_the_place_and_not_the_position(server: Server) -> None:
    call = server.program.bus.call
    ann, ben = [Caller(Role.PERSON, ContactId(await server.person(name))) for name in ("ann", "ben")]
    office = (await call(AddGeozone("Офис", "55.785118", "37.659326", "100"), ADMIN)).id
    await call(AddBeacon(office, UUID, "1", "2"), ADMIN)
    where = GetLocation(ann.cid)
    assert (await call(where, ben)).time == 0
    await call(ShareLocation(55.785118, 37.659326), ann)
    shown = await call(where, ben)
    assert shown.zone == "Офис"
    assert shown.time > 0
    await call(ShareLocation(50.0, 50.0, [HeardBeacon("nonsense", 0, 0), HeardBeacon(UUID, 1, 2)]), ann)
    assert (await call(where, ben)).zone == "Офис"
    await call(ShareLocation(50.0, 50.0), ann)
    assert (await call(where, ben)).zone == ""
    for latitude, longitude in ((91.0, 0.0), (0.0, float("nan"))):
        with pytest.raises(Invalid):
            await call(ShareLocation(latitude, longitude), ann)
    with pytest.raises(Invalid):
        await call(ShareLocation(1.0), ann)
    await call(ShareLocation(), ann)
    assert (await call(where, ben)).time == 0
    with pytest.raises(NotFound):
        await call(GetLocation(ContactId(4711)), ben)
