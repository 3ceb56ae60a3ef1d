"""Services of people: parameters, unique numbers, what follows when one goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel import audit
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError
from roschat.modules.server.accounts.api import ClientKind, MaySignIn, RefreshToken
from roschat.modules.server.accounts.tests.office import Office
from roschat.modules.server.contacts.api import (
    AddContactService,
    ChangeContactService,
    ContactService,
    ContactServicesChanged,
    GetContactServices,
    ListServices,
    MayGrantService,
    RemoveContactService,
    ServiceCounts,
    ServiceServer,
    ServiceType,
    SetContactServices,
    TetraServers,
    VideomostServers,
)
from roschat.modules.server.contacts.catalogue import KINDS, checked
from roschat.types import ContactId, Role
from roschat.wire.message import Caller
from roschat.wire.session import SessionsEnded

ADMIN = Caller(Role.ADMIN, ContactId(5), address="192.0.2.9", name="vera")


async def services(office: Office, cid: ContactId) -> list[ServiceType]:
    return [one.type for one in await office.call(GetContactServices(cid))]


async def test_every_service_is_offered(office: Office) -> None:
    offers = {one.type: one for one in await office.call(ListServices())}
    assert list(offers) == list(ServiceType)
    assert [one for one, offer in offers.items() if not offer.available] == [ServiceType.TETRA, ServiceType.VIDEOMOST]
    assert [one.name for one in offers[ServiceType.SIP].params] == ["number"]
    assert offers[ServiceType.PBX_DECT].group == "pbx"


async def test_a_service_is_granted_once(office: Office) -> None:
    cid = await office.hire("Орлова")
    changes = office.collect(ContactServicesChanged)
    await office.call(AddContactService(cid, ServiceType.SIP, {"number": " 20-01 "}), ADMIN)
    with pytest.raises(RoschatError) as refused:
        await office.call(AddContactService(cid, ServiceType.SIP, {"number": "2002"}), ADMIN)
    assert (refused.value.code, refused.value.fields) == ("already-exists", {"type": "taken"})
    assert (await office.call(GetContactServices(cid)))[0].params == {"number": "2001"}
    await office.call(ChangeContactService(cid, ServiceType.SIP, {"number": "2002"}), ADMIN)
    await office.call(RemoveContactService(cid, ServiceType.SIP), ADMIN)
    assert [event.services for event in changes] == [("sip",), ("sip",), ()]
    for command in (RemoveContactService(cid, ServiceType.SIP), ChangeContactService(cid, ServiceType.RADIO)):
        with pytest.raises(NotFound):
            await office.call(command, ADMIN)
    with pytest.raises(NotFound):
        await office.call(GetContactServices(ContactId(4000)))
    with pytest.raises(NotFound):
        await office.call(AddContactService(ContactId(1), ServiceType.RADIO), ADMIN)
    async with office.db.reading() as tx:
        entries = await audit.entries(tx, audit.Search(action="change-contact-service"))
    assert (entries[0].before, entries[0].after) == ({"sip": {"number": "2001"}}, {"sip": {"number": "2002"}})


@pytest.mark.parametrize(
    ("kind", "params", "fields"),
    [
        (ServiceType.SIP, {}, {"number": "empty"}),
        (ServiceType.SIP, {"number": "20a1"}, {"number": "bad-value"}),
        (ServiceType.SIP, {"number": "1" * 21}, {"number": "bad-value"}),
        (ServiceType.TETRA, {}, {"server": "empty", "ssi": "empty"}),
        (ServiceType.TETRA, {"server": "7", "ssi": "16777216"}, {"ssi": "bad-value"}),
        (ServiceType.TETRA, {"server": "7", "ssi": "100"}, {"server": "unknown"}),
        (ServiceType.VIDEOMOST, {}, {"type": "unknown"}),
        (ServiceType.COMPUTER, {"number": "1"}, {}),
    ],
)
async def test_bad_parameters(
    office: Office, kind: ServiceType, params: dict[str, str], fields: dict[str, str]
) -> None:
    cid = await office.hire("Орлова")
    with pytest.raises(Invalid) as refused:
        await office.call(AddContactService(cid, kind, params), ADMIN)
    assert refused.value.fields == fields


async def test_integrations_make_their_services_available(office: Office) -> None:
    async def tetra(command: TetraServers, caller: Caller) -> list[ServiceServer]:
        return [ServiceServer("7", "Минск")]

    async def videomost(command: VideomostServers, caller: Caller) -> list[ServiceServer]:
        return [ServiceServer("1", "vm.example.org")]

    office.bus.serve(TetraServers, tetra)
    office.bus.serve(VideomostServers, videomost)
    offers = {one.type: one for one in await office.call(ListServices())}
    assert all(one.available for one in offers.values())
    assert offers[ServiceType.TETRA].params[0].choices == [ServiceServer("7", "Минск")]
    one, two = await office.hire("Орлова"), await office.hire("Серов")
    for cid, ssi in ((one, "100"), (two, "101")):
        await office.call(AddContactService(cid, ServiceType.TETRA, {"server": "7", "ssi": ssi}), ADMIN)
    with pytest.raises(RoschatError) as refused:
        await office.call(ChangeContactService(two, ServiceType.TETRA, {"server": "7", "ssi": "100"}), ADMIN)
    assert (refused.value.code, refused.value.fields) == ("number-taken", {"ssi": "taken"})
    await office.call(AddContactService(two, ServiceType.VIDEOMOST), ADMIN)
    assert await services(office, two) == [ServiceType.TETRA, ServiceType.VIDEOMOST]


async def test_numbers_belong_to_one_in_their_plan(office: Office) -> None:
    one, two = await office.hire("Орлова"), await office.hire("Серов")
    await office.call(AddContactService(one, ServiceType.PBX_SIP, {"number": "2001"}), ADMIN)
    for kind in (ServiceType.PBX_SIP, ServiceType.PBX_DECT):
        with pytest.raises(RoschatError) as refused:
            await office.call(AddContactService(two, kind, {"number": "2001"}), ADMIN)
        assert (refused.value.code, refused.value.fields) == ("number-taken", {"number": "taken"})
    with pytest.raises(RoschatError):
        await office.call(AddContactService(one, ServiceType.PBX_FXS, {"number": "2001"}), ADMIN)
    await office.call(AddContactService(two, ServiceType.SIP, {"number": "2001"}), ADMIN)
    await office.call(AddContactService(two, ServiceType.DX500_CTA, {"number": "2001"}), ADMIN)
    # Within one change a number may move from one service of a contact to another.
    await office.call(
        SetContactServices(
            one,
            [
                ContactService(ServiceType.PBX_DECT, {"number": "2001"}),
                ContactService(ServiceType.PBX_SIP, {"number": "2002"}),
            ],
        ),
        ADMIN,
    )
    assert await services(office, one) == [ServiceType.PBX_SIP, ServiceType.PBX_DECT]
    with pytest.raises(Invalid):
        await office.call(SetContactServices(one, [ContactService(ServiceType.RADIO)] * 2), ADMIN)


async def test_the_licence_is_asked(office: Office) -> None:
    cid = await office.hire("Орлова")
    asked: list[tuple[ContactId, ServiceType]] = []

    async def licence(hook: MayGrantService) -> None:
        asked.append((hook.cid, hook.service))
        if hook.service is ServiceType.RADIO:
            raise Denied("The licence has no radio.")

    office.bus.answer(MayGrantService, licence)
    await office.call(AddContactService(cid, ServiceType.SIP, {"number": "1"}), ADMIN)
    with pytest.raises(Denied):
        await office.call(
            SetContactServices(
                cid, [ContactService(ServiceType.SIP, {"number": "2"}), ContactService(ServiceType.RADIO)]
            ),
            ADMIN,
        )
    assert asked == [(cid, ServiceType.SIP), (cid, ServiceType.RADIO)]
    assert (await office.call(GetContactServices(cid)))[0].params == {"number": "1"}


async def test_applications_need_their_service(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    phone = await office.login("orlova", client="android 7")
    desk = await office.login("orlova", client="web 7")
    assert phone.tokens is not None
    assert desk.tokens is not None
    ended = office.collect(SessionsEnded)
    await office.call(RemoveContactService(cid, ServiceType.MOBILE), ADMIN)
    assert [event.device for event in ended] == [phone.device]
    assert (await office.login("orlova", client="ios 7")).error == "access-denied"
    assert (await office.login("orlova", client="pc 7")).status == "ok"
    with pytest.raises(RoschatError):
        await office.call(RefreshToken(phone.tokens.refresh_token), office.stranger())
    await office.call(RefreshToken(desk.tokens.refresh_token), office.stranger())
    await office.call(RemoveContactService(cid, ServiceType.COMPUTER), ADMIN)
    for kind in ClientKind:
        with pytest.raises(Denied):
            await office.bus.ask(MaySignIn(cid, kind))
    await office.call(SetContactServices(cid, [ContactService(ServiceType.MOBILE)]), ADMIN)
    assert (await office.login("orlova", client="ios 7")).status == "ok"


async def test_counts_for_the_licence(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    other = await office.hire("Серов")
    await office.call(AddContactService(other, ServiceType.RADIO), ADMIN)
    assert await office.call(ServiceCounts()) == {"account": 1, "computer": 1, "mobile": 1}


@given(st.sampled_from(list(KINDS)), st.dictionaries(st.sampled_from(["number", "ssi", "server", "x"]), st.text()))
def test_parameters_are_good_or_refused(kind: ServiceType, params: dict[str, str]) -> None:
    try:
        good = checked(kind, params)
    except Invalid:
        return
    assert checked(kind, good.params) == good
    assert set(good.params) == {one.name for one in KINDS[kind].params}
