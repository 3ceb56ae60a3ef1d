"""Modules that stop, start and restart in one process: what each run registered, and who is told."""

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import Struct

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.clock import ManualClock
from roschat.kernel.components import Components
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, Unavailable
from roschat.kernel.figures import Figures
from roschat.kernel.health import Parts
from roschat.kernel.http import Request, Routes
from roschat.kernel.loader import Loader, ModuleFailed, chosen, scan
from roschat.kernel.metrics import Metrics
from roschat.kernel.service import Context, State
from roschat.kernel.settings import Settings
from roschat.types import ContactId, Role, SessionId
from roschat.wire.component import (
    ComponentChanged,
    ComponentWanted,
    ProcessAsked,
    ProcessTold,
    RestartWanted,
    WishTaken,
)
from roschat.wire.declare import INTERNAL, command, event, hook
from roschat.wire.message import Caller, Command, Event, Hook, Message
from roschat.wire.process import EventsMissed
from roschat.wire.session import SessionOpened

MODULE = """
from roschat.kernel.errors import Denied, Unavailable
from roschat.kernel.http import Response
from roschat.kernel.service import Context, Module
from roschat.wire.session import SessionOpened

class Counting(Module):
    async def start(self, context: Context) -> None:
        office = self.office = context.local
        Ask, Limits, May, Number, Told = office["types"]
        office["runs"] += 1
        run = office["runs"]

        async def ask(command, caller):
            return Number(run)

        async def told(event):
            office["told"].append((run, event.number))

        async def may(hook):
            if hook.text == "no":
                raise Denied("Not this.")

        async def page(request):
            return Response(200, str(run).encode())

        context.bus.serve(Ask, ask)
        context.bus.subscribe(Told, told)
        context.bus.subscribe(SessionOpened, lambda event: office["sessions"].append((run, event.caller.session)))
        context.bus.answer(May, may)
        context.routes("https").add("GET", "/number", page)
        context.metrics.gauge("run", "Which run").set_function(lambda: run)
        context.metrics.counter("starts", "Starts").inc()
        limits = await context.settings.section("limits", Limits)
        limits.on_change(lambda value: office["limits"].append((run, value.most)))
        if run in office["fails"]:
            raise Unavailable("Its server is away.")

    async def stop(self) -> None:
        self.office["stops"] += 1
"""
PLAIN = """
from roschat.kernel.service import Context, Module

class Plain(Module):
    async def start(self, context: Context) -> None:
        context.local["order"].append("start " + context.name)
        self.order, self.name = context.local["order"], context.name

    async def stop(self) -> None:
        self.order.append("stop " + self.name)
"""
_packages = itertools.count()


class Limits(Struct, frozen=True):
    most: int = 5


class Number(Message, frozen=True):
    run: int


@command("components-ask", access=INTERNAL)
class Ask(Command[Number], frozen=True):
    pass


@event("components-told")
class Told(Event, frozen=True):
    number: int


@hook("components-may")
class May(Hook, frozen=True):
    text: str


class Office:
    """A program of a few modules: `counting` is a MODULE, the others are PLAIN."""

    def __init__(self, package: Path, db: Database, bus: LocalBus) -> None:
        self.bus = bus
        self.routes = Routes()
        self.metrics = Metrics()
        self.parts = Parts(self.metrics)
        self.settings = Settings(db, bus)
        self.local: dict[str, Any] = {
            "runs": 0, "stops": 0, "told": [], "sessions": [], "limits": [], "fails": [], "order": [],
            "types": (Ask, Limits, May, Number, Told),
        }  # fmt: skip
        self.callers: list[Caller] = []
        self.restarts: list[str] = []
        nothing = cast(Any, None)

        def context(name: str) -> Context:
            return Context(
                name=name, data=package, bus=bus, db=db, routes=lambda _: self.routes, settings=self.settings,
                secrets=nothing, clock=nothing, leases=nothing, metrics=self.metrics, jobs=nothing, local=self.local,
            )  # fmt: skip

        self.loader = Loader(
            package.name, chosen(scan(package), [], alone=True), context, self.parts, sessions=lambda: self.callers
        )
        self.components = Components(
            bus, self.loader, self.parts, Figures(package, ManualClock()), lambda: self.restarts.append("restart")
        )
        self.components.open()

    async def get(self) -> tuple[int, bytes]:
        response = await self.routes.answer(Request("GET", "/number"))
        return response.status, cast(bytes, response.body)

    async def heard(self, kind: type[Any], wanted: Callable[[Any], bool], act: Callable[[], None]) -> Any:
        """Do something and wait for an event."""
        found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def hear(one: Any) -> None:
            if wanted(one) and not found.done():
                found.set_result(one)

        undo = self.bus.subscribe(kind, hear)
        act()
        async with asyncio.timeout(10):
            result = await found
        await undo()
        return result


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: Database, bus: LocalBus) -> Any:
    package = tmp_path / f"component_modules_{next(_packages)}"
    for name, code, toml in (
        ("base", PLAIN, ""),
        ("counting", MODULE, 'optional = true\nneeds = ["base"]'),
        ("upper", PLAIN, 'optional = true\nneeds = ["counting"]'),
        ("console", PLAIN, 'needs = ["base"]\noutlives = true'),
    ):
        folder = package / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "module.toml").write_text(f'name = "{name}"\nsummary = "A module."\n{toml}')
        (folder / "module.py").write_text(code)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    made = Office(package, db, bus)
    await made.loader.start()
    yield made
    await made.loader.stop()
    await made.components.close()


async def test_a_stopped_component_is_gone_from_everywhere_and_comes_back_anew(office: Office) -> None:
    assert await office.bus.call(Ask()) == Number(1)
    assert await office.get() == (200, b"1")
    await office.loader.stop_one("counting", "ivan")
    with pytest.raises(Unavailable):
        await office.bus.call(Ask())
    status, body = await office.get()
    assert status == 503
    assert b"unavailable" in body
    assert not office.bus.asked(May)
    assert b"roschat_run " not in office.metrics.text()
    office.bus.publish(Told(1))
    await office.settings.set("limits", "most", 7, "ivan")
    await office.loader.start_one("counting", "ivan")
    assert await office.bus.call(Ask()) == Number(2)
    assert await office.get() == (200, b"2")
    assert b"roschat_run 2.0" in office.metrics.text()
    assert b"roschat_starts_total 2.0" in office.metrics.text()
    await office.settings.set("limits", "most", 8, "ivan")
    assert office.local["limits"] == [(2, 8)]
    with pytest.raises(Denied):
        await office.bus.ask(May("no"))


async def test_what_stands_in_line_is_heard_before_the_subscriber_goes(office: Office) -> None:
    for number in range(50):
        office.bus.publish(Told(number))
    await office.loader.restart_one("counting", "ivan")
    office.bus.publish(Told(50))
    await office.loader.stop_one("counting", "ivan")
    assert office.local["told"] == [*((1, number) for number in range(50)), (2, 50)]


async def test_what_needs_a_component_stops_before_it_and_comes_back_with_it(office: Office) -> None:
    office.local["order"].clear()
    await office.loader.restart_one("base", "ivan")
    assert office.local["order"] == ["stop upper", "stop base", "start base", "start upper"]
    assert office.local["runs"] == 2
    office.local["order"].clear()
    await office.loader.stop_one("base", "ivan")
    assert {one.name: one.state for one in office.loader.components} == {
        "base": "stopped", "counting": "stopped", "upper": "stopped", "console": "running",
    }  # fmt: skip
    await office.loader.start_one("upper", "ivan")
    assert office.local["order"] == ["stop upper", "stop base", "start base", "start upper"]


async def test_health_says_who_stopped_a_component(office: Office) -> None:
    await office.loader.stop_one("upper", "ivan")
    report = await office.parts.report()
    assert report.parts["upper"].state is State.DEGRADED
    assert report.parts["upper"].text == "stopped by ivan."
    assert report.parts["upper"].ru == "остановлен: ivan."
    assert report.state is State.DEGRADED
    await office.loader.stop_one("base", "petr")
    report = await office.parts.report()
    assert report.state is State.FAILED
    assert report.parts["counting"].text == "stopped by petr together with base."
    await office.loader.start_one("base", "petr")
    await office.loader.start_one("upper", "petr")
    assert (await office.parts.report()).state is State.OK


async def test_a_start_that_fails_half_way_leaves_nothing_and_can_be_tried_again(office: Office) -> None:
    office.local["fails"] = [2]
    with pytest.raises(ModuleFailed, match="Its server is away"):
        await office.loader.restart_one("counting", "ivan")
    with pytest.raises(Unavailable):
        await office.bus.call(Ask())
    assert (await office.get())[0] == 503
    assert not office.bus.asked(May)
    report = await office.parts.report()
    assert report.parts["counting"].state is State.FAILED
    assert "needs counting" in report.parts["upper"].text
    await office.loader.restart_one("counting", "ivan")
    assert await office.bus.call(Ask()) == Number(3)
    assert [one.state for one in office.loader.components] == ["running"] * 4


async def test_a_rule_does_not_lapse_while_its_module_restarts(office: Office) -> None:
    refused: list[str] = []

    async def at_every_state(change: ComponentChanged) -> None:
        try:
            await office.bus.ask(May("yes"))
        except Unavailable:
            refused.append(change.state)

    # Heard as it happens, not afterwards: the loader tells before it goes on.
    office.loader.changed = lambda one: asyncio.get_running_loop().call_soon(  # type: ignore[assignment]
        lambda: tasks.append(asyncio.ensure_future(at_every_state(ComponentChanged("", one.name, one.state))))
    )
    tasks: list[asyncio.Future[None]] = []
    await office.loader.restart_one("counting", "ivan")
    await asyncio.gather(*tasks)
    assert "stopping" in refused or "stopped" in refused
    await office.bus.ask(May("yes"))


async def test_a_fresh_run_learns_of_the_sockets_that_are_there(office: Office) -> None:
    missed: list[EventsMissed] = []
    office.bus.subscribe(EventsMissed, missed.append)
    office.callers = [Caller(role=Role.PERSON, cid=ContactId(4), session=SessionId("s4"))]
    await office.loader.restart_one("counting", "ivan")
    assert office.local["sessions"] == [(2, "s4")]
    assert len(missed) == 1
    await office.loader.restart_one("upper", "ivan")
    assert len(missed) == 1
    office.bus.publish(SessionOpened(office.callers[0]))
    assert office.local["sessions"] == [(2, "s4"), (2, "s4")]


async def test_the_bus_reaches_a_component(office: Office) -> None:
    wish = ComponentWanted("n1", "counting", "restart", "ivan")

    def back(change: ComponentChanged) -> bool:
        return change.name == "upper" and change.state == "running"

    taken = office.heard(WishTaken, lambda one: one.number == "n1", lambda: None)
    waiting = asyncio.ensure_future(taken)
    await asyncio.sleep(0)
    await office.heard(ComponentChanged, back, lambda: office.bus.publish(wish))
    assert (await waiting).error == ""
    assert await office.bus.call(Ask()) == Number(2)


@pytest.mark.parametrize(
    ("name", "action", "code", "text"),
    [
        ("counting", "start", "bad-request", "is running"),
        ("counting", "explode", "bad-request", "restart or stop"),
    ],
)
async def test_a_wish_that_cannot_be_done_is_refused(
    office: Office, name: str, action: str, code: str, text: str
) -> None:
    taken = await office.heard(
        WishTaken,
        lambda one: one.number == "n2",
        lambda: office.bus.publish(ComponentWanted("n2", name, action, "ivan")),
    )
    assert taken.error == code
    assert text in taken.text


async def test_an_unknown_component_is_named_with_the_nearest(office: Office) -> None:
    with pytest.raises(NotFound, match="did you mean 'counting'"):
        await office.loader.stop_one("countin", "ivan")
    with pytest.raises(Invalid):
        office.loader.check("counting", "start")


async def test_a_process_tells_how_it_is(office: Office) -> None:
    await office.loader.stop_one("upper", "ivan")
    told: ProcessTold = await office.heard(
        ProcessTold, lambda one: one.number == "n3", lambda: office.bus.publish(ProcessAsked("n3"))
    )
    assert {one.name: (one.state, one.actions) for one in told.components} == {
        "base": ("ok", ["restart", "stop"]),
        "counting": ("ok", ["restart", "stop"]),
        "upper": ("stopped", ["start"]),
        "console": ("ok", ["restart", "stop"]),
    }
    assert [(one.part, one.code, one.fix) for one in told.problems] == [("upper", "component-stopped", "/monitor")]
    assert told.state == "degraded"
    assert told.figures["memory_total"] > told.figures["memory_used"] > 0
    assert told.figures["disk_total"] > 0


async def test_the_whole_program_is_asked_to_begin_anew(office: Office) -> None:
    taken = await office.heard(
        WishTaken, lambda one: one.number == "n4", lambda: office.bus.publish(RestartWanted("n4", "ivan"))
    )
    assert taken.error == ""
    assert office.restarts == ["restart"]


async def test_nothing_starts_any_more_once_the_program_stops(office: Office) -> None:
    await office.loader.stop()
    with pytest.raises(Unavailable):
        await office.loader.start_one("counting", "ivan")
    assert office.local["stops"] == 1
