"""Presence over the bus: several devices, watchers, last seen."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.clock import ManualClock
from roschat.kernel.errors import Invalid, TooLarge
from roschat.modules.server.accounts.api import SilentSignIn
from roschat.modules.server.accounts.tests.office import Office, opened_office
from roschat.modules.server.presence.api import (
    GetPresence,
    OnlinePeople,
    PresenceView,
    PresenceWatched,
    SetContactStatus,
    WatchPresence,
)
from roschat.modules.server.presence.sessions import OFFLINE, STATUSES, Sessions
from roschat.modules.server.presence.watches import Watches
from roschat.types import ContactId, Role, SessionId
from roschat.wire.message import Caller
from roschat.wire.session import SessionClosed, SessionOpened


async def status(office: Office, cid: ContactId) -> str:
    return (await office.call(GetPresence([cid])))[0].status


def told(office: Office, viewer: ContactId) -> list[list[PresenceView]]:
    """The batches that a viewer got."""
    return [
        [msgspec.convert(change, PresenceView) for change in msgspec.json.decode(delivery.payload)["changes"]]
        for delivery in office.deliveries
        if delivery.name == "presence-event" and viewer in delivery.audience
    ]


async def test_a_contact_is_as_its_best_session(office: Office) -> None:
    cid = await office.hire("Орлова")
    phone, laptop = office.person(cid), office.person(cid)
    assert await status(office, cid) == "offline"
    office.bus.publish(SessionOpened(phone))
    office.bus.publish(SessionOpened(laptop))
    for said_phone, said_laptop, shown in (
        ("away", "away", "away"),
        ("busy", "away", "busy"),
        ("busy", "online", "online"),
    ):
        await office.call(SetContactStatus(said_phone), phone)
        await office.call(SetContactStatus(said_laptop), laptop)
        assert await status(office, cid) == shown
    office.bus.publish(SessionClosed(laptop))
    assert await status(office, cid) == "busy"
    office.bus.publish(SessionClosed(phone))
    assert await status(office, cid) == "offline"


async def test_watchers_hear_and_nobody_else(office: Office) -> None:
    anna, serov, titov = [office.person(await office.hire(name)) for name in ("Орлова", "Серов", "Титов")]
    for caller in (anna, titov):
        office.bus.publish(SessionOpened(caller))
    views = await office.call(WatchPresence([serov.cid, titov.cid]), anna)
    assert views == [PresenceView(serov.cid, "offline"), PresenceView(titov.cid, "online")]
    office.bus.publish(SessionOpened(serov))
    await office.until(lambda: bool(told(office, anna.cid)))
    assert PresenceView(serov.cid, "online") in told(office, anna.cid)[-1]
    assert told(office, titov.cid) == []
    assert told(office, serov.cid) == []


async def test_changes_of_a_moment_come_in_one_event(office: Office) -> None:
    anna = office.person(await office.hire("Орлова"))
    others = [office.person(await office.hire(f"Человек {n}")) for n in range(20)]
    office.bus.publish(SessionOpened(anna))
    await office.call(WatchPresence([other.cid for other in others]), anna)
    for other in others:
        office.bus.publish(SessionOpened(other))
        await office.call(SetContactStatus("away"), other)
    await office.until(lambda: bool(told(office, anna.cid)))
    [batch] = told(office, anna.cid)
    assert batch == [PresenceView(other.cid, "away") for other in others]


async def test_a_new_watch_replaces_the_old_one(office: Office) -> None:
    anna, serov, titov = [office.person(await office.hire(name)) for name in ("Орлова", "Серов", "Титов")]
    office.bus.publish(SessionOpened(anna))
    await office.call(WatchPresence([serov.cid]), anna)
    await office.call(WatchPresence([titov.cid]), anna)
    office.bus.publish(SessionOpened(serov))
    office.bus.publish(SessionOpened(titov))
    await office.until(lambda: bool(told(office, anna.cid)))
    assert told(office, anna.cid) == [[PresenceView(titov.cid, "online")]]


async def test_another_process_took_the_watch(office: Office) -> None:
    anna, serov, titov = [office.person(await office.hire(name)) for name in ("Орлова", "Серов", "Титов")]
    for caller in (anna, titov):
        office.bus.publish(SessionOpened(caller))
        await office.call(WatchPresence([serov.cid]), caller)
    office.bus.publish(PresenceWatched(anna.session, "another process"))
    office.bus.publish(SessionOpened(serov))
    await office.until(lambda: bool(told(office, titov.cid)))
    assert told(office, anna.cid) == []


async def test_last_seen_survives_a_restart(dsn: str, tmp_path: Path) -> None:
    async with opened_office(dsn, tmp_path) as office:
        gone, here = office.person(await office.hire("Орлова")), office.person(await office.hire("Серов"))
        office.bus.publish(SessionOpened(gone))
        office.bus.publish(SessionOpened(here))
        office.clock.advance(100)
        office.bus.publish(SessionClosed(gone))
        left = office.clock.seconds()
        assert (await office.call(GetPresence([gone.cid])))[0].seen_time == left
        office.clock.advance(100)
        stopped = office.clock.seconds()
    async with opened_office(dsn, tmp_path) as office:
        views = await office.call(GetPresence([gone.cid, here.cid]))
        assert [view.seen_time for view in views] == [left, stopped]


async def test_a_silent_session_is_not_shown(office: Office) -> None:
    cid = await office.hire("Орлова", login="orlova")
    silent = await office.connect("orlova", silent=True)
    assert await status(office, cid) == "offline"
    assert await office.call(OnlinePeople()) == [cid]
    await office.call(SetContactStatus("online"), silent)
    assert await status(office, cid) == "online"
    office.disconnect(silent)
    assert await office.call(OnlinePeople()) == []


async def test_silence_may_be_told_after_the_opening(office: Office) -> None:
    caller = office.person(await office.hire("Орлова"))
    office.bus.publish(SessionOpened(caller))
    office.bus.publish(SilentSignIn(caller.session))
    assert await status(office, caller.cid) == "offline"


async def test_bots_are_shown_but_are_no_people(office: Office) -> None:
    cid = await office.hire("Орлова")
    office.bus.publish(SessionOpened(Caller(Role.BOT, cid, SessionId("bot"))))
    assert await status(office, cid) == "online"
    assert await office.call(OnlinePeople()) == []


async def test_a_text_is_kept_and_told(office: Office) -> None:
    anna, serov = office.person(await office.hire("Орлова")), office.person(await office.hire("Серов"))
    for caller in (anna, serov):
        office.bus.publish(SessionOpened(caller))
    await office.call(WatchPresence([serov.cid]), anna)
    await office.call(SetContactStatus("busy", "  на совещании "), serov)
    await office.until(lambda: bool(told(office, anna.cid)))
    assert told(office, anna.cid)[-1] == [PresenceView(serov.cid, "busy", text="на совещании")]
    office.bus.publish(SessionClosed(serov))
    assert (await office.call(GetPresence([serov.cid])))[0].text == "на совещании"
    office.bus.publish(SessionOpened(serov))
    await office.call(SetContactStatus("online", ""), serov)
    assert (await office.call(GetPresence([serov.cid])))[0].text == ""


async def test_bad_words_of_presence(office: Office) -> None:
    caller = office.person(await office.hire("Орлова"))
    with pytest.raises(Invalid):
        await office.call(SetContactStatus("invisible"), caller)
    with pytest.raises(Invalid):
        await office.call(SetContactStatus("online", "a\x00b"), caller)
    with pytest.raises(TooLarge):
        await office.call(SetContactStatus("online", "x" * 201), caller)
    with pytest.raises(TooLarge):
        await office.call(WatchPresence([ContactId(n) for n in range(1001)]), caller)


moves = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["open", "close", "silent", *STATUSES])), max_size=30)


@given(moves)
def test_status_is_the_best_of_what_the_live_sessions_said(steps: list[tuple[int, str]]) -> None:
    sessions, said, early = Sessions(ManualClock()), dict[int, str](), dict[int, str]()
    for number, move in steps:
        name = SessionId(str(number))
        before = sessions.status(ContactId(7))
        if move == "open" and number not in said:
            changed = sessions.open(name, ContactId(7), is_person=True)
            said[number] = early.pop(number, "online")
        elif move == "open":
            continue
        elif move == "close":
            changed = sessions.close(name)
            said.pop(number, None)
            early.pop(number, None)
        elif move == "silent":
            changed = sessions.announce_silent(name)
            (said if number in said else early)[number] = "silent"
        else:
            changed = sessions.say(name, move)
            (said if number in said else early)[number] = move
        best = next((status for status in STATUSES if status in said.values()), OFFLINE)
        assert sessions.status(ContactId(7)) == best
        assert changed == (before != best)


watching = st.lists(st.tuples(st.integers(0, 3), st.frozensets(st.integers(10, 15))), max_size=20)


@given(watching, st.frozensets(st.integers(10, 15)))
def test_readers_are_those_whose_last_watch_names_a_change(
    steps: list[tuple[int, frozenset[int]]], changed: frozenset[int]
) -> None:
    watches, last = Watches(), dict[int, frozenset[int]]()
    for number, cids in steps:
        watches.watch(SessionId(str(number)), ContactId(number), map(ContactId, cids))
        last[number] = cids
    seen = {viewer: cids for cids, viewers in watches.readers(map(ContactId, changed)).items() for viewer in viewers}
    assert seen == {n: tuple(sorted(cids & changed)) for n, cids in last.items() if cids & changed}
    for number in last:
        watches.forget(SessionId(str(number)))
    assert len(watches) == 0
    assert watches.readers(map(ContactId, changed)) == {}
