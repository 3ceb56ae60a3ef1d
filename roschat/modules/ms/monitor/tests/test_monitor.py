"""The monitor over the whole program: components, figures, series, problems."""

import asyncio
import json
from typing import Any

import pytest

from roschat.kernel import audit
from roschat.kernel.bus_codec import encode
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, Unavailable
from roschat.kernel.jobs import JobView
from roschat.modules.ms.monitor import rules, store
from roschat.modules.ms.monitor.api import RestartComponent, Span
from roschat.modules.ms.monitor.figures import together
from roschat.modules.ms.monitor.settings import Settings
from roschat.modules.ms.monitor.store import Point
from roschat.modules.server.directory.api import GetContacts
from roschat.modules.survey.api import GetPoll
from roschat.types import ContactId, Role
from roschat.wire.component import ComponentChanged, PartState, ProcessTold
from roschat.wire.message import Caller
from tests.harness.server import Server

ADMIN = Caller(Role.ADMIN, name="ivan", address="127.0.0.1")


async def change(server: Server, action: str, name: str, until: str) -> None:
    """Ask for an action and wait until the component is `until`."""
    reached = asyncio.Event()

    def hear(event: ComponentChanged) -> None:
        if event.name == name and event.state == until:
            reached.set()

    undo = server.program.bus.subscribe(ComponentChanged, hear)
    await server.ask(f"{action}-component", {"name": name})
    async with asyncio.timeout(30):
        await reached.wait()
    await undo()


async def components(server: Server) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in await server.ask("list-components")}


async def test_components_are_listed_stopped_and_started(server: Server) -> None:
    listed = await components(server)
    assert listed["server"]["titleRu"] == "Мессенджер"
    assert listed["server"]["actions"] == ["restart", "stop"]
    assert listed["ms"]["actions"] == ["restart"]
    await change(server, "stop", "survey", "stopped")
    with pytest.raises(Unavailable):
        await server.program.bus.call(GetPoll(poll_id=1))
    (stopped,) = [one for one in await server.ask("list-problems") if one["part"] == "survey"]
    assert (stopped["code"], stopped["severity"], stopped["fix"]) == ("component-stopped", "error", "/monitor")
    assert stopped["textRu"] == "остановлен: system."
    await change(server, "start", "survey", "running")
    assert "survey" not in {one["part"] for one in await server.ask("list-problems")}
    with pytest.raises(NotFound):
        await server.program.bus.call(GetPoll(poll_id=1))


async def test_a_change_of_a_component_is_in_the_audit(server: Server) -> None:
    await server.program.bus.call(RestartComponent("survey"), ADMIN)
    async with server.program.db.reading() as tx:
        (entry,) = await audit.entries(tx, audit.Search(action="restart-component"))
    assert (entry.who, entry.subject) == ("ivan", "survey")


async def test_what_cannot_be_done_is_refused(server: Server) -> None:
    with pytest.raises(NotFound, match="survey"):
        await server.ask("restart-component", {"name": "surve"})
    with pytest.raises(NotFound, match="No process"):
        await server.ask("restart-component", {"name": "survey", "process": "other"})
    with pytest.raises(Invalid, match="serves this console"):
        await server.ask("stop-component", {"name": "ms"})
    with pytest.raises(Invalid, match="is running"):
        await server.ask("start-component", {"name": "survey"})
    with pytest.raises(Unavailable, match="was not started by"):
        await server.ask("restart-program")


async def test_the_messenger_restarts_under_the_console(server: Server) -> None:
    cid = await server.person("orlova")
    await change(server, "restart", "server", "running")
    await change(server, "restart", "ms", "running")
    listed = await components(server)
    assert {one["name"] for one in listed.values() if one["actions"] == []} == set()
    assert listed["server"]["state"] == "ok"
    assert (listed["server"]["who"], listed["ms"]["who"]) == ("system", "system")
    contacts = json.loads(encode(await server.program.bus.call(GetContacts(), Caller(Role.PERSON, ContactId(cid)))))
    assert cid in {contact["cid"] for contact in contacts}


async def test_what_is_measured_now(server: Server) -> None:
    now = await server.ask("get-monitor")
    figures = now["figures"]
    assert figures["people"] == 0
    assert figures["database_size"] > 1_000_000
    assert figures["database_connections"] >= 1
    assert figures["memory_total"] > figures["memory_used"] > 0
    assert figures["disk_total"] >= figures["disk_used"] > 0
    assert figures["queue_messages"] == figures["queue_index"] == figures["outbox"] == 0
    assert 0 <= figures["cpu"] <= 100
    assert "calls" not in figures
    (process,) = now["processes"]
    assert process["parts"]["database"] == "ok"


async def test_series_are_kept_and_thinned(db: Database) -> None:
    start = 1_800_000_000
    for second in range(0, 1200, 10):
        async with db.transaction() as tx:
            await store.add(tx, start + second, {"people": float(second), "cpu": 50.0})
    async with db.transaction() as tx:
        for now in range(start, start + 1200, 300):
            await store.thin(tx, now + 299)
        fine = await store.points(tx, store.FINE, 10, start + 1150, ["people"])
        middle = await store.points(tx, store.MIDDLE, 300, start, [])
        coarse = await store.points(tx, store.COARSE, 3600, start, ["people"])
    assert fine == [Point(start + second, "people", float(second)) for second in range(1150, 1200, 10)]
    assert [(one.time - start, one.value) for one in middle if one.name == "people"] == [
        (0, 145.0), (300, 445.0), (600, 745.0), (900, 1045.0),
    ]  # fmt: skip
    assert {one.value for one in middle if one.name == "cpu"} == {50.0}
    assert [one.value for one in coarse] == [595.0]
    async with db.transaction() as tx:
        await store.forget(tx, start + 86_400 + 600)
        assert len(await store.points(tx, store.FINE, 10, 0, ["people"])) == 60
        assert len(await store.points(tx, store.MIDDLE, 300, 0, ["people"])) == 4
        await store.forget(tx, start + 400 * 86_400)
        assert await store.points(tx, store.COARSE, 3600, 0, []) == []


async def test_a_sample_is_written_and_shown(server: Server) -> None:
    async with server.program.db.transaction() as tx:
        await store.add(tx, server.program.clock.seconds() - 60, {"people": 3.0})
    found = await server.ask("get-series", {"names": ["people"]})
    (line,) = found["lines"]
    assert len(line["values"]) == len(found["times"]) == 360
    assert [value for value in line["values"] if value is not None] == [3.0]
    assert (await server.ask("get-series", {"span": "year", "names": ["calls"]}))["lines"] == []


def test_gaps_are_gaps() -> None:
    resolution = rules.RESOLUTIONS[Span.DAY]
    now = 1_800_000_123
    found = rules.series([Point(1_800_000_000, "cpu", 5.12345), Point(1, "cpu", 9.0)], resolution, now)
    assert found.step == 300
    assert len(found.times) == 288
    assert found.times[-1] == 1_800_000_000
    assert found.lines[0].values[-2:] == [None, 5.1235]


async def test_a_problem_remembers_since_when(db: Database) -> None:
    async with db.transaction() as tx:
        assert await store.since(tx, [("a", "x"), ("b", "x")], 1000.0) == {("a", "x"): 1000.0, ("b", "x"): 1000.0}
        assert await store.since(tx, [("a", "x")], 2000.0) == {("a", "x"): 1000.0}
        assert await store.since(tx, [("a", "x"), ("b", "x")], 3000.0) == {("a", "x"): 1000.0, ("b", "x"): 3000.0}
        assert await store.since(tx, [], 4000.0) == {}


def told(process: str, *problems: PartState, **figures: float) -> ProcessTold:
    return ProcessTold("1", process, process, "ok", {}, list(problems), [], figures)


def test_problems_come_from_parts_figures_jobs_and_silence() -> None:
    disk = PartState("storage", "no-space", "failed", "Full.", "Полно.", "/x")
    hint = PartState("mail", "mail-off", "ok", "Mail is not set up.", "Почта не настроена.", "/settings/mail")
    extra = PartState("bots", "bots-failed", "failed", "Broken.", required=False)
    found = rules.said_by([told("a", disk, hint, extra), told("b", disk)])
    assert [(one.code, one.severity) for one in found] == [
        ("no-space", "error"), ("mail-off", "notice"), ("bots-failed", "warning"),
    ]  # fmt: skip
    assert found[2].text_ru == "Broken."
    figures = {
        "disk_total": 100e9, "disk_used": 99e9, "memory_total": 10e9, "memory_used": 9.9e9, "loop_delay": 3.0,
    }  # fmt: skip
    found += rules.measured(figures, Settings())
    found += rules.silent(["b"])
    jobs = [
        JobView(3, "backup", "x", "ivan", "done", ended=90.0),
        JobView(2, "backup", "x", "ivan", "failed", text="No room.", ended=80.0),
        JobView(1, "import", "staff.csv", "ivan", "failed", text="Bad row.", ended=70.0),
    ]
    found += rules.failed_jobs(jobs, 60.0)
    assert rules.failed_jobs(jobs, 75.0) == []
    assert [one.code for one in rules.worst_first(found)] == [
        "disk-full", "no-space", "process-silent", "bots-failed", "memory-full", "program-late", "job-failed-import",
        "mail-off",
    ]  # fmt: skip
    assert rules.measured({**figures, "disk_used": 50e9, "memory_used": 5e9, "loop_delay": 0.01}, Settings()) == []


def test_figures_of_processes_are_put_together() -> None:
    found = together(
        [
            told("a", cpu=30.0, process_memory=5.0, clients_web=2.0, loop_delay=0.1, started=100.0, queue_index=1.0),
            told("b", cpu=40.0, process_memory=6.0, clients_web=3.0, loop_delay=0.2, started=50.0),
        ]
    )
    assert found == {
        "cpu": 40.0, "process_memory": 11.0, "clients_web": 5.0, "loop_delay": 0.2, "started": 50.0, "queue_index": 1.0,
    }  # fmt: skip
