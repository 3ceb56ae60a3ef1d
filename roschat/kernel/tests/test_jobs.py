"""Long work: it goes on after the answer, tells how far it is, is cancelled, fails with a reason, and is remembered."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound
from roschat.kernel.jobs import Job, Jobs, JobView
from roschat.types import Role
from roschat.wire.message import Caller

ANNA = Caller(Role.ADMIN, name="anna")


@pytest.fixture
async def jobs(db: Database) -> AsyncIterator[Jobs]:
    jobs = Jobs(db, Clock(), "one")
    await jobs.open()
    yield jobs
    await jobs.close()


async def ended(jobs: Jobs, number: int) -> JobView:
    async with asyncio.timeout(10):
        while (view := await jobs.view(number)).state == "running":  # noqa: ASYNC110 - a job may be anybody's
            await asyncio.sleep(0)
    return view


async def test_a_job_is_done_and_its_result_kept(jobs: Jobs) -> None:
    async def work(job: Job) -> dict[str, int]:
        await job.progress(3, 3, "three")
        return {"rows": 3}

    number = await jobs.start("import", ANNA, work, title="staff.csv", total=3)
    view = await ended(jobs, number)
    assert (view.state, view.done, view.total, view.result, view.who) == ("done", 3, 3, {"rows": 3}, "anna")
    assert view.ended >= view.started > 0
    assert [one.id for one in await jobs.listed("import")] == [number]
    assert await jobs.listed("other") == []


async def test_a_job_tells_why_it_failed(jobs: Jobs) -> None:
    async def refused(_: Job) -> None:
        raise Invalid("Row 7 has no surname.")

    async def broken(_: Job) -> None:
        raise ZeroDivisionError

    view = await ended(jobs, await jobs.start("import", ANNA, refused))
    assert (view.state, view.text) == ("failed", "Row 7 has no surname.")
    view = await ended(jobs, await jobs.start("import", ANNA, broken))
    assert view.state == "failed"
    assert "log" in view.text


async def test_a_job_is_cancelled_between_its_steps(jobs: Jobs) -> None:
    reached, cancelled = asyncio.Event(), asyncio.Event()

    async def work(job: Job) -> None:
        reached.set()
        await cancelled.wait()
        assert job.cancelled

    number = await jobs.start("import", ANNA, work)
    await reached.wait()
    jobs.cancel(number)
    cancelled.set()
    assert (await ended(jobs, number)).state == "cancelled"
    with pytest.raises(Invalid):
        jobs.cancel(number)


async def test_what_a_stopped_or_killed_process_left_is_interrupted(jobs: Jobs, db: Database) -> None:
    waiting = asyncio.Event()

    async def work(_: Job) -> None:
        await waiting.wait()

    number = await jobs.start("import", ANNA, work)
    await jobs.close()
    assert (await jobs.view(number)).state == "interrupted"
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO kernel.job (kind, who, process) VALUES ('import', 'anna', 'one'), ('x', 'anna', 'two')"
        )
    await Jobs(db, Clock(), "one").open()
    assert {one.kind: one.state for one in (await jobs.listed())[:2]} == {"x": "running", "import": "interrupted"}


async def test_an_unknown_job_is_said_to_be_so(jobs: Jobs) -> None:
    with pytest.raises(NotFound):
        await jobs.view(4711)
